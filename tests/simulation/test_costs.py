"""Is what guarantees would have cost added up to the penny, by month, group and at worst?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from recovery.money import Money
from recovery.policy.adopt import house_policy
from recovery.policy.costs import Cost, Costs
from recovery.policy.guarantees.trace import Entitled
from recovery.policy.simulate import Outcome
from tests.desks import TestDesk
from tests.guarantees.given import PLAIN, guarantees, text
from tests.simulation.conftest import trial
from tests.simulation.test_trial import tried

POST = ("Post", "email", "gold")
TEN = 'amount = [{ pays = "10.00" }]\n'
LIMITED = guarantees(text(PLAIN + 'a_year = { amount = "25.00" }\n' + TEN))


def owed(amount: str, on: str, currency: str = "GBP") -> Entitled:
    money = Money(Decimal(amount), currency)
    return Entitled("refund", "incident", money, None, on=date.fromisoformat(on))


def of(costs: Costs, by: str) -> list[tuple[str, int, str]]:
    found: tuple[Cost, ...] = costs.outcome()[0]
    return [(c.value, c.payouts, f"{c.money} {c.currency}") for c in found if c.by == by]


def test_amounts_add_up_by_month_and_group_and_the_worst_is_named() -> None:
    costs = Costs(())
    costs.add("A", "lee", POST, [owed("10.10", "2026-01-05"), owed("3", "2026-02-01", "EUR")])
    costs.add("B", "may", ("Post", "phone", ""), [owed("20.20", "2026-01-05")])
    costs.add("C", "may", ("Rail", "phone", ""), [owed("30.25", "2026-01-31")])
    costs.add("D", "kim", POST, [])

    pounds = costs.outcome()[1][1]
    assert of(costs, "all") == [("", 1, "3 EUR"), ("", 3, "60.55 GBP")]
    assert of(costs, "month") == [("2026-02", 1, "3 EUR"), ("2026-01", 3, "60.55 GBP")]
    assert of(costs, "category")[1:] == [("Post", 2, "30.30 GBP"), ("Rail", 1, "30.25 GBP")]
    assert (pounds.day, pounds.day_money) == (date(2026, 1, 5), Decimal("30.30"))
    assert (pounds.month, pounds.month_money) == ("2026-01", Decimal("60.55"))
    assert costs.complaints == 3


def test_what_a_year_holds_is_given_in_the_order_of_the_days() -> None:
    costs = Costs([LIMITED])
    for reference, day in (("C", "2026-03-01"), ("A", "2026-01-01"), ("B", "2026-02-01")):
        costs.add(reference, "lee", POST, [owed("10.00", day)])
    costs.add("D", "lee", POST, [owed("10.00", "2027-01-01")])

    assert of(costs, "month") == [
        ("2026-01", 1, "10.00 GBP"), ("2026-02", 1, "10.00 GBP"), ("2026-03", 1, "5.00 GBP"),
        ("2027-01", 1, "10.00 GBP"),
    ]  # fmt: skip


def test_shares_add_up_to_the_whole_in_any_order() -> None:
    random = Random(7)
    whole, shares = Costs([LIMITED]), [Costs([LIMITED]) for _ in range(3)]
    for number in range(60):
        found = [owed(f"{random.randint(1, 999)}.{number % 100:02}", f"2026-0{number % 9 + 1}-11")]
        for costs in (whole, random.choice(shares)):
            costs.add(f"R{number}", f"who-{number % 7}", POST, found)
    together = Costs([LIMITED])
    for share in shares:
        together.merge(share)

    assert together.outcome() == whole.outcome()


@pytest.fixture
def found(history: TestDesk) -> Outcome:
    return tried(history, trial(house_policy().replace('pays = "10.00"', 'pays = "12.00"')))


def test_a_trial_says_what_a_dearer_promise_costs(history: TestDesk, found: Outcome) -> None:
    now = tried(history, trial())

    def sums(outcome: Outcome) -> dict[str, tuple[int, Decimal]]:
        return {c.guarantee: (c.payouts, c.money) for c in outcome.costs if c.by == "all"}

    times, money = sums(now)["late_acknowledgement"]
    assert money == 10 * times > 0
    assert sums(found) == sums(now) | {"late_acknowledgement": (times, Decimal(12) * times)}
    assert sum(c.money for c in found.costs if c.by == "month") == sum(
        c.money for c in found.costs if c.by == "all"
    )
    assert found.tails[0].day_money <= found.tails[0].month_money
