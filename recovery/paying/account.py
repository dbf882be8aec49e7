"""Whose account is it, and can money be sent there?

A party is a paper in the vault; `Party.sealed` and `Party.opened` are its bytes. Check digits of
IBANs, national ones included, and the codes of banks are looked up by `schwifty`. Sort codes are
checked for their form only: whether an account exists is for the bank to say.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from recovery.errors import Invalid
from recovery.text import line, required

LONGEST_NAME = 140
LONGEST_NUMBER = 34
_SEPARATORS = re.compile(r"[\s-]")
_NUMBER = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 ./-]*[A-Za-z0-9])?")


class Iban(msgspec.Struct, frozen=True, tag="iban", tag_field="kind"):
    """An account by its international number, and the bank's code where it is known."""

    iban: str
    bic: str = ""

    @classmethod
    def parse(cls, iban: str, bic: str = "") -> Iban:
        """Raises Invalid where the check digits, the length or the bank's code are wrong."""
        from schwifty import IBAN
        from schwifty.exceptions import SchwiftyException

        try:
            found = IBAN(iban, validate_bban=True)
        except SchwiftyException:
            raise Invalid(
                "This is not an IBAN: a digit may be missing or wrong.", field="iban"
            ) from None
        return cls(str(found), _bic(bic) or str(found.bic or ""))

    @property
    def is_sepa(self) -> bool:
        return _in_sepa_zone(self.iban[:2])

    @property
    def ending(self) -> str:
        return self.iban[-4:]


class UkAccount(msgspec.Struct, frozen=True, tag="uk", tag_field="kind"):
    """An account in the United Kingdom: six digits of the branch, eight of the account."""

    sort_code: str
    number: str

    @classmethod
    def parse(cls, sort_code: str, number: str) -> UkAccount:
        """Raises Invalid where there are not six and eight digits."""
        branch, account = _SEPARATORS.sub("", sort_code), _SEPARATORS.sub("", number)
        if not re.fullmatch(r"[0-9]{6}", branch):
            raise Invalid("A sort code has six digits, such as 20-00-00.", field="sort_code")
        if not re.fullmatch(r"[0-9]{8}", account):
            raise Invalid(
                "An account number has eight digits; put zeros before a shorter one.",
                field="account_number",
            )
        return cls(branch, account)

    @property
    def ending(self) -> str:
        return self.number[-4:]


class OtherAccount(msgspec.Struct, frozen=True, tag="other", tag_field="kind"):
    """An account by a number of another scheme, such as a mobile wallet's."""

    scheme: str
    number: str
    bic: str = ""

    @classmethod
    def parse(cls, scheme: str, number: str, bic: str = "") -> OtherAccount:
        """Raises Invalid where the scheme has no name, or the number is not one."""
        account = line(number, field="account_number", limit=LONGEST_NUMBER)
        if not _NUMBER.fullmatch(account):
            raise Invalid(
                "Write the account number with letters and digits.", field="account_number"
            )
        name = required(
            line(scheme, field="account_scheme", limit=35),
            field="account_scheme",
            sentence="Say what kind of account this is.",
        )
        return cls(name, account, _bic(bic))

    @property
    def ending(self) -> str:
        return self.number[-4:]


Account = Iban | UkAccount | OtherAccount


class Party(msgspec.Struct, frozen=True):
    """Somebody who pays or is paid: the name that the bank knows, and the account."""

    name: str
    account: Account

    @classmethod
    def parse(cls, name: str, account: Account) -> Party:
        """Raises Invalid without a name."""
        found = line(name, field="account_name", limit=LONGEST_NAME)
        return cls(
            required(
                found, field="account_name", sentence="Say in whose name the account is."
            ),
            account,
        )  # fmt: skip

    @classmethod
    def opened(cls, paper: bytes) -> Party:
        return msgspec.json.decode(paper, type=cls)

    def sealed(self) -> bytes:
        return msgspec.json.encode(self)


@cache
def _in_sepa_zone(country: str) -> bool:
    from schwifty import IBAN

    return IBAN(f"{country}00", allow_invalid=True).in_sepa_zone


def _bic(text: str) -> str:
    found = _SEPARATORS.sub("", text).upper()
    if not found:
        return ""
    from schwifty import BIC
    from schwifty.exceptions import SchwiftyException

    try:
        return str(BIC(found))
    except SchwiftyException:
        raise Invalid(
            "This is not a BIC: it has eight or eleven letters and digits, such as DEUTDEFF.",
            field="bic",
        ) from None
