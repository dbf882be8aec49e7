"""Which notes call a colleague who has not answered them yet?

Whoever writes a note on the complaint has answered; what somebody has put aside as seen is kept
beside the log, in `desk.mentions_seen`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

import msgspec
import psycopg
import sqlalchemy as sa

from projections import concerned
from projections.asking import Question
from projections.table import Given, Projection, metadata
from recovery.events import NoteAdded, Recorded, subject


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A note that calls somebody."""

    complaint: str
    version: int
    person: str
    """Who is called, as events name people."""
    by: str
    at: datetime | None
    note: str
    """Paper id."""


table = sa.Table(
    "mentions",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("person", sa.Text(collation="C"), primary_key=True),
    sa.Column("by", sa.Text(collation="C"), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("note", sa.Text(collation="C"), nullable=False),
)
_c = table.c
sa.Index("mentions_person", _c.person, _c.at)


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def fold(rows: tuple[Mention, ...], record: Recorded, _: Given) -> tuple[Mention, ...]:
    event = record.event
    if not isinstance(event, NoteAdded):
        return rows
    waiting = tuple(row for row in rows if row.person != event.by)
    return waiting + tuple(
        Mention(
            complaint=subject(record.stream), version=record.version, person=person, by=event.by,
            at=event.at, note=event.note.paper,
        )
        for person in event.mentions
    )  # fmt: skip


PROJECTION: Projection[Mention] = Projection(
    name="mentions",
    version=2,
    table=table,
    row=Mention,
    group="complaint",
    events=frozenset({NoteAdded}),
    groups=groups,
    fold=fold,
)


def of(
    conn: sa.Connection, person: str, *, limit: int, hidden: Collection[str] = ()
) -> list[Mention]:
    """The notes that call this person and wait, latest first; none on what is `hidden`."""
    asked = {"me": person, "hidden": list(hidden), "limit": limit}
    rows = _of(bool(hidden)).rows(conn, asked)
    return [Mention(**dict(zip(PROJECTION.columns, row, strict=True))) for row in rows]


@cache
def _of(hidden: bool) -> Question:
    columns = [_c[name] for name in PROJECTION.columns]
    query = sa.select(*columns).where(waiting(hidden)).order_by(_c.at.desc(), *table.primary_key)
    return Question(query.limit(sa.bindparam("limit", type_=sa.Integer)))


def waiting(hidden: bool) -> sa.ColumnElement[bool]:
    """The condition on a row that it waits for `me`, and is none of what is `hidden` from them."""
    put = sa.text(
        "not exists (select from desk.mentions_seen s where 'user:' || s.user_id = mentions.person"
        " and s.complaint = mentions.complaint and s.version >= mentions.version)"
    )
    mine = _c.person == sa.bindparam("me", type_=sa.Text)
    return sa.and_(mine, concerned.seen(_c.complaint), put) if hidden else sa.and_(mine, put)


def put_aside(conn: psycopg.Connection, *, user: str, complaint: str, version: int) -> None:
    """Somebody has seen what calls them on the complaint, up to this version of it."""
    conn.execute(
        "insert into desk.mentions_seen (user_id, complaint, version) values (%s, %s, %s)"
        " on conflict (user_id, complaint) do update"
        " set version = greatest(mentions_seen.version, excluded.version)",
        (user, complaint, version), prepare=True,
    )  # fmt: skip
