"""Does a table say what is to be paid, and is each of its rows accounted for when it comes back?"""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from recovery.errors import Invalid
from recovery.money import Money
from recovery.paying.account import OtherAccount, Party
from recovery.paying.records import Instruction, Result, Statement, Unmatched
from tests.paying.examples import BRITISH, LEE, WALLET, pay
from web.paying import sheets

HEAD = "payment,result,amount,currency,at,reason,words,source\n"
ID = "0123456789abcdef0123456789abcdef"


def rows(*instructions: Instruction) -> list[dict[str, str]]:
    file = io.BytesIO()
    sheets.write(file, instructions)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))


def read(tmp_path: Path, text: str | bytes) -> Statement:
    path = tmp_path / "answers.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return sheets.read(path)


def test_a_row_says_all_that_a_payer_needs() -> None:
    asked = pay("25.00")

    assert rows(asked) == [{
        "payment": asked.payment, "amount": "25.00", "currency": "EUR", "pay_on": "2026-03-02",
        "name": "Mr Lee", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPP",
        "sort_code": "", "account_number": "", "account_scheme": "", "reference": "7GQ2M4XK9T",
        "words": "late reply",
    }]  # fmt: skip


def test_other_accounts_stand_in_their_own_columns() -> None:
    british, wallet = rows(pay(to=BRITISH), pay(to=WALLET))

    assert (british["sort_code"], british["account_number"]) == ("200000", "87654321")
    assert (wallet["account_scheme"], wallet["account_number"]) == ("Wallet", "0471 123")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    mallory = Party(f"{start}HYPERLINK(1)", OtherAccount(f"{start}1", f"{start}2"))

    (row,) = rows(pay(to=mallory, words=f"{start}3"))

    assert row["name"] == f"'{start}HYPERLINK(1)"
    assert row["account_scheme"] == f"'{start}1"
    assert row["account_number"] == f"'{start}2"
    assert row["words"] == f"'{start}3"


@given(st.text(), st.text())
def test_any_text_stays_in_its_cell(name: str, words: str) -> None:
    (row,) = rows(pay(to=Party(name, LEE.account), words=words))

    assert row["name"].removeprefix("'") == name.removeprefix("'")
    assert not row["words"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_spreadsheet_is_read_too(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["payment", "result", "amount", "currency", "at"])
    book.active.append([ID, "paid", 25.1, "EUR", datetime(2026, 3, 3)])
    book.save(tmp_path / "answers.xlsx")

    assert sheets.read(tmp_path / "answers.xlsx").lines == (
        Result(payment=ID, kind="paid", money=Money.parse("25.10", "EUR"),
               at=datetime(2026, 3, 3, tzinfo=UTC), source="row 2"),
    )  # fmt: skip


def test_answers_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + (
        f"{ID},paid,25.00,EUR,2026-03-03,,,B1\n"
        f"{ID},Failed,25,eur,2026-03-03T10:00:00+01:00,AC04,Account closed,\n"
    ))  # fmt: skip

    money = Money.parse("25.00", "EUR")
    assert found == Statement(form="csv", id="", lines=(
        Result(payment=ID, kind="paid", money=money, at=datetime(2026, 3, 3, tzinfo=UTC),
               source="B1"),
        Result(payment=ID, kind="failed", money=money, at=datetime(2026, 3, 3, 9, tzinfo=UTC),
               reason="AC04", words="Account closed", source="row 3"),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",paid,25.00,EUR,2026-03-03,,,", "This names no payment"),
        (f"{ID},maybe,25.00,EUR,2026-03-03,,,", "'maybe' is no result"),
        (f"{ID},paid,25;00,EUR,2026-03-03,,,", "is not an amount"),
        (f"{ID},paid,,EUR,2026-03-03,,,", "is not an amount"),
        (f"{ID},paid,25.001,EUR,2026-03-03,,,", "2 decimal places"),
        (f"{ID},paid,-25.00,EUR,2026-03-03,,,", "more than 0"),
        (f"{ID},paid,25.00,,2026-03-03,,,", "not a currency code"),
        (f"{ID},paid,25.00,EUR,03/02/2026,,,", "is no date"),
        (f"{ID},paid,25.00,EUR,2026-03-03T10:00:00,,,", "lacks Z or an offset"),
        (f"{ID},paid,25.00,EUR,0001-01-01T00:00:00+14:00,,,", "no date of this world"),
        (f'{ID},"paid,25.00,EUR', "cannot be read"),
        (f"{ID},paid,25.00,EUR,2026-03-03,,,,more,still", "cannot be read"),
    ],
)
def test_a_row_that_is_no_answer_waits_with_the_reason(tmp_path: Path, row: str, why: str) -> None:
    found = read(tmp_path, f"{HEAD}{row}\n{ID},paid,25.00,EUR,2026-03-03,,,\n")

    (wrong,) = [line for line in found.lines if isinstance(line, Unmatched)]
    assert why in wrong.reason
    assert [line.kind for line in found.lines if isinstance(line, Result)] == ["paid"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"), ("payment,amount\n", "no column 'result'"),
        ("payment,payment,result\n", "two columns"), ("\x00" * 100, "first row"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_of_answers_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read(tmp_path, text)


@given(st.binary(max_size=300))
def test_any_rows_end_as_results_or_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    with suppress(Invalid):
        found = read(tmp_path_factory.mktemp("any"), HEAD.encode() + data)
        assert all(isinstance(line, Result) or line.reason for line in found.lines)
