"""Is money never guessed: what becomes of facts and policies that do not fit together?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from projections import entitlements
from projections.table import Given
from recovery import policybook
from recovery.approval import Approvals
from recovery.authority import Approver
from recovery.clock import terms_id
from recovery.events import Reapplied, Recorded, clock_stream
from recovery.owing import answer
from recovery.treasury import Treasury
from tests.cast import ANA, DAY, HOUR, MINUTE, SUE
from tests.payouts.conftest import NINE, POLICY, Till

DEARER = POLICY.replace('pays = "8.40"', 'pays = "10.00"')


def day(n: int) -> str:
    return (NINE + n * DAY).date().isoformat()


def cut_off(till: Till, **facts: str) -> str:
    reference = till.receive()
    till.desk.desk.record_incident(reference, by=ANA, at=NINE, facts={"cause": "cut_off"} | facts)
    till.pay(NINE + MINUTE)
    return reference


def refusals(till: Till, reference: str) -> list[str]:
    """Why nothing is owed for the cut, as the page of the complaint says it to who claims."""
    with till.desk.store.database.engine.connect() as conn:
        row = entitlements.of_complaint(conn, reference)
    assert row is not None
    standing = entitlements.standing(row, Given(till.desk.policies))
    found = answer(standing, "cut_off", NINE + MINUTE)
    return [" ".join([each.reason, *each.about]) for each in found.refused]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "missing cut_off_on"),
        ({"cut_off_on": "last week"}, "missing cut_off_on"),
        ({"cut_off_on": day(-1), "restored_on": day(-5)}, "nothing_due"),
    ],
)
def test_facts_that_lack_or_contradict_each_other_owe_nothing_and_it_is_said_why(
    till: Till, facts: dict[str, str], why: str
) -> None:
    reference = cut_off(till, **facts)

    assert till.payouts(reference) == {}
    assert refusals(till, reference) == [why]


def test_a_policy_that_changes_between_due_and_paid_owes_the_difference(till: Till) -> None:
    reference = cut_off(till, cut_off_on=day(-5), restored_on=day(-1))
    payout = till.payouts(reference)["cut_off"].payout
    treasury = Treasury(till.desk.store)
    Approvals(till.desk.store, till.desk.policies).approve(
        payout, who=Approver(SUE, "supervisor"), at=NINE + HOUR
    )
    treasury.instruct(payout, by=SUE, at=NINE + HOUR)
    dearer = policybook.adopt(
        till.desk.store, till.desk.policies, DEARER, by=SUE, at=NINE + HOUR, reason="More."
    ).version
    follow(till, reference, dearer)
    till.pay(NINE + 2 * HOUR)
    treasury.confirm(payout, by=SUE, at=NINE + 3 * HOUR)
    till.desk.engine.catch_up()

    row = till.payouts(reference)["cut_off"]
    assert (row.total, row.paid, row.owed) == (Decimal("30.00"), Decimal("25.20"), Decimal("4.80"))
    assert till.balances()["paid"] == Decimal("25.20")


def follow(till: Till, reference: str, version: str) -> None:
    """What the timekeeper records: the complaint follows another version from here on."""
    event = Reapplied(
        at=NINE + HOUR, by="system:clock", complaint=reference, policy="fair",
        version_before=till.version, policy_version=version,
    )  # fmt: skip
    till.desk.store.append([Recorded(clock_stream(terms_id(reference)), 1, event)])
