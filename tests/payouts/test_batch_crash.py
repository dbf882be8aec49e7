"""Whatever dies between due and paid, and whatever the bank says twice or too early: is it one
ledger, and is there one file for the bank?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from projections import batched, batches
from projections.ledger import ACCOUNTS, table
from recovery.approval import Approvals
from recovery.authority import Approver
from recovery.errors import Refused
from recovery.events import Recorded
from recovery.paying.batching import Batching
from recovery.payout import payout_id
from recovery.store import Command, Done, Store
from recovery.treasury import Treasury
from tests.cast import ADA, SUE
from tests.paying import bank
from tests.payouts import leaving
from tests.web.conftest import *  # noqa: F403
from web.paying import making, statements, taking
from web.runtime import Runtime

LAST = 12
"""Appends from approved to paid by hand."""


class Killed(BaseException):
    """The process is gone."""


class Dying(Store):
    """A store whose process is killed at one of its appends, before it or just after."""

    def __init__(self, store: Store, at: int, *, recorded: bool) -> None:
        super().__init__(store.database)
        self.left = at
        self._recorded = recorded

    def append(self, records: Sequence[Recorded], **more: Any) -> Done:
        self.left -= 1
        if self.left == 0 and not self._recorded:
            raise Killed
        done = super().append(records, **more)
        if self.left == 0:
            raise Killed
        return done


@pytest.fixture(autouse=True)
def _payer(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)  # the tests fold between rounds
    leaving.with_payer(runtime)


def work(desk: Runtime, store: Store, reference: str, folder: Path) -> str:
    """All that is done from approved to paid, by a process on this store; returns the bank's file.

    What was done before is met again: every step finds out by itself.
    """
    payout = payout_id(reference, "late_acknowledgement", "acknowledge/1")
    at = leaving.now()
    with suppress(Refused):
        who = Approver(SUE, "supervisor")
        Approvals(store, desk.policies).approve(payout, who=who, at=at)
    desk.engine.catch_up()
    batching = Batching(store, desk.vault)
    if not batch_of(desk, payout):
        made = making.make(
            desk, code="pain.001.001.09", currency="GBP", cut_off=at, on=at.date(), at=at, by=SUE
        )
        batching.gather(made.batch, by=SUE, at=at)
        desk.engine.catch_up()
    batch = batch_of(desk, payout)
    for person in (SUE, ADA):
        with suppress(Refused):
            digest = batching.load(batch).state.digest
            batching.sign(batch, digest=digest, by=person, at=at)
    desk.engine.catch_up()
    [file] = batching.load(batch).state.files
    with making.made_again(desk, batch, file) as path:
        written, [transfer] = path.read_text(), bank.accept(path)
    hear(desk, store, transfer, folder)
    treasury = Treasury(store)
    treasury.instruct(payout, by=SUE, at=at, command=Command(f"{payout}/hand"))
    treasury.confirm(payout, by=SUE, at=at, command=Command(f"{payout}/paid"))
    desk.engine.catch_up()
    return written


def hear(desk: Runtime, store: Store, transfer: bank.Transfer, folder: Path) -> None:
    """The bank's statements, each twice and the later one first: it came back, and it was paid."""
    answering = taking.answering(store, desk.vault)
    back = bank.entry(
        transfer.amount, bank.transaction(transfer.payment, transfer.amount, "GBP",
                                          returned="AC04"),
        currency="GBP", direction="CRDT", reference=f"R{transfer.payment}",
    )  # fmt: skip
    said = {"back": bank.statement(back), "paid": bank.statement(*bank.debits([transfer]))}
    for name in ("back", "paid", "paid", "back", "back"):
        path = folder / f"{name}.xml"
        path.write_text(said[name])
        digest = f"{name}-{transfer.payment}"
        answering.take(statements.read(path), digest=digest, by="system:bank", at=leaving.now())
        desk.engine.catch_up()


def batch_of(desk: Runtime, payout: str) -> str:
    """The batch that it is in; empty: none."""
    with desk.database.engine.connect() as conn:
        for each in batches.latest(conn, limit=100):
            if any(row.payout == payout for row in batched.of_batch(conn, each.batch, limit=5)):
                return each.batch
    return ""


def books(desk: Runtime, reference: str) -> list[tuple[Any, ...]]:
    """The ledger's entries for the late acknowledgement, without ids and instants."""
    columns = [table.c[name] for name in ("version", "kind", "by", *ACCOUNTS)]
    query = (
        sa.select(*columns)
        .where(table.c.complaint == reference, table.c.guarantee == "late_acknowledgement")
        .order_by(table.c.version)
    )
    with desk.database.engine.connect() as conn:
        return [tuple(row) for row in conn.execute(query)]


def plain(written: str, reference: str) -> str:
    """A bank's file without what differs by complaint and time."""
    ids = re.sub(r"[0-9a-f]{32}", "ID", written.replace(reference, "REFERENCE"))
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME", ids)


def killed_at(desk: Runtime, at: int, folder: Path, *, recorded: bool) -> tuple[str, str]:
    """A complaint whose process died at an append and was started again; and its bank file."""
    reference = leaving.late(desk)
    store = Dying(desk.store, at, recorded=recorded)
    with suppress(Killed):
        work(desk, store, reference, folder)
    assert store.left == 0, "nobody died"
    written = work(desk, desk.store, reference, folder)
    assert work(desk, desk.store, reference, folder) == written
    return reference, written


def same(desk: Runtime, folder: Path, steps: Sequence[tuple[int, bool]]) -> None:
    steady = leaving.late(desk)
    expected = plain(work(desk, desk.store, steady, folder), steady)
    entries = books(desk, steady)
    assert [e[1] for e in entries] == [
        "due", "approved", "instructed", "paid", "reversed", "instructed", "paid"
    ]  # fmt: skip
    for at, recorded in steps:
        reference, written = killed_at(desk, at, folder, recorded=recorded)
        assert books(desk, reference) == entries, (at, recorded)
        assert plain(written, reference) == expected, (at, recorded)


def test_a_process_that_dies_at_any_step_leaves_one_ledger_and_one_file(
    runtime: Runtime, tmp_path: Path
) -> None:
    same(runtime, tmp_path, [(at, bool(at % 2)) for at in range(1, LAST + 1, 3)])


@pytest.mark.soak
def test_so_it_does_before_and_after_each_of_them(runtime: Runtime, tmp_path: Path) -> None:
    same(runtime, tmp_path, [(at, r) for at in range(1, LAST + 1) for r in (False, True)])
