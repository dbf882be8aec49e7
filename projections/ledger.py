"""Where did each penny go, and do the books balance?

One entry for each event of a payout: what it adds to each account, debits positive and credits
negative, so that an entry adds up to nothing. The database refuses one that does not. The entries
are worked out from the events alone, beside the rule that says what a payout's state is: that both
come to the same is what `unbalanced` looks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections import payouts
from projections.table import Given, Projection, metadata
from recovery.events import (
    PAYOUT_EVENTS,
    Approved,
    Declined,
    Due,
    Event,
    Failed,
    Instructed,
    Paid,
    PayoutEvent,
    Recorded,
    Reversed,
    subject,
)

NOTHING = Decimal(0)
EXPENSE, OWED, APPROVED, BANK, PAID, WRITTEN_OFF = ACCOUNTS = (
    "expense", "owed", "approved", "bank", "paid", "written_off",
)  # fmt: skip
"""What it costs us; then where that is: nobody has decided, to be instructed, in the bank's hands,
with the complainant, and declined."""
_MOVES: dict[type[Event], tuple[str, str]] = {
    Due: (EXPENSE, OWED), Approved: (OWED, APPROVED), Declined: (OWED, WRITTEN_OFF),
    Instructed: (APPROVED, BANK), Paid: (BANK, PAID), Failed: (BANK, APPROVED),
    Reversed: (PAID, APPROVED),
}  # fmt: skip
"""From where to where the money goes; what is not here moves none."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one event adds to each account."""

    payout: str
    version: int
    """Of the payout's stream."""
    position: int
    at: datetime | None
    kind: str
    complaint: str
    guarantee: str
    policy: str
    currency: str
    by: str
    payment: str = ""
    expense: Decimal = NOTHING
    owed: Decimal = NOTHING
    approved: Decimal = NOTHING
    bank: Decimal = NOTHING
    paid: Decimal = NOTHING
    written_off: Decimal = NOTHING

    def moved(self, amount: Decimal, source: str, target: str) -> Entry:
        """A credit is what an account of ours owes or has paid; the expense is a debit."""
        return replace(self, **{
            source: getattr(self, source) + amount, target: getattr(self, target) - amount,
        })  # fmt: skip


table = sa.Table(
    "ledger",
    metadata,
    sa.Column("payout", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("kind", sa.Text(collation="C"), nullable=False),
    sa.Column("complaint", sa.Text(collation="C"), nullable=False),
    sa.Column("guarantee", sa.Text(collation="C"), nullable=False),
    sa.Column("policy", sa.Text(collation="C"), nullable=False),
    sa.Column("currency", sa.Text(collation="C"), nullable=False),
    sa.Column("by", sa.Text(collation="C"), nullable=False),
    sa.Column("payment", sa.Text(collation="C"), nullable=False),
    *(sa.Column(account, sa.Numeric, nullable=False) for account in ACCOUNTS),
    sa.CheckConstraint(f"{' + '.join(ACCOUNTS)} = 0", name="an_entry_balances"),
)
_c = table.c
sa.Index("ledger_position", _c.position)
sa.Index("ledger_at", _c.at)


def fold(rows: tuple[Entry, ...], record: Recorded, _: Given) -> tuple[Entry, ...]:
    event = record.event
    if not isinstance(event, PayoutEvent):
        return rows
    if isinstance(event, Due):
        guarantee, policy = event.guarantee, event.policy
    elif rows:
        guarantee, policy = rows[-1].guarantee, rows[-1].policy
    else:
        return rows
    entry = Entry(
        payout=subject(record.stream), version=record.version, position=record.position,
        at=event.at, kind=event.topic.partition(".")[2], complaint=event.complaint,
        guarantee=guarantee, policy=policy, currency=event.money.currency, by=event.by,
        payment=getattr(event, "payment", ""),
    )  # fmt: skip
    if move := _move(entry, rows, event):
        entry = entry.moved(event.money.amount, *move)
    return (*rows, _covered(entry, rows))


def _move(entry: Entry, before: tuple[Entry, ...], event: PayoutEvent) -> tuple[str, str] | None:
    """From where to where; a payment that was said to be back, and left after all, is approved."""
    last = next((e.kind for e in reversed(before) if e.payment == entry.payment != ""), "")
    if isinstance(event, Paid) and last in ("failed", "reversed"):
        return APPROVED, PAID
    return _MOVES.get(type(event))


def _covered(entry: Entry, before: tuple[Entry, ...]) -> Entry:
    """Less than nothing owed is taken from what was approved, then from what was written off.

    Less than nothing approved was instructed a second time: it was owed once.
    """
    twice = _balance((*before, entry), APPROVED)
    if twice > NOTHING:
        entry = entry.moved(twice, OWED, APPROVED)
    for account in (APPROVED, WRITTEN_OFF):
        lacking = _balance((*before, entry), OWED)
        left = -_balance((*before, entry), account)
        if lacking > NOTHING and left > NOTHING:
            entry = entry.moved(min(lacking, left), account, OWED)
    return entry


def _balance(entries: Sequence[Entry], account: str) -> Decimal:
    return sum((getattr(entry, account) for entry in entries), NOTHING)


PROJECTION: Projection[Entry] = Projection(
    name="ledger",
    version=1,
    table=table,
    row=Entry,
    group="payout",
    events=PAYOUT_EVENTS,
    groups=payouts.groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Due) and record.version == 1,
)

_SUMS = [sa.func.coalesce(sa.func.sum(_c[account]), 0).label(account) for account in ACCOUNTS]


def balances(conn: sa.Connection, *, position: int | None = None) -> dict[str, dict[str, Decimal]]:
    """By currency: what stands on each account, after a position of the log if given.

    Each is positive where money lies there as it should; the expense is what all of it costs.
    """
    query = sa.select(_c.currency, *_SUMS).group_by(_c.currency).order_by(_c.currency)
    if position is not None:
        query = query.where(_c.position <= position)
    return {row.currency: _balances(row) for row in conn.execute(query)}


def _balances(row: sa.Row[tuple[object, ...]]) -> dict[str, Decimal]:
    sums = row._mapping
    return {name: sums[name] if name == EXPENSE else -sums[name] for name in ACCOUNTS}


class Unbalanced(msgspec.Struct, frozen=True):
    """A payout whose entries come to something else than its state."""

    payout: str
    version: int
    position: int
    """Of the last event that the ledger has of it."""


def unbalanced(conn: sa.Connection, *, limit: int = 5) -> list[Unbalanced]:
    """Payouts whose entries and whose state do not come to the same, first in the log first."""
    p = payouts.table.c
    places = {
        EXPENSE: p.total, OWED: -p.owed, APPROVED: -p.approved, BANK: -p.instructed,
        PAID: -p.paid, WRITTEN_OFF: -p.declined,
    }  # fmt: skip
    sums = (
        sa.select(
            _c.payout, sa.func.max(_c.version).label("version"),
            sa.func.max(_c.position).label("position"), sa.func.count().label("entries"), *_SUMS,
        )
        .group_by(_c.payout)
        .subquery()
    )  # fmt: skip
    joined = sums.join(payouts.table, p.payout == sums.c.payout, full=True)
    wrong = [sums.c[name].is_distinct_from(place) for name, place in places.items()]
    rows = conn.execute(
        sa.select(
            sa.func.coalesce(sums.c.payout, p.payout),
            sa.func.coalesce(sums.c.version, p.version),
            sa.func.coalesce(sums.c.position, 0),
        )
        .select_from(joined)
        .where(sa.or_(*wrong, sums.c.entries.is_distinct_from(p.version)))
        .order_by(sums.c.position)
        .limit(limit)
    )
    return [Unbalanced(*row) for row in rows]
