"""What have banks said that fits no payment of ours, and what was made of it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections.table import Given, Projection, metadata
from recovery.events import PaperRef, Placed, Recorded, SetAside, Unplaced, subject

State = Literal["waiting", "placed", "set_aside"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One line that fitted no payment."""

    answer: str
    state: State = "waiting"
    statement: str
    heard_at: datetime | None
    by: str
    paper: str
    digest: str
    currency: str = ""
    amount: Decimal | None = None
    payment: str = ""
    """Of which it spoke after all."""
    settled_at: datetime | None = None
    settled_by: str = ""
    reason: str = ""

    @property
    def line(self) -> PaperRef:
        return PaperRef(self.paper, self.digest)


table = sa.Table(
    "answers",
    metadata,
    sa.Column("answer", sa.Text(collation="C"), primary_key=True),
    sa.Column("state", sa.Text(collation="C"), nullable=False),
    sa.Column("statement", sa.Text(collation="C"), nullable=False),
    sa.Column("heard_at", sa.DateTime(timezone=True)),
    sa.Column("by", sa.Text(collation="C"), nullable=False),
    sa.Column("paper", sa.Text(collation="C"), nullable=False),
    sa.Column("digest", sa.Text(collation="C"), nullable=False),
    sa.Column("currency", sa.Text(collation="C"), nullable=False),
    sa.Column("amount", sa.Numeric),
    sa.Column("payment", sa.Text(collation="C"), nullable=False),
    sa.Column("settled_at", sa.DateTime(timezone=True)),
    sa.Column("settled_by", sa.Text(collation="C"), nullable=False),
    sa.Column("reason", sa.Text(collation="C"), nullable=False),
)
_c = table.c
sa.Index("answers_waiting", _c.heard_at, _c.answer, postgresql_where=_c.state == "waiting")


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def fold(rows: tuple[Answer, ...], record: Recorded, _: Given) -> tuple[Answer, ...]:
    event = record.event
    if isinstance(event, Unplaced):
        return (
            Answer(
                answer=subject(record.stream), statement=event.statement, heard_at=event.at,
                by=event.by, paper=event.line.paper, digest=event.line.digest,
                currency=event.money.currency if event.money else "",
                amount=event.money.amount if event.money else None,
            ),
        )  # fmt: skip
    if not rows:
        return rows
    settled = replace(rows[0], settled_at=event.at, settled_by=event.by)
    match event:
        case Placed():
            return (replace(settled, state="placed", payment=event.payment),)
        case SetAside():
            return (replace(settled, state="set_aside", reason=event.reason),)
        case _:
            return rows


PROJECTION: Projection[Answer] = Projection(
    name="answers",
    version=1,
    table=table,
    row=Answer,
    group="answer",
    events=frozenset({Unplaced, Placed, SetAside}),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Unplaced),
)


def waiting(conn: sa.Connection, *, limit: int) -> list[Answer]:
    """Answers that wait for somebody, oldest first."""
    query = (
        sa.select(table).where(_c.state == "waiting").order_by(_c.heard_at, _c.answer).limit(limit)
    )
    return [Answer(**row) for row in conn.execute(query).mappings()]


def settled(conn: sa.Connection, *, limit: int) -> list[Answer]:
    """Answers that somebody has settled, latest first."""
    query = (
        sa.select(table)
        .where(_c.state != "waiting")
        .order_by(_c.settled_at.desc(), _c.answer)
        .limit(limit)
    )
    return [Answer(**row) for row in conn.execute(query).mappings()]
