"""Which audits were run, what did they answer, and what was made of them?"""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections.asking import Question
from projections.story import groups
from projections.table import Given, Projection, metadata
from recovery.events import LookedInto, PassedOn, Ran, Recorded, SignedOff, subject

MOST_LISTED = 100


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One audit."""

    audit: str
    version: int
    at: datetime | None
    by: str
    measure: str
    question: str
    result: str
    digest: str
    as_of: datetime
    log_position: int
    code: str
    looked_into: int = 0
    """How often somebody looked at the complaints behind it."""
    signed_at: datetime | None = None
    signed_by: str = ""
    words: str | None = None
    """The paper with the comment."""
    follow_up: str | None = None

    @classmethod
    def of(cls, record: Recorded, event: Ran) -> Run:
        return cls(
            audit=subject(record.stream), version=record.version, at=event.at, by=event.by,
            measure=event.measure, question=event.question, result=event.result,
            digest=event.digest, as_of=event.as_of, log_position=event.log_position,
            code=event.code,
        )  # fmt: skip


table = sa.Table(
    "audits",
    metadata,
    sa.Column("audit", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
    sa.Column("log_position", sa.BigInteger, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("looked_into", sa.Integer, nullable=False),
    sa.Column("signed_at", sa.DateTime(timezone=True)),
    sa.Column("signed_by", sa.Text, nullable=False),
    sa.Column("words", sa.Text),
    sa.Column("follow_up", sa.Text),
)
sa.Index("audits_latest", table.c.at.desc(), table.c.audit)


def fold(rows: tuple[Run, ...], record: Recorded, _: Given) -> tuple[Run, ...]:
    event = record.event
    match event, rows:
        case Ran(), ():
            return (Run.of(record, event),)
        case LookedInto(), (run,):
            return (replace(run, version=record.version, looked_into=run.looked_into + 1),)
        case PassedOn(), (run,):
            return (replace(run, version=record.version),)
        case SignedOff(), (run,):
            follow_up = event.follow_up.paper if event.follow_up else None
            return (replace(
                run, version=record.version, signed_at=event.at, signed_by=event.by,
                words=event.words.paper, follow_up=follow_up,
            ),)  # fmt: skip
        case _:
            return rows


PROJECTION: Projection[Run] = Projection(
    name="audits",
    version=2,
    table=table,
    row=Run,
    group="audit",
    events=frozenset({Ran, LookedInto, PassedOn, SignedOff}),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Ran),
)

_COLUMNS = [table.c[name] for name in PROJECTION.columns]
_ONE = Question(sa.select(*_COLUMNS).where(table.c.audit == sa.bindparam("audit")))
_LATEST = Question(
    sa.select(*_COLUMNS)
    .order_by(table.c.at.desc(), table.c.audit)
    .limit(sa.literal_column(str(MOST_LISTED)))
)


def one(conn: sa.Connection, audit: str) -> Run | None:
    found = _ONE.rows(conn, {"audit": audit})
    return _read(found[0]) if found else None


def latest(conn: sa.Connection) -> list[Run]:
    """The last ones, the latest first."""
    return [_read(row) for row in _LATEST.rows(conn, {})]


def _read(row: tuple[object, ...]) -> Run:
    return Run(**dict(zip(PROJECTION.columns, row, strict=True)))  # type: ignore[arg-type]
