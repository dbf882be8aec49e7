"""How much is owed, and does the trace say how it came about?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from recovery.policy.guarantees.trace import Assessment, Step
from tests.guarantees.given import PLAIN, amounts, assessed, guarantees, refusals, text


def late(amount: str, **facts: object) -> Assessment:
    """What a guarantee with these lines grants when something is late."""
    return assessed(guarantees(text(PLAIN + amount)), failure="late", **facts)


def money(found: Assessment) -> list[str]:
    return [str(each.money) for each in found.owed]


@pytest.mark.parametrize(
    ("lines", "facts", "wanted"),
    [
        ('amount = [{ pays = "12.50" }]', {}, "12.50 GBP"),
        ('amount = [{ pays = "25 %", of = "fee" }]', {"fee": "40.00"}, "10.00 GBP"),
        ('amount = [{ pays = "12.5 %", of = "fee" }]', {"fee": "81.00"}, "10.13 GBP"),
        ('amount = [{ pays = "3 times", of = "fee" }]', {"fee": "5.40"}, "16.20 GBP"),
        ('amount = [{ pays = "1.5 times", of = "fee" }]', {"fee": "5.01"}, "7.52 GBP"),
        ('at_least = "20.00"\namount = [{ pays = "25 %", of = "fee" }]', {"fee": "4"}, "20.00 GBP"),
        ('at_most = "5.00"\namount = [{ pays = "25 %", of = "fee" }]', {"fee": "99"}, "5.00 GBP"),
        ('for_each = "passengers"\namount = [{ pays = "7.00" }]', {"passengers": 3}, "21.00 GBP"),
        ('for_each = "passengers"\namount = [{ pays = "33.3 %", of = "fee" }]',
         {"passengers": 3, "fee": "0.05"}, "0.06 GBP"),
    ],
)  # fmt: skip
def test_a_line_pays(lines: str, facts: dict[str, object], wanted: str) -> None:
    assert money(late(lines, **facts)) == [wanted]


def test_nothing_stays_nothing_whatever_the_floor() -> None:
    lines = 'at_least = "20.00"\namount = [{ pays = "25 %", of = "fee" }]'

    assert late(lines, fee="0.00") == Assessment()


@pytest.mark.parametrize(
    ("rounding", "wanted"),
    [("half up", "0.13"), ("half even", "0.12"), ("up", "0.13"), ("down", "0.12")],
)
def test_half_a_penny_is_rounded_as_the_policy_says(rounding: str, wanted: str) -> None:
    lines = f'rounding = "{rounding}"\namount = [{{ pays = "25 %", of = "fee" }}]'

    assert money(late(lines, fee="0.50")) == [f"{wanted} GBP"]


def test_money_without_pennies_is_rounded_to_the_whole() -> None:
    rules = PLAIN.replace("GBP", "JPY") + 'amount = [{ pays = "12.5 %", of = "fee" }]'

    assert money(assessed(guarantees(text(rules)), failure="late", fee="100")) == ["13 JPY"]


TIERS = """
[[version.guarantee.amount]]
by = "size"
tier = [{ from = 10, pays = "1.00" }, { above = 20, pays = "2.00" }, { from = 21, pays = "3.00" }]
"""


@pytest.mark.parametrize(
    ("size", "wanted"),
    [("9.99", []), ("10", ["1.00 GBP"]), ("20", ["1.00 GBP"]), ("20.01", ["2.00 GBP"]),
     ("21", ["3.00 GBP"]), ("-1", [])],
)  # fmt: skip
def test_a_tier_begins_at_its_number_or_above_it(size: str, wanted: list[str]) -> None:
    assert money(late(TIERS, size=size)) == wanted


RATES = """
rates = { 2024-03-01 = "1.10", 2023-03-01 = "1.00" }
rates_by = "began"
amount = [{ pays = "rate" }]
"""


@pytest.mark.parametrize(
    ("began", "wanted"),
    [("2023-02-28", []), ("2023-03-01", ["1.00 GBP"]), ("2024-02-29", ["1.00 GBP"]),
     ("2024-03-01", ["1.10 GBP"]), ("2099-01-01", ["1.10 GBP"])],
)  # fmt: skip
def test_the_rate_is_that_of_the_day(began: str, wanted: list[str]) -> None:
    assert money(late(RATES, began=began)) == wanted


LINES = """
[[version.guarantee.amount]]
when = 'urgent'
pays = "5.00"
[[version.guarantee.amount]]
when = 'size > 3'
pays = "8.00"
[[version.guarantee.amount]]
when = 'true'
pays = "2.00"
"""


@pytest.mark.parametrize(
    ("take", "facts", "wanted"),
    [
        ("first", {"urgent": True, "size": 9}, "5.00 GBP"),
        ("first", {"urgent": False, "size": 9}, "8.00 GBP"),
        ("first", {"urgent": False, "size": 3}, "2.00 GBP"),
        ("greatest", {"urgent": True, "size": 9}, "8.00 GBP"),
        ("sum", {"urgent": True, "size": 9}, "15.00 GBP"),
        ("sum", {"urgent": False, "size": 3}, "2.00 GBP"),
    ],
)
def test_of_several_lines_the_first_the_greatest_or_their_sum(
    take: str, facts: dict[str, object], wanted: str
) -> None:
    assert money(late(f'take = "{take}"\n{LINES}', **facts)) == [wanted]


STEPS = """
take = "sum"
[[version.guarantee.amount]]
pays = "50.00"
[[version.guarantee.amount]]
pays = "10.00"
steps = { every = "12 hours", of = "size", beyond = 12%s }
"""


@pytest.mark.parametrize(
    ("more", "size", "wanted"),
    [
        ("", "3", "50.00"), ("", "23.9", "50.00"), ("", "24", "60.00"), ("", "36", "70.00"),
        (", started = true", "12", "50.00"), (", started = true", "12.1", "60.00"),
        (", started = true", "24", "60.00"), (", started = true", "24.1", "70.00"),
        (", at_most = 2", "999", "70.00"),
    ],
)  # fmt: skip
def test_a_base_and_more_for_each_step_of_a_quantity(more: str, size: str, wanted: str) -> None:
    assert money(late(STEPS % more, size=size)) == [f"{wanted} GBP"]


REDUCED = """
amount = [{ pays = "25.01" }]
[[version.guarantee.reduction]]
when = 'size < 4'
to = "50 %"
reason = "Only a little late"
[[version.guarantee.reduction]]
when = 'size < 8'
to = "80 %"
reason = "Less than very late"
"""


@pytest.mark.parametrize(("size", "wanted"), [(3, "12.51"), (4, "20.01"), (8, "25.01")])
def test_the_first_reduction_that_holds_counts(size: int, wanted: str) -> None:
    assert money(late(REDUCED, size=size)) == [f"{wanted} GBP"]


def test_the_trace_says_each_step() -> None:
    lines = """
at_most = "20.00"
for_each = "passengers"
rates = { 2023-03-01 = "8.40" }
rates_by = "began"
[[version.guarantee.amount]]
pays = "rate"
accrues = { every = "1 day", from = "began", first_day = "counts", until = "ended" }
"""
    (found,) = late(lines, began="2026-02-01", ended="2026-02-04", passengers=2).owed

    assert found.money.amount == Decimal("40.00")
    assert found.trace == (
        Step("rate", Decimal("8.40"), {"on": "2026-02-01", "since": "2023-03-01"}),
        Step("periods", Decimal("25.20"), {
            "count": "3", "every": "1 day", "begin": "2026-02-01", "until": "ended",
        }),
        Step("at_most", Decimal("20.00")),
        Step("for_each", Decimal("40.00"), {"of": "passengers", "count": "2"}),
    )  # fmt: skip


def test_the_currency_of_the_complaint() -> None:
    rules = PLAIN + 'currency_by = "note"\namount = [{ pays = "1 times", of = "price" }]'
    found = guarantees(text(rules))

    assert amounts(assessed(found, failure="late", price="10")) == [("refund", "10.00 GBP")]
    assert amounts(assessed(found, failure="late", price="10", note="eur")) == [
        ("refund", "10.00 EUR")
    ]
    assert amounts(assessed(found, failure="late", price="10", note="JPY")) == [
        ("refund", "10 JPY")
    ]
    assert refusals(assessed(found, failure="late", price="10", note="pounds")) == [
        ("refund", "unusable")
    ]
