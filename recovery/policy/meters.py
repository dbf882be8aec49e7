"""In what does a clock count: working seconds, business days, seconds or days?"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from recovery.policy.calendar import DAY_END, WorkingTime, day_end, local_day
from recovery.policy.records import DayEnd
from recovery.policy.values import Amount

HOUR = 3600


class Meter(Protocol):
    """One way to count time, in units of its own."""

    def due(self, start: datetime, amount: float) -> datetime:
        """The instant (UTC) at which `amount` units after `start` are over."""

    def counted(self, since: datetime, until: datetime) -> float:
        """How many units lie between the two."""


class BusinessHours:
    """Working seconds of a calendar."""

    def __init__(self, calendar: WorkingTime) -> None:
        self.due = calendar.due
        self.counted = calendar.elapsed


class BusinessDays:
    """Working days of a calendar; a day counts when its end is reached."""

    def __init__(self, calendar: WorkingTime, ends: DayEnd) -> None:
        self._calendar = calendar
        self._ends = ends
        self.counted = calendar.business_days

    def due(self, start: datetime, amount: float) -> datetime:
        return self._calendar.add_business_days(start, int(amount), self._ends)


class ElapsedHours:
    """Seconds that pass, whatever the clocks on the wall do."""

    def due(self, start: datetime, amount: float) -> datetime:
        return start + timedelta(seconds=amount)

    def counted(self, since: datetime, until: datetime) -> float:
        return (until - since).total_seconds()


class CalendarDays:
    """Days of a zone, working or not; a day counts when its end is reached."""

    def __init__(self, zone: ZoneInfo, hour: time = DAY_END) -> None:
        self._zone = zone
        self._hour = hour

    def due(self, start: datetime, amount: float) -> datetime:
        return day_end(self._zone, local_day(self._zone, start) + int(amount), self._hour)

    def counted(self, since: datetime, until: datetime) -> float:
        return local_day(self._zone, until) - local_day(self._zone, since)


def gauge(calendar: WorkingTime | None) -> Meter:
    """What parts of a clock's time are measured in: working time, or all time without one."""
    return BusinessHours(calendar) if calendar is not None else ElapsedHours()


def meter(
    amount: Amount, calendar: WorkingTime | None, zone: ZoneInfo, ends: DayEnd
) -> tuple[Meter, float]:
    """The meter for an amount, and the amount in the meter's units."""
    if calendar is not None and amount.unit == "business hours":
        return BusinessHours(calendar), amount.count * HOUR
    if calendar is not None and amount.unit == "business days":
        return BusinessDays(calendar, ends), amount.count
    if amount.unit == "hours":
        return ElapsedHours(), amount.count * HOUR
    hour = DAY_END
    if ends == "close of business":
        hour = calendar.close_of_business if calendar else time(17)
    return CalendarDays(calendar.zone if calendar else zone, hour), amount.count
