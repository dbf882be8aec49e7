"""What does a policy say about who may say yes to how much? `[[authority]]` and `[[budget]]`.

Both stand outside the dated versions: what somebody may do today follows from the policy as it is
in force today, not from the day on which a complaint came in.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

import msgspec

from recovery.money import CURRENCIES
from recovery.policy.guarantees.values import Price
from recovery.policy.sentences import Place, suggestion
from recovery.policy.values import Table

Basis = Literal["goodwill", "redress", "guarantee"]
"""Why money is owed: because we want to, because a complaint is upheld, or by a guarantee."""
BASES: tuple[Basis, ...] = get_args(Basis)
Rank = Literal["agent", "supervisor", "administrator"]
RANKS: tuple[Rank, ...] = get_args(Rank)
"""Each has the authority of those before it, where no table of its own says otherwise."""
_PERSON = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Limit(Table, frozen=True, kw_only=True):
    """How much a role, or one person, may approve."""

    role: Rank | Literal[""] = ""
    person: str = ""
    """The id of an account; goes before what is said of the role."""
    bases: tuple[Basis, ...] = msgspec.field(name="for", default=BASES)
    """What the limit is for; amounts of all of these are counted together."""
    currency: str = ""
    """Empty: any currency, which only a table without amounts can say."""
    per_complaint: Price | None = None
    """Approved by this person on one complaint, in all; None: no limit."""
    per_day: Price | None = None
    """Approved by this person on one day of the policy's zone; None: no limit."""
    nothing: bool = False
    """Whether this takes the authority away that a role would give."""

    @property
    def who(self) -> str:
        return self.person or self.role

    def speaks_of(self, basis: Basis, currency: str) -> bool:
        return basis in self.bases and self.currency in ("", currency)


class Budget(Table, frozen=True, kw_only=True):
    """What automatic guarantees may cost in a month before a person looks."""

    guarantee: str = ""
    """Empty: all guarantees of the policy that have no budget of their own."""
    currency: str
    per_month: Price


class Authority(msgspec.Struct, frozen=True):
    """Everything that a policy says about it."""

    limits: tuple[Limit, ...] = ()
    budgets: tuple[Budget, ...] = ()

    def limit(self, *, person: str, role: str, basis: Basis, currency: str) -> Limit | None:
        """The one that counts for somebody; None: they may approve nothing of the kind."""
        spoken = [limit for limit in self.limits if limit.speaks_of(basis, currency)]
        spoken.sort(key=lambda limit: not limit.currency)
        ranks = RANKS[: RANKS.index(role) + 1] if role in RANKS else ()
        found = next((limit for limit in spoken if limit.person == person and person), None)
        for rank in reversed(ranks):
            found = found or next((limit for limit in spoken if limit.role == rank), None)
        return None if found is None or found.nothing else found

    def budget(self, guarantee: str, currency: str) -> Budget | None:
        """The one that an automatic guarantee draws on; None: a person approves it."""
        found = [b for b in self.budgets if b.currency == currency]
        own = next((b for b in found if b.guarantee == guarantee), None)
        return own or next((b for b in found if not b.guarantee), None)


SILENT = Authority()
PLAIN = Authority((Limit(role="supervisor"),))
"""Where no policy says anything: agents propose, supervisors approve."""


def check_authority(authority: Authority, guarantees: tuple[str, ...], place: Place) -> None:
    """Raises PolicyError at the first thing that cannot work."""
    for index, limit in enumerate(authority.limits):
        at = place.at("authority", limit.who or str(index + 1))
        _check_limit(limit, at)
        for other in authority.limits[:index]:
            _check_apart(limit, other, at)
    for index, budget in enumerate(authority.budgets):
        at = place.at("budget", budget.guarantee or str(index + 1))
        _check_budget(budget, authority.budgets[:index], guarantees, at)


def _check_limit(limit: Limit, place: Place) -> None:
    if bool(limit.role) == bool(limit.person):
        raise place.error("role", limit.role or None, "name a role or a person, one of the two")
    if limit.person and not _PERSON.fullmatch(limit.person):
        raise place.error(
            "person", limit.person, 'not the id of an account (events name people by it: "ana")'
        )
    if not limit.bases:
        raise place.error("for", [], 'nothing (leave it out for all, or write "goodwill")')
    amounts = (limit.per_complaint, limit.per_day)
    if limit.nothing and any(amounts):
        raise place.error("nothing", True, "and yet there are amounts (remove one or the other)")
    if any(amounts) and not limit.currency:
        raise place.error("currency", None, 'missing (an amount has a currency: "GBP")')
    if limit.currency and limit.currency not in CURRENCIES:
        raise place.error("currency", limit.currency, 'not a currency code (write "GBP")')
    per_complaint, per_day = amounts
    if per_complaint and per_day and per_complaint > per_day:
        raise place.error(
            "per_complaint", str(per_complaint),
            f"more than the {per_day} of a day (nobody could use it)",
        )  # fmt: skip


def _check_apart(limit: Limit, other: Limit, place: Place) -> None:
    """Of one basis and currency, one table says what somebody may do."""
    both = [basis for basis in limit.bases if basis in other.bases]
    if limit.who == other.who and both and limit.currency == other.currency:
        raise place.error(
            "for", both[0], f'a second limit for this in {limit.currency or "any currency"}'
            " (keep one)",
        )  # fmt: skip


def _check_budget(
    budget: Budget, earlier: tuple[Budget, ...], guarantees: tuple[str, ...], place: Place
) -> None:
    if budget.guarantee and budget.guarantee not in guarantees:
        way_out = suggestion(budget.guarantee, guarantees) if guarantees else "there are none"
        raise place.error("guarantee", budget.guarantee, f"unknown guarantee ({way_out})")
    if budget.currency not in CURRENCIES:
        raise place.error("currency", budget.currency, 'not a currency code (write "GBP")')
    if any((b.guarantee, b.currency) == (budget.guarantee, budget.currency) for b in earlier):
        raise place.error("currency", budget.currency, "a second budget for this (keep one)")
