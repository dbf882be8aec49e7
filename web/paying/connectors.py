"""By which ways can payments be handed over, and what does each say at once?

A connector hands over a batch and tells what became of each payment *on the way out*; whether money
moved comes back later, as a result. Each way takes the same batch again without harm: files have
the same names and ids, and a message has the payment's id as its idempotency key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

import msgspec

from recovery.paying.records import Instruction
from web.paying import pain, sheets
from web.paying.export import PER_FILE, Exported, Write, files

Way = Literal["written", "accepted", "later", "refused"]
"""In a file; taken; to be sent again; never taken."""


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of some payments of a batch on the way out."""

    payments: tuple[str, ...]
    way: Way
    words: str = ""
    """Why not, in a sentence."""
    file: Exported | None = None


class Connector(Protocol):
    """A way to pay."""

    @property
    def code(self) -> str:
        """As `Instructed.connector` names it."""

    def refusal(self, instruction: Instruction) -> str:
        """Why this payment cannot go this way, in a sentence; empty where it can."""

    def hand_over(
        self, batch: str, instructions: Iterable[Instruction], *, at: datetime, into: Path
    ) -> Iterator[Handed]:
        """Hand the payments over, a few at a time; files are written into a folder.

        Raises Refused where a file cannot hold a payment: ask for its `refusal` first.
        """


class BankFile:
    """ISO 20022 credit transfers, from our account in each currency."""

    code = pain.FORM

    def __init__(self, payers: pain.Payers, *, per_file: int = PER_FILE) -> None:
        self._payers = payers
        self._per_file = per_file

    def refusal(self, instruction: Instruction) -> str:
        return pain.refusal(instruction, self._payers)

    def hand_over(
        self, batch: str, instructions: Iterable[Instruction], *, at: datetime, into: Path,
        first: int = 1,
    ) -> Iterator[Handed]:  # fmt: skip
        write = partial(pain.write, payers=self._payers, at=at)
        return written(batch, instructions, write, into, ".xml", self._per_file, first)


class TableFile:
    """A table (CSV) for a program that pays."""

    code = "csv"

    def __init__(self, *, per_file: int = PER_FILE) -> None:
        self._per_file = per_file

    def refusal(self, instruction: Instruction) -> str:
        return payable(instruction)

    def hand_over(
        self, batch: str, instructions: Iterable[Instruction], *, at: datetime, into: Path,
        first: int = 1,
    ) -> Iterator[Handed]:  # fmt: skip
        return written(batch, instructions, _table, into, ".csv", self._per_file, first)


class Filed(Connector, Protocol):
    """A way to pay whose payments leave together, in files with numbers."""

    def hand_over(
        self, batch: str, instructions: Iterable[Instruction], *, at: datetime, into: Path,
        first: int = 1,
    ) -> Iterator[Handed]:  # fmt: skip
        """Likewise; `first` is the number of the first file."""


def payable(instruction: Instruction) -> str:
    """Why nobody could pay this; empty where somebody can."""
    return "" if instruction.money.amount > 0 else f"{instruction.money} cannot be paid."


def _table(file: BinaryIO, instructions: Sequence[Instruction], message: str) -> None:
    sheets.write(file, instructions)


def written(
    batch: str, instructions: Iterable[Instruction], write: Write, into: Path, suffix: str,
    per_file: int, first: int,
) -> Iterator[Handed]:  # fmt: skip
    """The files of a batch, from a number on."""
    for file in files(
        batch, instructions, write, into=into, suffix=suffix, per_file=per_file, first=first
    ):
        yield Handed(payments=file.payments, way="written", file=file)
