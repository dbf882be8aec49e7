"""Which files of answers were read, and what did each of them tell?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from projections.table import Given, Projection, metadata
from recovery.events import Recorded, TakenIn, subject


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of a file: the same file is read again where it tells something new."""

    statement: str
    """SHA-256 of the file."""
    version: int
    form: str
    at: datetime | None
    by: str
    lines: int
    news: int
    unplaced: int


table = sa.Table(
    "statements",
    metadata,
    sa.Column("statement", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("form", sa.Text(collation="C"), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("by", sa.Text(collation="C"), nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("news", sa.Integer, nullable=False),
    sa.Column("unplaced", sa.Integer, nullable=False),
)
_c = table.c
sa.Index("statements_at", _c.at)


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def fold(rows: tuple[Statement, ...], record: Recorded, _: Given) -> tuple[Statement, ...]:
    event = record.event
    assert isinstance(event, TakenIn)
    return (
        Statement(
            statement=subject(record.stream), version=record.version, form=event.form,
            at=event.at, by=event.by, lines=event.lines, news=event.news, unplaced=event.unplaced,
        ),
    )  # fmt: skip


PROJECTION: Projection[Statement] = Projection(
    name="statements",
    version=1,
    table=table,
    row=Statement,
    group="statement",
    events=frozenset({TakenIn}),
    groups=groups,
    fold=fold,
    appends=True,
)


def latest(conn: sa.Connection, *, limit: int) -> list[Statement]:
    """The files that were read last."""
    query = sa.select(table).order_by(_c.at.desc().nulls_last(), _c.statement).limit(limit)
    return [Statement(**row) for row in conn.execute(query).mappings()]
