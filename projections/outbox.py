"""Which letters have yet to leave, which are lost, and how many of each?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from projections.deliveries import PROJECTION, Delivery, table
from recovery.errors import Invalid

View = Literal["waiting", "lost", "cancelled"]
_c = table.c
_OPEN = _c.state.in_(["owed", "queued", "deferred"])
_OF: dict[View, sa.ColumnElement[bool]] = {
    "waiting": _OPEN,
    "lost": _c.state.in_(["bounced", "abandoned"]) & (_c.reason != "not_wanted"),
    "cancelled": _c.state == "cancelled",
}
LATELY = timedelta(days=7)
"""How far back losses are counted."""


class Page(msgspec.Struct, frozen=True):
    """Some letters, and the cursor of the next page if there is one."""

    letters: list[Delivery]
    cursor: str


class Counts(msgspec.Struct, frozen=True):
    """How many letters there are in each state."""

    queued: int
    """To leave now."""
    planned: int
    """To leave at a time that lies ahead."""
    deferred: int
    """Tried, and to be tried again."""
    failed: int
    """Lost within the last seven days."""
    suppressed: int
    """Of these not even sent, because the address had refused letters before."""


def page(
    conn: sa.Connection, view: View, *, cursor: str = "", limit: int = 50,
    hidden: Collection[str] = (),
) -> Page:  # fmt: skip
    """Letters of a view: those to come oldest first, the others newest first; raises Invalid.

    None is about a complaint that is `hidden` from whoever asks.
    """
    place = sa.tuple_(_c.owed_at, _c.delivery)
    query = sa.select(*(_c[name] for name in PROJECTION.columns)).where(_OF[view], _shown(hidden))
    if view == "waiting":
        query = query.order_by(_c.owed_at, _c.delivery)
        query = query.where(place > _place(cursor)) if cursor else query
    else:
        query = query.order_by(_c.owed_at.desc(), _c.delivery.desc())
        query = query.where(place < _place(cursor)) if cursor else query
    rows = [Delivery(**row) for row in conn.execute(query.limit(limit + 1)).mappings()]
    more, rows = len(rows) > limit, rows[:limit]
    last = rows[-1] if more else None
    where = f"{last.owed_at.isoformat()}/{last.delivery}" if last and last.owed_at else ""
    return Page(rows, where)


def counts(
    conn: sa.Connection, *, now: datetime, hidden: Collection[str] = ()
) -> Counts:  # fmt: skip
    """All of them in one statement."""
    tried = _c.state == "deferred"
    ahead = ~tried & (_c.retry_at > now)
    lately = _OF["lost"] & (_c.owed_at > now - LATELY)
    row = conn.execute(
        sa.select(
            sa.func.count().filter(_OPEN & ~tried & sa.func.coalesce(_c.retry_at <= now, True)),
            sa.func.count().filter(_OPEN & ahead),
            sa.func.count().filter(tried),
            sa.func.count().filter(lately),
            sa.func.count().filter(lately & (_c.reason == "suppressed")),
        ).where(_OPEN | lately, _shown(hidden))
    ).one()
    return Counts(*row)


def _shown(hidden: Collection[str]) -> sa.ColumnElement[bool]:
    return _c.complaint.not_in(hidden) if hidden else sa.true()


def _place(cursor: str) -> sa.Tuple:
    at, _, delivery = cursor.partition("/")
    try:
        instant, known = datetime.fromisoformat(at), str(UUID(delivery))
    except ValueError:
        raise Invalid("This page of letters does not exist.", field="cursor") from None
    return sa.tuple_(sa.literal(instant), sa.literal(known))
