"""What has somebody approved already, so that two approvals at once cannot overrun a limit?

The log says it, found by an index of its own: there is no counter that could be wrong. Whoever
approves holds the person's lock until their approval is recorded. A day is one of the policy's zone
by the database's clock, whatever instant an approval is dated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from recovery.authority import Used
from recovery.policy.authority import Basis
from recovery.store import Store

_APPROVED = """
select desk.said(state, 'by') as by, desk.said(state, 'complaint') as complaint,
    coalesce(desk.said(state, 'basis'), 'guarantee') as basis, m.money ->> 'currency' as currency,
    (m.money ->> 'amount')::numeric as amount, recorded_at >= d.day as today
from desk.events
cross join lateral (select desk.said(state, 'money')::json as money) m
cross join (
    select date_trunc('day', clock_timestamp() at time zone %(zone)s) at time zone %(zone)s as day
) d
where split_part(topic, '@', 1) = 'payout.approved'
"""
_MINE = f"""
with approved as ({_APPROVED} and desk.said(state, 'by') = %(by)s
    and (recorded_at >= d.day or desk.said(state, 'complaint') = any(%(complaints)s)))
select complaint, basis, currency, sum(amount), coalesce(sum(amount) filter (where today), 0)
from approved group by grouping sets ((complaint, basis, currency), (basis, currency))
having complaint = any(%(complaints)s) or grouping(complaint) = 1
"""  # noqa: S608 (all of it ours)
_EVERYBODYS = f"""
with approved as ({_APPROVED} and desk.said(state, 'by') like 'user:%%'
    and (recorded_at >= d.day or desk.said(state, 'complaint') = %(complaint)s))
select by, basis, currency, coalesce(sum(amount) filter (where complaint = %(complaint)s), 0),
    coalesce(sum(amount) filter (where today), 0)
from approved group by by, basis, currency
"""  # noqa: S608 (all of it ours)
_SPENT = """
select coalesce(sum((desk.said(state, 'money')::json ->> 'amount')::numeric), 0)
from desk.events
where split_part(topic, '@', 1) = 'payout.approved' and desk.said(state, 'by') = %(by)s
and recorded_at >= date_trunc('month', clock_timestamp() at time zone %(zone)s)
    at time zone %(zone)s
and desk.said(state, 'budget') = %(budget)s
and desk.said(state, 'money')::json ->> 'currency' = %(currency)s
"""


_LOCK = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"


@contextmanager
def holding(store: Store, *names: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction in which nothing else is approved by this person, or out of these budgets."""
    with store.database.connection() as conn, conn.transaction():
        for name in sorted(names):  # two who need the same locks ask for them in the same order
            conn.execute(_LOCK, (f"approves:{name}",), prepare=True)
        yield conn


def used(
    conn: psycopg.Connection[Any], by: str, complaints: Collection[str], zone: ZoneInfo
) -> dict[str, Used]:
    """By complaint: what the person has approved on it, and today."""
    asked = {"by": by, "complaints": list(complaints), "zone": zone.key}
    here: dict[str, dict[tuple[Basis, str], Decimal]] = {each: {} for each in complaints}
    today: dict[tuple[Basis, str], Decimal] = {}
    for complaint, basis, currency, on_it, of_today in conn.execute(_MINE, asked, prepare=True):
        if complaint is None:
            today[basis, currency] = of_today
        else:
            here[complaint][basis, currency] = on_it
    return {complaint: Used(spent, today) for complaint, spent in here.items()}


def everybodys(conn: psycopg.Connection[Any], complaint: str, zone: ZoneInfo) -> dict[str, Used]:
    """By person: what they have approved on a complaint, and today."""
    here: dict[str, dict[tuple[Basis, str], Decimal]] = {}
    today: dict[str, dict[tuple[Basis, str], Decimal]] = {}
    asked = {"complaint": complaint, "zone": zone.key}
    for by, basis, currency, on_it, of_today in conn.execute(_EVERYBODYS, asked, prepare=True):
        here.setdefault(by, {})[basis, currency] = on_it
        today.setdefault(by, {})[basis, currency] = of_today
    return {by: Used(here[by], today[by]) for by in here}


def spent(
    conn: psycopg.Connection[Any], *, by: str, budget: str, currency: str, zone: ZoneInfo
) -> Decimal:
    """What was drawn from a budget in this month of the zone."""
    asked = {"by": by, "budget": budget, "currency": currency, "zone": zone.key}
    row = conn.execute(_SPENT, asked, prepare=True).fetchone()
    assert row is not None
    return Decimal(row[0])
