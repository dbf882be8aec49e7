"""What can people and connectors do about money that is owed? One method per command.

Approving it is in `recovery/approval.py`.

Every command says who acts (`by`), when it happened in the world (`at`), the version of the payout
that was seen (`seen`, None when none was) and its own identity (`command`, carried out once). All
raise NotFound, Refused, Stale, CommandReused and StoreUnavailable.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from recovery.errors import NotFound, Refused, Stale, StoreUnavailable
from recovery.events import PaperRef, PayoutEvent, Recorded, payout_stream
from recovery.money import Money
from recovery.payout import Payout, State, state_of
from recovery.store import Command, Conflict, Done, Store

ATTEMPTS = 3
BY_HAND = "hand"
"""The connector of whoever pays without a file: at a counter, by cheque."""


class Treasury:
    """Carries commands on payouts out."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def decline(
        self, payout: str, *, by: str, at: datetime, reason: str, words: PaperRef | None = None,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Say that what is owed is not paid, and why."""
        return self._act(
            payout, lambda p: p.decline(reason=reason, words=words, at=at, by=by), command, seen
        )

    def trust(
        self, payout: str, *, by: str, at: datetime, reason: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Say that the signs of abuse were looked into, and why the claim is honest."""
        return self._act(payout, lambda p: p.trust(reason=reason, at=at, by=by), command, seen)

    def instruct(
        self, payout: str, *, by: str, at: datetime, connector: str = BY_HAND,
        account: PaperRef | None = None, command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Hand what is approved to a connector, or take it into one's own hands."""

        def act(found: Payout) -> None:
            found.instruct(connector=connector, account=account, at=at, by=by)

        return self._act(payout, act, command, seen)

    def accept(
        self, payout: str, *, by: str, at: datetime, payment: str, money: Money | None = None
    ) -> Done:
        """The other side took the payment."""

        def act(found: Payout) -> None:
            found.accept(*_meant(found.state, payment, money, "instructed"), at=at, by=by)

        return self._act(payout, act, None, None)

    def confirm(
        self, payout: str, *, by: str, at: datetime, payment: str = "", money: Money | None = None,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """The money reached the complainant."""

        def act(found: Payout) -> None:
            found.confirm(*_meant(found.state, payment, money, "instructed"), at=at, by=by)

        return self._act(payout, act, command, seen)

    def fail(
        self, payout: str, *, by: str, at: datetime, reason: str, payment: str = "",
        money: Money | None = None, command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """The money did not leave."""

        def act(found: Payout) -> None:
            found.fail(
                *_meant(found.state, payment, money, "instructed"), reason=reason, at=at, by=by
            )

        return self._act(payout, act, command, seen)

    def reverse(
        self, payout: str, *, by: str, at: datetime, reason: str, payment: str = "",
        money: Money | None = None, command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """The money had been paid and came back."""

        def act(found: Payout) -> None:
            found.reverse(*_meant(found.state, payment, money, "paid"), reason=reason, at=at, by=by)

        return self._act(payout, act, command, seen)

    def load(self, payout: str) -> Payout:
        """The payout as its stream has it; raises NotFound."""
        records = self._store.records(payout_stream(payout))
        state = state_of(records)
        if state is None:
            raise NotFound("Nothing is owed under this id.")
        first = records[0].event
        assert isinstance(first, PayoutEvent)
        return Payout(first.complaint, payout, records[-1].version, state)

    def _act(
        self, payout: str, act: Callable[[Payout], None], command: Command | None, seen: int | None
    ) -> Done:
        """Load, decide, append; after a conflict all of it again, unless it was done before."""
        for _ in range(ATTEMPTS):
            if command and (done := self._store.done(command)):
                return done
            found = self.load(payout)
            if seen is not None and seen != found.version:
                raise Stale(seen, found.version, self._since(payout, seen))
            act(found)
            if not found.pending:
                return Done(payout_stream(payout), found.version, self._store.head(), repeated=True)
            try:
                return self._store.append(found.pending, command=command)
            except Conflict:
                continue
        raise StoreUnavailable("Too many people are changing this payout at once. Try again.")

    def _since(self, payout: str, version: int) -> tuple[Recorded, ...]:
        return tuple(r for r in self._store.records(payout_stream(payout)) if r.version > version)


def _meant(state: State, payment: str, money: Money | None, expected: str) -> tuple[str, Money]:
    """The payment that an answer by hand speaks of: the only one that can be meant, in full."""
    if not payment:
        last = [id for id, found in state.payments.items() if found.state == expected]
        if len(last) != 1:
            raise Refused(_UNCLEAR[bool(last)])
        [payment] = last
    if money is None:
        found = state.payments.get(payment)
        if found is None:
            raise Refused("No payment was instructed under this id.")
        money = Money(found.amount, state.currency)
    return payment, money


_UNCLEAR = {
    False: "There is no payment that this could be said of.",
    True: "This can be said of several payments: say which one.",
}
