"""What holds of every amount, whatever the facts are?"""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recovery.policy.guarantees
from recovery import money
from recovery.policy.clocks import Clock
from recovery.policy.facts import Kind
from recovery.policy.guarantees.plan import Guarantees
from recovery.policy.guarantees.trace import Assessment
from recovery.policy.packs import packs
from tests.guarantees.given import PLAIN, assessed, guarantees, pack, text

DAYS = st.dates(date(2019, 4, 1), date(2030, 12, 31))
FEES = st.decimals(0, 100_000, places=2).map(str)
SIZES = st.integers(0, 10_000)
TIERS = st.sampled_from(("", "lead", "iron", "gold", "platinum"))
OFCOM = pack("uk-ofcom-automatic-compensation")
NETWORK = pack("uk-electricity-network")
FLIGHT = pack("eu-261")
FOOD = pack("cn-consumer-law")
CAPPED = guarantees(text(
    PLAIN
    + """
at_least = "3.00"
at_most = "70.00"
take = "sum"
[[version.guarantee.amount]]
pays = "12.5 %"
of = "fee"
at_most = "40.00"
[[version.guarantee.amount]]
pays = "1.37"
[version.guarantee.amount.accrues]
every = "1 business day"
from = "began"
until = "ended"
started = true
at_most = 20
"""
))  # fmt: skip


def total(found: Assessment) -> Decimal:
    return sum((each.money.amount for each in found.owed), Decimal(0))


@given(fee=FEES, began=DAYS, length=st.integers(0, 400))
def test_caps_and_floors_hold(fee: str, began: date, length: int) -> None:
    ended = began + timedelta(days=length)

    owed = total(assessed(CAPPED, failure="late", fee=fee, began=began, ended=ended))

    assert owed == 0 or Decimal("3.00") <= owed <= Decimal("67.40")


@given(hours=SIZES, category=st.sampled_from((1, 2)))
def test_a_storm_never_costs_more_than_its_ceiling(hours: int, category: int) -> None:
    facts = {"failure": "supply_interruption", "weather": "storm", "storm_category": category}

    owed = total(assessed(NETWORK, hours_off=hours, **facts))
    longer = total(assessed(NETWORK, hours_off=hours + 1, **facts))

    assert owed <= longer <= 2000


@given(reported=DAYS, early=st.integers(0, 120), more=st.integers(0, 30))
def test_what_accrues_never_shrinks(reported: date, early: int, more: int) -> None:
    first = reported + timedelta(days=early)
    facts = {"failure": "loss_of_service", "reported": reported}

    now = total(assessed(OFCOM, as_of=first.isoformat(), **facts))
    later = total(assessed(OFCOM, as_of=(first + timedelta(days=more)).isoformat(), **facts))

    assert now <= later


@given(reported=DAYS, length=st.integers(0, 120))
def test_what_has_accrued_by_the_last_day_is_what_is_owed_in_the_end(
    reported: date, length: int
) -> None:
    last = (reported + timedelta(days=length)).isoformat()
    facts = {"failure": "loss_of_service", "reported": reported}

    accrued = assessed(OFCOM, as_of=last, **facts)
    ended = assessed(OFCOM, as_of="2035-01-01", restored=last, **facts)

    assert total(accrued) == total(ended)
    assert all(each.state == "owed" for each in ended.owed)


@given(minutes=SIZES, distance=SIZES, one=TIERS, other=TIERS)
def test_a_statutory_amount_does_not_depend_on_the_tier(
    minutes: int, distance: int, one: str, other: str
) -> None:
    facts = {
        "failure": "flight_delay", "arrival_delay_minutes": minutes, "distance_km": distance,
        "intra_eu": False,
    }  # fmt: skip

    assert assessed(FLIGHT, tier=one, **facts) == assessed(FLIGHT, tier=other, **facts)


@given(price=FEES, loss=FEES)
def test_the_greatest_is_no_less_than_any_of_them(price: str, loss: str) -> None:
    facts = {"failure": "unsafe_food", "claimed": True, "price": price, "loss": loss}

    owed = total(assessed(FOOD, **facts))

    most = max(10 * Decimal(price), 3 * Decimal(loss))
    assert owed == (max(most, Decimal(1000)) if most else 0)


@given(fee=FEES, percent=st.integers(1, 200), currency=st.sampled_from(("GBP", "JPY", "KWD")))
def test_an_amount_is_exact_to_half_a_minor_unit(fee: str, percent: int, currency: str) -> None:
    rule = PLAIN.replace("GBP", currency) + f'amount = [{{ pays = "{percent} %", of = "fee" }}]'

    owed = total(assessed(guarantees(text(rule)), failure="late", fee=fee))

    exact = Decimal(fee) * percent / 100
    unit = money.minor_unit(currency)
    assert owed == owed.quantize(unit)
    assert -unit / 2 < owed - exact <= unit / 2


@given(due=DAYS, late=st.integers(0, 60), asked=st.integers(0, 90))
def test_a_breach_costs_what_it_costs_whenever_it_is_noticed(
    due: date, late: int, asked: int
) -> None:
    rule = """
name = "late_reply"
currency = "GBP"
clock = "reply"
[[version.guarantee.amount]]
pays = "5.00"
accrues = { every = "1 business day", from = "breach", until = "answer", started = true }
"""
    found = guarantees(text(rule))
    end = datetime(due.year, due.month, due.day, 12, tzinfo=UTC)
    answered = end + timedelta(days=late)
    clock = Clock("reply", 1, "stopped", end, end, answered, answered <= end, "5 business days")

    noticed = answered + timedelta(days=asked)

    assert assessed(found, clocks=(clock,), as_of=noticed) == assessed(
        found, clocks=(clock,), as_of=answered
    )


@pytest.mark.parametrize(
    "path",
    [
        Path(money.__file__),
        *Path(recovery.policy.guarantees.__file__).parent.glob("*.py"),
    ],
    ids=lambda path: path.name,
)
def test_no_float_comes_near_money(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    for node in ast.walk(tree):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        called = node.func if isinstance(node, ast.Call) else None
        assert not (isinstance(called, ast.Name) and called.id == "float")


NASTY: dict[Kind, tuple[str, ...]] = {
    "text": ("", " ", "ENG", "storm", "normal", "domestic", "carrier", "return", "provider"),
    "yes or no": ("true", "false", "maybe"),
    "number": ("-1", "0", "0.005", "1", "2", "13", "250", "4000", "1e400", "9" * 40, "NaN", "x"),
    "money": ("-1", "0", "0.005", "12.50", "999999999999.99", "1e400", "9" * 40, "Infinity"),
    "date": ("0001-01-01", "9999-12-31", "2026-02-30", "2024-02-29", "2026-03-01", "1 March"),
    "instant": (
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-01T10:00:00",
        "2026-03-29T01:30:00+00:00", "9999-12-31T23:59:59-12:00",
    ),
}  # fmt: skip
FAILURES = (
    "loss_of_service", "missed_appointment", "delayed_start", "fraud", "unsafe_food",
    "flight_delay", "flight_cancelled", "train_delay", "denied_boarding", "supply_interruption",
    "low_pressure", "registered_letter_lost",
)  # fmt: skip


@pytest.mark.parametrize("name", packs())
@given(data=st.data())
def test_no_fact_breaks_a_pack_and_money_is_never_absurd(name: str, data: st.DataObject) -> None:
    found = _pack(name)
    kinds = {name: kind for name, kind in found.vocabulary.kinds.items() if name != "as_of"}
    likely = {"failure": st.sampled_from(FAILURES)}
    nasty = {name: st.sampled_from(NASTY[kind]) for name, kind in kinds.items()}
    told = data.draw(st.fixed_dictionaries({}, optional=nasty | likely))

    result = assessed(found, **told)

    for each in result.owed:
        amount, unit = each.money.amount, money.minor_unit(each.money.currency)
        assert 0 < amount < money.LARGEST
        assert amount == amount.quantize(unit)
        assert each.trace[-1].gives == amount


@cache
def _pack(name: str) -> Guarantees:
    return pack(name)
