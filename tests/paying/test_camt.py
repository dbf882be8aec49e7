"""Does each entry of a bank statement end as a result, or with the reason why not?"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import Invalid
from recovery.money import Money
from recovery.paying.records import Result, Statement, Unmatched
from tests.paying.bank import entry, statement, transaction
from web.paying import camt

ID = "0123456789abcdef0123456789abcdef"
OTHER = "f" * 32
THE_THIRD = datetime(2026, 3, 3, tzinfo=UTC)


def read(tmp_path: Path, text: str | bytes) -> Statement:
    path = tmp_path / "statement.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return camt.read(path)


def line(tmp_path: Path, text: str) -> Result | Unmatched:
    (found,) = read(tmp_path, statement(text)).lines
    return found


@pytest.mark.parametrize("number", [53, 54])
@pytest.mark.parametrize("version", range(2, 13))
def test_a_debit_that_is_booked_was_paid(tmp_path: Path, number: int, version: int) -> None:
    own = transaction(ID, "25.00", version=version)
    text = entry("25.00", own, version=version, reference="B1")

    found = read(tmp_path, statement(text, version=version, number=number))

    assert found == Statement(
        form=f"camt.0{number}.001.{version:02}", id="S1", accounts=("DE89370400440532013000",),
        lines=(
            Result(payment=ID, kind="paid", money=Money.parse("25.00", "EUR"), at=THE_THIRD,
                   source="B1/1"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        entry("25.00", transaction(ID, returned="AC04", words="Closed"), direction="CRDT"),
        entry("25.00", transaction(ID), direction="CRDT", reversal="true"),
        entry("25.00", transaction(ID), direction="CRDT", reversal="1", version=2),
        entry("25.00", transaction(ID), direction="CRDT", family="RRTN"),
    ],
    ids=["reason", "indicator", "indicator 02", "code"],
)
def test_money_that_the_bank_calls_returned_was_reversed(tmp_path: Path, text: str) -> None:
    found = line(tmp_path, text)

    assert isinstance(found, Result)
    assert found.kind == "reversed"
    if "AC04" in text:
        assert (found.reason, found.words) == ("AC04", "Closed")


@pytest.mark.parametrize("status", ["PDNG", "FUTR"])
def test_what_is_not_booked_is_pending(tmp_path: Path, status: str) -> None:
    found = line(tmp_path, entry("25.00", transaction(ID), status=status))

    assert isinstance(found, Result)
    assert found.kind == "pending"


def test_payments_booked_as_one_sum_are_read_one_by_one(tmp_path: Path) -> None:
    text = entry(
        "30.00", transaction(ID, "25.00", reference="T1"), transaction(OTHER, "5.00"),
        reference="B1",
    )  # fmt: skip

    found = read(tmp_path, statement(text)).lines

    assert [(f.payment, str(f.money), f.source) for f in found if isinstance(f, Result)] == [
        (ID, "25.00 EUR", "T1"), (OTHER, "5.00 EUR", "B1/2")
    ]  # fmt: skip


def test_a_return_within_a_sum_has_its_own_direction(tmp_path: Path) -> None:
    text = entry(
        "20.00", transaction(ID, "25.00", direction="DBIT"),
        transaction(OTHER, "5.00", direction="CRDT", returned="MD07"),
    )  # fmt: skip

    found = read(tmp_path, statement(text)).lines

    assert [f.kind for f in found if isinstance(f, Result)] == ["paid", "reversed"]


def test_a_payment_in_another_currency_has_the_amount_that_was_instructed(tmp_path: Path) -> None:
    asked = '<Amt Ccy="USD">27.00</Amt>'
    found = line(tmp_path, entry("25.00", transaction(ID, "25.00", asked=asked)))

    assert found.money == Money.parse("27.00", "USD")


def test_charges_may_stand_between_a_sum_and_its_parts(tmp_path: Path) -> None:
    charge = '<Chrgs><Rcrd><Amt Ccy="EUR">0.50</Amt></Rcrd></Chrgs>'
    found = line(tmp_path, entry("25.50", transaction(ID, "25.00", charges=charge)))

    assert isinstance(found, Result)
    assert found.money == Money.parse("25.00", "EUR")


def test_an_instant_is_taken_in_utc_and_a_day_where_the_bank_does_not_say_whose_clock(
    tmp_path: Path,
) -> None:
    exact = entry("25.00", transaction(ID), booked="<DtTm>2026-03-03T09:30:00+01:00</DtTm>")
    vague = entry("25.00", transaction(ID), booked="<DtTm>2026-03-03T09:30:00</DtTm>")
    none = entry("25.00", transaction(ID), booked="")

    assert [f.at for f in read(tmp_path, statement(exact, vague, none)).lines] == [
        datetime(2026, 3, 3, 8, 30, tzinfo=UTC), THE_THIRD, datetime(2026, 3, 4, 5, tzinfo=UTC)
    ]  # fmt: skip


def test_an_id_that_the_bank_wrote_in_capitals_is_still_ours(tmp_path: Path) -> None:
    assert line(tmp_path, entry("25.00", transaction(ID.upper()))).payment == ID


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (entry("25.00", transaction(ID), direction="CRDT"), "does not call it a return"),
        (entry("25.00", transaction(ID), reversal="true"), "took back what had come in"),
        (entry("25.00", transaction(ID), direction=""), "whether money left or came in"),
        (entry("25.00", transaction("NOTPROVIDED")), "names no payment of ours"),
        (entry("25.00", transaction("")), "names no payment of ours"),
        (entry("25.00"), "names no payment of ours"),
        (
            entry("25.00", batch="<Btch><NbOfTxs>3</NbOfTxs></Btch>"),
            "3 payments were booked as one sum",
        ),
        (entry("25.00", transaction(ID), status="INFO"), "does not say that it is booked"),
        (entry("25.00", transaction(ID), status=""), "does not say that it is booked"),
        (entry("25.00", transaction(ID), booked="<Dt>soon</Dt>"), "gives no date"),
        (entry("25,00", transaction(ID)), "is not an amount"),
        (entry("1e3", transaction(ID)), "is not an amount"),
        (entry("-25.00", transaction(ID)), "more than 0"),
        (entry("25.001", transaction(ID)), "2 decimal places"),
        (entry("25.00", transaction(ID), currency="XYZ"), "not a currency code"),
        (entry("", transaction(ID)), "gives no amount"),
        (entry("25.00", transaction(ID, "24.00")), "come to 24.00 EUR, and it is of 25.00 EUR"),
        (
            entry("25.00", transaction(f"{ID}</EndToEndId><EndToEndId>{OTHER}")),
            "names two payments in one",
        ),
    ],
)  # fmt: skip
def test_what_is_not_clear_waits_with_the_reason(tmp_path: Path, text: str, why: str) -> None:
    found = line(tmp_path, text)

    assert isinstance(found, Unmatched)
    assert why in found.reason


def test_each_payment_of_a_sum_that_does_not_add_up_waits(tmp_path: Path) -> None:
    text = entry("31.00", transaction(ID, "25.00"), transaction(OTHER, "5.00"), reference="B1")

    found = read(tmp_path, statement(text)).lines

    assert [(f.payment, f.where) for f in found if isinstance(f, Unmatched)] == [
        (ID, "B1/1"), (OTHER, "B1/2")
    ]  # fmt: skip
    assert found[0].money == Money.parse("25.00", "EUR")


def test_payments_of_a_sum_without_amounts_of_their_own_wait(tmp_path: Path) -> None:
    text = entry("30.00", transaction(ID), transaction(OTHER))

    found = read(tmp_path, statement(text)).lines

    assert [f.reason for f in found if isinstance(f, Unmatched)] == [
        "The bank does not say how much of the entry this is."
    ] * 2


LAUGHS = [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi")]
BOMB = f'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">{"".join(LAUGHS)}]>'
GOOD = entry("25.00", transaction(ID))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (statement(GOOD, head=BOMB).replace(ID, "&i;"), "document type"),
        (
            statement(GOOD, head='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
            "document type",
        ),
        (statement(GOOD, head='<!DOCTYPE d SYSTEM "http://127.0.0.1/d.dtd">'), "document type"),
        (statement(GOOD).replace(ID, "&x;"), "breaks off or is no XML"),
        (statement(GOOD, GOOD)[:-40], "breaks off or is no XML"),
        (statement(GOOD) + statement(GOOD), "breaks off or is no XML"),
        ("", "breaks off or is no XML"), ("payment,result", "breaks off or is no XML"),
        (b"\xff\xfe\x00\x01", "breaks off or is no XML"),
        (statement(GOOD, version=1), "cannot read camt.053.001.01"),
        (statement(GOOD, version=13), "cannot read camt.053.001.13"),
        (statement(GOOD).replace("camt.053", "camt.052"), "no statement that we can read"),
        (statement(GOOD).replace("<Document", "<Other").replace("</Document", "</Other"),
         "no statement that we can read"),
        ("<Document/>", "no statement that we can read"),
        (statement(GOOD).replace("<MsgId>S1</MsgId>", ""), "lacks the header"),
        (statement(GOOD).replace("UTF-8", "UTF-7"), "cannot read files in UTF-7"),
        (statement("<A>" * 60 + "</A>" * 60), "more, or deeper, elements"),
        (statement("<Ntry>" + "".join(f"<A{n}>1</A{n}>" for n in range(2_000)) + "</Ntry>"),
         "more than any bank"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 50 else "file",
)  # fmt: skip
def test_a_file_that_nobody_should_believe_is_refused_whole(
    tmp_path: Path, text: str | bytes, why: str
) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        read(tmp_path, text)

    assert refused.value.field == "file"


def test_more_entries_than_a_bank_writes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camt, "MOST_LINES", 2)

    with pytest.raises(Invalid, match="more than 2 entries"):
        read(tmp_path, statement(GOOD, GOOD, GOOD))


def test_elements_of_others_are_passed_over(tmp_path: Path) -> None:
    foreign = f'<x:EndToEndId xmlns:x="urn:x">{OTHER}</x:EndToEndId></Refs>'

    assert line(tmp_path, GOOD.replace("</Refs>", foreign)).payment == ID


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "UTF-16"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    text = statement(
        entry("25.00", transaction(ID, returned="AC04", words="Geschäft"), direction="CRDT")
    )
    data = text.replace("UTF-8", encoding).encode(encoding)

    (found,) = read(tmp_path, data).lines

    assert isinstance(found, Result)
    assert found.words == "Geschäft"


@given(st.binary(max_size=200), st.integers(0, 900), st.integers(0, 60))
def test_a_statement_with_anything_in_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, start: int, length: int
) -> None:
    whole = statement(GOOD).encode()
    data = whole[:start] + junk + whole[start + length :]

    try:
        found = read(tmp_path_factory.mktemp("any"), data)
    except Invalid as refused:
        why = str(refused)
    else:
        why = " ".join(f.reason for f in found.lines if isinstance(f, Unmatched)) or "Read."
    assert why.endswith((".", ")"))
