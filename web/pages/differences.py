"""What is different between two texts, line by line?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

AROUND = 3
"""Lines shown before and after a difference."""
LONG = 1_000
"""Lines from which on those that repeat often are not paired: it would take their square."""


class Line(msgspec.Struct, frozen=True):
    """A line of the one text, of the other, or of both."""

    sign: str
    """"+" stands only in the new text, "-" only in the old one, "" in both, "…" for what is left
    out because it is the same."""
    old: int | None
    new: int | None
    text: str = ""
    left_out: int = 0


def differences(old: str, new: str) -> list[Line]:
    """Additions and removals with the lines around them; empty where the texts are the same."""
    before, after = old.splitlines(), new.splitlines()
    matcher = SequenceMatcher(None, before, after, autojunk=len(after) > LONG)
    found: list[Line] = []
    reached = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > reached:
            found.append(Line("…", None, None, left_out=group[0][1] - reached))
        for tag, i, i_end, j, j_end in group:
            found += _lines(tag, before[i:i_end], after[j:j_end], i, j)
        reached = group[-1][2]
    if found and reached < len(before):
        found.append(Line("…", None, None, left_out=len(before) - reached))
    return found


def _lines(tag: str, before: Sequence[str], after: Sequence[str], i: int, j: int) -> Iterator[Line]:
    if tag == "equal":
        for n, text in enumerate(before, 1):
            yield Line("", i + n, j + n, text)
        return
    for n, text in enumerate(before, 1):
        yield Line("-", i + n, None, text)
    for n, text in enumerate(after, 1):
        yield Line("+", None, j + n, text)
