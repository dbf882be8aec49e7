"""Is money exact, and is what is not money refused?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from recovery.errors import Invalid
from recovery.money import Money


def test_an_amount_is_kept_in_the_minor_unit_of_its_currency() -> None:
    assert Money.parse("1,234.5", "gbp") == Money(Decimal("1234.50"), "GBP")
    assert str(Money.parse("500", "JPY")) == "500 JPY"
    assert str(Money.parse("1.234", "KWD")) == "1.234 KWD"


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("ten", "GBP", "not an amount"),
        ("NaN", "GBP", "not an amount"),
        ("Infinity", "GBP", "not an amount"),
        (Decimal("NaN"), "GBP", "not an amount"),
        ("12,50", "GBP", "not an amount"),
        ("1_000", "GBP", "not an amount"),
        ("", "GBP", "not an amount"),
        ("-5", "GBP", "more than 0 and less than 1,000,000,000,000"),
        ("0", "GBP", "more than 0 and less than 1,000,000,000,000"),
        ("1e3", "GBP", "not an amount"),
        ("9" * 13, "GBP", "more than 0 and less than 1,000,000,000,000"),
        ("9" * 5000, "GBP", "more than 0 and less than 1,000,000,000,000"),
        ("1.005", "GBP", "2 decimal places"),
        ("1.5", "JPY", "0 decimal places"),
        ("5", "POUNDS", "not a currency"),
        (5.0, "GBP", "not as a float"),
    ],
)
def test_what_is_not_money_is_refused(
    amount: str | Decimal | float, currency: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        Money.parse(amount, currency)


def test_half_a_penny_rounds_up_and_currencies_do_not_mix() -> None:
    assert Money(Decimal("2.345"), "GBP").rounded() == Money(Decimal("2.35"), "GBP")
    with pytest.raises(ValueError, match="cannot add"):
        Money(Decimal(1), "GBP") + Money(Decimal(1), "EUR")
