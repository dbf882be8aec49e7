"""Is an account taken only where money could arrive, and kept as it was given?"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import Invalid
from recovery.paying.account import Iban, OtherAccount, Party, UkAccount
from tests.paying.examples import BRITISH, LEE, WALLET


def test_an_iban_is_kept_without_spaces_and_its_bank_is_looked_up() -> None:
    found = Iban.parse("de89 3704 0044 0532 0130 00")

    assert found == Iban("DE89370400440532013000", "COBADEFFXXX")
    assert found.is_sepa
    assert found.ending == "3000"


def test_a_bank_that_is_named_is_not_looked_up() -> None:
    assert Iban.parse("DE89370400440532013000", "deut deff").bic == "DEUTDEFF"


@pytest.mark.parametrize(
    "text",
    ["", "DE89370400440532013001", "DE8937040044053201300", "XX89370400440532013000", "Ⅷ" * 22],
)
def test_a_wrong_iban_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="not an IBAN") as refused:
        Iban.parse(text)

    assert refused.value.field == "iban"


def test_check_digits_of_a_country_are_checked_too() -> None:
    with pytest.raises(Invalid, match="not an IBAN"):
        Iban.parse("BE41539007547035")  # its own digits hold, those of Belgium do not


@pytest.mark.parametrize("bic", ["DEUT", "DEUTXXFF", "12345678", "DEUTDEFFX"])
def test_a_wrong_bic_is_refused(bic: str) -> None:
    with pytest.raises(Invalid, match="not a BIC"):
        Iban.parse("DE89370400440532013000", bic)


@pytest.mark.parametrize(
    ("sort_code", "number", "field"),
    [
        ("20000", "12345678", "sort_code"), ("20-00-0O", "12345678", "sort_code"),
        ("٢٠٠٠٠٠", "12345678", "sort_code"), ("200000", "1234567", "account_number"),
        ("200000", "123456789", "account_number"),
    ],
)  # fmt: skip
def test_a_british_account_has_six_and_eight_digits(
    sort_code: str, number: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        UkAccount.parse(sort_code, number)

    assert refused.value.field == field


@pytest.mark.parametrize(("scheme", "number"), [("", "123"), ("Wallet", ""), ("Wallet", "=1+1")])
def test_another_account_needs_a_scheme_and_a_number(scheme: str, number: str) -> None:
    with pytest.raises(Invalid):
        OtherAccount.parse(scheme, number)


@pytest.mark.parametrize("party", [LEE, BRITISH, WALLET], ids=["iban", "uk", "other"])
def test_a_party_comes_out_of_its_paper_as_it_went_in(party: Party) -> None:
    assert Party.opened(party.sealed()) == party


def test_an_account_without_a_name_is_refused() -> None:
    with pytest.raises(Invalid, match="in whose name"):
        Party.parse("  ", LEE.account)


@given(st.text())
def test_any_text_is_an_account_that_can_be_kept_or_is_refused(text: str) -> None:
    for parse in (Iban.parse, lambda t: UkAccount.parse(t, t), lambda t: OtherAccount.parse(t, t)):
        with suppress(Invalid):
            party = Party.parse("Mr Lee", parse(text))
            assert Party.opened(party.sealed()) == party
