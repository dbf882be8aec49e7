"""What comes of a guarantee, and how did the amount come about?

Records only: a trace says the steps of a calculation as data, so that pages and letters can put
them into words of any language.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from recovery.money import Money

StepKind = Literal[
    "fixed", "rate", "share", "periods", "steps", "sum", "greatest", "at_least", "at_most",
    "reduced", "rounded", "for_each", "a_year",
]  # fmt: skip


class Step(msgspec.Struct, frozen=True):
    """One step of a calculation, and the amount it leads to."""

    kind: StepKind
    gives: Decimal
    values: dict[str, str] = {}
    """By the names that docs/guarantees.md lists for each kind; dates and instants as ISO 8601."""


class Entitled(msgspec.Struct, frozen=True):
    """An amount that is owed to a complainant."""

    guarantee: str
    occurrence: str
    """What makes it happen once: "incident", "acknowledge/1"."""
    money: Money
    pay_by: date | None
    """None while the day from which it counts is not known, and where the policy names none."""
    accrues_until: str = ""
    """The fact or moment that will end it; empty: the amount is final."""
    trace: tuple[Step, ...] = ()
    on: date | None = None
    """The day on which we failed; None while it is not known."""

    @property
    def state(self) -> Literal["owed", "accruing"]:
        return "accruing" if self.accrues_until else "owed"


RefusalReason = Literal[
    "missing", "contradictory", "unusable", "excluded", "not_claimed", "claimed_late",
    "often_enough", "year_used_up", "lesser", "kept", "paid_in_time", "not_met", "nothing_due",
    "history", "not_promised",
]  # fmt: skip


class Refusal(msgspec.Struct, frozen=True):
    """Why nothing is owed although the guarantee speaks of what happened."""

    guarantee: str
    occurrence: str
    reason: RefusalReason
    about: tuple[str, ...] = ()
    """Names of facts, the words of an exclusion, the other guarantee, the clock; of a condition
    that is not met the facts with what they are: "delay_minutes=10"."""
    day: date | None = None
    """The last day of a claim; the day of the failure whose year is used up."""


class Assessment(msgspec.Struct, frozen=True):
    """Everything that a policy's guarantees say about one case."""

    owed: tuple[Entitled, ...] = ()
    refused: tuple[Refusal, ...] = ()


class NotOwed(Exception):
    """Ends an assessment of one occurrence with its reason."""

    def __init__(self, reason: RefusalReason, *about: str, day: date | None = None) -> None:
        super().__init__(reason, *about)
        self.reason = reason
        self.about = about
        self.day = day
