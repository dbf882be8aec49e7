"""Money that is owed, approved and about to leave, on a desk of the tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from projections import payouts
from projections.payouts import PayoutRow
from recovery.approval import Approvals
from recovery.authority import Approver
from recovery.desk import reference_of
from recovery.paying.account import Iban, Party
from recovery.vault import Contact
from tests.cast import ANA, SUE
from tests.paying import bank
from web.paying import making
from web.runtime import Runtime
from web.worker.paymaster import Paymaster

LEE = Party.parse("Mr Lee", Iban.parse("FR14 2004 1010 0505 0001 3M02 606"))
PAY_FROM = "GBP: Power Ltd, GB33 BUKB 2020 1555 5555 55"
SIX_WEEKS = timedelta(days=40)


def with_payer(desk: Runtime) -> None:
    """Give the desk an account of its own."""
    desk.settings = desk.settings.model_copy(update={"pay_from": PAY_FROM})


def now() -> datetime:
    return datetime.now(UTC)


def late(desk: Runtime, *, account: Party | None = LEE) -> str:
    """A complaint of six weeks ago that nobody answered: £10 and £50 are owed."""
    done = desk.desk.receive(
        by=ANA, at=now() - SIX_WEEKS, description="No heating.",
        contact=Contact(name="Mr Lee", email="lee@example.org"),
    )  # fmt: skip
    reference = reference_of(done)
    if account:
        desk.payees.give(reference, by=ANA, at=now(), party=account)
    desk.engine.catch_up()
    Paymaster.of(desk, clock=now).step()
    desk.engine.catch_up()
    return reference


def approved(desk: Runtime, reference: str) -> PayoutRow:
    """The £10 for the late acknowledgement, approved."""
    approvals = Approvals(desk.store, desk.policies)
    approvals.approve(_ten(desk, reference).payout, who=Approver(SUE, "supervisor"), at=now())
    desk.engine.catch_up()
    return _ten(desk, reference)


def _ten(desk: Runtime, reference: str) -> PayoutRow:
    [found] = [r for r in owed(desk, reference) if r.guarantee == "late_acknowledgement"]
    return found


def owed(desk: Runtime, reference: str) -> list[PayoutRow]:
    with desk.database.engine.connect() as conn:
        return payouts.of_complaint(conn, reference)


def gathered(desk: Runtime, *, code: str = "csv", by: str = SUE) -> str:
    """A batch of all that is approved in pounds; its id."""
    at = now()
    made = making.make(
        desk, code=code, currency="GBP", cut_off=at, on=at.date() + timedelta(days=1), at=at, by=by
    )
    desk.batching.gather(made.batch, by=by, at=at)
    desk.engine.catch_up()
    return made.batch.id


def released(desk: Runtime, batch: str, *by: str) -> None:
    """Signed by these, one after the other."""
    for person in by:
        digest = desk.batching.load(batch).state.digest
        desk.batching.sign(batch, digest=digest, by=person, at=now())
    desk.engine.catch_up()


def statement(path: Path, *transfers: bank.Transfer) -> Path:
    """What the bank writes: these left."""
    path.write_text(bank.statement(*bank.debits(transfers)))
    return path
