"""Accounts and payments that the tests of paying begin with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count

from recovery.money import Money
from recovery.paying.account import Iban, OtherAccount, Party, UkAccount
from recovery.paying.records import Instruction
from recovery.payout import payment_id
from tests.cast import NINE

AT = NINE
MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
EUROS = Party.parse("Energie & Söhne", Iban.parse("DE89 3704 0044 0532 0130 00"))
POUNDS = Party.parse("Power Ltd", UkAccount.parse("20-00-00", "1234 5678"))
PAYERS = {"EUR": EUROS, "GBP": POUNDS, "JPY": EUROS, "KWD": EUROS}
LEE = Party.parse("Mr Lee", Iban.parse("FR14 2004 1010 0505 0001 3M02 606"))
BRITISH = Party.parse("Mr Lee", UkAccount.parse("20-00-00", "87654321"))
WALLET = Party.parse("Mr Lee", OtherAccount.parse("Wallet", "0471 123"))
_numbers = count()


def pay(
    amount: str = "25.00", currency: str = "EUR", *, to: Party = LEE, on: date = MONDAY,
    words: str = "late reply", payment: str = "",
) -> Instruction:  # fmt: skip
    """Pay Mr Lee, under an id that nothing else has."""
    return Instruction(
        payment=payment or payment_id(f"payout {next(_numbers)}", 1),
        money=Money(Decimal(amount), currency), payee=to, reference="7GQ2M4XK9T", words=words,
        on=on,
    )  # fmt: skip
