"""What happened to this complaint, in order?

The rows only say which places of the log belong to a complaint: those of its own stream and of
its letters. The events themselves stay where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from projections.table import Given, Projection, metadata
from recovery.events import (
    COMPLAINT_EVENTS,
    DELIVERY_EVENTS,
    DeliveryEvent,
    Event,
    Recorded,
    subject,
)  # fmt: skip
from recovery.mapper import decode


class Place(msgspec.Struct, frozen=True):
    """One event that belongs to the complaint's history."""

    complaint: str
    position: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the history, as the log has it."""

    position: int
    stream: str
    version: int
    topic: str
    recorded_at: datetime
    event: Event

    @property
    def at(self) -> datetime | None:
        return self.event.at

    @property
    def by(self) -> str:
        return self.event.by


table = sa.Table(
    "case",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
)
events = sa.table(
    "events",
    *map(
        sa.column,
        ("notification_id", "originator_id", "originator_version", "topic", "recorded_at", "state"),
    ),
    schema="desk",
)


def groups(record: Recorded) -> Sequence[str]:
    event = record.event
    return (event.complaint if isinstance(event, DeliveryEvent) else subject(record.stream),)


def fold(_: tuple[Place, ...], record: Recorded, __: Given) -> tuple[Place, ...]:
    return tuple(Place(complaint, record.position) for complaint in groups(record))


PROJECTION: Projection[Place] = Projection(
    name="case",
    version=1,
    table=table,
    row=Place,
    group="complaint",
    events=COMPLAINT_EVENTS | DELIVERY_EVENTS,
    groups=groups,
    fold=fold,
    appends=True,
)


def timeline(conn: sa.Connection, complaint: str, *, limit: int = 1_000) -> list[Entry]:
    """The complaint's entries, in the order they were recorded."""
    c = events.c
    rows = conn.execute(
        sa.select(
            c.notification_id, c.originator_id, c.originator_version, c.topic, c.recorded_at,
            c.state,
        )
        .select_from(table.join(events, c.notification_id == table.c.position))
        .where(table.c.complaint == complaint)
        .order_by(table.c.position)
        .limit(limit)
    )  # fmt: skip
    return [
        Entry(
            position=row[0], stream=row[1], version=row[2], topic=row[3], recorded_at=row[4],
            event=decode(row[3], bytes(row[5])),
        )
        for row in rows
    ]  # fmt: skip
