"""From which account of ours is money sent?"""

from __future__ import annotations

import re

from recovery.errors import Invalid
from recovery.money import CURRENCIES
from recovery.paying.account import Account, Iban, Party, UkAccount

_IBAN = re.compile(r"[A-Za-z]{2}\d{2}")
SHAPE = "GBP: Power Ltd, 20-00-00 12345678; EUR: Energie, DE89 3704 0044 0532 0130 00"


def payers(text: str) -> dict[str, Party]:
    """Our account for each currency; raises Invalid with how to write it."""
    return dict(_payer(entry) for entry in text.split(";") if entry.strip())


def _payer(entry: str) -> tuple[str, Party]:
    currency, colon, rest = entry.partition(":")
    name, comma, account = rest.rpartition(",")
    code = currency.strip().upper()
    if not colon or not comma or code not in CURRENCIES:
        raise Invalid(f"must be written like {SHAPE}")
    return code, Party.parse(name.strip(), _account(account.strip()))


def _account(text: str) -> Account:
    if _IBAN.match(text):
        return Iban.parse(text)
    sort_code, _, number = text.partition(" ")
    return UkAccount.parse(sort_code, number)
