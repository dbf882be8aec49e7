"""May this person approve this amount, and what is left to them today and on this complaint?

Pure: what was approved before comes as `Used`, the rules come from the policy in force. What a
person grants and what they approve for others counts alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from recovery.money import Money
from recovery.policy.authority import PLAIN, Authority, Basis, Limit, Rank
from recovery.policy.library import Policies

NOTHING = Decimal(0)
HOUSE = "house"
"""The policy that holds where another one says nothing."""
Spent = Mapping[tuple[Basis, str], Decimal]
"""By basis and currency."""


class Approver(msgspec.Struct, frozen=True):
    """Somebody who may say yes: as events name them, and their role."""

    by: str
    role: Rank

    @property
    def person(self) -> str:
        return self.by.removeprefix("user:")


class Used(msgspec.Struct, frozen=True):
    """What somebody has approved already: on the complaint, and today on all of them."""

    complaint: Spent = {}
    today: Spent = {}


UNUSED = Used()


class Room(msgspec.Struct, frozen=True):
    """What somebody may still approve of a kind, in one currency."""

    currency: str
    limit: Limit | None
    """None: they have no authority over it."""
    complaint: Decimal | None = None
    """Left on this complaint; None: no limit."""
    today: Decimal | None = None

    @property
    def left(self) -> Decimal | None:
        """What they may approve now in one act; None: anything."""
        if self.limit is None:
            return NOTHING
        known = [each for each in (self.complaint, self.today) if each is not None]
        return max(NOTHING, min(known)) if known else None

    @property
    def short(self) -> Literal["", "complaint", "today"]:
        """Which limit leaves less."""
        if self.complaint is None and self.today is None:
            return ""
        if self.today is None or (self.complaint is not None and self.complaint <= self.today):
            return "complaint"
        return "today"

    def holds(self, amount: Decimal) -> bool:
        left = self.left
        return left is None or amount <= left


def authority_of(policies: Policies, policy: str) -> tuple[Authority, str]:
    """Who may approve money under a policy, and the policy that says so.

    Its own tables where it has some, else those of the house policy, else the plain rule.
    """
    for name in dict.fromkeys((policy, HOUSE)):
        latest = policies.latest(name)
        if latest is not None and policies.version(name, latest).authority.limits:
            return policies.version(name, latest).authority, name
    return PLAIN, HOUSE


def room(
    authority: Authority, who: Approver, basis: Basis, currency: str, used: Used = UNUSED
) -> Room:
    """What is left to somebody."""
    limit = authority.limit(person=who.person, role=who.role, basis=basis, currency=currency)
    if limit is None:
        return Room(currency, None)
    return Room(
        currency, limit,
        _less(limit.per_complaint, used.complaint, limit, currency),
        _less(limit.per_day, used.today, limit, currency),
    )  # fmt: skip


def _less(most: Decimal | None, spent: Spent, limit: Limit, currency: str) -> Decimal | None:
    if most is None:
        return None
    return Decimal(most) - sum((spent.get((b, currency), NOTHING) for b in limit.bases), NOTHING)


def refusal(found: Room, money: Money) -> str:
    """Why somebody may not approve an amount, in a sentence; empty where they may."""
    if found.holds(money.amount):
        return ""
    if found.limit is None:
        return "You have no authority over this. Somebody else has to approve it."
    left = Money(found.left or NOTHING, found.currency).rounded()
    if found.short == "today":
        most = Money(Decimal(found.limit.per_day or NOTHING), found.currency).rounded()
        return (
            f"You may approve {most} a day, of which {left} is left today. Somebody else has to"
            " approve this."
        )
    most = Money(Decimal(found.limit.per_complaint or NOTHING), found.currency).rounded()
    return (
        f"You may approve {most} on one complaint, of which {left} is left on this one. Somebody"
        " else has to approve this."
    )


def others(
    authority: Authority, people: Iterable[Approver], basis: Basis, money: Money,
    used: Mapping[str, Used], *, but: str,
) -> list[str]:  # fmt: skip
    """Who else may approve an amount, by what they have approved before."""
    return [
        who.by
        for who in people
        if who.by != but
        and room(authority, who, basis, money.currency, used.get(who.by, UNUSED)).holds(
            money.amount
        )
    ]
