"""How much working time lies between two instants, and when has enough of it passed?

The windows of a calendar become instants once, in blocks of years; working time is accumulated
over their boundaries, so each question is two binary searches over whole microseconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from recovery.policy.records import Calendar, DayEnd
from recovery.policy.values import Window

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_END = time(23, 59, 59)
SECOND = 1_000_000
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
YEARS_AHEAD = 4
"""How many years beyond the one asked for are compiled with it."""


class _Table(NamedTuple):
    """Working time of the years `first` to `last`: parallel lists, one entry for each window."""

    first: int
    last: int
    starts: list[int]
    ends: list[int]
    worked: list[int]
    """Microseconds worked since the table's beginning, at each window's end."""
    days: list[int]
    """Ordinals of the business days."""


class WorkingTime:
    """A calendar compiled for counting. Reading from several threads is safe."""

    def __init__(
        self,
        zone: ZoneInfo,
        week: tuple[tuple[Window, ...], ...],
        *,
        closed: Iterable[date] = (),
        worked: Iterable[date] = (),
        close_of_business: time = time(17),
        names: Mapping[date, str] | None = None,
    ) -> None:
        """`week` holds the windows of Monday to Sunday; at least one day must have some.

        `names` are those of the holidays among the days that are `closed`. On a day of `worked`
        whose weekday has no hours, those of the first day that has apply.
        """
        self.zone = zone
        self._week = week
        self._usual = next(windows for windows in week if windows)
        self._worked = frozenset(worked)
        self._closed = frozenset(closed) - self._worked
        self.close_of_business = close_of_business
        self._names = names or {}
        self._table = _Table(0, 0, [], [], [], [])

    @classmethod
    def of(
        cls, calendar: Calendar, zone: ZoneInfo, holidays: Mapping[date, str],
        worked: Iterable[date],
    ) -> WorkingTime:  # fmt: skip
        """From a policy's record, with its holidays (by day) and make-up days written out."""
        return cls(
            calendar.zone or zone,
            calendar.week,
            closed=(*holidays, *calendar.closures),
            worked=(*worked, *calendar.working_days),
            close_of_business=calendar.close_of_business,
            names=holidays,
        )

    def due(self, start: datetime, seconds: float) -> datetime:
        """The first instant (UTC) at which `seconds` of working time have passed since `start`."""
        if seconds <= 0:
            return start.astimezone(UTC)
        table = self._table
        if not table.first < start.year < table.last:
            table = self._covering(start.year, start.year)
        at = (start - EPOCH) // MICROSECOND
        amount = round(seconds * SECOND)
        goal = _worked_until(table, at) + amount
        while not table.worked or goal > table.worked[-1]:
            table = self._covering(start.year, table.last + 1)
            goal = _worked_until(table, at) + amount
        window = bisect_left(table.worked, goal)
        return EPOCH + timedelta(0, 0, table.ends[window] - table.worked[window] + goal)

    def elapsed(self, since: datetime, until: datetime) -> float:
        """Seconds of working time from `since` to `until`; negative when they lie the other way."""
        table = self._covering(min(since.year, until.year), max(since.year, until.year))
        worked = _worked_until(table, _micros(until)) - _worked_until(table, _micros(since))
        return worked / SECOND

    def why_closed(self, ordinal: int) -> tuple[Literal["holiday", "closure", "day_off"], str]:
        """Why nobody works on a day, and the holiday's name."""
        day = date.fromordinal(ordinal)
        if day in self._names:
            return "holiday", self._names[day]
        return ("closure" if day in self._closed else "day_off"), ""

    def windows(self, ordinal: int) -> tuple[tuple[datetime, datetime], ...]:
        """The working time (UTC) that begins on a local day."""
        return tuple(
            (EPOCH + timedelta(microseconds=start), EPOCH + timedelta(microseconds=end))
            for start, end in self._instants(ordinal, None)
            if start < end
        )

    def next_open(self, instant: datetime) -> datetime:
        """The instant itself (UTC) within working time, else the next at which it begins."""
        table = self._covering(instant.year, instant.year)
        at = _micros(instant)
        while (window := bisect_right(table.ends, at)) >= len(table.ends):
            table = self._covering(instant.year, table.last + 1)
        return EPOCH + timedelta(microseconds=max(at, table.starts[window]))

    def add_business_days(
        self, start: datetime, days: int, ends: DayEnd = "end of day"
    ) -> datetime:
        """The end (UTC) of the last of `days` business days; the day of `start` is not counted."""
        hour = DAY_END if ends == "end of day" else self.close_of_business
        return day_end(self.zone, self.nth_day_after(local_day(self.zone, start), days), hour)

    def business_days(self, since: datetime, until: datetime) -> int:
        """How many business days have ended from `since` to before `until`."""
        return self.business_days_between(local_day(self.zone, since), local_day(self.zone, until))

    def business_days_between(self, first: int, last: int) -> int:
        """How many business days there are from the one ordinal to before the other."""
        years = sorted((date.fromordinal(first).year, date.fromordinal(last).year))
        table = self._covering(*years)
        return bisect_left(table.days, last) - bisect_left(table.days, first)

    def business_day_from(self, ordinal: int) -> int:
        """The day itself where it is worked, else the next that is."""
        return self.nth_day_after(ordinal - 1, 1)

    def nth_day_after(self, today: int, days: int) -> int:
        """The ordinal of the last of `days` business days after a day."""
        if days <= 0:
            return today
        year = date.fromordinal(today).year
        table = self._covering(year, year)
        while (index := bisect_right(table.days, today) + days - 1) >= len(table.days):
            table = self._covering(year, table.last + 1)
        return table.days[index]

    def _covering(self, first: int, last: int) -> _Table:
        """A table that holds these years, one before and one after them: zones shift new year."""
        table = self._table
        if table.first < first and last < table.last:
            return table
        if table.first == 0:
            table = self._compile(first - 1, last + YEARS_AHEAD)
        else:
            table = self._compile(
                min(table.first, first - 1),
                table.last if last < table.last else last + YEARS_AHEAD,
            )
        self._table = table
        return table

    def _compile(self, first: int, last: int) -> _Table:
        starts: list[int] = []
        ends: list[int] = []
        days: list[int] = []
        opening, closing = date(first, 1, 1).toordinal(), date(last + 1, 1, 1).toordinal()
        offsets = [_offset(self.zone, ordinal) for ordinal in range(opening, closing + 2)]
        for index, ordinal in enumerate(range(opening, closing)):
            steady = offsets[index] == offsets[index + 1] == offsets[index + 2]
            instants = self._instants(ordinal, offsets[index] if steady else None)
            worked = [(start, end) for start, end in instants if start < end]
            if worked:
                days.append(ordinal)
            for start, end in worked:
                if ends and start <= ends[-1]:
                    ends[-1] = max(ends[-1], end)
                else:
                    starts.append(start)
                    ends.append(end)
        lengths = (end - start for start, end in zip(starts, ends, strict=True))
        return _Table(first, last, starts, ends, list(accumulate(lengths)), days)

    def _windows(self, day: date) -> tuple[Window, ...]:
        if day in self._closed:
            return ()
        windows = self._week[day.weekday()]
        return windows or (self._usual if day in self._worked else ())

    def _instants(self, ordinal: int, offset: int | None) -> Iterator[tuple[int, int]]:
        """The day's windows in microseconds of UTC; `offset` is the zone's while it is steady."""
        windows = self._windows(date.fromordinal(ordinal))
        for window in sorted(windows, key=_start):
            if offset is not None:
                midnight = (ordinal - EPOCH.toordinal()) * DAY - offset
                yield midnight + window.start * MINUTE, midnight + window.end * MINUTE
            else:
                yield (
                    _micros(_instant(self.zone, ordinal, window.start, last=False)),
                    _micros(_instant(self.zone, ordinal, window.end, last=True)),
                )


@lru_cache(maxsize=1_000)
def local_day(zone: ZoneInfo, instant: datetime) -> int:
    """The ordinal of the local day; the clocks of a complaint ask for the same few instants."""
    return instant.astimezone(zone).toordinal()


@lru_cache(maxsize=20_000)
def day_end(zone: ZoneInfo, ordinal: int, hour: time) -> datetime:
    """The instant (UTC) of an hour on a local day; the later one where the clock shows it twice."""
    local = datetime.combine(date.fromordinal(ordinal), hour, zone)
    return local.replace(fold=1).astimezone(UTC)


def _worked_until(table: _Table, instant: int) -> int:
    """Microseconds worked from the table's beginning to the instant."""
    window = bisect_right(table.starts, instant) - 1
    if window < 0:
        return 0
    left = table.ends[window] - instant
    return table.worked[window] - left if left > 0 else table.worked[window]


def _start(window: Window) -> int:
    return window.start


def _offset(zone: ZoneInfo, ordinal: int) -> int:
    """Microseconds by which a wall clock is ahead of UTC when the day begins."""
    offset = datetime.fromordinal(ordinal).replace(tzinfo=zone).utcoffset()
    assert offset is not None
    return round(offset.total_seconds() * SECOND)


def _instant(zone: ZoneInfo, ordinal: int, minute: int, *, last: bool) -> datetime:
    """When a wall clock shows this minute of the day.

    Where it shows it twice, the first time opens a window and the last closes it; where it is
    skipped, the instant of the change.
    """
    day, minute = divmod(minute, 24 * 60)
    wall = datetime.combine(date.fromordinal(ordinal + day), time(minute // 60, minute % 60), zone)
    early = wall.replace(fold=0).astimezone(UTC)
    late = wall.replace(fold=1).astimezone(UTC)
    if late < early:
        return _change(zone, late, early)
    return late if last else early


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second between two instants at which the zone's offset changes."""
    offset = before.astimezone(zone).utcoffset()
    seconds = int((after - before).total_seconds())
    shifted = bisect_left(
        range(seconds),
        True,
        key=lambda second: (
            (before + timedelta(seconds=second)).astimezone(zone).utcoffset() != offset
        ),
    )
    return before + timedelta(seconds=shifted)


def _micros(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND
