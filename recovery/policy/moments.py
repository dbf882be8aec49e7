"""In which order did things happen that a complaint's record puts at one instant?

Sources that know only dates put half a story on one midnight. The order in which it was recorded
is not trusted then: the story is told in the order in which a complaint can live it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

from recovery.policy.marks import CLASSIFIED, INCIDENT, MERGED, UNDELIVERED, UNMERGED, Mark

_NEVER = datetime.min.replace(tzinfo=UTC)
_ACT = 2
_RANK = {
    "received": 0, CLASSIFIED: 1, INCIDENT: 1, "extended": 3, "message_received": 4,
    UNMERGED: 5, "resumed": 5, "paused": 6, "closed": 7, "withdrawn": 8, MERGED: 9,
    "reopened": 10, UNDELIVERED: 11,
}  # fmt: skip
"""Acts towards the complainant come before waiting and closing; milestones count as acts."""
_ENDS = ("closed", "withdrawn")
_NEEDS_OPEN = (*_ENDS, "acknowledged", "explained", "compensated", "extended", "paused")


def in_order(marks: Sequence[Mark]) -> list[Mark]:
    """The marks as they happened; one without an instant stays with the one recorded before it."""
    last = _NEVER
    for mark in marks:
        if mark.at is None or mark.at <= last:
            return _untangled(_dated(marks))
        last = mark.at
    return list(marks)


def _dated(marks: Sequence[Mark]) -> list[tuple[datetime, Mark]]:
    dated: list[tuple[datetime, Mark]] = []
    last = _NEVER
    for mark in marks:
        last = mark.at or last
        dated.append((last, mark))
    return dated


_instant = itemgetter(0)


def _untangled(dated: list[tuple[datetime, Mark]]) -> list[Mark]:
    story: list[Mark] = []
    is_open, waiting = True, False
    for _, group in groupby(sorted(dated, key=_instant), key=_instant):
        left = sorted((mark for _, mark in group), key=_rank)
        while left:
            mark = next((mark for mark in left if _possible(mark, is_open, waiting)), left[0])
            left.remove(mark)
            story.append(mark)
            is_open, waiting = _after(mark, is_open, waiting)
    return story


def _rank(mark: Mark) -> tuple[int, int, tuple[tuple[str, str], ...]]:
    return _RANK.get(mark.kind, _ACT), mark.days, mark.changes


def _possible(mark: Mark, is_open: bool, waiting: bool) -> bool:
    """Whether this can happen to a complaint that is open or not, waiting or not."""
    if mark.kind == "reopened":
        return not is_open
    if mark.kind == "resumed":
        return waiting
    if mark.kind == "paused" and waiting:
        return False
    return is_open or mark.kind not in _NEEDS_OPEN


def _after(mark: Mark, is_open: bool, waiting: bool) -> tuple[bool, bool]:
    if mark.kind in _ENDS:
        return False, False
    if mark.kind == "reopened":
        return True, False
    if mark.kind == "paused":
        return is_open, True
    return is_open, waiting and mark.kind not in ("resumed", "message_received")
