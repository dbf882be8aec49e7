"""Which payouts stand behind a number of the ledger or of the ageing?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from projections import ledger, payouts
from projections.ledger import ACCOUNTS, EXPENSE
from projections.payout_ageing import Age, of_age
from projections.payout_report import WAITING
from recovery.money import Money


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries of the ledger: those on an account, of a month, of a guarantee."""

    account: str
    currency: str
    month: str = ""
    """"2026-03", in the zone."""
    policy: str = ""
    guarantee: str = ""
    zone: str = "UTC"


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """One payout, and its part of the number."""

    payout: str
    complaint: str
    guarantee: str
    policy: str
    stage: str
    pay_by: date | None
    currency: str
    amount: Decimal

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Total(msgspec.Struct, frozen=True):
    """The number itself, worked out from what stands behind it."""

    payouts: int
    amount: Decimal


def of_books(
    conn: sa.Connection, books: Books, *, limit: int, after: str = ""
) -> tuple[Total, list[Behind]]:
    """The payouts whose entries come to the number, by id."""
    c = ledger.table.c
    sign = 1 if books.account == EXPENSE else -1
    wanted = [c.currency == books.currency]
    if books.month:
        wanted.append(sa.func.to_char(sa.func.timezone(books.zone, c.at), "YYYY-MM") == books.month)
    wanted += [c[name] == value for name in ("policy", "guarantee")
               if (value := getattr(books, name))]  # fmt: skip
    amount = sa.func.sum(c[_known(books.account)]) * sign
    sums = (
        sa.select(c.payout, amount.label("amount"))
        .where(*wanted)
        .group_by(c.payout)
        .having(amount != 0)
        .subquery()
    )
    return _behind(conn, sums, limit=limit, after=after)


def of_ageing(
    conn: sa.Connection, age: Age, currency: str, *, today: date, limit: int, after: str = ""
) -> tuple[Total, list[Behind]]:
    """The payouts of an age that are on their way, by id."""
    c = payouts.table.c
    sums = (
        sa.select(c.payout, (c.owed + c.approved + c.instructed).label("amount"))
        .where(c.stage.in_(WAITING), c.currency == currency, of_age(age, today=today))
        .subquery()
    )
    return _behind(conn, sums, limit=limit, after=after)


def _behind(
    conn: sa.Connection, sums: sa.Subquery, *, limit: int, after: str
) -> tuple[Total, list[Behind]]:
    p = payouts.table.c
    whole = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sums.c.amount), 0))
    columns: Sequence[sa.ColumnElement[Any]] = (
        p.payout,
        p.complaint,
        p.guarantee,
        p.policy,
        p.stage,
        p.pay_by,
        p.currency,
        sums.c.amount,
    )
    query = (
        sa.select(*columns)
        .join_from(sums, payouts.table, p.payout == sums.c.payout)
        .where(p.payout > after)
        .order_by(p.payout)
        .limit(limit)
    )
    total = Total(*conn.execute(whole).one())
    return total, [Behind(**row) for row in conn.execute(query).mappings()]


def _known(account: str) -> str:
    return account if account in ACCOUNTS else EXPENSE
