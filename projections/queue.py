"""Which tickets await an agent, most urgent first?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSON, JSONB

from projections.story import CLOCK_EVENTS, Story, clocks_of, groups, set_aside, told
from projections.table import Given, Projection, metadata
from recovery.clock import Raised, next_owed, raised_by
from recovery.complaint_state import Stage
from recovery.events import (
    COMPLAINT_EVENTS,
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Compensated,
    Escalated,
    Event,
    Explained,
    LetterLeft,
    LetterReturned,
    MailFiled,
    Merged,
    MessageReceived,
    MessageSent,
    PartyAdmitted,
    Paused,
    Reapplied,
    Received,
    Recorded,
    Released,
    Reopened,
    Resumed,
    Unmerged,
    Withdrawn,
    subject,
)  # fmt: skip
from recovery.policy.clocks import Clock, next_due
from recovery.sending import is_held
from recovery.ties import FREE, Ties

WITHOUT_DUE = timedelta(days=365_000)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint's row in the queue."""

    reference: str
    version: int
    stage: Stage = "received"
    open: bool = True
    cycle: int = 1
    assignee: str | None = None
    escalated_to: str | None = None
    complainant: str
    contact: str | None
    """Paper id."""
    words: str | None
    """Paper id."""
    channel: str
    language: str
    tier: str
    category: str
    product: str
    severity: str
    desired_outcomes: tuple[str, ...]
    attributes: dict[str, str]
    source: str
    flags: tuple[str, ...]
    outcome: str = ""
    received_at: datetime | None
    recorded_at: datetime | None
    acknowledged_at: datetime | None = None
    explained_at: datetime | None = None
    compensated_at: datetime | None = None
    closed_at: datetime | None = None
    paused: bool = False
    pause_reason: str = ""
    paused_until: datetime | None = None
    unanswered_since: datetime | None = None
    """Since when the oldest message of the complainant or an admitted party awaits an answer."""
    policy: str
    policy_version: str
    """That the clocks follow now."""
    story: Story
    clocks: tuple[Clock, ...] = ()
    raised: tuple[Raised, ...] = ()
    """What the log says of the clocks already."""
    alarm: datetime | None = None
    """When the next thing became or becomes true of a clock that the log does not say."""
    ties: Ties = FREE
    """To other complaints; one that is answered under another is not open."""
    reapplied: int = 0
    """How often it was given another version of its policy."""
    next_due: datetime | None = None
    urgency: datetime = LATEST
    """What the queue is sorted by: the next due instant; without one, a thousand years after
    receipt, so that those come last, oldest first."""

    @classmethod
    def of(cls, record: Recorded, event: Received) -> Ticket:
        return cls(
            reference=subject(record.stream), version=record.version,
            complainant=event.complainant,
            contact=event.contact.paper if event.contact else None,
            words=event.words.paper if event.words else None,
            channel=event.channel, language=event.language, tier=event.tier,
            category=event.category, product=event.product, severity=event.severity,
            desired_outcomes=event.desired_outcomes, attributes=event.attributes,
            source=event.source, flags=event.flags,
            received_at=event.at, recorded_at=record.recorded_at,
            policy=event.policy, policy_version=event.policy_version,
            story=Story.of(event, record.recorded_at),
        )  # fmt: skip


table = sa.Table(
    "queue",
    metadata,
    sa.Column("reference", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("cycle", sa.Integer, nullable=False),
    sa.Column("assignee", sa.Text(collation="C")),
    sa.Column("escalated_to", sa.Text),
    sa.Column("complainant", sa.Text(collation="C"), nullable=False),
    sa.Column("contact", sa.Text(collation="C")),
    sa.Column("words", sa.Text(collation="C")),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("desired_outcomes", JSONB, nullable=False),
    sa.Column("attributes", JSONB, nullable=False),
    sa.Column("source", sa.Text(collation="C"), nullable=False),
    sa.Column("flags", JSONB, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("received_at", sa.DateTime(timezone=True)),
    sa.Column("recorded_at", sa.DateTime(timezone=True)),
    sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
    sa.Column("explained_at", sa.DateTime(timezone=True)),
    sa.Column("compensated_at", sa.DateTime(timezone=True)),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("pause_reason", sa.Text, nullable=False),
    sa.Column("paused_until", sa.DateTime(timezone=True)),
    sa.Column("unanswered_since", sa.DateTime(timezone=True)),
    sa.Column("policy", sa.Text(collation="C"), nullable=False),
    sa.Column("policy_version", sa.Text(collation="C"), nullable=False),
    sa.Column("story", JSON, nullable=False),
    sa.Column("clocks", JSON, nullable=False),
    sa.Column("raised", JSON, nullable=False),
    sa.Column("alarm", sa.DateTime(timezone=True)),
    sa.Column("ties", JSON, nullable=False),
    sa.Column("reapplied", sa.Integer, nullable=False),
    sa.Column("next_due", sa.DateTime(timezone=True)),
    sa.Column("urgency", sa.DateTime(timezone=True), nullable=False),
)
_c = table.c
LOOKED_AT = (
    "assignee", "paused", "unanswered_since", "stage", "category", "product", "severity", "tier",
    "language", "channel",
)  # fmt: skip
"""What open tickets are counted, filtered and grouped by: the index alone is read for that."""
sa.Index(
    "queue_open", _c.urgency, _c.reference, postgresql_where=_c.open,
    postgresql_include=LOOKED_AT,
)  # fmt: skip
sa.Index(
    "queue_mine", _c.assignee, _c.urgency, _c.reference, postgresql_where=_c.open,
)  # fmt: skip
sa.Index(
    "queue_free", _c.urgency, _c.reference,
    postgresql_where=_c.open & _c.assignee.is_(None),
    postgresql_include=["category", "language", "paused"],
)  # fmt: skip
ended = sa.func.coalesce(_c.closed_at, _c.recorded_at)
"""When a closed ticket was closed; when we heard of it, where the source does not say."""
sa.Index("queue_waiting", _c.urgency, _c.reference, postgresql_where=_c.open & _c.paused)
sa.Index(
    "queue_unanswered", _c.urgency, _c.reference,
    postgresql_where=_c.open & _c.unanswered_since.is_not(None),
)  # fmt: skip
received = sa.func.coalesce(_c.received_at, _c.recorded_at)
"""When a ticket was received; when we heard of it, where the source does not say."""
sa.Index("queue_received", received, _c.reference, postgresql_where=_c.open)
sa.Index("queue_received_ever", received, _c.reference)
sa.Index("queue_received_closed", received, _c.reference, postgresql_where=~_c.open)
sa.Index("queue_closed", ended, _c.reference, postgresql_where=~_c.open)
sa.Index("queue_all", _c.urgency, _c.reference)
sa.Index("queue_complainant", _c.complainant)
sa.Index("queue_alarm", _c.alarm, postgresql_where=_c.alarm.is_not(None))
sa.Index("queue_bound", _c.policy, _c.policy_version, postgresql_where=_c.open)


def fold(rows: tuple[Ticket, ...], record: Recorded, given: Given) -> tuple[Ticket, ...]:
    event = record.event
    if not rows:
        return (Ticket.of(record, event),) if isinstance(event, Received) else ()
    [ticket] = rows
    if raised := raised_by(event):
        return (replace(ticket, raised=(*ticket.raised, raised)),)
    story = told(ticket.story, event, given)
    if isinstance(event, LetterLeft):
        return (replace(ticket, story=story, **_told(ticket, event)),)
    if isinstance(event, Reapplied):
        return (replace(ticket, story=story, policy_version=event.policy_version,
                        reapplied=ticket.reapplied + 1),)  # fmt: skip
    return (
        replace(
            ticket, version=record.version, story=story, ties=ticket.ties.after(event),
            **_changes(ticket, event),
        ),
    )  # fmt: skip


def _changes(ticket: Ticket, event: Event) -> dict[str, Any]:
    """The fields an event changes."""
    match event:
        case Acknowledged():
            stage = "acknowledged" if ticket.stage == "received" else ticket.stage
            return {"stage": stage, "acknowledged_at": event.at}
        case Explained():
            return {"stage": "explained", "explained_at": event.at,
                    "outcome": event.outcome} | _answered(event)  # fmt: skip
        case Compensated():
            granted = "compensated" if ticket.open else ticket.stage  # approved after the end
            return {"stage": granted, "compensated_at": event.at}
        case LetterReturned():
            return _untold(ticket, event)
        case Closed():
            return _ended(event.at) | {"stage": "closed", "outcome": event.outcome}
        case Withdrawn():
            return _ended(event.at) | {"stage": "withdrawn", "outcome": "withdrawn"}
        case Reopened():
            return {"stage": "acknowledged" if ticket.acknowledged_at else "received",
                    "open": True, "cycle": ticket.cycle + 1, "outcome": "", "closed_at": None,
                    "explained_at": None, "compensated_at": None}  # fmt: skip
        case Merged():
            return {"open": False}
        case Unmerged():
            return {"open": True}
        case Assigned():
            return {"assignee": event.agent}
        case Released():
            return {"assignee": None}
        case Escalated():
            return {"escalated_to": event.to}
        case Paused():
            return {"paused": True, "pause_reason": event.reason, "paused_until": event.until}
        case Resumed():
            return _RESUMED
        case MessageReceived():
            return _RESUMED | _waits(ticket, event)
        case MailFiled(speaker="party") | PartyAdmitted():
            return _waits(ticket, event)
        case MessageSent():
            return _answered(event)
        case Classified():
            return {name: value for name in ("category", "product", "severity")
                    if (value := getattr(event, name)) is not None} | {
                "attributes": {**ticket.attributes, **event.attributes}}  # fmt: skip
        case _:
            return {}


def _waits(ticket: Ticket, event: Event) -> dict[str, Any]:
    """Somebody who may speak in the complaint waits for an answer."""
    return {"unanswered_since": ticket.unanswered_since or event.at}


def _answered(act: Explained | MessageSent) -> dict[str, Any]:
    """An answer whose letter has yet to leave is none so far."""
    return {} if is_held(act) else {"unanswered_since": None}


def _told(ticket: Ticket, event: LetterLeft) -> dict[str, Any]:
    """The letter that left answers what was said before it was written."""
    since, written = ticket.unanswered_since, event.act_at
    answers = event.kind in ("explained", "message") and since and written and since <= written
    return {"unanswered_since": None} if answers else {}


def _untold(ticket: Ticket, event: LetterReturned) -> dict[str, Any]:
    """An act whose letter came back did not happen, as far as the complainant knows."""
    now = ticket.stage, event.kind, event.act_at
    if now == ("acknowledged", "acknowledged", ticket.acknowledged_at):
        return {"stage": "received", "acknowledged_at": None}
    if now == ("explained", "explained", ticket.explained_at):
        stage = "acknowledged" if ticket.acknowledged_at else "received"
        return {"stage": stage, "explained_at": None, "outcome": ""}
    return {}


_RESUMED: dict[str, Any] = {"paused": False, "pause_reason": "", "paused_until": None}


def _ended(at: datetime | None) -> dict[str, Any]:
    return _RESUMED | {"open": False, "closed_at": at, "unanswered_since": None}


def settle(rows: tuple[Ticket, ...], given: Given) -> tuple[Ticket, ...]:
    """Run the clocks over the story."""
    if not rows:
        return rows
    [ticket] = rows
    clocks = set_aside(clocks_of(ticket.story, given), ticket.ties.since)
    due = next_due(clocks) if ticket.open else None
    urgency = due or ((ticket.received_at + WITHOUT_DUE) if ticket.received_at else LATEST)
    version = given.policies.version(ticket.policy, ticket.policy_version)
    merged = ticket.ties.merged
    alarm = None if merged else next_owed(version, ticket.story, clocks, ticket.raised)
    return (replace(ticket, clocks=clocks, next_due=due, urgency=urgency, alarm=alarm),)


PROJECTION: Projection[Ticket] = Projection(
    name="queue",
    version=7,
    table=table,
    row=Ticket,
    group="reference",
    events=COMPLAINT_EVENTS | CLOCK_EVENTS,
    groups=groups,
    fold=fold,
    settle=settle,
    starts=lambda record: isinstance(record.event, Received),
)
