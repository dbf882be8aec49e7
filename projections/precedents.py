"""What did complaints like this one get? The middle of it, and how many there are to tell from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from projections.asking import Question
from projections.table import Given, Projection, metadata
from recovery.events import Compensated, Recorded, subject
from recovery.money import Money

ENOUGH = 5
"""Fewer say nothing about what is usual."""
LATEST = 1_000
"""Of older ones nobody asks: what is usual changes."""
Alike = Literal["loss", "severity", "category"]
"""How much alike: of one category, of one severity too, and of about the same loss (from half of it
to twice as much) too."""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """Money that a complainant got, and what kind of case it was then."""

    complaint: str
    version: int
    position: int
    kind: str
    category: str
    severity: str
    currency: str
    amount: Decimal
    loss: Decimal | None
    """In the same currency; None: not told, or in another."""
    at: datetime | None


class Precedent(msgspec.Struct, frozen=True):
    """What is usual, as far as the past can say."""

    alike: Alike
    number: int
    low: Decimal | None = None
    """A quarter got this or less."""
    median: Decimal | None = None
    high: Decimal | None = None
    """A quarter got this or more."""

    @property
    def enough(self) -> bool:
        return self.number >= ENOUGH

    def share(self, amount: Decimal) -> Decimal | None:
        """How far an amount is from the median, as a part of it: 0.5 is half as much again."""
        return (amount - self.median) / self.median if self.enough and self.median else None


table = sa.Table(
    "precedents",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text(collation="C"), nullable=False),
    sa.Column("category", sa.Text(collation="C"), nullable=False),
    sa.Column("severity", sa.Text(collation="C"), nullable=False),
    sa.Column("currency", sa.Text(collation="C"), nullable=False),
    sa.Column("amount", sa.Numeric, nullable=False),
    sa.Column("loss", sa.Numeric),
    sa.Column("at", sa.DateTime(timezone=True)),
)
_c = table.c
sa.Index("precedents_alike", _c.category, _c.kind, _c.currency, _c.position)


def groups(record: Recorded) -> Sequence[str]:
    event = record.event
    if not isinstance(event, Compensated) or event.money is None or event.kind == "in_kind":
        return ()
    return (subject(record.stream),)


def fold(_: tuple[Grant, ...], record: Recorded, __: Given) -> tuple[Grant, ...]:
    event = record.event
    if not groups(record) or not isinstance(event, Compensated) or event.money is None:
        return ()
    loss = event.loss if event.loss and event.loss.currency == event.money.currency else None
    return (
        Grant(
            complaint=subject(record.stream), version=record.version, position=record.position,
            kind=event.kind, category=event.category, severity=event.severity,
            currency=event.money.currency, amount=event.money.amount,
            loss=loss.amount if loss else None, at=event.at,
        ),
    )  # fmt: skip


PROJECTION: Projection[Grant] = Projection(
    name="precedents",
    version=1,
    table=table,
    row=Grant,
    group="complaint",
    events=frozenset({Compensated}),
    groups=groups,
    fold=fold,
    appends=True,
)


def precedent(
    conn: sa.Connection, *, but: str, kind: str, category: str, severity: str, currency: str,
    loss: Money | None,
) -> Precedent:  # fmt: skip
    """What is most alike and there is enough of; else all of the category, however few."""
    asked = {
        "but": but, "kind": kind, "category": category, "severity": severity,
        "currency": currency,
        "loss": loss.amount if loss and loss.currency == currency else None,
    }  # fmt: skip
    [row] = _question().rows(conn, asked)
    found = [Precedent(alike, row[n], *(row[n + 1] or (None, None, None))) for n, alike in _CIRCLES]
    return next((each for each in found if each.enough), found[-1])


_CIRCLES: tuple[tuple[int, Alike], ...] = ((0, "loss"), (2, "severity"), (4, "category"))
"""Where the answer speaks of each."""


@cache
def _question() -> Question:
    """The three circles in one statement, over the latest of the category."""
    loss = sa.cast(sa.bindparam("loss"), sa.Numeric)
    two = sa.literal_column("2", sa.Numeric)
    latest = (
        sa.select(
            _c.amount, (_c.severity == sa.bindparam("severity")).label("severe"),
            sa.func.coalesce(_c.loss.between(loss / two, loss * two), sa.false()).label("near"),
        )
        .where(
            _c.category == sa.bindparam("category"), _c.kind == sa.bindparam("kind"),
            _c.currency == sa.bindparam("currency"), _c.complaint != sa.bindparam("but"),
        )
        .order_by(_c.position.desc())
        .limit(sa.literal_column(str(LATEST), sa.Integer))
        .subquery()
    )  # fmt: skip
    parts: sa.ColumnElement[Any] = sa.literal_column("array[0.25, 0.5, 0.75]::double precision[]")
    quartiles = sa.func.percentile_disc(parts).within_group(latest.c.amount)
    circles = (latest.c.severe & latest.c.near, latest.c.severe, sa.true())
    columns = [
        column.filter(circle) for circle in circles for column in (sa.func.count(), quartiles)
    ]
    return Question(sa.select(*columns))
