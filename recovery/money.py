"""How is an amount of money written, added and rounded?"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import msgspec
from babel.numbers import get_currency_precision, list_currencies

from recovery.errors import Invalid

LARGEST = Decimal("1000000000000")
_WRITTEN = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?")
"""A comma parts thousands; "12,50", as half of Europe writes it, is not taken for 1,250."""
CURRENCIES = frozenset(list_currencies())
"""The codes of ISO 4217."""


@lru_cache(maxsize=500)
def minor_unit(currency: str) -> Decimal:
    """The smallest amount there is: 0.01 for GBP, 1 for JPY."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


class Money(msgspec.Struct, frozen=True, order=True):
    """An exact amount in one currency (ISO 4217)."""

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, amount: str | Decimal | float, currency: str) -> Money:
        """Read an amount as a person wrote it; raises Invalid with the reason.

        Refuses floats, negative, enormous and unknown-currency amounts, and more decimal
        places than the currency has.
        """
        if isinstance(amount, float):
            raise Invalid("Write the amount as text or digits, not as a float.", field="amount")
        code = currency.strip().upper()
        if code not in CURRENCIES:
            raise Invalid(
                f"{currency!r:.20} is not a currency code (use three letters such as GBP).",
                field="currency",
            )
        written = format(amount, "f") if isinstance(amount, Decimal) else str(amount).strip()
        if not _WRITTEN.fullmatch(written):
            raise Invalid(
                f"{written[:30]!r} is not an amount (write it like 25.00).", field="amount"
            )
        value = Decimal(written.replace(",", ""))
        if value <= 0 or value >= LARGEST:
            raise Invalid(
                "The amount must be more than 0 and less than 1,000,000,000,000.", field="amount"
            )
        exact = value.quantize(minor_unit(code))
        if value != exact:
            places = get_currency_precision(code)
            raise Invalid(f"{code} has {places} decimal places.", field="amount")
        return cls(exact, code)

    def rounded(self) -> Money:
        """Half up to the currency's minor unit."""
        return Money(self.amount.quantize(minor_unit(self.currency), ROUND_HALF_UP), self.currency)

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
