"""What is owed under each guarantee, where is the money, and by when is it to be paid?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from projections.table import Given, Projection, metadata
from recovery.events import PAYOUT_EVENTS, Due, PayoutEvent, Recorded, subject
from recovery.payout import NOTHING, State, evolve

Stage = Literal[
    "accruing", "owed", "approved", "instructed", "overpaid", "paid", "declined", "void"
]
"""What is to be done next: nothing yet, decide, instruct, wait for the bank, look into it; or how
it ended. Void: it turned out that nothing is owed."""
STAGES: tuple[Stage, ...] = get_args(Stage)


class PayoutRow(msgspec.Struct, frozen=True, kw_only=True):
    """One payout; the amounts by place add up to the total."""

    payout: str
    version: int
    complaint: str
    guarantee: str
    occurrence: str
    policy: str
    policy_version: str
    stage: Stage
    currency: str
    total: Decimal
    owed: Decimal
    approved: Decimal
    instructed: Decimal
    paid: Decimal
    declined: Decimal
    pay_by: date | None
    accrues_until: str
    due_at: datetime | None
    """Since when something is owed."""
    changed_at: datetime | None
    payment: str
    """The end-to-end id of the last attempt to pay."""
    money: State
    """All of it, with how the amount came about."""

    @classmethod
    def of(cls, record: Recorded, state: State, before: PayoutRow | None) -> PayoutRow:
        due, event = state.due, record.event
        assert isinstance(event, PayoutEvent)
        return cls(
            payout=subject(record.stream), version=record.version, complaint=event.complaint,
            guarantee=due.guarantee, occurrence=due.occurrence, policy=due.policy,
            policy_version=due.policy_version, stage=stage_of(state), currency=state.currency,
            total=state.total, owed=state.owed, approved=state.approved,
            instructed=state.instructed, paid=state.paid, declined=state.declined,
            pay_by=due.pay_by, accrues_until=due.accrues_until,
            due_at=before.due_at if before else event.at, changed_at=event.at,
            payment=getattr(event, "payment", before.payment if before else ""), money=state,
        )  # fmt: skip


def stage_of(state: State) -> Stage:
    """What is to be done next about a payout, or how it ended."""
    if state.owed > NOTHING:
        return "accruing" if state.due.accrues_until else "owed"
    if state.approved > NOTHING:
        return "approved"
    if state.instructed > NOTHING:
        return "instructed"
    if state.owed < NOTHING:
        return "overpaid"
    if state.paid > NOTHING:
        return "paid"
    return "declined" if state.declined > NOTHING else "void"


def _money(name: str) -> sa.Column[Decimal]:
    return sa.Column(name, sa.Numeric, nullable=False)


table = sa.Table(
    "payouts",
    metadata,
    sa.Column("payout", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("complaint", sa.Text(collation="C"), nullable=False),
    sa.Column("guarantee", sa.Text(collation="C"), nullable=False),
    sa.Column("occurrence", sa.Text(collation="C"), nullable=False),
    sa.Column("policy", sa.Text(collation="C"), nullable=False),
    sa.Column("policy_version", sa.Text(collation="C"), nullable=False),
    sa.Column("stage", sa.Text(collation="C"), nullable=False),
    sa.Column("currency", sa.Text(collation="C"), nullable=False),
    *map(_money, ("total", "owed", "approved", "instructed", "paid", "declined")),
    sa.Column("pay_by", sa.Date),
    sa.Column("accrues_until", sa.Text, nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True)),
    sa.Column("changed_at", sa.DateTime(timezone=True)),
    sa.Column("payment", sa.Text(collation="C"), nullable=False),
    sa.Column("money", JSONB, nullable=False),
)
_c = table.c
sa.Index("payouts_complaint", _c.complaint)
sa.Index("payouts_stage", _c.stage, _c.pay_by, _c.payout)
sa.Index("payouts_payment", _c.payment)


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def fold(rows: tuple[PayoutRow, ...], record: Recorded, _: Given) -> tuple[PayoutRow, ...]:
    before = rows[0] if rows else None
    state = evolve(before.money if before else None, record.event)
    if state is None:
        return rows
    return (PayoutRow.of(record, state, before),)


PROJECTION: Projection[PayoutRow] = Projection(
    name="payouts",
    version=4,
    table=table,
    row=PayoutRow,
    group="payout",
    events=PAYOUT_EVENTS,
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Due) and record.version == 1,
)

_PARTS: list[sa.ColumnElement[Any]] = []
for _name in PROJECTION.columns:
    _PARTS += [sa.literal_column(f"'{_name}'"), _c[_name]]
_ROW = sa.func.json_build_object(*_PARTS)
_decode = msgspec.json.Decoder(PayoutRow).decode


def of_complaint(conn: sa.Connection, complaint: str) -> list[PayoutRow]:
    """What a complaint is owed and was paid, oldest first."""
    return _read(conn, _select().where(_c.complaint == complaint).order_by(_c.due_at, _c.payout))


def together(complaint: sa.ColumnElement[str]) -> sa.ScalarSelect[str]:
    """The same as one text that `read_together` reads, for a question that asks for more."""
    every = sa.func.json_agg(aggregate_order_by(_ROW, _c.due_at, _c.payout))
    text = sa.cast(sa.func.coalesce(every, sa.literal_column("'[]'::json")), sa.Text)
    return sa.select(text).where(_c.complaint == complaint).scalar_subquery()


read_together = msgspec.json.Decoder(list[PayoutRow]).decode


def one(conn: sa.Connection, payout: str) -> PayoutRow | None:
    return next(iter(_read(conn, _select().where(_c.payout == payout))), None)


def chosen(
    conn: sa.Connection, conditions: Sequence[sa.ColumnElement[bool]], *,
    order: Sequence[sa.ColumnElement[Any]], limit: int,
) -> list[PayoutRow]:  # fmt: skip
    """Those for which the conditions hold."""
    return _read(conn, _select().where(*conditions).order_by(*order).limit(limit))


def in_stage(
    conn: sa.Connection, stages: Sequence[str], *, limit: int,
    after: tuple[date | None, str] | None = None, hidden: Collection[str] = (),
) -> list[PayoutRow]:  # fmt: skip
    """Payouts of these stages, the first pay-by day first, those without one last.

    `after` is the pay-by day and the id of the last one seen.
    """
    day = sa.func.coalesce(_c.pay_by, sa.literal(date.max, sa.Date))
    query = _select().where(_c.stage.in_(stages)).order_by(day, _c.payout).limit(limit)
    if hidden:
        query = query.where(_c.complaint.not_in(hidden))
    if after is not None:
        seen = sa.tuple_(sa.literal(after[0] or date.max, sa.Date), sa.literal(after[1], sa.Text))
        query = query.where(sa.tuple_(day, _c.payout) > seen)
    return _read(conn, query)


def _select() -> sa.Select[str]:
    return sa.select(sa.cast(_ROW, sa.Text))


def _read(conn: sa.Connection, query: sa.Select[str]) -> list[PayoutRow]:
    return [_decode(found) for found in conn.scalars(query)]
