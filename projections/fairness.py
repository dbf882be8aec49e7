"""What became of each complaint, and what was known of it when it came?

One row for each complaint: what groups it belongs to as it was at receipt, and when each thing
that fairness is judged by happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSONB

from projections import story
from projections.table import Given, Projection, metadata
from projections.treatment import Fair, parts_of
from recovery.events import (
    Acknowledged,
    Assigned,
    Closed,
    Compensated,
    Due,
    Escalated,
    Event,
    Explained,
    Extended,
    IncidentRecorded,
    LetterLeft,
    LetterReturned,
    Merged,
    MessageReceived,
    MessageSent,
    OutcomeAccepted,
    Paid,
    Paused,
    PayoutEvent,
    Received,
    Recorded,
    Reopened,
    Reversed,
    Surveyed,
    Unmerged,
    Withdrawn,
    subject,
)
from recovery.policy.working import worked_by
from recovery.sending import is_held

FROM_THE_COMPLAINANT = frozenset({"complainant", "waiting_for_complainant"})
"""Reasons of a pause in which something was asked of the complainant."""


def _instant(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _many(name: str) -> sa.Column[object]:
    return sa.Column(name, JSONB, nullable=False)


table = sa.Table(
    "fairness",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    _instant("received_at"),
    *map(_text, ("source", "policy", "policy_version", "channel", "language", "tier", "category",
                 "product", "severity")),
    _many("attributes"), _many("desired"),
    _text("agent"),
    _flag("acknowledged"), _instant("acknowledged_at"),
    _flag("explained"), _instant("explained_at"), sa.Column("explanation_parts", sa.Integer),
    _text("ended"), _instant("ended_at"),
    _text("outcome"), _instant("outcome_at"),
    _flag("relief"), _instant("relief_at"),
    _flag("money"), _instant("money_at"), _flag("kind_known"),
    _flag("reopened"), _instant("reopened_at"),
    _flag("contested"), _instant("contested_at"), _flag("contest_known"),
    _flag("escalated"), _instant("escalated_at"),
    _flag("accepted"), _instant("accepted_at"),
    _many("grants"), _many("losses"), _many("owed"),
    _instant("surveyed_at"), _many("survey"),
    _many("wishes"), _instant("wishes_at"),
    _many("happened"),
    *(sa.Column(f"worked_{step}", sa.BigInteger)
      for step in ("received", "acknowledged", "explained", "ended")),
)  # fmt: skip
sa.Index("fairness_received", table.c.received_at)


def groups(record: Recorded) -> Sequence[str]:
    event = record.event
    return (event.complaint,) if isinstance(event, PayoutEvent) else story.groups(record)


def fold(rows: tuple[Fair, ...], record: Recorded, given: Given) -> tuple[Fair, ...]:
    event = record.event
    if not rows:
        if not isinstance(event, Received):
            return ()
        return (_worked(None, Fair.of(subject(record.stream), event), given),)
    before = rows[0]
    if isinstance(event, PayoutEvent):
        after = _entitled(before, subject(record.stream), event)
    else:
        after = _after(before, event)
    return rows if after is before else (_worked(before, after, given),)


def _after(row: Fair, event: Event) -> Fair:
    match event:
        case Acknowledged() | Explained() | LetterLeft() | LetterReturned() | MessageSent():
            return _told(row, event)
        case Closed():
            row = replace(row, outcome=event.outcome, outcome_at=event.at)
            row = row.wrote(event.letter, event.at)
            if event.wishes:
                row = replace(row, wishes=event.wishes, wishes_at=event.at)
            return row if row.ended else replace(row, ended="closed", ended_at=event.at)
        case Withdrawn() if not row.ended:
            return replace(row, ended="withdrawn", ended_at=event.at)
        case Merged() if not row.ended:
            return replace(row, ended="merged", ended_at=event.at)
        case Unmerged() if row.ended == "merged":
            return replace(row, ended="", ended_at=None)
        case Compensated():
            return row.granted(event).wrote(event.letter, event.at)
        case Reopened():
            return row.again(event)
        case Escalated() if not row.escalated:
            return replace(row, escalated=True, escalated_at=event.at)
        case OutcomeAccepted() if not row.accepted:
            return replace(row, accepted=True, accepted_at=event.at)
        case Surveyed() if not row.survey:
            return row.surveyed(event)
        case IncidentRecorded():
            return row.told_facts(event.facts, event.at)
        case _:
            return _counted(row, event)


def _told(
    row: Fair, event: Acknowledged | Explained | LetterLeft | LetterReturned | MessageSent
) -> Fair:
    """What tells the complainant something; what waits to leave has told them nothing yet."""
    if isinstance(event, LetterReturned):
        return row.untold(event)
    if isinstance(event, LetterLeft):
        return row.told(event)
    if isinstance(event, Explained):
        row = replace(row, outcome=event.outcome, outcome_at=event.at)
        if not row.explained:
            row = replace(row, explanation_parts=parts_of(event, row.language))
    row = row.wrote(event.letter, event.at)
    return row if isinstance(event, MessageSent) or is_held(event) else row.told(event)


def _counted(row: Fair, event: Event) -> Fair:
    match event:
        case Assigned() if event.agent != row.agent:
            return row.assigned(event)
        case MessageReceived():
            return row.and_then("contact", event.at)
        case Extended():
            return row.and_then("extension", event.at)
        case Paused() if event.reason in FROM_THE_COMPLAINANT:
            return row.and_then("request", event.at)
        case _:
            return row


def _entitled(row: Fair, payout: str, event: PayoutEvent) -> Fair:
    """What guarantees owe and paid; goodwill and redress are granted, not owed by a policy."""
    match event:
        case Due() if event.basis == "guarantee":
            return row.entitled(payout, event.at, event.money, sign=0)
        case Paid() | Reversed() if row.has_guarantee(payout):
            sign = 1 if isinstance(event, Paid) else -1
            return row.entitled(payout, event.at, event.money, sign=sign)
        case _:
            return row


_STEPS = ("received", "acknowledged", "explained", "ended")


def _worked(before: Fair | None, after: Fair, given: Given) -> Fair:
    """With the working time by each instant that is new."""
    new = {
        f"worked_{step}": at
        for step in _STEPS
        if (at := getattr(after, f"{step}_at")) != (before and getattr(before, f"{step}_at"))
    }
    if not new:
        return after
    version = given.policies.version(after.policy, after.policy_version)
    return replace(after, **{name: worked_by(version, at) for name, at in new.items()})


PROJECTION: Projection[Fair] = Projection(
    name="fairness",
    version=3,
    table=table,
    row=Fair,
    group="complaint",
    events=frozenset(
        {Received, Acknowledged, Explained, Compensated, Closed, Withdrawn, Reopened, Escalated,
         LetterLeft, LetterReturned, Assigned, MessageReceived, MessageSent, Extended, Paused,
         Merged, Unmerged, OutcomeAccepted, Surveyed, IncidentRecorded, Due, Paid, Reversed}
    ),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Received),
)  # fmt: skip
