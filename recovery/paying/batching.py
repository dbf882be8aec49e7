"""What can people do with batches? One method per command.

With the second signature every payout of the batch is instructed, in one transaction with the
signature: all of them, or none where one is not any more what was signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from recovery.errors import Refused, StoreUnavailable
from recovery.events import Gathered, InBatch, Recorded, batch_stream, payout_stream
from recovery.money import Money
from recovery.paying.account import Party
from recovery.paying.batch import Batch, batch_id
from recovery.payout import Payout, state_of
from recovery.sealing import Sealer
from recovery.store import Command, Conflict, Done, Store
from recovery.vault import Vault

ATTEMPTS = 3
OURS = "organisation"
"""Whose key keeps papers that are no complainant's."""


class NewFile(msgspec.Struct, frozen=True):
    """What is to leave in one file, and the file's SHA-256."""

    payouts: tuple[InBatch, ...]
    digest: str


class NewBatch(msgspec.Struct, frozen=True, kw_only=True):
    """What is to leave together."""

    connector: str
    currency: str
    number: int
    cut_off: datetime
    on: date
    payer: Party | None
    files: Sequence[NewFile]

    @property
    def id(self) -> str:
        return batch_id(self.connector, self.currency, self.number)


class Batching:
    """Carries commands on batches out."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    def gather(self, new: NewBatch, *, by: str, at: datetime) -> Done:
        """Put payouts together; where the number is taken, that batch stands and this is none."""
        if not new.files:
            raise Refused("Nothing is approved that could leave this way.")
        papers = Sealer(self._store, self._vault, OURS)
        payer = papers.seal(new.payer.sealed()) if new.payer else None
        batch = Batch(new.id)
        batch.gather(
            Gathered(
                at=at, by=by, connector=new.connector, money=_sum(file.payouts, new.currency),
                number=new.number, part=part, cut_off=new.cut_off, on=new.on, payer=payer,
                payouts=file.payouts, digest=file.digest,
            )
            for part, file in enumerate(new.files, 1)
        )  # fmt: skip
        try:
            return self._store.append(batch.pending, keys=papers.keys, papers=papers.papers)
        except Conflict:
            there = self.load(new.id)
            return Done(batch_stream(new.id), there.version, self._store.head(), repeated=True)

    def sign(
        self, batch: str, *, digest: str, by: str, at: datetime, command: Command | None = None
    ) -> Done:
        """Let it go. With the second signature its payouts are instructed."""

        def act(found: Batch) -> list[Recorded]:
            found.sign(digest=digest, at=at, by=by)
            left = found.state.stage == "released"
            return self._instructed(found, by=by, at=at) if left else []

        return self._act(batch, act, command)

    def dissolve(
        self, batch: str, *, reason: str, by: str, at: datetime, command: Command | None = None
    ) -> Done:
        """Let it stay; what was in it can be gathered again."""

        def act(found: Batch) -> list[Recorded]:
            found.dissolve(reason=reason, at=at, by=by)
            return []

        return self._act(batch, act, command)

    def load(self, batch: str) -> Batch:
        """The batch as its stream has it; its state raises NotFound where there is none."""
        return Batch.of(batch, self._store.records(batch_stream(batch)))

    def _instructed(self, batch: Batch, *, by: str, at: datetime) -> list[Recorded]:
        """The instructions to every payout; raises Refused where one has changed meanwhile."""
        state, records = batch.state, list[Recorded]()
        streams = self._store.several([payout_stream(each.payout) for each in state.payouts])
        for each in state.payouts:
            history = streams.get(payout_stream(each.payout), [])
            found = Payout(each.complaint, each.payout, len(history), state_of(history))
            if found.version != each.version:
                raise Refused(
                    "Something in this batch has changed since it was gathered. Dissolve it and"
                    " gather again."
                )
            found.instruct(
                connector=state.first.connector, account=each.account, at=at, by=by,
                cause=batch_stream(batch.id),
            )  # fmt: skip
            records += found.pending
        return records

    def _act(
        self, batch: str, act: Callable[[Batch], list[Recorded]], command: Command | None
    ) -> Done:
        """Load, decide, append; after a conflict all of it again, unless it was done before."""
        for _ in range(ATTEMPTS):
            if command and (done := self._store.done(command)):
                return done
            found = self.load(batch)
            records = act(found)
            try:
                return self._store.append([*records, *found.pending], command=command)
            except Conflict:
                continue
        raise StoreUnavailable("Too many people are changing this batch at once. Try again.")


def _sum(payouts: Iterable[InBatch], currency: str) -> Money:
    return Money(sum((each.amount for each in payouts), Decimal(0)), currency)
