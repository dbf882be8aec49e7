"""What happened to this complaint, in order?

A complaint's own events are found by the name of its stream. The rows only say which events of
other streams, those of its letters and clocks, belong to it too; the events stay where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from projections.asking import Question
from projections.table import Given, Projection, metadata
from recovery.events import (
    CLOCK_EVENTS,
    DELIVERY_EVENTS,
    ClockEvent,
    DeliveryEvent,
    Event,
    Reapplied,
    Recorded,
    complaint_stream,
)  # fmt: skip
from recovery.mapper import decode


class Place(msgspec.Struct, frozen=True):
    """An event of another stream that belongs to the complaint's history."""

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
    if not isinstance(event, DeliveryEvent | ClockEvent | Reapplied):
        return ()
    return (event.complaint,) if event.complaint else ()


def fold(_: tuple[Place, ...], record: Recorded, __: Given) -> tuple[Place, ...]:
    return tuple(Place(complaint, record.position) for complaint in groups(record))


PROJECTION: Projection[Place] = Projection(
    name="case",
    version=2,
    table=table,
    row=Place,
    group="complaint",
    events=DELIVERY_EVENTS | CLOCK_EVENTS,
    groups=groups,
    fold=fold,
    appends=True,
)


def timeline(conn: sa.Connection, *complaints: str) -> list[Entry]:
    """The entries of the complaints, in the order they were recorded; the first thousand."""
    asked = {"complaints": list(complaints), "streams": [*map(complaint_stream, complaints)]}
    return [
        Entry(
            position=row[0], stream=row[1], version=row[2], topic=event.topic, recorded_at=row[4],
            event=event,
        )
        for row in _timeline().rows(conn, asked)
        for event in (decode(row[3], row[5]),)
    ]  # fmt: skip


@cache
def _timeline() -> Question:
    c = events.c
    elsewhere = sa.select(table.c.position).where(_any(table.c.complaint, "complaints"))
    found = sa.union_all(
        sa.select(*c).where(_any(c.originator_id, "streams")),
        sa.select(*c).where(c.notification_id.in_(elsewhere)),
    ).subquery()
    longest = sa.literal_column("1000", sa.Integer)
    return Question(sa.select(found).order_by(found.c.notification_id).limit(longest))


def _any(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    """Whether the column is one of those given."""
    return column == sa.any_(sa.bindparam(name, type_=ARRAY(sa.Text)))
