"""What does a policy say about a guarantee? The tables under `[[version.guarantee]]`.

`docs/guarantees.md` explains each key. Conditions are CEL; everything about money is data.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from recovery.policy.guarantees.values import Pay, Price, Share
from recovery.policy.values import Amount, Table

Kind = Literal["attribute", "unconditional", "combined"]
Basis = Literal["statute", "promise"]
Rounding = Literal["half up", "half even", "up", "down"]
MOMENTS = ("received", "breach", "answer", "claim", "pay_by")
"""Instants and days that every case may have, beside the dates among its facts."""
UNPAID = "unpaid"
"""As the base of a share: the amount that was not paid in time."""


class Tier(Table, frozen=True, kw_only=True):
    """What is paid from a size on: `from` includes the number itself, `above` does not."""

    since: int | None = msgspec.field(name="from", default=None)
    above: int | None = None
    pays: Pay

    @property
    def bound(self) -> tuple[int, bool]:
        """The number, and whether it is left out; higher tiers compare greater."""
        return (self.since, False) if self.since is not None else (self.above or 0, True)


class Accrual(Table, frozen=True, kw_only=True):
    """The amount is owed for each period from one moment to another, or until now."""

    every: Amount
    since: str = msgspec.field(name="from")
    until: str
    """While it is not known, the guarantee accrues."""
    after: Amount | None = None
    """The first period is the one in which this has passed since `from`."""
    first_day: Literal["counts", "does not count"] = "does not count"
    started: bool = False
    """Whether a period that has begun counts as a whole one."""
    at_most: int = 0
    """How many periods; 0: no limit."""
    no_longer_than: Amount | None = None
    calendar: str = ""


class Steps(Table, frozen=True, kw_only=True):
    """The amount is owed for each complete step of a fact that counts hours or days."""

    every: Amount
    of: str
    beyond: int | str = 0
    """A number, or the fact that holds it."""
    started: bool = False
    at_most: int = 0


class Term(Table, frozen=True, kw_only=True):
    """One line of the calculation."""

    pays: Pay | None = None
    """None where tiers say it."""
    of: str = ""
    """The money a share is taken of: a fact, or "unpaid"."""
    when: str = ""
    by: str = ""
    """The fact whose size chooses among the tiers."""
    tiers: tuple[Tier, ...] = msgspec.field(name="tier", default=())
    accrues: Accrual | None = None
    steps: Steps | None = None
    at_least: Price | None = None
    at_most: Price | None = None


class Exclusion(Table, frozen=True, kw_only=True):
    """When nothing is owed after all, and why."""

    when: str
    reason: str


class Reduction(Table, frozen=True, kw_only=True):
    """When only a part is owed, and why."""

    when: str
    to: Share
    reason: str


class Claim(Table, frozen=True, kw_only=True):
    """The complainant has to ask for it: `claimed`, and on which day `claimed_on`."""

    within: Amount | None = None
    after: str = ""
    calendar: str = ""


class PayBy(Table, frozen=True, kw_only=True):
    """By when it has to be paid."""

    within: Amount
    after: str
    calendar: str = ""


class Yearly(Table, frozen=True, kw_only=True):
    """What one complainant can get under this guarantee in a year."""

    times: int = 0
    amount: Price | None = None
    starts: str = "01-01"
    """Month and day on which the year begins."""


class Guarantee(Table, frozen=True, kw_only=True):
    """What we owe when we fail."""

    name: str
    title: str = ""
    """What the complainant is told, in one sentence."""
    kind: Kind = "attribute"
    basis: Basis = "promise"
    currency: str
    currency_by: str = ""
    """The fact that names another currency."""
    clock: str = ""
    """Owed for each cycle in which this clock is breached."""
    at: Literal["breach", "answer"] = "breach"
    """Owed as soon as the clock is breached, or when the late answer is there."""
    unpaid: str = ""
    """Owed when this other guarantee was not paid by its day."""
    when: str = ""
    in_order: tuple[str, ...] = ()
    """Dates among the facts that must not lie before the one named in front of them."""
    together: tuple[str, ...] = ()
    """Facts that are told all or none."""
    exclusions: tuple[Exclusion, ...] = msgspec.field(name="exclusion", default=())
    claim: Claim | None = None
    """None: automatic."""
    rates: dict[date, Price] = {}
    rates_by: str = ""
    """The date that chooses the rate."""
    terms: tuple[Term, ...] = msgspec.field(name="amount")
    take: Literal["first", "greatest", "sum"] = "first"
    """Of the lines whose condition holds."""
    reductions: tuple[Reduction, ...] = msgspec.field(name="reduction", default=())
    """The first whose condition holds counts."""
    at_least: Price | None = None
    at_most: Price | None = None
    for_each: str = ""
    """The fact by which the amount is multiplied: passengers."""
    rounding: Rounding = "half up"
    times: int = 0
    """How often for one complaint; 0: for each occurrence."""
    a_year: Yearly | None = None
    harm: str = ""
    """Of the guarantees against one harm only the greatest is owed."""
    pay_by: PayBy | None = None


TABLES: dict[str, type[msgspec.Struct]] = {
    "guarantee": Guarantee,
    "amount": Term,
    "tier": Tier,
    "accrues": Accrual,
    "steps": Steps,
    "exclusion": Exclusion,
    "reduction": Reduction,
    "claim": Claim,
    "pay_by": PayBy,
    "a_year": Yearly,
}
"""By the key under which each stands in a file."""
