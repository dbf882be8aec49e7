"""How much will guarantees that still grow have come to, if nothing is done?"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from projections import entitlements, payouts
from projections.table import Given
from recovery.owing import entitled
from recovery.policy.library import Policies

AHEAD = (7, 30)
"""Days."""
MOST = 2_000
"""Complaints that are looked at, those that have grown longest first."""


class Exposure(msgspec.Struct, frozen=True):
    """What grows in one currency: now, and as it would be."""

    currency: str
    payouts: int
    now: Decimal
    ahead: dict[int, Decimal]
    """By days from now: what the payouts that were looked at would come to."""
    looked_at: int
    """Payouts; fewer than there are where more grow than can be looked at."""


def exposure(conn: sa.Connection, policies: Policies, *, now: datetime) -> list[Exposure]:
    """By currency: what grows, and what it will be if nobody answers."""
    c = payouts.table.c
    growing = conn.execute(
        sa.select(c.currency, sa.func.count(), sa.func.sum(c.total))
        .where(c.stage == "accruing")
        .group_by(c.currency)
        .order_by(c.currency)
    ).all()
    if not growing:
        return []
    ahead, looked_at = _ahead(conn, Given(policies), now)
    return [
        Exposure(currency, count, amount, dict(ahead[currency]), looked_at[currency])
        for currency, count, amount in growing
    ]


def _ahead(
    conn: sa.Connection, given: Given, now: datetime
) -> tuple[dict[str, dict[int, Decimal]], dict[str, int]]:
    sums: dict[str, dict[int, Decimal]] = defaultdict(lambda: dict.fromkeys(AHEAD, Decimal(0)))
    looked_at: dict[str, int] = defaultdict(int)
    c = payouts.table.c
    rows = conn.execute(
        sa.select(c.complaint, sa.func.array_agg(c.guarantee + "/" + c.occurrence))
        .where(c.stage == "accruing")
        .group_by(c.complaint)
        .order_by(sa.func.min(c.due_at), c.complaint)
        .limit(MOST)
    ).all()
    growing = {complaint: set(names) for complaint, names in rows}
    for row in entitlements.of_complaints(conn, list(growing)):
        standing = entitlements.standing(row, given)
        for days in AHEAD:
            for each in entitled(standing, now + timedelta(days=days)):
                if f"{each.guarantee}/{each.occurrence}" in growing[row.complaint]:
                    sums[each.money.currency][days] += each.money.amount
                    looked_at[each.money.currency] += days == AHEAD[0]
    return sums, looked_at
