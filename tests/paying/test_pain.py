"""Is every credit transfer file one that the official schema takes, to the penny?"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from recovery.errors import Refused
from recovery.money import minor_unit
from recovery.paying.account import Iban, OtherAccount, Party
from recovery.paying.records import Instruction
from tests.paying.examples import (
    AT,
    BRITISH,
    EUROS,
    LEE,
    MONDAY,
    PAYERS,
    TUESDAY,
    WALLET,
    pay,
)  # fmt: skip
from web.paying import pain

NAMES = {"p": pain.SPACE}


def written(*instructions: Instruction) -> Any:
    file = io.BytesIO()
    pain.write(file, instructions, "m" * 32, payers=PAYERS, at=AT)
    return etree.fromstring(file.getvalue())


def texts(document: Any, path: str) -> list[str]:
    return [element.text for element in document.iterfind(path, NAMES)]


def test_the_header_counts_and_sums_all_payments() -> None:
    document = written(pay("10.00"), pay("0.05"), pay("7.45", "GBP", to=BRITISH))

    assert texts(document, ".//p:GrpHdr/p:NbOfTxs") == ["3"]
    assert texts(document, ".//p:GrpHdr/p:CtrlSum") == ["17.50"]
    assert texts(document, ".//p:GrpHdr/p:MsgId") == ["m" * 32]
    assert texts(document, ".//p:GrpHdr/p:CreDtTm") == ["2026-03-02T09:00:00Z"]


def test_each_day_and_account_that_pays_has_a_block() -> None:
    document = written(
        pay("1.00", on=TUESDAY), pay("2.00"), pay("4.00"), pay("8.00", "GBP", to=BRITISH)
    )

    blocks = document.findall(".//p:PmtInf", NAMES)
    assert [
        (
            *texts(block, "p:ReqdExctnDt/p:Dt"), *texts(block, "p:DbtrAcct/p:Ccy"),
            *texts(block, "p:NbOfTxs"), *texts(block, "p:CtrlSum"),
        )
        for block in blocks
    ] == [
        ("2026-03-02", "EUR", "2", "6.00"), ("2026-03-03", "EUR", "1", "1.00"),
        ("2026-03-02", "GBP", "1", "8.00"),
    ]  # fmt: skip
    assert len(set(texts(document, ".//p:PmtInfId"))) == 3


def test_a_payment_says_who_gets_what_and_why() -> None:
    asked = pay("25.00")
    document = written(asked)

    assert texts(document, ".//p:EndToEndId") == [asked.payment]
    assert texts(document, ".//p:InstdAmt") == ["25.00"]
    assert texts(document, ".//p:Cdtr/p:Nm") == ["Mr Lee"]
    assert texts(document, ".//p:CdtrAcct/p:Id/p:IBAN") == ["FR1420041010050500013M02606"]
    assert texts(document, ".//p:CdtrAgt//p:BICFI") == ["PSSTFRPP"]
    assert texts(document, ".//p:SvcLvl/p:Cd") == ["SEPA"]
    assert texts(document, ".//p:ChrgBr") == ["SLEV"]
    assert texts(document, ".//p:Ustrd") == ["7GQ2M4XK9T late reply"]
    assert texts(document, ".//p:Dbtr/p:Nm") == ["Energie + Sohne"]


def test_a_british_account_is_named_by_its_sort_code() -> None:
    document = written(pay("25.00", "GBP", to=BRITISH))

    assert texts(document, ".//p:CdtrAgt//p:ClrSysId/p:Cd") == ["GBDSC"]
    assert texts(document, ".//p:CdtrAgt//p:MmbId") == ["200000"]
    assert texts(document, ".//p:CdtrAcct//p:Othr/p:Id") == ["87654321"]
    assert texts(document, ".//p:SvcLvl/p:Cd") == []
    assert texts(document, ".//p:ChrgBr") == ["SHAR"]


def test_another_account_is_named_by_its_scheme() -> None:
    document = written(pay(to=WALLET))

    assert texts(document, ".//p:CdtrAcct//p:Othr/p:Id") == ["0471 123"]
    assert texts(document, ".//p:CdtrAcct//p:Prtry") == ["Wallet"]
    assert texts(document, ".//p:CdtrAgt//p:Othr/p:Id") == ["NOTPROVIDED"]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [("500", "JPY", "500"), ("1.500", "KWD", "1.500"), ("5", "EUR", "5.00")],
)
def test_amounts_have_the_places_of_their_currency(amount: str, currency: str, text: str) -> None:
    assert texts(written(pay(amount, currency)), ".//p:InstdAmt") == [text]


def test_a_long_text_is_cut_behind_the_reference() -> None:
    (text,) = texts(written(pay(words="ü" * 300)), ".//p:Ustrd")

    assert len(text) == 140
    assert text.startswith("7GQ2M4XK9T uuu")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (pay("1", "CHF"), "No account of ours is set up to pay in CHF"),
        (pay("0.005"), "0.005 EUR cannot be paid"), (pay("0"), "0 EUR cannot be paid"),
        (pay("-5.00"), "cannot be paid"), (pay("0.5", "JPY"), "cannot be paid"),
        (pay(to=Party("🙂", LEE.account)), "no letter that a bank can write"),
        (pay(payment="x" * 36), "does not follow pain.001.001.09"),
        (pay(to=Party("Mr Lee", Iban("FR14"))), "does not follow pain.001.001.09"),
        (pay(to=Party("Mr Lee", OtherAccount("Wallet", "1" * 35))), "does not follow"),
    ],
)  # fmt: skip
def test_what_no_bank_would_take_is_refused(asked: Instruction, why: str) -> None:
    with pytest.raises(Refused, match=why):
        written(pay(), asked)


AMOUNTS = st.tuples(
    st.sampled_from(["EUR", "GBP", "JPY", "KWD"]), st.integers(1, 10**12)
).map(lambda found: (format(minor_unit(found[0]) * found[1], "f"), found[0]))  # fmt: skip
PARTIES = st.builds(Party, st.text(), st.sampled_from([p.account for p in (LEE, BRITISH, WALLET)]))
INSTRUCTIONS = st.builds(
    lambda money, to, words, day: pay(
        *money, to=to, words=words, on=MONDAY + timedelta(days=day)
    ),
    AMOUNTS, PARTIES, st.text(), st.integers(0, 3),
)  # fmt: skip


@given(st.lists(INSTRUCTIONS, min_size=1, max_size=8))
def test_any_payments_make_a_valid_file_that_says_the_same(asked: Sequence[Instruction]) -> None:
    payable = [i for i in asked if not pain.refusal(i, PAYERS)]
    if not payable:
        with pytest.raises(Refused):
            written(*asked)
        return

    document = written(*payable)  # checks itself against the schema

    found = {
        element.findtext(".//p:EndToEndId", namespaces=NAMES): (
            Decimal(element.findtext(".//p:InstdAmt", namespaces=NAMES)),
            element.find(".//p:InstdAmt", NAMES).get("Ccy"),
        )
        for element in document.iterfind(".//p:CdtTrfTxInf", NAMES)
    }
    assert found == {i.payment: (i.money.amount, i.money.currency) for i in payable}
    assert sum(map(Decimal, texts(document, ".//p:PmtInf/p:CtrlSum"))) == sum(
        i.money.amount for i in payable
    )
    assert EUROS.name not in texts(document, ".//p:Nm")
