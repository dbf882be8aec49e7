"""When does something change next because time passes, and for no other reason?

Nothing is asked but what holds as of an instant. What changes with time alone changes right after a
due instant, at the beginning of a day or when hours have passed, and never back; so the instant is
found by halving, whatever the rules are by which it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from recovery.policy.calendar import local_day

HORIZON = timedelta(days=3653)
"""Nobody looks further ahead."""
INSTANT = timedelta(microseconds=1)


def next_change(
    as_of: Callable[[datetime], object], said: object, since: datetime,
    dues: Iterable[datetime], zone: ZoneInfo,
) -> datetime | None:  # fmt: skip
    """The first instant after `since` as of which something else holds; None for years to come.

    `said` is what holds as of `since`. Right after one of `dues` is where it is looked for first.
    """
    first, end = since, since + HORIZON
    for last in (*(due + INSTANT for due in sorted(dues) if since <= due < end), end):
        if as_of(last) != said:
            return _between(lambda at: as_of(at) != said, first, last, zone)
        first = last
    return None


def _between(
    changed: Callable[[datetime], bool], first: datetime, last: datetime, zone: ZoneInfo
) -> datetime:
    """The first instant in the stretch that has changed: its last one has, its first one not."""
    if not changed(last - INSTANT):
        return last
    days = range(local_day(zone, first) + 1, local_day(zone, last) + 1)
    day = _first(lambda n: changed(_begin(days[n], zone)), len(days))
    if day < len(days):
        last = _begin(days[day], zone)
        if not changed(last - INSTANT):
            return last
    if day > 0:
        first = _begin(days[day - 1], zone)
    ticks = (last - first) // INSTANT
    return first + _first(lambda n: changed(first + n * INSTANT), ticks) * INSTANT


def _first(holds: Callable[[int], bool], end: int) -> int:
    """The lowest number below `end` of which it holds, as of all above it; `end` if of none."""
    low, high = 0, 1
    while high < end and not holds(high - 1):  # what is near is likelier
        low, high = high, high * 2
    high = min(high, end)
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _begin(day: int, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in the zone of the instants compared."""
    return datetime.combine(date.fromordinal(day), time(), zone).astimezone(UTC)
