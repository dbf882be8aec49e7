"""Who has this complaint open now, and who is typing?

A row is good for as long as its browser keeps saying so; whoever goes away is gone within a minute.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg

from web.workbench.saved import Here

LASTS = timedelta(seconds=40)
"""A browser says so every fifteen seconds."""
MOST = 500
CHANNEL = "recovery_presence"
_STAY = """
with before as (
    select typing, until from desk.presence where complaint = %(complaint)s and user_id = %(user)s
), stays as (
    insert into desk.presence (complaint, user_id, typing, until)
    values (%(complaint)s, %(user)s, %(typing)s, clock_timestamp() + %(time)s)
    on conflict (complaint, user_id) do update set typing = excluded.typing, until = excluded.until
), gone as (
    delete from desk.presence where until < clock_timestamp() - interval '1 hour'
)
select pg_notify(%(channel)s, %(complaint)s)
where not exists (
    select from before where typing = %(typing)s and until > clock_timestamp()
)
"""


def stay(conn: psycopg.Connection[Any], *, complaint: str, user: str, typing: bool) -> None:
    """Say that somebody has it open; tells the others where that is news."""
    asked = {
        "complaint": complaint, "user": user, "typing": typing, "time": LASTS, "channel": CHANNEL,
    }  # fmt: skip
    conn.execute(_STAY, asked, prepare=True)


def leave(conn: psycopg.Connection[Any], *, complaint: str, user: str) -> None:
    conn.execute(
        "with gone as (delete from desk.presence where complaint = %s and user_id = %s)"
        " select pg_notify(%s, %s)",
        (complaint, user, CHANNEL, complaint), prepare=True,
    )  # fmt: skip


def everywhere(conn: psycopg.Connection[Any], *, but: str) -> list[Here]:
    """Who else has which complaint open, at this moment."""
    rows = conn.execute(
        "select complaint, user_id, typing from desk.presence where user_id <> %s"
        " and until > clock_timestamp() order by complaint, user_id limit %s",
        (but, MOST), prepare=True,
    )  # fmt: skip
    return [Here(*row) for row in rows]


def others(conn: psycopg.Connection[Any], *, complaint: str, but: str) -> list[Here]:
    """Who else has it open."""
    rows = conn.execute(
        "select complaint, user_id, typing from desk.presence where complaint = %s"
        " and user_id <> %s and until > clock_timestamp() order by user_id",
        (complaint, but), prepare=True,
    )  # fmt: skip
    return [Here(*row) for row in rows]
