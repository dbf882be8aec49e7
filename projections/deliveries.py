"""Which letters are owed, on their way, arrived or lost?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections.table import Given, Projection, metadata
from recovery.delivery import delivery_id
from recovery.events import (
    DELIVERY_EVENTS,
    LETTER_EVENTS,
    Abandoned,
    Bounced,
    Deferred,
    DeliveryEvent,
    Letter,
    Queued,
    Recorded,
    Sent,
    subject,
)  # fmt: skip

State = Literal["owed", "queued", "sent", "deferred", "bounced", "abandoned"]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One letter to one recipient."""

    delivery: str
    complaint: str
    act: int
    kind: str
    language: str
    state: State = "owed"
    owed_at: datetime | None
    letter: str | None = None
    """Paper id of the letter as written."""
    message_id: str = ""
    attempts: int = 0
    retry_at: datetime | None = None
    sent_at: datetime | None = None
    transport: str = ""
    reason: str = ""


table = sa.Table(
    "deliveries",
    metadata,
    sa.Column("delivery", sa.Text(collation="C"), primary_key=True),
    sa.Column("complaint", sa.Text(collation="C"), nullable=False),
    sa.Column("act", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("owed_at", sa.DateTime(timezone=True)),
    sa.Column("letter", sa.Text(collation="C")),
    sa.Column("message_id", sa.Text(collation="C"), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("retry_at", sa.DateTime(timezone=True)),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
    sa.Column("transport", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
_c = table.c
sa.Index(
    "deliveries_to_do", _c.owed_at, _c.delivery,
    postgresql_where=_c.state.in_(["owed", "queued", "deferred"]),
)  # fmt: skip
sa.Index("deliveries_sent", _c.sent_at, _c.delivery, postgresql_where=_c.sent_at.is_not(None))
sa.Index("deliveries_complaint", _c.complaint)


def groups(record: Recorded) -> Sequence[str]:
    if isinstance(record.event, DeliveryEvent):
        return (subject(record.stream),)
    if _letter(record) is None:
        return ()
    return (delivery_id(subject(record.stream), record.version),)


def fold(rows: tuple[Delivery, ...], record: Recorded, _: Given) -> tuple[Delivery, ...]:
    event = record.event
    if letter := _letter(record):
        complaint = subject(record.stream)
        owed = Delivery(
            delivery=delivery_id(complaint, record.version), complaint=complaint,
            act=record.version, kind=letter.kind, language=letter.language,
            owed_at=record.recorded_at,
        )  # fmt: skip
        return rows or (owed,)
    if not rows:
        return ()
    [row] = rows
    match event:
        case Queued():
            return (replace(row, state="queued", letter=event.letter.paper,
                            message_id=event.message_id),)  # fmt: skip
        case Sent():
            return (replace(row, state="sent", sent_at=event.at, transport=event.transport,
                            attempts=row.attempts + 1, retry_at=None, reason=""),)  # fmt: skip
        case Deferred():
            return (replace(row, state="deferred", attempts=event.attempt,
                            retry_at=event.retry_at, reason=event.reason),)  # fmt: skip
        case Bounced():
            return (replace(row, state="bounced", retry_at=None, reason=event.reason),)
        case Abandoned():
            return (replace(row, state="abandoned", retry_at=None, reason=event.reason),)
        case _:
            return rows


def _letter(record: Recorded) -> Letter | None:
    return getattr(record.event, "letter", None) if type(record.event) in LETTER_EVENTS else None


def _is_act(record: Recorded) -> bool:
    return type(record.event) in LETTER_EVENTS


PROJECTION: Projection[Delivery] = Projection(
    name="deliveries",
    version=1,
    table=table,
    row=Delivery,
    group="delivery",
    events=LETTER_EVENTS | DELIVERY_EVENTS,
    groups=groups,
    fold=fold,
    starts=_is_act,
)


def task(delivery: str) -> str:
    """The lease that whoever works on the letter holds."""
    return f"delivery:{delivery}"


def to_do(conn: sa.Connection, *, now: datetime, limit: int = 50) -> list[Delivery]:
    """Letters that can be written or sent now and that nobody is working on, oldest first."""
    columns = [table.c[name] for name in PROJECTION.columns]
    leased = sa.text(
        "not exists (select from desk.leases l where l.task = :task || deliveries.delivery"
        " and l.until > clock_timestamp())"
    ).bindparams(task=task(""))
    rows = conn.execute(
        sa.select(*columns)
        .where(table.c.state.in_(["owed", "queued", "deferred"]))
        .where((table.c.retry_at.is_(None)) | (table.c.retry_at <= now))
        .where(leased)
        .order_by(table.c.owed_at, table.c.delivery)
        .limit(limit)
    )
    return [Delivery(**row) for row in rows.mappings()]
