"""Do many payments become whole files, the same ones each time?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pytest

from recovery.errors import Refused
from recovery.money import Money
from recovery.paying.records import Instruction
from tests.paying.examples import BRITISH, pay
from web.paying.export import files


def plain(file: BinaryIO, instructions: Sequence[Instruction], message: str) -> None:
    """A file of ids."""
    file.write("\n".join([message, *(i.payment for i in instructions)]).encode())


def test_a_batch_is_cut_at_the_limit_and_each_file_says_what_it_holds(tmp_path: Path) -> None:
    asked = [pay("1.00"), pay("2.00", "GBP", to=BRITISH), pay("4.00")]

    found = list(files("batch", iter(asked), plain, into=tmp_path, suffix=".txt", per_file=2))

    assert [f.payments for f in found] == [
        (asked[0].payment, asked[1].payment), (asked[2].payment,)
    ]  # fmt: skip
    assert [[str(t) for t in f.totals] for f in found] == [["1.00 EUR", "2.00 GBP"], ["4.00 EUR"]]
    for file in found:
        assert hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256
        assert file.path.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == sorted(f.path for f in found)


def test_the_same_batch_gives_the_same_files(tmp_path: Path) -> None:
    asked = [pay(), pay()]

    first = list(files("batch", asked, plain, into=tmp_path, suffix=".txt"))
    again = list(files("batch", asked, plain, into=tmp_path, suffix=".txt"))
    other = list(files("other", asked, plain, into=tmp_path, suffix=".txt"))

    assert first == again
    assert len(first[0].message) == 32
    assert first[0].message != other[0].message


def test_a_payment_that_stands_twice_is_refused_even_across_files(tmp_path: Path) -> None:
    asked = [pay(payment="a" * 32), pay(), pay(payment="a" * 32)]

    with pytest.raises(Refused, match="stands twice"):
        list(files("batch", asked, plain, into=tmp_path, suffix=".txt", per_file=2))


def test_a_file_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(file: BinaryIO, instructions: Sequence[Instruction], message: str) -> None:
        file.write(b"half")
        raise Refused("No.")

    with pytest.raises(Refused):
        list(files("batch", [pay()], fail, into=tmp_path, suffix=".txt"))

    assert list(tmp_path.iterdir()) == []


def test_nothing_to_pay_makes_no_file(tmp_path: Path) -> None:
    assert list(files("batch", [], plain, into=tmp_path, suffix=".txt")) == []


def test_fifty_thousand_payments_are_cut_into_five_files_as_they_are_read(tmp_path: Path) -> None:
    ahead = 0

    def asked() -> Iterator[Instruction]:
        nonlocal ahead
        for ahead in range(1, 50_001):
            yield pay(payment=f"{ahead:032x}")

    found = files("batch", asked(), plain, into=tmp_path, suffix=".txt")

    assert [(len(file.payments), ahead, file.totals) for file in found] == [
        (10_000, 10_000 * n, (Money.parse("250000.00", "EUR"),)) for n in range(1, 6)
    ]
