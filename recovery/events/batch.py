"""What happens to payments that leave together? Two people let them go."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from recovery.events.base import Event, PaperRef
from recovery.money import Money


class InBatch(msgspec.Struct, frozen=True, array_like=True):
    """One payout of a batch, as it stood when it was gathered."""

    payout: str
    version: int
    """Of its stream."""
    complaint: str
    guarantee: str
    payment: str
    """The end-to-end id under which it is going to be instructed."""
    amount: Decimal
    account: PaperRef


class Gathered(Event, frozen=True, kw_only=True):
    """Approved payouts were put together to leave on one day by one way, in one file."""

    topic = "batch.gathered"
    connector: str
    money: Money
    """The sum of this file."""
    number: int
    """Of the batch, among those of its connector and currency."""
    part: int
    """Of the file, from 1 on."""
    cut_off: datetime
    """Approved by then."""
    on: date
    """The day on which the money should leave."""
    payer: PaperRef | None
    """Our own account as it was then: JSON of `recovery.paying.account.Party`."""
    payouts: tuple[InBatch, ...]
    digest: str
    """SHA-256 of the file, in hexadecimal."""


class Signed(Event, frozen=True, kw_only=True):
    """Somebody allowed to checked the batch and let it go; it leaves with the second who does."""

    topic = "batch.signed"
    digest: str
    """Of all files, as they saw it."""


class Dissolved(Event, frozen=True, kw_only=True):
    """The batch does not leave, and its payouts can be gathered again."""

    topic = "batch.dissolved"
    reason: str
