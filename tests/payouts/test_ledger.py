"""Do the books balance, whatever happens to a payout, and in whichever order?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections import ledger, payouts
from projections.ledger import ACCOUNTS, Entry
from projections.payout_report import report
from projections.payouts import PayoutRow
from projections.table import Given
from recovery.errors import Refused
from recovery.events import Event, Recorded, payout_stream
from recovery.money import Money
from recovery.payout import Payout, payment_id, payout_id
from recovery.policy.guarantees.trace import Entitled, Step
from recovery.policy.library import Policies
from tests.cast import NINE, SUE
from tests.payouts.conftest import Till

REFERENCE = "7GQ2M4XK9T"
PAYOUT = payout_id(REFERENCE, "late_explanation", "explain/1")
AT: dict[str, Any] = {"at": NINE, "by": SUE}
RULES: dict[str, Any] = {"policy": "house", "policy_version": "1"}
GIVEN = Given(Policies())
PENNIES = st.integers(1, 9_000).map(lambda n: Decimal(n).scaleb(-2))
ATTEMPTS = st.integers(1, 3)


def pounds(amount: Decimal) -> Money:
    return Money(amount, "GBP")


def owe(payout: Payout, amount: Decimal, until: str = "") -> None:
    payout.owe(
        Entitled("late_explanation", "explain/1", pounds(amount), date(2026, 4, 1), until,
                 (Step("fixed", amount),)),
        **RULES, **AT,
    )  # fmt: skip


def answer(payout: Payout, how: str, attempt: int) -> None:
    payment = payment_id(PAYOUT, attempt)
    found = payout.state.payments.get(payment)
    money = pounds(found.amount if found else Decimal("1.00"))
    reason = {} if how == "confirm" else {"reason": "AC04"}
    getattr(payout, how)(payment, money, **reason, **AT)


ACTS = st.one_of(
    st.tuples(st.just("owe"), PENNIES),
    st.tuples(st.sampled_from(("owe_no_more", "approve", "decline", "instruct")), st.none()),
    st.tuples(st.sampled_from(("confirm", "fail", "reverse")), ATTEMPTS),
)


def lived(acts: Sequence[tuple[str, Any]]) -> list[Recorded]:
    """The records of a payout to which all this was done; what was refused left none."""
    payout = Payout(REFERENCE, PAYOUT)
    owe(payout, Decimal("10.00"))
    for name, value in acts:
        with suppress(Refused):
            if name == "owe":
                owe(payout, value)
            elif name == "owe_no_more":
                payout.owe_no_more(**RULES, **AT)
            elif name == "decline":
                payout.decline(reason="abuse", **AT)
            elif name == "instruct":
                payout.instruct(connector="hand", **AT)
            elif name == "approve":
                payout.approve(**AT)
            else:
                answer(payout, name, value)
    return [
        Recorded(r.stream, r.version, r.event, position=n) for n, r in enumerate(payout.pending, 1)
    ]


@given(st.lists(ACTS, max_size=40))
def test_the_books_balance_after_each_event_and_say_what_the_state_says(
    acts: list[tuple[str, Any]],
) -> None:
    entries: tuple[Entry, ...] = ()
    rows: tuple[PayoutRow, ...] = ()
    for record in lived(acts):
        entries = ledger.fold(entries, record, GIVEN)
        rows = payouts.fold(rows, record, GIVEN)

        assert sum(getattr(entries[-1], account) for account in ACCOUNTS) == 0
        [row] = rows
        assert sums(entries) == {
            "expense": row.total, "owed": row.owed, "approved": row.approved,
            "bank": row.instructed, "paid": row.paid, "written_off": row.declined,
        }  # fmt: skip
        assert min(row.approved, row.instructed, row.paid, row.declined) >= 0


def sums(entries: Sequence[Entry]) -> dict[str, Decimal]:
    """What stands on each account, as `balances` has it."""
    return {
        account: sum((getattr(entry, account) for entry in entries), Decimal(0))
        * (1 if account == "expense" else -1)
        for account in ACCOUNTS
    }


def test_a_correction_downwards_comes_out_of_what_was_approved() -> None:
    payout = Payout(REFERENCE, PAYOUT)
    owe(payout, Decimal("25.20"))
    payout.approve(**AT)
    owe(payout, Decimal("16.80"))

    entries: tuple[Entry, ...] = ()
    for record in payout.pending:
        entries = ledger.fold(entries, record, GIVEN)

    assert (entries[-1].expense, entries[-1].approved) == (Decimal("-8.40"), Decimal("8.40"))
    assert sums(entries)["approved"] == Decimal("16.80")


def append(till: Till, events: Sequence[Recorded]) -> None:
    till.desk.store.append(events)
    till.desk.engine.catch_up()


def test_the_tables_say_how_much_lies_where_at_each_position(till: Till) -> None:
    append(till, lived([("approve", None), ("instruct", None)]))
    instructed = till.desk.store.head()
    payout = Payout(REFERENCE, PAYOUT, 3, till_state(till))
    answer(payout, "confirm", 1)
    append(till, payout.pending)

    with till.desk.store.database.engine.connect() as conn:
        before = ledger.balances(conn, position=instructed)["GBP"]
        now = ledger.balances(conn)["GBP"]
        assert ledger.unbalanced(conn) == []
    assert (before["expense"], before["bank"], before["paid"]) == (10, 10, 0)
    assert (now["expense"], now["bank"], now["paid"]) == (10, 0, 10)


def till_state(till: Till) -> Any:
    with till.desk.store.database.engine.connect() as conn:
        row = payouts.one(conn, PAYOUT)
    assert row is not None
    return row.money


def test_an_entry_that_was_changed_behind_our_backs_is_found(till: Till) -> None:
    append(till, lived([("approve", None)]))
    with till.desk.store.database.connection() as conn:
        conn.execute("update read.ledger set owed = owed - 1, expense = expense + 1")

    with till.desk.store.database.engine.connect() as conn:
        [found] = ledger.unbalanced(conn)

    assert (found.payout, found.version) == (PAYOUT, 2)


def test_an_event_that_has_no_place_changes_nothing(till: Till) -> None:
    def stray(event: Event) -> Recorded:
        return Recorded(payout_stream(PAYOUT), 1, event, position=1)

    approved = lived([("approve", None)])[1].event

    assert ledger.fold((), stray(approved), GIVEN) == ()
    assert payouts.fold((), stray(approved), GIVEN) == ()


def test_the_report_says_what_each_guarantee_cost_and_what_is_late(till: Till) -> None:
    append(till, lived([("approve", None), ("owe", Decimal("12.50"))]))

    with till.desk.store.database.engine.connect() as conn:
        found = report(conn, today=date(2026, 4, 2), zone="Europe/London")

    [line] = found.lines
    assert (line.month, line.guarantee, line.expense) == ("2026-03", "late_explanation", 12.5)
    assert (line.owed, line.approved) == (2.5, 10)
    [waiting] = found.waiting
    assert (waiting.stage, waiting.amount, waiting.late) == ("owed", 12.5, 1)
    assert waiting.first_day == date(2026, 4, 1)
