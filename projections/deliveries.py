"""Which letters are owed, on their way, arrived or lost?

Acts towards a complainant owe a letter, steps of an escalation a notice to each colleague whom they
name, a note to those whom it mentions, a reply that was kept one to its writer, an audit that was
passed on its paper, and a new day the supervisors their daily mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections.table import Given, Projection, metadata
from recovery.delivery import COMPLAINANT, delivery_id, lease_of, marked
from recovery.events import (
    DELIVERY_EVENTS,
    LETTER_EVENTS,
    Abandoned,
    Approved,
    Bounced,
    Cancelled,
    DayBegun,
    Deferred,
    DeliveryEvent,
    Letter,
    NoteAdded,
    Paid,
    PassedOn,
    PayoutEvent,
    Queued,
    Recorded,
    ReplyKept,
    Sent,
    SteppedUp,
    subject,
)  # fmt: skip

State = Literal["owed", "queued", "sent", "deferred", "bounced", "abandoned", "cancelled"]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One letter to one recipient."""

    delivery: str
    complaint: str
    """Empty: it is about none."""
    stream: str
    act: int
    """The event that owes it: the stream it is in, and its version there."""
    recipient: str = COMPLAINANT
    """Or the colleague, as events name people."""
    kind: str
    language: str
    """Of a notice: empty until it is written."""
    state: State = "owed"
    owed_at: datetime | None
    letter: str | None = None
    """Paper id of the letter as written."""
    files: str | None = None
    """Paper id of the list of what goes along."""
    message_id: str = ""
    attempts: int = 0
    retry_at: datetime | None = None
    """Not before: planned for then, or tried again then."""
    sent_at: datetime | None = None
    transport: str = ""
    reason: str = ""


table = sa.Table(
    "deliveries",
    metadata,
    sa.Column("delivery", sa.Text(collation="C"), primary_key=True),
    sa.Column("complaint", sa.Text(collation="C"), nullable=False),
    sa.Column("stream", sa.Text(collation="C"), nullable=False),
    sa.Column("act", sa.Integer, nullable=False),
    sa.Column("recipient", sa.Text(collation="C"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("owed_at", sa.DateTime(timezone=True)),
    sa.Column("letter", sa.Text(collation="C")),
    sa.Column("files", sa.Text(collation="C")),
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
_lost = (
    (_c.recipient == COMPLAINANT)
    & _c.stream.startswith("complaint-")
    & (
        (_c.state == "bounced")
        | ((_c.state == "abandoned") & ((_c.attempts > 0) | (_c.reason == "suppressed")))
    )
)
"""Sent out for an act upon the complaint, and never arrived."""
sa.Index("deliveries_lost", _c.owed_at, _c.delivery, postgresql_where=_lost)
sa.Index("deliveries_complaint", _c.complaint)


def groups(record: Recorded) -> Sequence[str]:
    """One delivery; a step owes several at once."""
    if isinstance(record.event, DeliveryEvent):
        return (subject(record.stream),)
    return [owed.delivery for owed in _owed(record)]


def fold(rows: tuple[Delivery, ...], record: Recorded, _: Given) -> tuple[Delivery, ...]:
    event = record.event
    if not isinstance(event, DeliveryEvent):
        return tuple(_owed(record))
    mine = subject(record.stream)
    if not any(row.delivery == mine for row in rows):
        return rows
    return tuple(_carried(row, event) if row.delivery == mine else row for row in rows)


def _owed(record: Recorded) -> Iterator[Delivery]:
    """What the event owes, and to whom."""
    owner, event = subject(record.stream), record.event
    owed: tuple[tuple[str, str, str], ...] = ()
    complaint, leaves_at, letter = owner, None, _letter(record)
    if letter:
        owed, leaves_at = ((COMPLAINANT, letter.kind, letter.language),), letter.leaves_at
    elif isinstance(event, PayoutEvent):
        complaint = event.complaint
        owed = tuple((COMPLAINANT, kind, "") for kind in _of_money(event))
    elif isinstance(event, SteppedUp):
        complaint = event.complaint
        owed = tuple((colleague, "notice", "") for colleague in event.notified)
    elif isinstance(event, NoteAdded):
        owed = tuple((colleague, "notice", "") for colleague in event.mentions)
    elif isinstance(event, ReplyKept):
        owed = ((event.by, "notice", ""),)
    elif isinstance(event, PassedOn):
        complaint, owed = "", ((event.to, "audit", ""),)
    elif isinstance(event, DayBegun):
        complaint, owed = "", tuple((colleague, "daily", "") for colleague in event.to)
    for recipient, kind, language in owed:
        yield Delivery(
            complaint=complaint, delivery=delivery_id(owner, record.version, recipient),
            stream=record.stream, act=record.version, recipient=recipient, kind=kind,
            language=language, owed_at=record.recorded_at, retry_at=leaves_at,
            files=letter.files.paper if letter and letter.files else None,
        )  # fmt: skip


def _of_money(event: PayoutEvent) -> Iterator[str]:
    """What somebody granted was told when it was granted; that it was paid is told of all."""
    if isinstance(event, Approved) and event.basis == "guarantee":
        yield "payout_approved"
    elif isinstance(event, Paid):
        yield "payout_paid"


def _carried(row: Delivery, event: DeliveryEvent) -> Delivery:
    """The letter after what the post did with it."""
    match event:
        case Queued():
            return replace(row, state="queued", retry_at=None, language=event.language,
                           letter=event.letter.paper, message_id=event.message_id)  # fmt: skip
        case Sent():
            return replace(row, state="sent", sent_at=event.at, transport=event.transport,
                           attempts=row.attempts + 1, retry_at=None, reason="")  # fmt: skip
        case Deferred():
            return replace(row, state="deferred", attempts=event.attempt,
                           retry_at=event.retry_at, reason=event.reason)  # fmt: skip
        case Bounced():
            return replace(row, state="bounced", retry_at=None, reason=event.reason)
        case Abandoned():
            return replace(row, state="abandoned", retry_at=None, reason=event.reason)
        case Cancelled():
            return replace(row, state="cancelled", retry_at=None, reason="")
        case _:
            return row


def _letter(record: Recorded) -> Letter | None:
    return getattr(record.event, "letter", None) if type(record.event) in LETTER_EVENTS else None


def _begins(record: Recorded) -> bool:
    return not isinstance(record.event, DeliveryEvent)


PROJECTION: Projection[Delivery] = Projection(
    name="deliveries",
    version=12,
    table=table,
    row=Delivery,
    group="delivery",
    events=LETTER_EVENTS
    | DELIVERY_EVENTS
    | {SteppedUp, NoteAdded, ReplyKept, Approved, Paid, PassedOn, DayBegun},
    groups=groups,
    fold=fold,
    starts=_begins,
)


def to_do(conn: sa.Connection, *, now: datetime, limit: int = 50) -> list[Delivery]:
    """Letters that can be written or sent now and that nobody is working on, oldest first."""
    columns = [table.c[name] for name in PROJECTION.columns]
    leased = sa.text(
        "not exists (select from desk.leases l where l.task = :task || deliveries.delivery"
        " and l.until > clock_timestamp())"
    ).bindparams(task=lease_of(""))
    rows = conn.execute(
        sa.select(*columns)
        .where(table.c.state.in_(["owed", "queued", "deferred"]))
        .where((table.c.retry_at.is_(None)) | (table.c.retry_at <= now))
        .where(leased)
        .order_by(table.c.owed_at, table.c.delivery)
        .limit(limit)
    )
    return [Delivery(**row) for row in rows.mappings()]


def lost(conn: sa.Connection, *, limit: int = 50) -> list[Delivery]:
    """Letters that never arrived and whose acts are not marked yet, oldest first."""
    columns = [table.c[name] for name in PROJECTION.columns]
    unmarked = sa.text(
        "not exists (select from desk.commands c where c.command = :marked || deliveries.delivery)"
    ).bindparams(marked=marked(""))
    rows = conn.execute(
        sa.select(*columns)
        .where(_lost)
        .where(unmarked)
        .order_by(table.c.owed_at, table.c.delivery)
        .limit(limit)
    )
    return [Delivery(**row) for row in rows.mappings()]


def states(conn: sa.Connection, deliveries: Sequence[str]) -> dict[str, str]:
    """How far each of these letters has come."""
    if not deliveries:
        return {}
    found = sa.select(table.c.delivery, table.c.state).where(table.c.delivery.in_(deliveries))
    return {row.delivery: row.state for row in conn.execute(found)}
