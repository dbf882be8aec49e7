"""To which complainants is nothing sent, because their address refused letters for good?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from projections.queue import table as tickets
from projections.table import Given, Projection, metadata
from recovery.complainant import is_id
from recovery.errors import Invalid
from recovery.events import Forgotten, Readmitted, Recorded, Suppressed, subject


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One complainant whose address refuses letters."""

    complainant: str
    reason: str
    since: datetime | None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """The same, with the latest complaint of theirs."""

    complainant: str
    reason: str
    since: datetime
    reference: str
    contact: str | None
    """Paper of the address."""


class Page(msgspec.Struct, frozen=True):
    """Some lines, and the cursor of the next page if there is one."""

    lines: list[Line]
    cursor: str


table = sa.Table(
    "refusals",
    metadata,
    sa.Column("complainant", sa.Text(collation="C"), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("since", sa.DateTime(timezone=True)),
)


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def fold(rows: tuple[Refusal, ...], record: Recorded, _: Given) -> tuple[Refusal, ...]:
    """Whoever is written to again, or was forgotten, is not among them."""
    event = record.event
    if not isinstance(event, Suppressed):
        return ()
    since = event.at or record.recorded_at
    return rows or (Refusal(complainant=subject(record.stream), reason=event.reason, since=since),)


PROJECTION: Projection[Refusal] = Projection(
    name="refusals",
    version=1,
    table=table,
    row=Refusal,
    group="complainant",
    events=frozenset({Suppressed, Readmitted, Forgotten}),
    groups=groups,
    fold=fold,
)


def reason(complainant: sa.ColumnElement[str]) -> sa.ScalarSelect[str]:
    """Why nothing is sent to the complainant, for a question that asks for more."""
    return sa.select(table.c.reason).where(table.c.complainant == complainant).scalar_subquery()


def page(conn: sa.Connection, *, cursor: str = "", limit: int = 50) -> Page:
    """The latest first; raises Invalid for an unknown cursor."""
    latest = (
        sa.select(tickets.c.reference, tickets.c.contact)
        .where(tickets.c.complainant == table.c.complainant)
        .order_by(tickets.c.recorded_at.desc(), tickets.c.reference)
        .limit(1)
        .lateral()
    )
    place = sa.tuple_(table.c.since, table.c.complainant)
    query = sa.select(table, latest).join_from(table, latest, sa.true())
    if cursor:
        query = query.where(place < _place(cursor))
    query = query.order_by(table.c.since.desc(), table.c.complainant.desc()).limit(limit + 1)
    lines = [Line(**row) for row in conn.execute(query).mappings()]
    more, lines = len(lines) > limit, lines[:limit]
    return Page(lines, f"{lines[-1].since.isoformat()}/{lines[-1].complainant}" if more else "")


def _place(cursor: str) -> sa.Tuple:
    at, _, complainant = cursor.partition("/")
    try:
        if not is_id(complainant):
            raise ValueError(complainant)
        return sa.tuple_(sa.literal(datetime.fromisoformat(at)), sa.literal(complainant))
    except ValueError:
        raise Invalid("This page of addresses does not exist.", field="cursor") from None
