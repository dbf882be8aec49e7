"""Who is doing this piece of work now?

A lease is a row that a worker holds until the work is done or the time runs out; the database's
clock decides, so that hosts need not agree on the time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg

_CLAIM = """
insert into desk.leases (task, holder, until) values (%s, %s, clock_timestamp() + %s)
on conflict (task) do update set holder = excluded.holder, until = excluded.until
where leases.until <= clock_timestamp()
returning task
"""


def claim(conn: psycopg.Connection[Any], *, task: str, holder: str, time: timedelta) -> bool:
    """Whether the work is now the holder's, for this long; False while somebody has it."""
    return conn.execute(_CLAIM, (task, holder, time), prepare=True).fetchone() is not None


def release(conn: psycopg.Connection[Any], *, task: str, holder: str) -> None:
    """Give the work back; does nothing when the lease has gone to another holder."""
    conn.execute(
        "delete from desk.leases where task = %s and holder = %s", (task, holder), prepare=True
    )
