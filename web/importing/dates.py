"""Which day does "03-04-2023" mean, and when was that in UTC?

One value does not tell, the file does: every date in it is looked at first, and the format that
reads most of them is taken for all. Where formats are level, the order of the mapping decides.
A format that would read some of the file's dates as another day is then not used at all, so that
no date is ever read one way in one row and another way in the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from web.importing.formats import ISO, reader

_MOST_REMEMBERED = 100_000
Precision = Literal["instant", "day"]


class Moment(NamedTuple):
    """A date of the source: when it was, how exactly that is known, and what is odd about it."""

    at: datetime
    precision: Precision
    day: date
    """On the source's own calendar."""
    flags: tuple[str, ...] = ()
    second: datetime | None = None
    """The other instant an hour later, where the clocks went back and both had this time."""


class Dates:
    """Reads the dates of one file: first `look` at each, then `settle`, then `read`."""

    def __init__(self, formats: Sequence[str], zone: ZoneInfo, precision: Precision) -> None:
        self._declared = list(dict.fromkeys(formats))
        self._zone = zone
        self._precision = precision
        self._read_by: Counter[str] = Counter()
        self._rivals: set[frozenset[str]] = set()
        self._seen: set[str] = set()
        self._order = self._declared
        self._known: dict[str, Moment | None] = {}

    def look(self, text: str) -> None:
        """Take a value into account for choosing the format."""
        if not text or text in self._seen:
            return
        if len(self._seen) < _MOST_REMEMBERED:
            self._seen.add(text)
        readings = {f: found for f in self._declared if (found := reader(f)(text))}
        self._read_by.update(readings.keys())
        for one, other in combinations(readings, 2):
            if readings[one][0] != readings[other][0]:
                self._rivals.add(frozenset((one, other)))

    def settle(self) -> str:
        """Choose by what was seen; returns the format taken."""
        best = max(self._declared, key=lambda f: (self._read_by[f], -self._declared.index(f)))
        others = (f for f in self._declared if f != best)
        self._order = [best, *(f for f in others if frozenset((best, f)) not in self._rivals)]
        self._seen.clear()
        return best

    @property
    def ambiguous(self) -> bool:
        """Whether the declared order had to decide: another format reads just as many."""
        best = self._order[0]
        return any(
            best in pair and self._read_by[other] == self._read_by[best]
            for pair in self._rivals
            for other in pair - {best}
        )

    def read(self, text: str) -> Moment | None:
        """The moment, or None when no usable format reads it."""
        if text in self._known:
            return self._known[text]
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        found = self._known[text] = self._read(text)
        return found

    def _read(self, text: str) -> Moment | None:
        for known in (*self._order, ISO):  # ISO: what typed cells of a spreadsheet read as
            if parsed := reader(known)(text):
                found = self._moment(*parsed)
                if known == ISO or _written(known) == _written(self._order[0]):
                    return found
                return found._replace(flags=(*found.flags, "other_date_format"))
        return None

    def _moment(self, local: datetime, has_time: bool) -> Moment:
        if has_time and self._precision == "instant":
            return _instant(local, self._zone)
        day = local.date()
        first = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        return Moment(first.astimezone(UTC), "day", day)


def _written(format_: str) -> str:
    """How a format writes the day, with a time after it or without."""
    return format_.partition(" ")[0]


def _instant(local: datetime, zone: ZoneInfo) -> Moment:
    flags = ("midnight",) if (local.hour, local.minute, local.second) == (0, 0, 0) else ()
    if local.tzinfo is not None:
        return Moment(local.astimezone(UTC), "instant", local.astimezone(zone).date(), flags)
    first = local.replace(tzinfo=zone).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return Moment(first, "instant", local.date(), flags)
    if first.astimezone(zone).replace(tzinfo=None, fold=0) != local:
        return Moment(first, "instant", local.date(), (*flags, "nonexistent_local_time"))
    return Moment(first, "instant", local.date(), (*flags, "ambiguous_local_time"), second)
