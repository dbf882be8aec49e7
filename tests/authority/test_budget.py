"""Do automatic guarantees within their budget need nobody, and does the rest wait and say why?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from recovery.budgeting import Budgets
from recovery.events import Sign
from recovery.money import Money
from recovery.owing import BY
from recovery.payout import Payout
from recovery.policy.guarantees.trace import Entitled
from recovery.policybook import adopt
from tests.cast import DAY, HOUR, SUE
from tests.payouts.conftest import NINE, POLICY, Till, till

__all__ = ["till"]
BUDGETS = """
[[budget]]
guarantee = "late_acknowledgement"
currency = "GBP"
per_month = "25.00"
"""


@pytest.fixture
def spend(till: Till) -> Callable[[str], Till]:
    """A desk with budgets."""

    def adopted(budgets: str) -> Till:
        adopt(till.desk.store, till.desk.policies, POLICY + budgets, by=SUE, at=NINE, reason="x")
        return till

    return adopted


def stages(till: Till, references: list[str], guarantee: str = "late_acknowledgement") -> list[str]:
    rows = [till.payouts(reference)[guarantee] for reference in references]
    return sorted(f"{row.stage} {row.money.due.waits}".strip() for row in rows)


def test_what_the_months_budget_holds_needs_nobody_and_the_rest_says_why(
    spend: Callable[[str], Till],
) -> None:
    till = spend(BUDGETS)
    references = [till.receive() for _ in range(3)]

    till.pay(NINE + 3 * HOUR)

    assert stages(till, references) == ["approved", "approved", "owed budget"]
    another = till.receive()
    till.pay(NINE + 4 * HOUR)
    assert stages(till, [another]) == ["owed budget"]


def test_without_a_budget_a_person_approves(spend: Callable[[str], Till]) -> None:
    till = spend("\n# no budget\n")
    reference = till.receive()

    till.pay(NINE + 3 * HOUR)

    assert stages(till, [reference]) == ["owed"]


def test_what_still_grows_draws_on_the_budget_when_it_is_final(
    spend: Callable[[str], Till],
) -> None:
    till = spend('[[budget]]\ncurrency = "GBP"\nper_month = "30.00"\n')
    reference = till.receive()
    till.pay(NINE + DAY)
    assert stages(till, [reference], "late_explanation") == ["accruing"]

    till.desk.desk.explain(
        reference, by="user:ana", at=NINE + DAY, outcome="upheld", message="The van broke down."
    )
    till.pay(NINE + DAY + HOUR)

    rows = till.payouts(reference)
    assert {row.stage for row in rows.values()} == {"approved"}
    assert sum(row.approved for row in rows.values()) <= Decimal("30.00")


def late(amount: str) -> Entitled:
    return Entitled("late_acknowledgement", "1", Money(Decimal(amount), "GBP"), None)


def test_what_is_in_doubt_draws_on_no_budget_and_keeps_nobody_waiting(
    spend: Callable[[str], Till],
) -> None:
    till = spend(BUDGETS)
    doubtful, honest = Payout("A", "a"), Payout("B", "b")
    rules = {"policy": "fair", "policy_version": till.version, "by": BY}
    for payout in (doubtful, honest):
        payout.owe(late("10.00"), **rules, at=NINE)
        if payout is doubtful:
            payout.question((Sign("same_goods", ("C",)),), at=NINE, by=BY)
        payout.owe(late("12.00"), **rules, at=NINE + HOUR)

    with Budgets(till.desk.store, till.desk.policies).drawn([doubtful, honest]):
        pass

    assert (doubtful.state.approved, honest.state.approved) == (0, Decimal("12.00"))


def test_two_paymasters_at_once_do_not_overrun_a_budget(spend: Callable[[str], Till]) -> None:
    till = spend(BUDGETS)
    references = [till.receive() for _ in range(6)]
    till.now = NINE + 3 * HOUR
    till.desk.engine.catch_up()

    with ThreadPoolExecutor(2) as pool:
        for step in [pool.submit(till.paymaster().step, limit=2) for _ in range(2)]:
            step.result()
    till.pay(NINE + 3 * HOUR)

    assert stages(till, references).count("approved") == 2
