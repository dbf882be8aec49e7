"""What became of each complaint, and what was known of it when it came?

One row for each complaint: what groups it belongs to as it was at receipt, and when each thing
that fairness is judged by happened. What happened without a published date is true and has no
instant.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSONB

from projections.story import groups
from projections.table import Given, Projection, metadata
from recovery.events import (
    Acknowledged,
    Assigned,
    Closed,
    Compensated,
    Escalated,
    Event,
    Explained,
    Extended,
    LetterReturned,
    MessageReceived,
    Paused,
    Received,
    Recorded,
    Reopened,
    Withdrawn,
    subject,
)

DISPUTED = "disputed"
"""The reason of a reopening that says the complainant does not accept the outcome."""
RELIEF_NOT_SPECIFIED = "relief_not_specified"
"""The flag of an imported complaint whose source says relief, but not of which kind."""
DISPUTE_NOT_SAID = "dispute_not_said"
"""The flag of an imported complaint whose source does not say whether it was disputed."""
FROM_THE_COMPLAINANT = frozenset({"complainant", "waiting_for_complainant"})
"""Reasons of a pause in which something was asked of the complainant."""


class Grant(msgspec.Struct, frozen=True, array_like=True):
    """Money that was granted."""

    at: datetime | None
    amount: Decimal
    currency: str


class Fair(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint."""

    complaint: str
    received_at: datetime | None
    source: str
    """Where it was imported from: "cfpb"; empty for the desk's own."""
    policy: str
    policy_version: str
    channel: str
    language: str
    tier: str
    category: str
    product: str
    severity: str
    attributes: dict[str, str]
    agent: str = ""
    """Who had it first."""
    acknowledged: bool = False
    acknowledged_at: datetime | None = None
    explained: bool = False
    explained_at: datetime | None = None
    ended: str = ""
    """How it ended first: "closed", "withdrawn", or nothing."""
    ended_at: datetime | None = None
    outcome: str = ""
    """As it was said last, and when."""
    outcome_at: datetime | None = None
    relief: bool = False
    relief_at: datetime | None = None
    money: bool = False
    money_at: datetime | None = None
    kind_known: bool = True
    """Whether the source says which kind of relief it was."""
    reopened: bool = False
    reopened_at: datetime | None = None
    contested: bool = False
    contested_at: datetime | None = None
    contest_known: bool = True
    """Whether the source says if the outcome was accepted."""
    escalated: bool = False
    escalated_at: datetime | None = None
    grants: tuple[Grant, ...] = ()
    happened: dict[str, tuple[datetime | None, ...]] = {}
    """When each contact, transfer, extension and request for something happened."""

    @classmethod
    def of(cls, complaint: str, event: Received) -> Fair:
        return cls(
            complaint=complaint, received_at=event.at, source=event.source.partition(":")[0],
            policy=event.policy,
            policy_version=event.policy_version, channel=event.channel, language=event.language,
            tier=event.tier, category=event.category, product=event.product,
            severity=event.severity, attributes=event.attributes,
            kind_known=RELIEF_NOT_SPECIFIED not in event.flags,
            contest_known=DISPUTE_NOT_SAID not in event.flags,
        )  # fmt: skip

    def granted(self, event: Compensated) -> Fair:
        row = self if self.relief else replace(self, relief=True, relief_at=event.at)
        if event.kind == "in_kind" or not (event.money or self.kind_known):
            return row
        if not row.money:
            row = replace(row, money=True, money_at=event.at)
        if event.money is None:
            return row
        grant = Grant(event.at, event.money.amount, event.money.currency)
        return replace(row, grants=(*row.grants, grant))

    def again(self, event: Reopened) -> Fair:
        row = self if self.reopened else replace(self, reopened=True, reopened_at=event.at)
        if event.reason != DISPUTED or row.contested:
            return row
        return replace(row, contested=True, contested_at=event.at)

    def and_then(self, what: str, at: datetime | None) -> Fair:
        times = (*self.happened.get(what, ()), at)
        return replace(self, happened={**self.happened, what: times})

    def assigned(self, event: Assigned) -> Fair:
        if not self.agent:
            return replace(self, agent=event.agent)
        return self.and_then("transfer", event.at)

    def untold(self, event: LetterReturned) -> Fair:
        """An act whose letter came back told nobody anything."""
        if event.act_at is None:
            return self
        if event.kind == "acknowledged" and event.act_at == self.acknowledged_at:
            return replace(self, acknowledged=False, acknowledged_at=None)
        if event.kind == "explained" and event.act_at == self.explained_at:
            return replace(self, explained=False, explained_at=None)
        return self


def _instant(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


table = sa.Table(
    "fairness",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    _instant("received_at"),
    *map(_text, ("source", "policy", "policy_version", "channel", "language", "tier", "category",
                 "product", "severity")),
    sa.Column("attributes", JSONB, nullable=False),
    _text("agent"),
    _flag("acknowledged"), _instant("acknowledged_at"),
    _flag("explained"), _instant("explained_at"),
    _text("ended"), _instant("ended_at"),
    _text("outcome"), _instant("outcome_at"),
    _flag("relief"), _instant("relief_at"),
    _flag("money"), _instant("money_at"), _flag("kind_known"),
    _flag("reopened"), _instant("reopened_at"),
    _flag("contested"), _instant("contested_at"), _flag("contest_known"),
    _flag("escalated"), _instant("escalated_at"),
    sa.Column("grants", JSONB, nullable=False),
    sa.Column("happened", JSONB, nullable=False),
)  # fmt: skip
sa.Index("fairness_received", table.c.received_at)


def fold(rows: tuple[Fair, ...], record: Recorded, _: Given) -> tuple[Fair, ...]:
    event = record.event
    if not rows:
        return (Fair.of(subject(record.stream), event),) if isinstance(event, Received) else ()
    before = rows[0]
    after = _after(before, event)
    return rows if after is before else (after,)


def _after(row: Fair, event: Event) -> Fair:
    match event:
        case Acknowledged() if not row.acknowledged:
            return replace(row, acknowledged=True, acknowledged_at=event.at)
        case Explained():
            row = replace(row, outcome=event.outcome, outcome_at=event.at)
            return row if row.explained else replace(row, explained=True, explained_at=event.at)
        case Closed():
            row = replace(row, outcome=event.outcome, outcome_at=event.at)
            return row if row.ended else replace(row, ended="closed", ended_at=event.at)
        case Withdrawn() if not row.ended:
            return replace(row, ended="withdrawn", ended_at=event.at)
        case Compensated():
            return row.granted(event)
        case Reopened():
            return row.again(event)
        case Escalated() if not row.escalated:
            return replace(row, escalated=True, escalated_at=event.at)
        case LetterReturned():
            return row.untold(event)
        case _:
            return _counted(row, event)


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


PROJECTION: Projection[Fair] = Projection(
    name="fairness",
    version=1,
    table=table,
    row=Fair,
    group="complaint",
    events=frozenset(
        {Received, Acknowledged, Explained, Compensated, Closed, Withdrawn, Reopened, Escalated,
         LetterReturned, Assigned, MessageReceived, Extended, Paused}
    ),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Received),
)  # fmt: skip
