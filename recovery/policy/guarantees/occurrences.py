"""How often has what a guarantee speaks of happened?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from recovery.policy.clocks import Clock
from recovery.policy.guarantees.known import Known, Moment
from recovery.policy.guarantees.records import Guarantee
from recovery.policy.guarantees.trace import Entitled

INCIDENT = "incident"
_NOTHING = Decimal(0)


class Occurrence(NamedTuple):
    """One time that it happened."""

    id: str
    """Stable: part of the id of the payout."""
    moments: dict[str, Moment]
    unpaid: Decimal = _NOTHING
    """The amount that was not paid by its day."""


def occurrences(rule: Guarantee, known: Known, owed: Iterable[Entitled]) -> list[Occurrence]:
    """By cycle of a breached clock, by payout that is late, or once for the incident."""
    if rule.clock:
        return [
            Occurrence(f"{clock.name}/{clock.cycle}", _moments(clock))
            for clock in known.case.clocks
            if clock.name == rule.clock and _failed(clock, known.as_of, rule)
        ]
    if rule.unpaid:
        return [
            Occurrence(late.occurrence, {"pay_by": late.pay_by}, late.money.amount)
            for late in owed
            if late.guarantee == rule.unpaid
            and late.pay_by is not None
            and _paid_on(late, known) > late.pay_by
        ]
    return [Occurrence(INCIDENT, {})]


def _failed(clock: Clock, as_of: datetime, rule: Guarantee) -> bool:
    """A breach is true from its due instant on, no matter when somebody noticed it."""
    if clock.stopped_at is not None and clock.stopped_at <= as_of:
        return clock.met is False
    return rule.at == "breach" and clock.due is not None and clock.due < as_of


def _moments(clock: Clock) -> dict[str, Moment]:
    found = {"breach": clock.due, "answer": clock.stopped_at}
    return {name: at for name, at in found.items() if at is not None}


def _paid_on(found: Entitled, known: Known) -> date:
    """The day on which it was paid, or today while it is not."""
    paid = known.case.paid.get((found.guarantee, found.occurrence)) or known.day("paid_on")
    return known.today if paid is None else min(paid, known.today)
