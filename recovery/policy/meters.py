"""In what does a clock count: working seconds, seconds, working days or days of the wall?"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from recovery.policy.calendar import DAY_END, WorkingTime, day_end, local_day
from recovery.policy.records import ClockRule
from recovery.policy.values import Amount

HOUR = 3600
WEEK = 7


class Meter(Protocol):
    """One way to count time, in units of its own."""

    unit: Literal["seconds", "days"]

    def due(self, start: datetime, amount: float) -> datetime:
        """The instant (UTC) at which `amount` units after `start` are over."""

    def counted(self, since: datetime, until: datetime) -> float:
        """How many units lie between the two."""

    def waited(self, start: datetime, since: datetime, until: datetime) -> float:
        """How many units of a clock that began at `start` a wait takes."""


class BusinessHours:
    """Working seconds of a calendar."""

    unit: Literal["seconds", "days"] = "seconds"

    def __init__(self, calendar: WorkingTime) -> None:
        self.calendar = calendar
        self.due = calendar.due
        self.counted = calendar.elapsed

    def waited(self, _start: datetime, since: datetime, until: datetime) -> float:
        return self.counted(since, until)


class ElapsedHours:
    """Seconds that pass, whatever the clocks on the wall do."""

    unit: Literal["seconds", "days"] = "seconds"

    def due(self, start: datetime, amount: float) -> datetime:
        return start.astimezone(UTC) + timedelta(seconds=amount)

    def counted(self, since: datetime, until: datetime) -> float:
        return (until.astimezone(UTC) - since.astimezone(UTC)).total_seconds()

    def waited(self, _start: datetime, since: datetime, until: datetime) -> float:
        return self.counted(since, until)


class DayRule(NamedTuple):
    """How a clock that counts days begins and ends."""

    starting_day_counts: bool = False
    cut_off: time | None = None
    """A later start is one of the next business day."""
    hour: time = DAY_END
    """When a day is over."""
    months: int = 0
    """Whole months before any days."""
    roll: bool = False
    """Whether it ends on a business day only."""


class Days:
    """Days of a zone, those of a calendar or all; a day counts when its end is reached."""

    unit: Literal["seconds", "days"] = "days"

    def __init__(
        self, zone: ZoneInfo, rule: DayRule, calendar: WorkingTime | None, *, business: bool
    ) -> None:
        """`calendar` says which days are worked; `business`: whether the others do not count."""
        self.zone = zone
        self.rule = rule
        self.calendar = calendar
        self.business = business

    def due(self, start: datetime, amount: float) -> datetime:
        rule = self.rule
        first = self.starting_day(start)
        days = int(amount) - rule.starting_day_counts
        if self.business and self.calendar is not None:
            if rule.starting_day_counts:
                first = self.calendar.business_day_from(first)
            last = self.calendar.nth_day_after(first, days)
        else:
            last = (months_after(first, rule.months) if rule.months else first) + days
            if rule.roll and self.calendar is not None:
                last = self.calendar.business_day_from(last)
        return day_end(self.zone, last, rule.hour)

    def counted(self, since: datetime, until: datetime) -> float:
        """How many days end from `since` to before `until`."""
        return self._between(self._day_index(since), self._day_index(until))

    def waited(self, start: datetime, since: datetime, until: datetime) -> float:
        """A wait on a starting day that is not counted takes nothing."""
        counted = self.starting_day(start) + (not self.rule.starting_day_counts)
        first, last = max(self._day_index(since), counted), self._day_index(until)
        return self._between(first, last) if first < last else 0

    def _between(self, first: int, last: int) -> float:
        if self.business and self.calendar is not None:
            return self.calendar.business_days_between(first, last)
        return last - first

    def starting_day(self, start: datetime) -> int:
        """The ordinal of the day on which the count begins; one that is over counts no more."""
        counts = self.rule.starting_day_counts
        today = self._day_index(start) if counts else local_day(self.zone, start)
        if self.rule.cut_off is None or self.calendar is None:
            return today
        if start > day_end(self.zone, today, self.rule.cut_off):
            today += 1
        return self.calendar.business_day_from(today)

    def _day_index(self, instant: datetime) -> int:
        """The day that ends next."""
        today = local_day(self.zone, instant)
        return today + (instant > day_end(self.zone, today, self.rule.hour))


def months_after(ordinal: int, months: int) -> int:
    """The same day of a later month, or its last."""
    day = date.fromordinal(ordinal)
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last)).toordinal()


def gauge(calendar: WorkingTime | None) -> Meter:
    """What parts of a clock's time are measured in: working time, or all time without one."""
    return BusinessHours(calendar) if calendar is not None else ElapsedHours()


def meter(
    amount: Amount, rule: ClockRule, calendar: WorkingTime | None, zone: ZoneInfo
) -> tuple[Meter, float]:
    """The meter for an amount, and the amount in the meter's units."""
    if calendar is not None and amount.unit == "business hours":
        return BusinessHours(calendar), amount.count * HOUR
    if amount.unit == "hours":
        return ElapsedHours(), amount.count * HOUR
    hour = DAY_END
    if rule.ends == "close of business":
        hour = calendar.close_of_business if calendar else time(17)
    days = DayRule(
        starting_day_counts=rule.starting_day == "counts",
        cut_off=rule.cut_off.hour if rule.cut_off else None,
        hour=hour,
        months=amount.count if amount.unit == "months" else 0,
        roll=rule.roll == "next business day",
    )
    found = Days(
        calendar.zone if calendar else zone, days, calendar,
        business=amount.unit == "business days",
    )  # fmt: skip
    return found, in_meter(amount)


def in_meter(amount: Amount) -> float:
    """An amount in the units of its meter; months are the meter's own."""
    if amount.unit.endswith("hours"):
        return amount.count * HOUR
    return {"weeks": WEEK, "months": 0}.get(amount.unit, 1) * amount.count
