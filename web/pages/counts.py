"""How many tickets wait in each view, as of this second?

Counting walks over every open ticket, and an agent's page asks at each step; what was counted
within the last second is good enough and is not counted again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from projections import views
from web.accounts import User

LASTS = timedelta(seconds=1)
LARGEST = 1_000
_counted: dict[tuple[sa.Engine, str, frozenset[str]], tuple[datetime, dict[str, int]]] = {}


def counts(conn: sa.Connection, *, now: datetime, me: User) -> dict[str, int]:
    """By view; at most a second old."""
    asked = (conn.engine, me.by, me.hidden)
    at, found = _counted.get(asked, (now - 2 * LASTS, {}))
    if timedelta(0) <= now - at < LASTS:
        return found
    found = views.counts(conn, now=now, me=me.by, hidden=me.hidden)
    if len(_counted) >= LARGEST:
        _counted.clear()
    _counted[asked] = (now, found)
    return found
