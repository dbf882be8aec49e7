"""What does a supervisor want to know of the desk when the day begins?

Counted when it is asked, without what whoever asks must not see; nothing is kept for it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from projections import clocks, queue, standing, views
from projections.approvals import Filter, sums
from projections.asking import Question
from projections.concerned import seen
from recovery.money import Money

_q, _p = queue.table.c, clocks.table.c
_ITSELF = (_q.received_at >= sa.bindparam("yesterday")) & (_q.received_at < sa.bindparam("today"))
_BROKEN = (
    (_p.due >= sa.bindparam("yesterday"))
    & (_p.due < sa.bindparam("today"))
    & _p.met.is_not(True)
    & _p.state.in_([sa.literal_column("'running'"), sa.literal_column("'stopped'")])
)


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is of each."""

    received: int
    """Complaints of the day before."""
    breached: int
    """Promises that were due on the day before and not kept."""
    open: int
    unassigned: int
    due: int
    """Open, and due before the day ends."""
    overdue: int
    approvals: int
    """Payouts that wait for a decision."""
    owed: tuple[Money, ...]
    """How much these are together, by currency."""
    mail: int
    """Messages that wait for somebody."""
    findings: int
    """Of standing audits, not signed off."""


def figures(
    conn: sa.Connection, *, now: datetime, zone: ZoneInfo, hidden: Collection[str] = ()
) -> Figures:
    """As of now; the days are those of the zone."""
    today = midnight(now, zone)
    asked = {
        "yesterday": midnight(today - timedelta(hours=1), zone), "today": today, "now": now,
        "tomorrow": midnight(today + timedelta(hours=36), zone), "hidden": list(hidden),
    }  # fmt: skip
    counted = views.counts(conn, now=now, hidden=hidden)
    [[received, breached, due]] = _days().rows(conn, asked)
    return Figures(
        received=received, breached=breached, due=due, open=counted["open"],
        unassigned=counted["unassigned"], overdue=counted["overdue"],
        approvals=counted["approvals"], mail=counted["mail"],
        owed=tuple(each.money for each in sums(conn, Filter(hidden=frozenset(hidden)))),
        findings=len(standing.findings(conn)),
    )  # fmt: skip


def midnight(at: datetime, zone: ZoneInfo) -> datetime:
    """With which the day began that `at` is in, there."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(at.tzinfo)


@cache
def _days() -> Question:
    every = sa.func.count()
    left = (_q.urgency > sa.bindparam("now")) & (_q.urgency < sa.bindparam("tomorrow"))
    return Question(
        sa.select(
            sa.select(every).where(_ITSELF, seen(_q.reference)).scalar_subquery(),
            sa.select(every).where(_BROKEN, seen(_p.complaint)).scalar_subquery(),
            sa.select(every).where(_q.open, left, seen(_q.reference)).scalar_subquery(),
        )
    )
