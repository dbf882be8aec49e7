"""Does approved money leave once, with two signatures, in the very file that was signed?"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from projections import answers, batched, batches, ledger, payouts
from projections.rebuild import check
from recovery.errors import Refused
from recovery.events import Questioned, Recorded, Sign, payout_stream
from recovery.forgetter import Forgetter
from recovery.money import Money
from recovery.treasury import Treasury
from tests.cast import ADA, BO, SUE
from tests.paying import bank
from tests.payouts import leaving
from tests.web.conftest import *  # noqa: F403
from web.paying import making, taking
from web.runtime import Runtime

MONEY = ("payouts", "ledger", "payees", "batches", "batched", "payments", "answers", "statements")


@pytest.fixture(autouse=True)
def _payer(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)  # the tests fold between rounds
    leaving.with_payer(runtime)


def test_what_two_people_signed_leaves_and_comes_back_paid(
    runtime: Runtime, tmp_path: Path
) -> None:
    reference = leaving.late(runtime)
    leaving.approved(runtime, reference)
    batch = leaving.gathered(runtime, code="pain.001.001.09")

    leaving.released(runtime, batch, SUE, ADA)
    [file] = runtime.batching.load(batch).state.files
    with making.made_again(runtime, batch, file) as path:
        transfers = bank.accept(path)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file.digest
    heard = taking.read(
        runtime, leaving.statement(tmp_path / "s.xml", *transfers), by=SUE, at=leaving.now()
    )

    runtime.engine.catch_up()
    assert [(t.amount, t.currency) for t in transfers] == [("10.00", "GBP")]
    assert (heard.news, heard.unplaced) == (1, 0)
    assert sorted(row.stage for row in leaving.owed(runtime, reference)) == ["owed", "paid"]


def test_nobody_signs_twice_and_nothing_leaves_with_one_signature(runtime: Runtime) -> None:
    payout = leaving.approved(runtime, leaving.late(runtime))
    batch = leaving.gathered(runtime)
    leaving.released(runtime, batch, SUE)

    with pytest.raises(Refused, match="You have signed already"):
        leaving.released(runtime, batch, SUE)

    assert Treasury(runtime.store).load(payout.payout).state.instructed == 0


def test_who_saw_another_batch_signs_nothing(runtime: Runtime) -> None:
    leaving.approved(runtime, leaving.late(runtime))
    batch = leaving.gathered(runtime)

    with pytest.raises(Refused, match="not the batch that you saw"):
        runtime.batching.sign(batch, digest="5d41", by=SUE, at=leaving.now())


def test_two_who_sign_at_once_instruct_each_payout_once(runtime: Runtime) -> None:
    payout = leaving.approved(runtime, leaving.late(runtime))
    batch = leaving.gathered(runtime)
    leaving.released(runtime, batch, SUE)
    digest = runtime.batching.load(batch).state.digest

    def sign(by: str) -> bool:
        try:
            runtime.batching.sign(batch, digest=digest, by=by, at=leaving.now())
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(sign, (ADA, BO))) == [False, True]
    assert len(Treasury(runtime.store).load(payout.payout).state.payments) == 1


def test_gathering_twice_at_once_makes_one_batch(runtime: Runtime) -> None:
    leaving.approved(runtime, leaving.late(runtime))
    at = leaving.now()
    made = [
        making.make(
            runtime, code="csv", currency="GBP", cut_off=at, on=at.date(), at=at, by=SUE
        ).batch
        for _ in range(2)
    ]

    done = [runtime.batching.gather(new, by=SUE, at=at) for new in made]

    assert [d.repeated for d in done] == [False, True]
    runtime.engine.catch_up()
    with runtime.database.engine.connect() as conn:
        assert len(batches.latest(conn, limit=5)) == 1
        assert batched.candidates(conn, currency="GBP", cut_off=leaving.now()) == []


def test_what_is_dissolved_can_be_gathered_again(runtime: Runtime) -> None:
    payout = leaving.approved(runtime, leaving.late(runtime))
    first = leaving.gathered(runtime)
    runtime.batching.dissolve(first, reason="wrong_day", by=SUE, at=leaving.now())
    runtime.engine.catch_up()

    second = leaving.gathered(runtime)

    assert second != first
    assert [each.payout for each in runtime.batching.load(second).state.payouts] == [payout.payout]


def test_a_batch_of_which_something_changed_does_not_leave(runtime: Runtime) -> None:
    payout = leaving.approved(runtime, leaving.late(runtime))
    batch = leaving.gathered(runtime)
    Treasury(runtime.store).instruct(payout.payout, by=SUE, at=leaving.now())

    with pytest.raises(Refused, match="has changed since"):
        leaving.released(runtime, batch, SUE, ADA)


def test_what_is_in_doubt_since_it_was_approved_is_not_gathered(runtime: Runtime) -> None:
    payout = leaving.approved(runtime, leaving.late(runtime))
    doubt = Questioned(
        at=leaving.now(), by=SUE, complaint=payout.complaint, money=Money(Decimal(0), "GBP"),
        signs=(Sign("same_goods", ("7GQ2M4XK9T",)),),
    )  # fmt: skip
    runtime.store.append([Recorded(payout_stream(payout.payout), payout.version + 1, doubt)])
    runtime.engine.catch_up()

    with pytest.raises(Refused, match="Nothing is approved that could leave"):
        leaving.gathered(runtime)

    Treasury(runtime.store).trust(payout.payout, by=SUE, at=leaving.now(), reason="same_household")
    runtime.engine.catch_up()
    assert len(runtime.batching.load(leaving.gathered(runtime)).state.payouts) == 1


def test_without_an_account_nothing_leaves_and_it_is_said_why(runtime: Runtime) -> None:
    leaving.approved(runtime, leaving.late(runtime, account=None))
    at = leaving.now()

    made = making.make(runtime, code="csv", currency="GBP", cut_off=at, on=at.date(), at=at, by=SUE)

    assert made.batch.files == []
    assert [each.reason for each in made.left_out] == [making.NO_ACCOUNT]


def test_a_file_with_somebody_who_was_forgotten_is_not_made_again(runtime: Runtime) -> None:
    reference = leaving.late(runtime)
    leaving.approved(runtime, reference)
    batch = leaving.gathered(runtime)
    state, _ = runtime.desk.state(reference)
    Forgetter(runtime.store, runtime.vault).forget(
        state.received.complainant, by=ADA, at=leaving.now(), reason="asked"
    )

    [file] = runtime.batching.load(batch).state.files
    with pytest.raises(Refused, match="was forgotten"), making.made_again(runtime, batch, file):
        pass


def test_a_file_of_which_a_payment_failed_is_not_handed_out_again(runtime: Runtime) -> None:
    payout = leaving.approved(runtime, leaving.late(runtime)).payout
    batch = leaving.gathered(runtime)
    leaving.released(runtime, batch, SUE, ADA)
    making.require_sendable(runtime, batch)

    Treasury(runtime.store).fail(payout, by=SUE, at=leaving.now(), reason="account_closed")
    runtime.engine.catch_up()

    with pytest.raises(Refused, match="would leave twice"):
        making.require_sendable(runtime, batch)


def test_a_payment_that_left_after_all_is_placed_by_hand_and_seen_as_too_much(
    runtime: Runtime, tmp_path: Path
) -> None:
    """The bank said that it had not left, it was paid by hand, and then it had left."""
    payout = leaving.approved(runtime, leaving.late(runtime)).payout
    batch = leaving.gathered(runtime)
    leaving.released(runtime, batch, SUE, ADA)
    treasury, [first] = Treasury(runtime.store), runtime.batching.load(batch).state.payouts
    treasury.fail(payout, by=SUE, at=leaving.now(), reason="AC04")
    treasury.instruct(payout, by=SUE, at=leaving.now())
    treasury.confirm(payout, by=SUE, at=leaving.now())
    runtime.engine.catch_up()

    path = leaving.statement(tmp_path / "s.xml", bank.Transfer(first.payment, "10.00", "GBP"))
    assert taking.read(runtime, path, by=SUE, at=leaving.now()).unplaced == 1
    runtime.engine.catch_up()
    with runtime.database.engine.connect() as conn:
        [waiting] = answers.waiting(conn, limit=5)
    runtime.answering.place(waiting.answer, first.payment, "paid", by=SUE, at=leaving.now())
    runtime.engine.catch_up()

    with runtime.database.engine.connect() as conn:
        row = payouts.one(conn, payout)
        assert ledger.unbalanced(conn) == []
    assert row is not None
    assert (row.stage, str(row.paid), str(row.owed)) == ("overpaid", "20.00", "-10.00")
    compared = check(runtime.engine, MONEY)
    assert [each.name for each in compared if not each.identical] == []
