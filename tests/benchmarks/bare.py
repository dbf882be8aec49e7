"""What does the event-sourcing library do by itself, with its default settings?

The same five acts of a complaint's life, one event each: load, trigger, save. No HTTP, no papers,
no command ids, nobody who reads the log.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Complaint(Aggregate):
    """In the library's own style."""

    @event("Received")
    def __init__(self, channel: str, at: datetime) -> None:
        self.channel = channel
        self.at = at
        self.agent = self.outcome = ""
        self.notes = 0

    @event("Assigned")
    def assign(self, agent: str, by: str, at: datetime) -> None:
        self.agent = agent

    @event("Acknowledged")
    def acknowledge(self, by: str, at: datetime) -> None:
        self.acknowledged_at = at

    @event("NoteAdded")
    def add_note(self, text: str, by: str, at: datetime) -> None:
        self.notes += 1

    @event("Explained")
    def explain(self, outcome: str, message: str, by: str, at: datetime) -> None:
        self.outcome = outcome

    @event("Closed")
    def close(self, outcome: str, by: str, at: datetime) -> None:
        self.outcome = outcome


ACTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("assign", {"agent": "user:ana"}),
    ("acknowledge", {}),
    ("add_note", {"text": "Called back, nobody answered; left a message."}),
    ("explain", {"outcome": "upheld", "message": "Your parcel was left at another door."}),
    ("close", {"outcome": "upheld"}),
)


class BareDesk(Application[UUID]):
    """As the library's documentation has it."""

    def receive(self) -> UUID:
        complaint = Complaint(channel="phone", at=datetime.now(UTC))
        self.save(complaint)
        return complaint.id

    def act(self, complaint_id: UUID, act: str, arguments: dict[str, str]) -> None:
        complaint: Complaint = self.repository.get(complaint_id)
        getattr(complaint, act)(**arguments, by="user:ana", at=datetime.now(UTC))
        self.save(complaint)


def open_bare(url: str, *, create: str = "y") -> BareDesk:
    """The library on a database, told only where that is.

    Its tables are made by the first who opens it: several at once fail each other.
    """
    found = sqlalchemy.make_url(url)
    host = found.host or found.query.get("host")
    environment: dict[str, Any] = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "CREATE_TABLE": create,
        "POSTGRES_DBNAME": found.database,
        "POSTGRES_HOST": host,
        "POSTGRES_PORT": str(found.port or found.query.get("port") or 5432),
        "POSTGRES_USER": found.username,
        "POSTGRES_PASSWORD": found.password or "none",
    }
    return BareDesk(env=environment)
