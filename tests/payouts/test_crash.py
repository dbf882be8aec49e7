"""Whatever dies between due and paid, and whatever is heard twice: is it one ledger?"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from projections.ledger import ACCOUNTS, table
from projections.rebuild import rebuild
from recovery.approval import Approvals
from recovery.authority import Approver
from recovery.errors import Refused
from recovery.events import Recorded
from recovery.payout import payment_id, payout_id
from recovery.store import Command, Done, Store
from recovery.treasury import Treasury
from tests.cast import ANA, DAY, HOUR, MINUTE, SUE
from tests.payouts.conftest import NINE, Till
from web.worker.paymaster import Paymaster

ACKNOWLEDGED = ("late_acknowledgement", "acknowledge/1")
EXPLAINED = ("late_explanation", "explain/1")
PAID_OUT = NINE + 3 * DAY


class Killed(BaseException):
    """The process is gone."""


class Dying(Store):
    """A store whose process is killed at one of its appends, before it or just after."""

    def __init__(self, till: Till, at: int, *, recorded: bool) -> None:
        super().__init__(till.desk.store.database)
        self._left = at
        self._recorded = recorded

    def append(self, records: Sequence[Recorded], **more: Any) -> Done:
        self._left -= 1
        if self._left == 0 and not self._recorded:
            raise Killed
        done = super().append(records, **more)
        if self._left == 0:
            raise Killed
        return done


def work(till: Till, store: Store, reference: str) -> None:
    """All that is done about a complaint's money, from due to paid, by a process on this store."""
    paymaster = Paymaster(store=store, policies=till.desk.policies, clock=lambda: till.now)
    till.now = PAID_OUT
    till.desk.engine.catch_up()
    while paymaster.step():
        till.desk.engine.catch_up()
    treasury, approvals = Treasury(store), Approvals(store, till.desk.policies)
    for guarantee in (ACKNOWLEDGED, EXPLAINED):
        payout = payout_id(reference, *guarantee)

        def named(act: str, payout: str = payout) -> Command:
            return Command(f"{payout}/{act}")

        approvals.approve(
            payout, who=Approver(SUE, "supervisor"), at=PAID_OUT, command=named("approve")
        )
        treasury.instruct(payout, by=SUE, at=PAID_OUT, command=named("instruct"))
    bounced, paid = payout_id(reference, *ACKNOWLEDGED), payout_id(reference, *EXPLAINED)
    answers(treasury, bounced, ["fail", "confirm", "fail"], payment_id(bounced, 1))
    treasury.instruct(bounced, by=SUE, at=PAID_OUT, command=Command(f"{bounced}/again"))
    answers(treasury, bounced, ["confirm", "confirm"], payment_id(bounced, 2))
    answers(treasury, bounced, ["fail", "confirm"], payment_id(bounced, 1))
    answers(treasury, paid, ["confirm", "fail", "confirm"], payment_id(paid, 1))


def answers(treasury: Treasury, payout: str, hows: Sequence[str], payment: str) -> None:
    """What the bank says, twice and in any order; what contradicts it is refused."""
    for how in hows:
        reason = {} if how == "confirm" else {"reason": "AC04"}
        with suppress(Refused):
            getattr(treasury, how)(payout, by="system:bank", at=PAID_OUT, payment=payment, **reason)


def complained(till: Till) -> str:
    """A complaint that was answered late in both ways."""
    reference = till.receive()
    desk = till.desk.desk
    desk.acknowledge(reference, by=ANA, at=NINE + DAY)
    desk.explain(reference, by=ANA, at=NINE + DAY + HOUR, outcome="upheld", message="Lost.")
    return reference


def books(till: Till, reference: str) -> list[tuple[Any, ...]]:
    """The ledger's entries of a complaint, without the ids that differ by complaint."""
    till.desk.engine.catch_up()
    columns = [table.c[name] for name in ("guarantee", "version", "at", "kind", "by", *ACCOUNTS)]
    query = (
        sa.select(*columns)
        .where(table.c.complaint == reference)
        .order_by(table.c.guarantee, table.c.version)
    )
    with till.desk.store.database.engine.connect() as conn:
        return [tuple(row) for row in conn.execute(query)]


def test_a_worker_that_is_killed_at_any_step_leaves_the_same_ledger(till: Till) -> None:
    steady = complained(till)
    work(till, till.desk.store, steady)
    expected = books(till, steady)
    assert [e[3] for e in expected if e[0] == EXPLAINED[0]] == [
        "due", "approved", "instructed", "paid"
    ]  # fmt: skip
    assert sum(1 for e in expected if e[3] == "paid") == 2

    killed = 0
    for recorded in (False, True):
        for at in range(1, 10):
            reference = complained(till)
            try:
                work(till, Dying(till, at, recorded=recorded), reference)
            except Killed:
                killed += 1
                work(till, till.desk.store, reference)
                work(till, till.desk.store, reference)
            assert books(till, reference) == expected, (at, recorded)
    assert killed == 18


def test_two_paymasters_at_once_owe_nothing_twice(till: Till) -> None:
    references = [complained(till) for _ in range(6)]
    till.now = PAID_OUT
    till.desk.engine.catch_up()

    with ThreadPoolExecutor(3) as threads:
        for _ in range(4):
            masters = [till.paymaster() for _ in range(3)]
            list(threads.map(Paymaster.step, masters))
            till.desk.engine.catch_up()

    first, *others = [books(till, reference) for reference in references]
    assert [e[3] for e in first] == ["due", "due"]
    assert all(other == first for other in others)


def test_a_paymaster_that_looks_now_and_then_records_what_one_that_never_stopped_does(
    till: Till, another: Till
) -> None:
    told: list[list[tuple[Any, ...]]] = []
    for each, pace in ((till, timedelta(hours=5)), (another, timedelta(days=4))):
        reference = each.receive()
        for n in range(1, int(9 * DAY / pace) + 1):
            each.pay(NINE + n * pace)
        each.pay(NINE + 9 * DAY + MINUTE)
        told.append(books(each, reference))

    assert told[0] == told[1]
    assert len(told[0]) == 10


def test_a_restart_with_rows_made_anew_pays_nothing_again(till: Till) -> None:
    reference = complained(till)
    work(till, till.desk.store, reference)
    before, head = books(till, reference), till.desk.store.head()

    rebuild(till.desk.engine, ["entitlements", "payouts", "ledger"])
    work(till, till.desk.store, reference)

    assert books(till, reference) == before
    assert till.desk.store.head() == head
