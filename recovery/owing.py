"""What is a complaint owed that the log does not say yet, and when will that be next?

Both follow from the complaint's story and from what its payouts' streams say, so that a worker that
was down finds the same instants, with the same amounts, as one that never stopped. A history that
had ended before it was recorded here (an import) is owed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from recovery.clock import is_history
from recovery.events import Due, Paid, Recorded, Reversed, subject
from recovery.money import Money
from recovery.payout import payout_id
from recovery.policy.calendar import local_day
from recovery.policy.clocks import Clock
from recovery.policy.compiled import InForce
from recovery.policy.guarantees.stories import entitlement
from recovery.policy.guarantees.trace import Entitled
from recovery.policy.story import Story

BY = "system:paymaster"
HORIZON = timedelta(days=3653)
"""Nobody looks further ahead."""
NOTHING = Decimal(0)
INSTANT = timedelta(microseconds=1)
ENDS, BEGINS = ("closed", "withdrawn"), "reopened"
Says = frozenset[tuple[str, Money, date | None, str]]
"""Of each payout: its id, the whole amount, by when it is paid, and what will end its growth."""


class Owing(msgspec.Struct, frozen=True, array_like=True):
    """What the log says of one payout."""

    payout: str
    guarantee: str
    occurrence: str
    version: int
    """Of its stream."""
    money: Money
    """The whole that is owed, wherever it is by now; 0: it turned out that nothing is."""
    pay_by: date | None
    accrues_until: str
    paid_at: datetime | None = None


class Standing(msgspec.Struct, frozen=True):
    """How a complaint stands, for whoever works out what it is owed."""

    complaint: str
    version: InForce
    story: Story
    clocks: tuple[Clock, ...]
    owing: tuple[Owing, ...]


def after(owing: tuple[Owing, ...], record: Recorded) -> tuple[Owing, ...]:
    """What the log says with one more record of a payout's stream."""
    payout = subject(record.stream)
    before = next((each for each in owing if each.payout == payout), None)
    event = record.event
    if isinstance(event, Due):
        same = before is not None and before.money.currency == event.money.currency
        money = before.money + event.money if before and same else event.money
        now = Owing(
            payout, event.guarantee, event.occurrence, record.version, money, event.pay_by,
            event.accrues_until, before.paid_at if before else None,
        )  # fmt: skip
    elif before is None:
        return owing
    else:
        now = replace(before, version=record.version)
        if isinstance(event, Paid):
            now = replace(now, paid_at=event.at)
        elif isinstance(event, Reversed):
            now = replace(now, paid_at=None)
    return (*(each for each in owing if each.payout != payout), now)


def entitled(standing: Standing, as_of: datetime) -> tuple[Entitled, ...]:
    """What the complaint is owed as of an instant."""
    story = standing.story
    if _ended_before_recorded(story):
        return ()
    zone = standing.version.zone
    return entitlement(
        standing.version, story, as_of,
        clocks=tuple(c for c in standing.clocks if not is_history(c, story.recorded_at)),
        paid={
            (each.guarantee, each.occurrence): date.fromordinal(local_day(zone, each.paid_at))
            for each in standing.owing if each.paid_at
        },
    )  # fmt: skip


def next_review(standing: Standing, looked_at: datetime) -> datetime | None:
    """The first instant from `looked_at` on at which something is owed otherwise than recorded."""
    if not any(edition.guarantees.plans for edition in standing.version.editions):
        return None

    def as_of(instant: datetime) -> Says:
        return _found(standing.complaint, entitled(standing, instant))

    if as_of(looked_at) != _recorded(standing.owing):
        return looked_at
    if _ended_before_recorded(standing.story):
        return None
    dues = [clock.due for clock in standing.clocks if clock.due and clock.stopped_at is None]
    return next_change(as_of, looked_at, dues, standing.version.zone)


def next_change(
    as_of: Callable[[datetime], Says], since: datetime, dues: Iterable[datetime], zone: ZoneInfo
) -> datetime | None:
    """The first instant after `since` as of which something else is owed; None for years to come.

    What is owed changes with time alone right after a due instant, at the beginning of a day, or
    when hours have passed; and what has changed never changes back by time alone.
    """
    said, first, end = as_of(since), since, since + HORIZON
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
    low, high = 0, end
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


def _found(complaint: str, owed: Iterable[Entitled]) -> Says:
    return frozenset(
        (payout_id(complaint, e.guarantee, e.occurrence), e.money, e.pay_by, e.accrues_until)
        for e in owed
    )


def _recorded(owing: Iterable[Owing]) -> Says:
    return frozenset(
        (each.payout, each.money, each.pay_by, each.accrues_until)
        for each in owing if each.money.amount != NOTHING
    )  # fmt: skip


def _ended_before_recorded(story: Story) -> bool:
    """Whether all of it was over when the desk came to know of it."""
    known = story.recorded_at
    over = False
    for mark in story.marks:
        if mark.kind in ENDS:
            over = mark.at is None or (known is not None and mark.at <= known)
        elif mark.kind == BEGINS:
            over = False
    return over
