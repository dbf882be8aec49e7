"""What is in the files of a batch, and what cannot leave this way?

A file is made from what was recorded when the batch was gathered, and from papers that never
change: made again, it is the same to the byte, which its digest proves. Where it is not (somebody
in it was forgotten), nobody gets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from projections import batched, batches, claims, payments
from projections.batched import Candidate
from recovery.doubts import Doubts
from recovery.errors import NotFound, Refused
from recovery.events import Gathered, InBatch, PaperRef
from recovery.money import Money
from recovery.paying.account import Party
from recovery.paying.batch import State, batch_id
from recovery.paying.batching import NewBatch, NewFile
from recovery.paying.records import Instruction
from recovery.payout import payment_id
from web.i18n import mark
from web.paying.connectors import BankFile, Filed, TableFile
from web.paying.webhook import Messages

if TYPE_CHECKING:
    from web.runtime import Runtime

NO_ACCOUNT = mark("Nobody has said yet to which account this goes.")
FORGOTTEN = mark("The account was forgotten.")
DOUBTFUL = mark(
    "Somebody else's claim goes to the same account: look into it on the complaint first."
)


class LeftOut(msgspec.Struct, frozen=True):
    """A payout that does not leave this way, and why."""

    candidate: Candidate
    reason: str
    """A sentence."""


class Made(msgspec.Struct, frozen=True):
    """A batch that can be gathered, and what stays behind."""

    batch: NewBatch
    left_out: list[LeftOut]


def connector_of(code: str, payer: Party | None, currency: str) -> Filed:
    """The way of a batch; raises NotFound."""
    match code:
        case BankFile.code:
            return BankFile({currency: payer} if payer else {})
        case TableFile.code:
            return TableFile()
        case Messages.code:
            return Messages()
        case _:
            raise NotFound("There is no such way to pay.")


def codes(desk: Runtime) -> list[str]:
    """The ways that batches can take at this desk; without a secret no message would be sent."""
    settings = desk.settings
    told = [Messages.code] if settings.pay_webhook_url and settings.pay_keys else []
    return [BankFile.code, TableFile.code, *told]


def make(
    desk: Runtime, *, code: str, currency: str, cut_off: datetime, on: date, at: datetime, by: str
) -> Made:
    """Gather what was approved by the cut-off and can leave this way.

    Of a claim whose money goes where somebody else's claim goes, the evidence is recorded, and a
    person looks into it first.
    """
    payer = desk.settings.payers.get(currency)
    way = connector_of(code, payer, currency)
    with desk.database.engine.connect() as conn:
        number = batches.next_number(conn, connector=code, currency=currency)
        found = batched.candidates(conn, currency=currency, cut_off=cut_off)
        signs = claims.signs(conn, {each.complaint for each in found})
    doubtful = Doubts(desk.store, desk.policies).reopen(
        {each.payout: each.complaint for each in found}, signs, by=by, at=at
    )
    ready, left_out = sorted_out(
        desk, way, [each for each in found if each.payout not in doubtful], on=on
    )
    left_out += [LeftOut(each, DOUBTFUL) for each in found if each.payout in doubtful]
    files = _files(way, batch_id(code, currency, number), ready, at)
    return Made(
        NewBatch(
            connector=code, currency=currency, number=number, cut_off=cut_off, on=on, payer=payer,
            files=files,
        ),
        left_out,
    )  # fmt: skip


def sorted_out(
    desk: Runtime, way: Filed, found: Sequence[Candidate], *, on: date
) -> tuple[list[tuple[InBatch, Instruction]], list[LeftOut]]:
    """What can leave this way, and what cannot."""
    accounts = _accounts(desk, [c.account for c in found if c.account])
    ready, left_out = list[tuple[InBatch, Instruction]](), list[LeftOut]()
    for each in found:
        party = accounts.get(each.account.paper) if each.account else None
        if each.account is None or party is None:
            left_out.append(LeftOut(each, FORGOTTEN if each.account else NO_ACCOUNT))
            continue
        put = InBatch(
            each.payout, each.version, each.complaint, each.guarantee,
            payment_id(each.payout, each.attempts + 1), each.amount, each.account,
        )  # fmt: skip
        instruction = _instruction(put, party, each.currency, on)
        if why := way.refusal(instruction):
            left_out.append(LeftOut(each, why))
        else:
            ready.append((put, instruction))
    return ready, left_out


def require_sendable(desk: Runtime, batch: str) -> None:
    """Raises Refused once a payment failed or came back: its money may be in another file."""
    with desk.database.engine.connect() as conn:
        states = payments.of_batch(conn, batch)
    if {"failed", "reversed"} & states.keys():
        raise Refused(
            "A payment of this batch failed or came back, so that its files are not handed out"
            " again: the money would leave twice."
        )


@contextmanager
def made_again(desk: Runtime, batch: str, file: Gathered) -> Iterator[Path]:
    """The file as it was when the batch was gathered; raises Refused where it cannot be."""
    accounts = _accounts(desk, [each.account for each in file.payouts])
    currency = file.money.currency
    if len(accounts) < len({each.account.paper for each in file.payouts}):
        raise Refused("Somebody in this file was forgotten, so that it cannot be made again.")
    instructions = [
        _instruction(each, accounts[each.account.paper], currency, file.on)
        for each in file.payouts
    ]  # fmt: skip
    payer = _accounts(desk, [file.payer]).get(file.payer.paper) if file.payer else None
    way = connector_of(file.connector, payer, currency)
    assert file.at is not None
    with TemporaryDirectory(prefix="recovery-") as folder:
        handed = way.hand_over(
            batch, instructions, at=file.at, into=Path(folder), first=file.part
        )  # fmt: skip
        found = next(iter(handed)).file
        if found is None or found.sha256 != file.digest:
            raise Refused("This file cannot be made again as it was: its digest is another one.")
        yield found.path


def _files(
    way: Filed, batch: str, ready: Sequence[tuple[InBatch, Instruction]], at: datetime
) -> list[NewFile]:
    """Write the files once, to know what two people sign."""
    put = {instruction.payment: each for each, instruction in ready}
    with TemporaryDirectory(prefix="recovery-") as folder:
        handed = way.hand_over(batch, [i for _, i in ready], at=at, into=Path(folder))
        return [
            NewFile(tuple(put[payment] for payment in each.payments), each.file.sha256)
            for each in handed if each.file
        ]  # fmt: skip


def instruction_of(desk: Runtime, each: InBatch, batch: State) -> Instruction | None:
    """What to tell the other side of one payment; None where its account was forgotten."""
    party = _accounts(desk, [each.account]).get(each.account.paper)
    return _instruction(each, party, batch.currency, batch.on) if party else None


def _instruction(each: InBatch, party: Party, currency: str, on: date) -> Instruction:
    return Instruction(
        payment=each.payment, money=Money(each.amount, currency), payee=party,
        reference=each.complaint, words=each.guarantee.replace("_", " "), on=on,
    )  # fmt: skip


def _accounts(desk: Runtime, papers: Sequence[PaperRef]) -> Mapping[str, Party]:
    with desk.database.connection() as conn:
        opened = desk.vault.open_many(conn, [ref.paper for ref in papers])
    return {paper: Party.opened(content) for paper, content in opened.items()}
