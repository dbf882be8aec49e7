"""Which payouts are in which batch, and which are approved and in none?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from projections import batches, payees, payouts
from projections.table import Given, Projection, metadata
from recovery.events import Gathered, PaperRef, Recorded, subject
from recovery.money import Money


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One payout of a batch."""

    batch: str
    payout: str
    part: int
    place: int
    complaint: str
    guarantee: str
    payment: str
    amount: Decimal


table = sa.Table(
    "batched",
    metadata,
    sa.Column("batch", sa.Text(collation="C"), primary_key=True),
    sa.Column("payout", sa.Text(collation="C"), primary_key=True),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("complaint", sa.Text(collation="C"), nullable=False),
    sa.Column("guarantee", sa.Text(collation="C"), nullable=False),
    sa.Column("payment", sa.Text(collation="C"), nullable=False),
    sa.Column("amount", sa.Numeric, nullable=False),
)
_c = table.c
sa.Index("batched_payout", _c.payout)
sa.Index("batched_place", _c.batch, _c.part, _c.place)


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def fold(rows: tuple[Row, ...], record: Recorded, _: Given) -> tuple[Row, ...]:
    event = record.event
    assert isinstance(event, Gathered)
    batch = subject(record.stream)
    return tuple(
        Row(
            batch=batch, payout=each.payout, part=event.part, place=place,
            complaint=each.complaint, guarantee=each.guarantee, payment=each.payment,
            amount=each.amount,
        )
        for place, each in enumerate(event.payouts, 1)
    )  # fmt: skip


PROJECTION: Projection[Row] = Projection(
    name="batched",
    version=1,
    table=table,
    row=Row,
    group="batch",
    events=frozenset({Gathered}),
    groups=groups,
    fold=fold,
    appends=True,
)


def of_batch(
    conn: sa.Connection, batch: str, *, limit: int, after: tuple[int, int] = (0, 0)
) -> list[Row]:
    """The payouts of a batch in the order of its files; `after` is the part and place last seen."""
    query = (
        sa.select(table)
        .where(_c.batch == batch, sa.tuple_(_c.part, _c.place) > sa.tuple_(*map(sa.literal, after)))
        .order_by(_c.part, _c.place)
        .limit(limit)
    )
    return [Row(**row) for row in conn.execute(query).mappings()]


# ---------------------------------------------------------------- what waits to be gathered


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An approved payout that is in no batch that waits."""

    payout: str
    version: int
    complaint: str
    guarantee: str
    amount: Decimal
    currency: str
    pay_by: date | None
    approved_at: datetime | None
    attempts: int
    """To pay it so far."""
    account: PaperRef | None


def candidates(
    conn: sa.Connection, *, cut_off: datetime, currency: str = "", limit: int | None = None
) -> list[Candidate]:
    """What was approved by the cut-off and is in no batch that waits, first pay-by day first."""
    p, a = payouts.table.c, payees.table.c
    query = (
        sa.select(
            p.payout, p.version, p.complaint, p.guarantee, p.approved, p.currency, p.pay_by,
            p.changed_at, _attempts(), a.account, a.digest,
        )
        .join_from(payouts.table, payees.table, a.complaint == p.complaint, isouter=True)
        .where(_free(), p.changed_at <= cut_off, p.currency == currency if currency else sa.true())
        .order_by(p.pay_by.asc().nulls_last(), p.payout)
        .limit(limit)
    )  # fmt: skip
    return [
        Candidate(
            payout=r.payout, version=r.version, complaint=r.complaint, guarantee=r.guarantee,
            amount=r.approved, currency=r.currency, pay_by=r.pay_by, approved_at=r.changed_at,
            attempts=r.attempts, account=PaperRef(r.account, r.digest) if r.account else None,
        )
        for r in conn.execute(query)
    ]  # fmt: skip


class Ready(msgspec.Struct, frozen=True):
    """What waits to be gathered in one currency."""

    currency: str
    payouts: int
    amount: Decimal
    without_account: int

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


def ready(conn: sa.Connection) -> list[Ready]:
    """What is approved and in no batch that waits, by currency."""
    p, a = payouts.table.c, payees.table.c
    query = (
        sa.select(
            p.currency, sa.func.count(), sa.func.sum(p.approved),
            sa.func.count().filter(a.account.is_(None)),
        )
        .join_from(payouts.table, payees.table, a.complaint == p.complaint, isouter=True)
        .where(_free())
        .group_by(p.currency)
        .order_by(p.currency)
    )  # fmt: skip
    return [Ready(*row) for row in conn.execute(query)]


def _free() -> sa.ColumnElement[bool]:
    """Approved and not in doubt, nothing on its way, and in no batch that waits for a signature."""
    p, b = payouts.table.c, batches.table.c
    waiting = sa.exists().where(
        _c.payout == p.payout, b.batch == _c.batch, b.stage.in_(batches.WAITING)
    )
    doubted = sa.func.jsonb_array_length(p.money["signs"]) > 0
    return (p.stage == "approved") & (p.instructed == 0) & ~doubted & ~waiting


def _attempts() -> sa.ColumnElement[int]:
    """How many payments there were: kept with the payout's state."""
    keys = sa.func.jsonb_object_keys(payouts.table.c.money["payments"]).table_valued("key")
    found = sa.select(sa.func.count()).select_from(keys).scalar_subquery()
    return sa.func.coalesce(found, 0).label("attempts")
