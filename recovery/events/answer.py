"""What do banks say of our payments? What fits no payment waits for somebody."""

from __future__ import annotations

from recovery.events.base import Event, PaperRef
from recovery.money import Money


class Unplaced(Event, frozen=True, kw_only=True):
    """The other side said what fits no payment of ours, and somebody has to look at it."""

    topic = "answer.unplaced"
    statement: str
    """The file that it stood in: SHA-256; empty for a message."""
    line: PaperRef
    """JSON of `recovery.paying.answering.Kept`."""
    money: Money | None = None


class Placed(Event, frozen=True, kw_only=True):
    """It turned out which payment this speaks of."""

    topic = "answer.placed"
    payment: str


class SetAside(Event, frozen=True, kw_only=True):
    """Somebody looked at it and said why it moves no money here."""

    topic = "answer.set_aside"
    reason: str


class TakenIn(Event, frozen=True, kw_only=True):
    """A file of answers was read to its end."""

    topic = "statement.taken_in"
    form: str
    """Such as camt.053.001.08, or csv."""
    lines: int
    news: int
    """Lines that told of a payment what nobody knew."""
    unplaced: int
