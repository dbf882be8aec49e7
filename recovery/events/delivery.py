"""What happens to a letter? The post acts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from recovery.events.base import DeliveryKind, Event, PaperRef


class DeliveryEvent(Event, frozen=True, kw_only=True):
    """Something happened to a letter of this complaint (its reference)."""

    complaint: str


class Queued(DeliveryEvent, frozen=True, kw_only=True):
    """A letter was written and waits to be sent; its Message-ID is fixed from here on."""

    topic = "delivery.queued"
    schema = 2
    act: int
    """Version of the event that owes this letter; `cause` names its stream."""
    kind: DeliveryKind
    language: str
    letter: PaperRef
    """JSON of `recovery.vault.WrittenLetter`."""
    message_id: str
    template: int = 0
    """Version of the organisation's own template it was written with; 0: the one we ship."""


class Sent(DeliveryEvent, frozen=True, kw_only=True):
    """The letter left: a mail server took it, or it was caught for reading on a page."""

    topic = "delivery.sent"
    transport: Literal["smtp", "caught"]


class Deferred(DeliveryEvent, frozen=True, kw_only=True):
    """The mail server could not be reached or said not now; it is tried again at `retry_at`."""

    topic = "delivery.deferred"
    attempt: int
    reason: str
    retry_at: datetime


class Bounced(DeliveryEvent, frozen=True, kw_only=True):
    """The letter did not arrive."""

    topic = "delivery.bounced"
    reason: str


class Delayed(DeliveryEvent, frozen=True, kw_only=True):
    """Another server has the letter and said that it is still trying."""

    topic = "delivery.delayed"
    reason: str


class Abandoned(DeliveryEvent, frozen=True, kw_only=True):
    """The letter will not be tried again; somebody has to use another channel."""

    topic = "delivery.abandoned"
    reason: str


class Cancelled(DeliveryEvent, frozen=True, kw_only=True):
    """Somebody took the letter back before it left."""

    topic = "delivery.cancelled"
