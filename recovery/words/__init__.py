"""Does a letter say anything that it should not, before it is sent?

`check` is a pure function of the words; it warns and explains, and whoever writes decides.
"""

from recovery.words.checking import check
from recovery.words.findings import CODES, Finding, Given

__all__ = ["CODES", "Finding", "Given", "check"]
