"""What did guarantees cost, where is the money, and how much of it is late?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from projections import ledger, payouts
from projections.ledger import ACCOUNTS, EXPENSE
from recovery.money import Money

WAITING = ("accruing", "owed", "approved", "instructed")
"""Stages from which money is still to reach the complainant."""


class Line(msgspec.Struct, frozen=True):
    """What was moved in one month under one guarantee: debits of the expense, credits elsewhere."""

    month: str
    """"2026-03", in the zone asked for."""
    policy: str
    guarantee: str
    currency: str
    expense: Decimal
    owed: Decimal
    approved: Decimal
    bank: Decimal
    paid: Decimal
    written_off: Decimal


class Waiting(msgspec.Struct, frozen=True):
    """Payouts on their way, by what is to be done next."""

    stage: str
    currency: str
    payouts: int
    amount: Decimal
    late: int
    """Whose pay-by day has passed."""
    late_amount: Decimal
    first_day: date | None
    """The earliest pay-by day among them."""

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Report(msgspec.Struct, frozen=True):
    """The books by month and guarantee, and what is on its way as of a day."""

    today: date
    zone: str
    balances: dict[str, dict[str, Decimal]]
    """By currency: what stands on each account."""
    lines: tuple[Line, ...]
    waiting: tuple[Waiting, ...]


def report(conn: sa.Connection, *, today: date, zone: str) -> Report:
    return Report(
        today, zone, ledger.balances(conn), tuple(_lines(conn, zone)),
        tuple(waiting(conn, today=today)),
    )  # fmt: skip


def _lines(conn: sa.Connection, zone: str) -> list[Line]:
    c = ledger.table.c
    month = sa.func.to_char(sa.func.timezone(zone, c.at), "YYYY-MM").label("month")
    sums = [
        (sa.func.sum(c[name]) * (1 if name == EXPENSE else -1)).label(name) for name in ACCOUNTS
    ]
    groups = [month, c.policy, c.guarantee, c.currency]
    rows = conn.execute(
        sa.select(*groups, *sums)
        .group_by(*[sa.text(str(n)) for n in range(1, 5)])
        .order_by(*[sa.text(str(n)) for n in range(1, 5)])
    )
    return [Line(*row) for row in rows]


def waiting(conn: sa.Connection, *, today: date) -> list[Waiting]:
    """What is on its way, by what is to be done next."""
    c = payouts.table.c
    amount = c.owed + c.approved + c.instructed
    late = c.pay_by < today
    rows = conn.execute(
        sa.select(
            c.stage, c.currency, sa.func.count(), sa.func.sum(amount),
            sa.func.count().filter(late),
            sa.func.coalesce(sa.func.sum(amount).filter(late), 0), sa.func.min(c.pay_by),
        )
        .where(c.stage.in_(WAITING))
        .group_by(c.stage, c.currency)
        .order_by(sa.func.array_position(list(WAITING), c.stage), c.currency)
    )  # fmt: skip
    return [Waiting(*row) for row in rows]
