"""What happened to this complaint, in order?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON

from projections.table import Given, Projection, metadata
from recovery.events import DeliveryEvent, Event, Recorded, subject
from recovery.mapper import decode, encode


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One event in a complaint's history, of its own stream or of its letters."""

    complaint: str
    position: int
    stream: str
    version: int
    topic: str
    at: datetime | None
    recorded_at: datetime | None
    by: str
    body: msgspec.Raw
    """The event's own JSON."""

    @property
    def event(self) -> Event:
        return decode(self.topic, bytes(self.body))


table = sa.Table(
    "case",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("recorded_at", sa.DateTime(timezone=True)),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("body", JSON, nullable=False),
)


def groups(record: Recorded) -> Sequence[str]:
    if record.stream.startswith("complaint-"):
        return (subject(record.stream),)
    return (record.event.complaint,) if isinstance(record.event, DeliveryEvent) else ()


def fold(_: tuple[Entry, ...], record: Recorded, __: Given) -> tuple[Entry, ...]:
    topic, state = encode(record.event)
    return tuple(
        Entry(
            complaint=complaint, position=record.position, stream=record.stream,
            version=record.version, topic=topic, at=record.event.at,
            recorded_at=record.recorded_at, by=record.event.by, body=msgspec.Raw(state),
        )
        for complaint in groups(record)
    )  # fmt: skip


PROJECTION: Projection[Entry] = Projection(
    name="case",
    version=1,
    table=table,
    row=Entry,
    group="complaint",
    groups=groups,
    fold=fold,
    appends=True,
)


def timeline(conn: sa.Connection, complaint: str, *, limit: int = 500) -> list[Entry]:
    """The complaint's entries, in the order they were recorded."""
    rows = conn.execute(
        sa.select(
            table.c.complaint, table.c.position, table.c.stream, table.c.version, table.c.topic,
            table.c.at, table.c.recorded_at, table.c.by, sa.cast(table.c.body, sa.Text),
        )
        .where(table.c.complaint == complaint)
        .order_by(table.c.position)
        .limit(limit)
    )  # fmt: skip
    return [
        Entry(
            complaint=row[0], position=row[1], stream=row[2], version=row[3], topic=row[4],
            at=row[5], recorded_at=row[6], by=row[7], body=msgspec.Raw(row[8].encode()),
        )
        for row in rows
    ]  # fmt: skip
