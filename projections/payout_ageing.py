"""How old is what is owed, against the days by which it was promised?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, get_args

import msgspec
import sqlalchemy as sa

from projections import payouts
from projections.payout_report import WAITING
from recovery.money import Money

Age = Literal[
    "late_over_30", "late_8_to_30", "late_1_to_7", "today", "in_7", "in_30", "later", "no_day"
]
AGES: tuple[Age, ...] = get_args(Age)
"""Latest first: days after the pay-by day, or until it."""


class Bucket(msgspec.Struct, frozen=True):
    """What is on its way to the complainant, of one age."""

    age: Age
    currency: str
    payouts: int
    amount: Decimal

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def late(self) -> bool:
        return self.age.startswith("late")


def ageing(conn: sa.Connection, *, today: date) -> list[Bucket]:
    """By age and currency: what waits, the late ones first."""
    c = payouts.table.c
    amount = c.owed + c.approved + c.instructed
    rows = conn.execute(
        sa.select(_age(today).label("age"), c.currency, sa.func.count(), sa.func.sum(amount))
        .where(c.stage.in_(WAITING))
        .group_by(sa.text("1"), c.currency)
    )
    found = [Bucket(*row) for row in rows]
    return sorted(found, key=lambda bucket: (AGES.index(bucket.age), bucket.currency))


def of_age(age: Age, *, today: date) -> sa.ColumnElement[bool]:
    """Whether a payout is of this age."""
    return _age(today) == age


def _age(today: date) -> sa.ColumnElement[str]:
    day = payouts.table.c.pay_by
    return sa.case(
        (day.is_(None), "no_day"),
        (day < today - timedelta(days=30), "late_over_30"),
        (day < today - timedelta(days=7), "late_8_to_30"),
        (day < today, "late_1_to_7"),
        (day == today, "today"),
        (day <= today + timedelta(days=7), "in_7"),
        (day <= today + timedelta(days=30), "in_30"),
        else_="later",
    )
