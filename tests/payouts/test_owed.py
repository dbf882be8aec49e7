"""Does a failed promise become money owed, at the right instant, and no other?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from projections.entitlements import table
from projections.rebuild import check
from recovery.events import Due, payout_stream
from recovery.payout import payout_id
from tests.cast import ANA, DAY, HOUR, MINUTE
from tests.payouts.conftest import NINE, Till

LATE = NINE + 2 * HOUR


def reviewed_at(till: Till, reference: str) -> datetime | None:
    till.desk.engine.catch_up()
    with till.desk.store.database.engine.connect() as conn:
        query = table.select().where(table.c.complaint == reference)
        return conn.execute(query).one().review_at  # type: ignore[no-any-return]


def dues(till: Till, reference: str, guarantee: str, occurrence: str) -> list[Due]:
    stream = payout_stream(payout_id(reference, guarantee, occurrence))
    return [r.event for r in till.desk.store.records(stream) if isinstance(r.event, Due)]


def test_nothing_is_owed_before_a_promise_is_broken(till: Till) -> None:
    reference = till.receive()

    assert till.pay(LATE) == 0
    assert till.payouts(reference) == {}


def test_a_breach_is_owed_right_after_its_instant(till: Till) -> None:
    reference = till.receive()

    assert till.pay(LATE + MINUTE) == 1

    row = till.payouts(reference)["late_acknowledgement"]
    assert (row.stage, row.currency, row.owed) == ("owed", "GBP", Decimal("10.00"))
    assert row.due_at is not None
    assert 0 < (row.due_at - LATE).total_seconds() < 1
    assert row.pay_by == (NINE + 7 * DAY).date()


def test_a_promise_that_was_kept_owes_nothing(till: Till) -> None:
    reference = till.receive()
    till.desk.desk.acknowledge(reference, by=ANA, at=NINE + HOUR)
    till.desk.desk.explain(
        reference, by=ANA, at=NINE + HOUR, outcome="upheld", message="We lost it."
    )

    assert till.pay(NINE + 90 * DAY) == 0
    assert reviewed_at(till, reference) is None


def test_an_accruing_amount_grows_day_by_day_however_late_the_worker(till: Till) -> None:
    reference = till.receive()

    till.pay(NINE + 4 * DAY)

    found = dues(till, reference, "late_explanation", "explain/1")
    assert [each.money.amount for each in found] == [Decimal("5.00")] * 5
    assert [each.at.date() for each in found if each.at] == [
        (NINE + n * DAY).date() for n in range(5)
    ]
    assert till.payouts(reference)["late_explanation"].stage == "accruing"


def test_the_answer_ends_the_growth_and_fixes_the_day_of_payment(till: Till) -> None:
    reference = till.receive()
    till.pay(NINE + DAY)
    till.desk.desk.explain(
        reference, by=ANA, at=NINE + DAY + HOUR, outcome="upheld", message="We lost it."
    )

    till.pay(NINE + 30 * DAY)

    row = till.payouts(reference)["late_explanation"]
    assert (row.stage, row.total) == ("owed", Decimal("10.00"))
    assert row.pay_by == (NINE + 15 * DAY).date()


def test_facts_that_come_to_light_change_what_is_owed_by_the_difference(till: Till) -> None:
    reference = till.receive()
    facts = {"cause": "cut_off", "cut_off_on": (NINE - 5 * DAY).date().isoformat()}
    restored = {"restored_on": (NINE - DAY).date().isoformat()}
    till.desk.desk.record_incident(reference, by=ANA, at=NINE, facts=facts | restored)
    till.pay(NINE + MINUTE)
    assert till.owed(reference) == {"cut_off": "25.20"}

    restored = {"restored_on": (NINE - 2 * DAY).date().isoformat()}
    till.desk.desk.record_incident(reference, by=ANA, at=NINE + HOUR, facts=restored)
    till.pay(NINE + HOUR)

    assert till.owed(reference) == {"cut_off": "16.80"}
    found = dues(till, reference, "cut_off", "incident")
    assert [each.money.amount for each in found] == [Decimal("25.20"), Decimal("-8.40")]


def test_what_turns_out_not_to_be_owed_is_taken_back(till: Till) -> None:
    reference = till.receive()
    facts = {
        "cause": "cut_off", "cut_off_on": (NINE - 5 * DAY).date().isoformat(),
        "restored_on": (NINE - DAY).date().isoformat(),
    }  # fmt: skip
    till.desk.desk.record_incident(reference, by=ANA, at=NINE, facts=facts)
    till.pay(NINE + MINUTE)

    till.desk.desk.record_incident(reference, by=ANA, at=NINE + HOUR, facts={"cause": "weather"})
    till.pay(NINE + HOUR)

    assert till.payouts(reference)["cut_off"].stage == "void"
    assert till.balances()["expense"] == 0


def test_a_late_payment_is_owed_for_by_itself(till: Till) -> None:
    reference = till.receive()
    till.desk.desk.explain(reference, by=ANA, at=NINE + HOUR, outcome="upheld", message="Lost.")

    till.pay(NINE + 7 * DAY)
    assert "late_payment" not in till.payouts(reference)
    till.pay(NINE + 8 * DAY)

    assert till.owed(reference)["late_payment"] == "40.00"


def test_what_had_ended_before_it_was_recorded_is_owed_nothing(till: Till) -> None:
    long_ago = NINE - 400 * DAY
    reference = till.receive(at=long_ago)
    till.desk.desk.explain(
        reference, by=ANA, at=long_ago + 9 * DAY, outcome="upheld", message="Lost."
    )
    till.desk.desk.close(reference, by=ANA, at=long_ago + 9 * DAY, outcome="upheld")

    assert till.pay(NINE) == 0
    assert reviewed_at(till, reference) is None


def test_what_is_still_late_when_it_is_recorded_is_owed_at_once(till: Till) -> None:
    reference = till.receive(at=NINE - 400 * DAY)

    till.pay(NINE)

    assert till.owed(reference)["late_explanation"] == "50.00"
    assert len(dues(till, reference, "late_explanation", "explain/1")) == 1


def test_a_statutory_payout_does_not_depend_on_the_tier(till: Till) -> None:
    facts = {
        "cause": "cut_off", "cut_off_on": (NINE - 9 * DAY).date().isoformat(),
        "restored_on": (NINE - DAY).date().isoformat(),
    }  # fmt: skip
    owed = []
    for tier in ("", "gold", "staff"):
        reference = till.receive(tier=tier)
        till.desk.desk.record_incident(reference, by=ANA, at=NINE, facts=facts)
        till.pay(NINE + MINUTE)
        owed.append(till.owed(reference))

    assert owed == [{"cut_off": "58.80"}] * 3


def test_rows_made_anew_are_the_live_ones(till: Till) -> None:
    reference = till.receive()
    till.pay(NINE + 4 * DAY)
    till.desk.desk.acknowledge(reference, by=ANA, at=NINE + HOUR)
    till.pay(NINE + 5 * DAY)

    compared = check(till.desk.engine)

    assert all(found.identical for found in compared)
    assert {"entitlements", "payouts", "ledger"} <= {found.name for found in compared}
