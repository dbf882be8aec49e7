"""When did each complaint reach each step, in each of its cycles?

A cycle begins with the receipt or a reopening and ends with a closure or a withdrawal. What the
queue forgets when a complaint is opened again stands here, so that any past instant can be told.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSONB

from projections.story import groups
from projections.table import Given, Projection, metadata
from projections.told import Told
from recovery.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Explained,
    LetterLeft,
    LetterReturned,
    Merged,
    Received,
    Recorded,
    Released,
    Reopened,
    Unmerged,
    Withdrawn,
    subject,
)
from recovery.sending import is_held


class Cycle(Told, frozen=True, kw_only=True):
    """One cycle of one complaint."""

    complaint: str
    cycle: int = 1
    received_at: datetime | None
    started_at: datetime | None
    """Of the first cycle the receipt, of the others the reopening."""
    ended: str = ""
    """"closed", "withdrawn", "merged" into another complaint, or nothing."""
    ended_at: datetime | None = None
    policy: str
    agent: str = ""
    channel: str
    tier: str
    category: str
    product: str
    severity: str
    attributes: dict[str, str]

    @classmethod
    def of(cls, complaint: str, event: Received) -> Cycle:
        return cls(
            complaint=complaint, received_at=event.at, started_at=event.at, policy=event.policy,
            channel=event.channel, tier=event.tier, category=event.category,
            product=event.product, severity=event.severity, attributes=event.attributes,
        )  # fmt: skip

    def again(self, at: datetime | None) -> Cycle:
        """The cycle that a reopening begins."""
        return replace(
            self, cycle=self.cycle + 1, started_at=at, explained=False, explained_at=None,
            ended="", ended_at=None,
        )  # fmt: skip

    def classified(self, event: Classified) -> Cycle:
        return replace(
            self,
            category=self.category if event.category is None else event.category,
            product=self.product if event.product is None else event.product,
            severity=self.severity if event.severity is None else event.severity,
            attributes={**self.attributes, **event.attributes},
        )


table = sa.Table(
    "cycles",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("cycle", sa.Integer, primary_key=True),
    sa.Column("received_at", sa.DateTime(timezone=True)),
    sa.Column("started_at", sa.DateTime(timezone=True)),
    sa.Column("acknowledged", sa.Boolean, nullable=False),
    sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
    sa.Column("explained", sa.Boolean, nullable=False),
    sa.Column("explained_at", sa.DateTime(timezone=True)),
    sa.Column("ended", sa.Text, nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("attributes", JSONB, nullable=False),
)
sa.Index("cycles_received", table.c.received_at)
sa.Index("cycles_again", table.c.complaint, postgresql_where=table.c.cycle > 1)


def fold(rows: tuple[Cycle, ...], record: Recorded, _: Given) -> tuple[Cycle, ...]:
    event = record.event
    if not rows:
        return (Cycle.of(subject(record.stream), event),) if isinstance(event, Received) else ()
    *earlier, now = rows
    match event:
        case Assigned():
            return tuple(replace(row, agent=event.agent) for row in rows)
        case Released():
            return tuple(replace(row, agent="") for row in rows)
        case Classified():
            return tuple(row.classified(event) for row in rows)
        case Reopened():
            return (*rows, now.again(event.at))
        case Acknowledged() | Explained() | LetterLeft() if not is_held(event):
            return (*earlier, now.told(event))
        case LetterReturned() if not now.ended:
            return (*earlier, now.untold(event))
        case Closed() | Withdrawn() if not now.ended:
            end = "closed" if isinstance(event, Closed) else "withdrawn"
            return (*earlier, replace(now, ended=end, ended_at=event.at))
        case Merged() if not now.ended:
            return (*earlier, replace(now, ended="merged", ended_at=event.at))
        case Unmerged() if now.ended == "merged":
            return (*earlier, replace(now, ended="", ended_at=None))
        case _:
            return rows


PROJECTION: Projection[Cycle] = Projection(
    name="cycles",
    version=2,
    table=table,
    row=Cycle,
    group="complaint",
    events=frozenset(
        {Received, Acknowledged, Explained, Closed, Withdrawn, Reopened, Assigned, Released,
         Classified, LetterLeft, LetterReturned, Merged, Unmerged}
    ),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Received),
)  # fmt: skip
