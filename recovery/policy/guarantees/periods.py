"""How many periods have passed, and which day is a number of days later?

A day counts as complete when it is over; the day on which something ends is never over before
its end, so it is not counted, and no more is today.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple, TypeVar

from recovery.policy.calendar import WorkingTime
from recovery.policy.guarantees.known import Known, Moment
from recovery.policy.guarantees.records import Accrual
from recovery.policy.guarantees.trace import NotOwed
from recovery.policy.meters import WEEK, months_after
from recovery.policy.values import Amount

ONE_DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
M = TypeVar("M", date, datetime)


class Counted(NamedTuple):
    """How many periods are owed."""

    number: int
    begin: Moment
    """The first day that counts, or the instant from which hours do."""
    is_open: bool
    """Whether time will add to them."""


def add_days(day: date, amount: Amount, calendar: WorkingTime | None) -> date:
    """The day that lies an amount of days, weeks, months or business days after a day."""
    if amount.unit == "months":
        return date.fromordinal(months_after(day.toordinal(), amount.count))
    if not amount.in_business_time:
        return day + timedelta(days=_in_days(amount))
    assert calendar is not None
    return date.fromordinal(calendar.nth_day_after(day.toordinal(), amount.count))


def counted(rule: Accrual, known: Known, calendar: WorkingTime | None) -> Counted:
    """Raises NotOwed where the beginning is not known."""
    until = known.moment(rule.until)
    if rule.every.in_days:
        begin, number, clipped = _days(rule, known, until, calendar)
    else:
        begin, number, clipped = _hours(rule, known, until, calendar)
    if rule.at_most and number >= rule.at_most:
        number, clipped = rule.at_most, True
    return Counted(number, begin, is_open=not clipped and (until is None or _later(until, known)))


def whole(count: Decimal, every: int, *, started: bool) -> int:
    """How many complete or started periods of `every` units fit into a count of units."""
    number = (count / every).to_integral_value(ROUND_CEILING if started else ROUND_FLOOR)
    return max(0, int(number))


def _days(
    rule: Accrual, known: Known, until: Moment | None, calendar: WorkingTime | None
) -> tuple[date, int, bool]:
    """The first day that counts, how many periods, and whether the longest time has passed."""
    first = _day(known, rule.since)
    if rule.after:
        first = add_days(first, rule.after, calendar)
    if rule.first_day == "does not count":
        first += ONE_DAY
    over = known.today if until is None else min(_day(known, rule.until), known.today)
    if rule.started:
        over += ONE_DAY
    over, clipped = _clipped(over, first, rule, ONE_DAY)
    if over <= first:
        return first, 0, clipped
    if rule.every.in_business_time:
        assert calendar is not None
        passed = calendar.business_days_between(first.toordinal(), over.toordinal())
    else:
        passed = (over - first).days
    return first, whole(Decimal(passed), _in_days(rule.every), started=rule.started), clipped


def _hours(
    rule: Accrual, known: Known, until: Moment | None, calendar: WorkingTime | None
) -> tuple[datetime, int, bool]:
    start = _instant(known, rule.since)
    if rule.after and rule.after.in_business_time:
        assert calendar is not None
        start = calendar.due(start, rule.after.count * 3600)
    elif rule.after:
        start += rule.after.count * HOUR
    end = known.as_of if until is None else min(_instant(known, rule.until), known.as_of)
    end, clipped = _clipped(end, start, rule, HOUR)
    if end <= start:
        return start, 0, clipped
    if rule.every.in_business_time:
        assert calendar is not None
        seconds = Decimal(str(calendar.elapsed(start, end)))
    else:
        seconds = Decimal((end - start) // MICROSECOND).scaleb(-6)
    return start, whole(seconds, rule.every.count * 3600, started=rule.started), clipped


def _clipped(end: M, begin: M, rule: Accrual, unit: timedelta) -> tuple[M, bool]:
    """The end, or the instant at which the longest time has passed, and whether it has."""
    if rule.no_longer_than is None:
        return end, False
    length = rule.no_longer_than
    last = begin + (_in_days(length) if length.in_days else length.count) * unit
    return (last, True) if end >= last else (end, False)


def _later(until: Moment, known: Known) -> bool:
    """Whether the end lies after the instant for which we are asked."""
    if isinstance(until, datetime):
        return until > known.as_of
    return until > known.today


def _day(known: Known, name: str) -> date:
    found = known.day(name)
    if found is None:
        raise NotOwed("missing", name)
    return found


def _instant(known: Known, name: str) -> datetime:
    found = known.instant(name)
    if found is None:
        raise NotOwed("missing", name)
    return found


def _in_days(amount: Amount) -> int:
    return amount.count * (WEEK if amount.unit == "weeks" else 1)
