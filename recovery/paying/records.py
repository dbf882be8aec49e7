"""What do we ask for, and what are we told?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from recovery.money import Money
from recovery.paying.account import Party

Kind = Literal["paid", "failed", "reversed", "pending"]
"""It left us; it did not leave; it came back; nobody knows yet."""


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """Pay this. `payment` is what answers and repeats are recognised by."""

    payment: str
    """32 letters and digits: the end-to-end id, and the key by which a repeat is dropped."""
    money: Money
    payee: Party
    reference: str
    """The complaint's."""
    words: str = ""
    """What else the complainant reads on the statement, after the reference."""
    on: date
    """The day on which it should leave."""

    @property
    def remittance(self) -> str:
        return f"{self.reference} {self.words}".strip()


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a payment, as the other side says."""

    payment: str
    kind: Kind
    money: Money
    at: datetime
    """UTC. Where only a day is known, its first instant."""
    reason: str = ""
    """A code, such as AC04."""
    words: str = ""
    """In words, as the other side wrote them: personal data may be among them."""
    source: str = ""
    """How the other side refers to it."""


class Unmatched(msgspec.Struct, frozen=True, kw_only=True):
    """A line that moves no money here: somebody has to look at it."""

    reason: str
    """A sentence."""
    where: str
    """Which line: its number, or the other side's reference."""
    payment: str = ""
    money: Money | None = None
    at: datetime | None = None
    kind: Kind | None = None
    """What was said, where that much is clear."""
    code: str = ""
    """The other side's reason, such as AC04."""


Line = Result | Unmatched


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A file of answers that could be read from end to end."""

    form: str
    """Such as camt.053.001.08, or csv."""
    id: str
    """The other side's name for it; empty where it has none."""
    accounts: tuple[str, ...] = ()
    """Of which it tells."""
    lines: tuple[Line, ...] = ()
