"""Do payments that leave in bank files come back from the bank as what became of them?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from recovery.errors import Invalid
from recovery.paying.matching import Known, Matched, match
from recovery.paying.records import Instruction, Result, Unmatched
from tests.paying import bank
from tests.paying.examples import AT, BRITISH, PAYERS, pay
from web.paying import pain, statements
from web.paying.export import files


def sent(instructions: list[Instruction], into: Path) -> list[bank.Transfer]:
    """Hand the payments to the bank, as files."""
    exported = files(
        "batch", instructions,
        lambda file, some, message: pain.write(file, some, message, payers=PAYERS, at=AT),
        into=into, suffix=".xml", per_file=7,
    )  # fmt: skip
    return [transfer for file in exported for transfer in bank.accept(file.path)]


@pytest.mark.parametrize("version", [2, 4, 8])
def test_what_leaves_comes_back_paid_returned_or_not_at_all(tmp_path: Path, version: int) -> None:
    asked = [pay(f"{n}.{n:02}") for n in range(1, 16)] + [pay("9.99", "GBP", to=BRITISH)]
    transfers = sent(asked, tmp_path)
    closed, silent = transfers[3], transfers[5]
    booked = [t for t in transfers if t != silent]
    back = bank.entry(
        closed.amount,
        bank.transaction(closed.payment, closed.amount, version=version, returned="AC04"),
        direction="CRDT", reference="R1", version=version,
    )  # fmt: skip
    path = tmp_path / "statement.xml"
    path.write_text(bank.statement(back, *bank.debits(booked, version=version), version=version))

    instructed = {i.payment: Known(i.money, "instructed", AT) for i in asked}
    outcomes = list(match(statements.read(path).lines, lambda ids: instructed))

    news = [o.result for o in outcomes if isinstance(o, Matched) and o.is_news]
    assert len(news) == len(outcomes) == 16
    assert {r.payment for r in news if r.kind == "paid"} == {t.payment for t in booked}
    assert [(r.payment, r.reason) for r in news if r.kind == "reversed"] == [
        (closed.payment, "AC04")
    ]  # fmt: skip


def test_a_bank_that_answers_twice_tells_nothing_new(tmp_path: Path) -> None:
    asked = [pay(), pay()]
    transfers = sent(asked, tmp_path)
    path = tmp_path / "statement.xml"
    path.write_text(bank.statement(*bank.debits(transfers), number=54))

    paid = {i.payment: Known(i.money, "paid", AT) for i in asked}
    outcomes = list(match(statements.read(path).lines, lambda ids: paid))

    assert [isinstance(o, Matched) and o.is_news for o in outcomes] == [False, False]


def test_a_statement_of_somebody_else_moves_nothing(tmp_path: Path) -> None:
    transfers = sent([pay(), pay()], tmp_path)
    path = tmp_path / "statement.xml"
    path.write_text(bank.statement(*bank.debits(transfers)))

    outcomes = list(match(statements.read(path).lines, lambda ids: {}))

    assert [o.reason for o in outcomes if isinstance(o, Unmatched)] == [
        "No payment was instructed under this id."
    ] * 2


def test_tables_are_taken_by_the_same_door(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(
        f"\ufeffpayment;result;amount;currency;at\n{'a' * 32};paid;25.00;EUR;2026-03-03\n"
    )

    (found,) = statements.read(path).lines

    assert isinstance(found, Result)
    assert (found.payment, found.at) == ("a" * 32, datetime(2026, 3, 3, tzinfo=UTC))


def test_two_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "statement.xml"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    with pytest.raises(Invalid, match="has 200 MB"):
        statements.read(path)
