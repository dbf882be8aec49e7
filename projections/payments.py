"""What became of each attempt to pay, and which of them has nobody taken yet?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections.table import Given, Projection, metadata
from recovery.events import (
    Accepted,
    Failed,
    Instructed,
    Paid,
    PaperRef,
    PayoutEvent,
    Recorded,
    Reversed,
    subject,
)
from recovery.money import Money
from recovery.payout import PaymentState


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to pay."""

    payment: str
    """The end-to-end id."""
    payout: str
    complaint: str
    batch: str
    """Empty: on its own."""
    connector: str
    currency: str
    amount: Decimal
    state: PaymentState = "instructed"
    account: str = ""
    """Id of the paper with the account that it went to."""
    digest: str = ""
    instructed_at: datetime | None = None
    by: str
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    reason: str = ""

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def paper(self) -> PaperRef | None:
        return PaperRef(self.account, self.digest) if self.account else None


table = sa.Table(
    "payments",
    metadata,
    sa.Column("payment", sa.Text(collation="C"), primary_key=True),
    sa.Column("payout", sa.Text(collation="C"), nullable=False),
    sa.Column("complaint", sa.Text(collation="C"), nullable=False),
    sa.Column("batch", sa.Text(collation="C"), nullable=False),
    sa.Column("connector", sa.Text(collation="C"), nullable=False),
    sa.Column("currency", sa.Text(collation="C"), nullable=False),
    sa.Column("amount", sa.Numeric, nullable=False),
    sa.Column("state", sa.Text(collation="C"), nullable=False),
    sa.Column("account", sa.Text(collation="C"), nullable=False),
    sa.Column("digest", sa.Text(collation="C"), nullable=False),
    sa.Column("instructed_at", sa.DateTime(timezone=True)),
    sa.Column("by", sa.Text(collation="C"), nullable=False),
    sa.Column("accepted_at", sa.DateTime(timezone=True)),
    sa.Column("answered_at", sa.DateTime(timezone=True)),
    sa.Column("reason", sa.Text(collation="C"), nullable=False),
)
_c = table.c
sa.Index("payments_batch", _c.batch, _c.payment)
sa.Index(
    "payments_to_hand_over", _c.connector, _c.instructed_at, _c.payment,
    postgresql_where=(_c.state == "instructed") & _c.accepted_at.is_(None),
)  # fmt: skip


def groups(record: Recorded) -> Sequence[str]:
    payment: str | None = getattr(record.event, "payment", None)
    return (payment,) if payment else ()


def fold(rows: tuple[Payment, ...], record: Recorded, _: Given) -> tuple[Payment, ...]:
    event = record.event
    if isinstance(event, Instructed):
        return (_instructed(record, event),)
    if not rows or not isinstance(event, PayoutEvent):
        return rows
    return (_answered(rows[0], event),)


def _instructed(record: Recorded, event: Instructed) -> Payment:
    kind, _, batch = event.cause.partition("-")
    return Payment(
        payment=event.payment, payout=subject(record.stream), complaint=event.complaint,
        batch=batch if kind == "batch" else "", connector=event.connector,
        currency=event.money.currency, amount=event.money.amount,
        account=event.account.paper if event.account else "",
        digest=event.account.digest if event.account else "", instructed_at=event.at, by=event.by,
    )  # fmt: skip


def _answered(row: Payment, event: PayoutEvent) -> Payment:
    match event:
        case Accepted():
            return replace(row, accepted_at=event.at)
        case Paid():
            return replace(row, state="paid", answered_at=event.at, reason="")
        case Failed():
            return replace(row, state="failed", answered_at=event.at, reason=event.reason)
        case Reversed():
            return replace(row, state="reversed", answered_at=event.at, reason=event.reason)
        case _:
            return row


PROJECTION: Projection[Payment] = Projection(
    name="payments",
    version=1,
    table=table,
    row=Payment,
    group="payment",
    events=frozenset({Instructed, Accepted, Paid, Failed, Reversed}),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Instructed),
)


def under(conn: sa.Connection, payments: Collection[str]) -> dict[str, Payment]:
    """The payments that were instructed under these ids."""
    rows = conn.execute(sa.select(table).where(_c.payment == sa.any_(sa.literal(list(payments)))))
    return {row.payment: Payment(**row._mapping) for row in rows}


def of_batch(conn: sa.Connection, batch: str) -> dict[str, tuple[int, Decimal]]:
    """By state: how many payments of a batch there are, and their sum."""
    query = (
        sa.select(_c.state, sa.func.count(), sa.func.sum(_c.amount))
        .where(_c.batch == batch)
        .group_by(_c.state)
    )
    return {state: (count, amount) for state, count, amount in conn.execute(query)}


def task(payment: str) -> str:
    """The lease that whoever hands the payment over holds."""
    return f"payment:{payment}"


def to_hand_over(conn: sa.Connection, *, connector: str, limit: int) -> list[Payment]:
    """Payments that the other side has not taken, and that nobody is working on or resting from."""
    leased = sa.text(
        "not exists (select from desk.leases l where l.task = :task || payments.payment"
        " and l.until > clock_timestamp())"
    ).bindparams(task=task(""))
    rows = conn.execute(
        sa.select(table)
        .where(_c.connector == connector, _c.state == "instructed", _c.accepted_at.is_(None))
        .where(leased)
        .order_by(_c.instructed_at, _c.payment)
        .limit(limit)
    )
    return [Payment(**row._mapping) for row in rows]
