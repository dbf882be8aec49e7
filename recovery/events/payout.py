"""What happens to money that is owed? Money moves."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from recovery.events.base import Event, PaperRef
from recovery.money import Money
from recovery.policy.authority import Basis
from recovery.policy.guarantees.trace import Step

Waits = Literal["", "authority", "budget", "review"]
"""Why a person has to decide: somebody proposed more than they may approve, the month's budget does
not hold it, there are signs of abuse. Empty: because nobody said that it needs none."""


SignKind = Literal["many_claims", "same_address", "same_phone", "same_account", "same_goods"]


class Sign(msgspec.Struct, frozen=True):
    """What looks like abuse of a guarantee, and in which other complaints it is seen."""

    kind: SignKind
    complaints: tuple[str, ...]


class PayoutEvent(Event, frozen=True, kw_only=True):
    """Something happened to money that is owed for this complaint (its reference)."""

    complaint: str
    money: Money


class Due(PayoutEvent, frozen=True, kw_only=True):
    """The complainant is owed so much more than before, or less where the amount is negative."""

    topic = "payout.due"
    schema = 2
    guarantee: str
    """Or "goodwill" and "redress", where that is the basis."""
    occurrence: str
    policy: str
    policy_version: str
    pay_by: date | None = None
    """None while it is not known, and where the policy names no day."""
    accrues_until: str = ""
    """What will end it; empty: the amount is final."""
    trace: tuple[Step, ...] = ()
    """How the whole amount comes about that is owed from here on."""
    basis: Basis = "guarantee"
    waits: Waits = ""


class Questioned(PayoutEvent, frozen=True, kw_only=True):
    """The claim shares with others what claims seldom share, so a person looks into it first."""

    topic = "payout.questioned"
    signs: tuple[Sign, ...]


class Trusted(PayoutEvent, frozen=True, kw_only=True):
    """Somebody looked into the signs of abuse and found the claim honest."""

    topic = "payout.trusted"
    reason: str


class Approved(PayoutEvent, frozen=True, kw_only=True):
    """Somebody allowed to said that it is paid."""

    topic = "payout.approved"
    schema = 2
    basis: Basis = "guarantee"
    budget: str = ""
    """The one it was drawn from, where nobody had to: "house/late_acknowledgement"."""


class Declined(PayoutEvent, frozen=True, kw_only=True):
    """Somebody allowed to said that it is not paid."""

    topic = "payout.declined"
    reason: str
    words: PaperRef | None = None


class Instructed(PayoutEvent, frozen=True, kw_only=True):
    """A connector was told to pay; `payment` is the id by which the other side answers."""

    topic = "payout.instructed"
    payment: str
    connector: str
    account: PaperRef | None = None


class Accepted(PayoutEvent, frozen=True, kw_only=True):
    """The other side took the payment; what becomes of it is told later."""

    topic = "payout.accepted"
    payment: str


class Paid(PayoutEvent, frozen=True, kw_only=True):
    """The money reached the complainant."""

    topic = "payout.paid"
    payment: str


class Failed(PayoutEvent, frozen=True, kw_only=True):
    """The money did not leave; it may be instructed again."""

    topic = "payout.failed"
    payment: str
    reason: str


class Reversed(PayoutEvent, frozen=True, kw_only=True):
    """The money had been paid and came back; it may be instructed again."""

    topic = "payout.reversed"
    payment: str
    reason: str
