"""How are amounts of money written in a policy?

Always as text: a number that TOML reads as a float is refused, because 0.1 is not a tenth of it.
"""

from __future__ import annotations

import re
from decimal import Decimal

from recovery.money import LARGEST

RATE = "rate"
_PRICE = re.compile(r"\d{1,12}(\.\d{1,4})?")
_SHARE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?) ?(%|times)")


class Price(Decimal):
    """An amount above zero in the guarantee's currency: "8.40"."""

    @classmethod
    def parse(cls, text: str) -> Price:
        """Raises ValueError with what would be right."""
        if not _PRICE.fullmatch(text.strip()):
            raise ValueError('not an amount of money (write digits: "8.40")')
        found = cls(text.strip())
        if not 0 < found < LARGEST:
            raise ValueError(f"the amount must be more than 0 and less than {LARGEST:,}")
        return found


class Share(Decimal):
    """A part or a multiple: "25 %" is 0.25, "3 times" is 3."""

    @classmethod
    def parse(cls, text: str) -> Share:
        """Raises ValueError with what would be right."""
        found = _SHARE.fullmatch(text.strip())
        if not found or not Decimal(found[1]):
            raise ValueError('not a share (write "25 %" or "3 times")')
        return cls(Decimal(found[1]).scaleb(-2) if found[2] == "%" else found[1])


class Pay:
    """What is paid: an amount "8.40", a share "25 %" or "3 times" of something, or the "rate"."""

    __slots__ = ("price", "share", "text")

    def __init__(self, text: str, price: Price | None = None, share: Share | None = None) -> None:
        self.text = text
        self.price = price
        self.share = share
        """Neither: the rate of the day."""

    @property
    def is_rate(self) -> bool:
        return self.price is None and self.share is None

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> Pay:
        """Raises ValueError with what would be right."""
        text = text.strip()
        if text == RATE:
            return cls(text)
        if text.endswith(("%", "times")):
            return cls(text, share=Share.parse(text))
        try:
            return cls(text, price=Price.parse(text))
        except ValueError:
            raise ValueError(
                'not what can be paid (write "8.40", "25 %", "3 times" or "rate")'
            ) from None
