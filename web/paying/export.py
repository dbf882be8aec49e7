"""How do many payments become files that a person can release and a bank can take?

Instructions are read one at a time, cut into files at a limit, and each file is written beside its
name and then moved there, so that nobody meets half a file. The same batch gives the same names,
message ids and, at the same instant, the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid5

import msgspec

from recovery.errors import Refused
from recovery.money import Money
from recovery.paying.records import Instruction

NAMESPACE = UUID("3f0b1c52-0a4e-4c39-9d27-0d2f3e6c5a10")
PER_FILE = 10_000
"""Payments in one file."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """A file for the bank, as it is printed on the record that two people release."""

    path: Path
    message: str
    """The id by which the bank knows the file: 32 letters and digits."""
    payments: tuple[str, ...]
    totals: tuple[Money, ...]
    """By currency."""
    sha256: str


Write = Callable[[BinaryIO, Sequence[Instruction], str], None]
"""Writes the instructions under a message id."""


def message_id(batch: str, number: int) -> str:
    """The id of a file of a batch."""
    return uuid5(NAMESPACE, f"{batch}/{number}").hex


def files(
    batch: str,
    instructions: Iterable[Instruction],
    write: Write,
    *,
    into: Path,
    suffix: str,
    per_file: int = PER_FILE,
    first: int = 1,
) -> Iterator[Exported]:
    """Write the batch, its files numbered from `first` on.

    Raises Refused where a payment stands in it twice, or cannot be written.
    """
    rest, seen, number = iter(instructions), set[bytes](), first - 1
    while some := list(islice(rest, per_file)):
        number += 1
        _refuse_repeats(some, seen)
        message = message_id(batch, number)
        path = into / f"payments-{message}{suffix}"
        digest = _written(path, lambda file, s=some, m=message: write(file, s, m))  # type: ignore[misc]
        yield Exported(
            path=path, message=message, payments=tuple(i.payment for i in some),
            totals=totals(some), sha256=digest,
        )  # fmt: skip


def totals(instructions: Iterable[Instruction]) -> tuple[Money, ...]:
    """The sum in each currency."""
    sums: dict[str, Money] = {}
    for instruction in instructions:
        money = instruction.money
        sums[money.currency] = sums[money.currency] + money if money.currency in sums else money
    return tuple(sums[currency] for currency in sorted(sums))


def _refuse_repeats(instructions: Sequence[Instruction], seen: set[bytes]) -> None:
    for instruction in instructions:
        key = instruction.payment.encode()
        if key in seen:
            raise Refused(f"Payment {instruction.payment} stands twice in this batch.")
        seen.add(key)


def _written(path: Path, write: Callable[[BinaryIO], None]) -> str:
    """Write the file whole or not at all, for its owner's eyes; returns its digest."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with open(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return digest
