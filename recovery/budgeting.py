"""Which automatic payouts need nobody, and which wait because the month's budget is used up?

A guarantee without a claim that has a `[[budget]]` is approved in the act that finds its amount
final. Whatever does not fit says so, and waits for a person; smaller amounts that come after it may
still fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from recovery import allowance
from recovery.events import Due, Recorded
from recovery.owing import BY
from recovery.payout import NOTHING, Payout
from recovery.policy.library import Policies
from recovery.store import Store


class Purse(msgspec.Struct, frozen=True):
    """A budget that is drawn on."""

    name: str
    """"house/late_acknowledgement", or "house/" for all guarantees that have none of their own."""
    currency: str
    most: Decimal
    zone: ZoneInfo


class Budgets:
    """Approves what fits the budgets of the policies in force."""

    def __init__(self, store: Store, policies: Policies) -> None:
        self._store = store
        self._policies = policies

    @contextmanager
    def drawn(self, payouts: Iterable[Payout]) -> Iterator[None]:
        """Decide on what was just found to be owed; record it before the context is left.

        Nobody else draws on these budgets meanwhile.
        """
        purses = [(each, purse) for each in payouts if (purse := self._purse(each))]
        if not purses:
            yield
            return
        different = {purse for _, purse in purses}
        with allowance.holding(self._store, *(each.name for each in different)) as conn:
            left = {
                each: each.most - allowance.spent(
                    conn, by=BY, budget=each.name, currency=each.currency, zone=each.zone
                )
                for each in different
            }  # fmt: skip
            for payout, purse in purses:
                left[purse] -= _decide(payout, purse, left[purse])
            yield

    def _purse(self, payout: Payout) -> Purse | None:
        """The one that what was just found draws on, if it is final and needs nobody."""
        last = payout.pending[-1].event if payout.pending else None
        if not isinstance(last, Due) or last.basis != "guarantee" or last.accrues_until:
            return None
        if payout.state.owed <= NOTHING or payout.state.signs or not self._automatic(last):
            return None
        latest = self._policies.latest(last.policy)
        if latest is None:
            return None
        version = self._policies.version(last.policy, latest)
        found = version.authority.budget(last.guarantee, last.money.currency)
        if found is None:
            return None
        return Purse(
            f"{last.policy}/{found.guarantee}", found.currency, Decimal(found.per_month),
            version.zone,
        )  # fmt: skip

    def _automatic(self, due: Due) -> bool:
        """Whether nobody had to claim it, under the version that promised it."""
        version = self._policies.version(due.policy, due.policy_version)
        rules = [plan.rule for edition in version.editions for plan in edition.guarantees.plans]
        return all(rule.claim is None for rule in rules if rule.name == due.guarantee)


def _decide(payout: Payout, purse: Purse, left: Decimal) -> Decimal:
    """Approve what fits; returns what it draws."""
    record, amount = payout.pending[-1], payout.state.owed
    due = record.event
    assert isinstance(due, Due)
    assert due.at is not None
    if amount <= left:
        payout.approve(at=due.at, by=BY, budget=purse.name)
        return amount
    payout.pending[-1] = Recorded(record.stream, record.version, replace(due, waits="budget"))
    return NOTHING
