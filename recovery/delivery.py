"""Which letter is it, and what has become of it?

A letter's id follows from the act that owes it, so a second attempt to write it meets the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from recovery.events import (
    Abandoned,
    Bounced,
    Cancelled,
    Deferred,
    Event,
    Queued,
    Recorded,
    Sent,
    subject,
)

NAMESPACE = UUID("5f0c9d1e-6a53-4c1b-9f0e-3f4b1c8a7d20")
COMPLAINANT = "complainant"


def delivery_id(owner: str, act: int, recipient: str = COMPLAINANT) -> str:
    """The id of the letter that an event owes somebody.

    `owner` is the complaint's reference, or the id of the clock that owes a colleague a notice;
    `act` is the event's version in its stream.
    """
    return str(uuid5(NAMESPACE, f"{owner}/{act}/{recipient}"))


def went_to(queued: Queued, delivery: str, recipient: str) -> bool:
    """Whether this is the letter that its event owes the recipient, and nobody else's."""
    owner = subject(queued.cause.rpartition("/")[0])
    return delivery_id(owner, queued.act, recipient) == delivery


def message_id(delivery: str, host: str) -> str:
    """The same for each attempt, so that a mail program drops a repeat."""
    return f"<{delivery}@{host}>"


def lease_of(delivery: str) -> str:
    """The lease that whoever works on the letter holds."""
    return f"delivery:{delivery}"


def marked(delivery: str) -> str:
    """The command by which the act of a lost letter is marked as one that told nobody anything."""
    return f"letter-returned:{delivery}"


class DeliveryState(msgspec.Struct, frozen=True):
    """How far a letter has come."""

    version: int = 0
    queued: Queued | None = None
    """None: not written yet."""
    attempts: int = 0
    retry_at: datetime | None = None
    since: datetime | None = None
    """When it was first taken up."""
    ended: bool = False

    def is_due(self, now: datetime) -> bool:
        return not self.ended and (self.retry_at is None or self.retry_at <= now)


def state_of(records: Iterable[Recorded]) -> DeliveryState:
    """The state after the records of a delivery's stream, oldest first."""
    state = DeliveryState()
    for record in records:
        state = replace(
            _evolve(state, record.event),
            version=record.version,
            since=state.since or record.event.at,
        )
    return state


def _evolve(state: DeliveryState, event: Event) -> DeliveryState:
    match event:
        case Queued():
            return replace(state, queued=event)
        case Deferred():
            return replace(state, attempts=event.attempt, retry_at=event.retry_at, ended=False)
        case Sent() | Bounced() | Abandoned() | Cancelled():
            return replace(state, ended=True, retry_at=None)
        case _:
            return state
