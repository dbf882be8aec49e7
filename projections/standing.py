"""Which questions about fairness are asked again and again, when next, and what was found?"""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSONB

from projections.audits import table as audits
from projections.story import groups
from projections.table import Given, Projection, metadata
from recovery.events import (
    Recorded,
    StandingArranged,
    StandingEnded,
    StandingLooked,
    StandingPaused,
    StandingResumed,
    subject,
)
from recovery.standing import State, evolve, state_of

MOST_LISTED = 100


class Look(msgspec.Struct, frozen=True):
    """One look that was taken."""

    due: datetime
    audit: str
    level: float
    p: float | None
    found: bool


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One standing audit."""

    standing: str
    by: str
    measure: str
    question: str
    state: State
    next: datetime | None
    """The instant of the next look; None: there is none, or it is paused."""
    ended: bool
    looks: tuple[Look, ...] = ()
    found: tuple[str, ...] = ()
    """The audits that found something."""

    def after(self, record: Recorded) -> Standing:
        state = replace(evolve(self.state, record.event), version=record.version)
        row = replace(self, state=state, next=state.next, ended=state.ended)
        event = record.event
        if not isinstance(event, StandingLooked):
            return row
        look = Look(event.due, event.audit, event.level, event.p, event.found)
        found = (*row.found, event.audit) if event.found else row.found
        return replace(row, looks=(*row.looks, look), found=found)


table = sa.Table(
    "standing",
    metadata,
    sa.Column("standing", sa.Text(collation="C"), primary_key=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("state", JSONB, nullable=False),
    sa.Column("next", sa.DateTime(timezone=True)),
    sa.Column("ended", sa.Boolean, nullable=False),
    sa.Column("looks", JSONB, nullable=False),
    sa.Column("found", JSONB, nullable=False),
)
sa.Index("standing_next", table.c.next, postgresql_where=table.c.next.is_not(None))


def fold(rows: tuple[Standing, ...], record: Recorded, _: Given) -> tuple[Standing, ...]:
    event = record.event
    if rows:
        return (rows[0].after(record),)
    if not isinstance(event, StandingArranged):
        return ()
    state = state_of([record])
    return (Standing(
        standing=subject(record.stream), by=event.by, measure=event.measure,
        question=event.question, state=state, next=state.next, ended=False,
    ),)  # fmt: skip


PROJECTION: Projection[Standing] = Projection(
    name="standing",
    version=1,
    table=table,
    row=Standing,
    group="standing",
    events=frozenset(
        {StandingArranged, StandingLooked, StandingPaused, StandingResumed, StandingEnded}
    ),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, StandingArranged),
)  # fmt: skip


def due(conn: sa.Connection, *, now: datetime, limit: int = 20) -> list[str]:
    """Those of which a look is due, the one that is longest so first."""
    query = sa.select(table.c.standing).where(table.c.next <= now)
    return list(conn.scalars(query.order_by(table.c.next, table.c.standing).limit(limit)))


def listed(conn: sa.Connection) -> list[Standing]:
    """All of them, those that go on first."""
    columns = [table.c[name] for name in PROJECTION.columns]
    query = sa.select(*columns).order_by(table.c.ended, table.c.next, table.c.standing)
    rows = conn.execute(query.limit(MOST_LISTED)).mappings()
    return [
        msgspec.convert({str(key): value for key, value in row.items()}, Standing) for row in rows
    ]


def findings(conn: sa.Connection) -> list[tuple[str, str]]:
    """The audits of standing audits that found something and that nobody has signed off yet:
    each with its measure, the latest first.
    """
    found = sa.func.jsonb_array_elements_text(table.c.found).table_valued("value").lateral()
    query = (
        sa.select(audits.c.audit, audits.c.question)
        .select_from(table.join(found, sa.true()).join(audits, audits.c.audit == found.c.value))
        .where(audits.c.signed_at.is_(None))
        .order_by(audits.c.at.desc(), audits.c.audit)
        .limit(MOST_LISTED)
    )
    return [(row[0], row[1]) for row in conn.execute(query)]
