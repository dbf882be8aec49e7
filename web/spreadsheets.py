"""How does a spreadsheet show a table as it is meant, and reckon with none of its texts?

An apostrophe goes before what would be a formula, as spreadsheets write it themselves; `as_written`
takes it off again, so that a table that was written here reads back as it was.
"""

from __future__ import annotations

import re

BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know that a file is UTF-8."""
_BEGINS = re.compile(r"'*[=+\-@\t\r]")


def disarmed(text: str) -> str:
    """The text with an apostrophe before what would begin a formula."""
    return f"'{text}" if _BEGINS.match(text) else text


def as_written(cell: str) -> str:
    """The text that was disarmed; any other as it is."""
    return cell[1:] if cell[:1] == "'" and _BEGINS.match(cell) else cell
