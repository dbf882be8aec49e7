"""When has what was forgotten left the files of the database too?

PostgreSQL keeps the bytes of a row that was deleted until something else needs their place: in
pages, in the words of an index, in its log. So after somebody was forgotten the search, the only
read model with words, is built anew beside the live one; the few small tables that hold keys or
words are written anew; and the log begins a new segment. The desk stays open meanwhile.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
from psycopg import errors as pg

from projections import search
from projections.bulkfold import Progress
from projections.engine import Engine
from projections.rebuild import LET_PASS, LONGEST_WAIT, rebuild

ANEW = ("desk.vault_keys", "desk.saved_views", "desk.sign_in_failures")
"""Small tables whose rows were readable: keys, names in questions, addresses."""
SWEPT = ("desk.papers", "desk.drafts", "desk.mail", "read.claims", "read.payees")
"""Tables whose rows say nothing once the key is gone: ciphertext and keyed digests."""
_LAST = (
    "select coalesce(max(notification_id), 0), coalesce((select max(position) from desk.scrubs), 0)"
    " from desk.events where split_part(topic, '@', 1) = 'complainant.forgotten'"
)
_FIRST = (
    "select min(recorded_at) from desk.events"
    " where split_part(topic, '@', 1) = 'complainant.forgotten' and notification_id >"
    " (select coalesce(max(position), 0) from desk.scrubs)"
)
_KEEPERS = """
select name from (values
 ('wal_recycle', current_setting('wal_recycle') = 'on'),
 ('archive', current_setting('archive_mode') <> 'off'),
 ('slots', exists (select from pg_replication_slots)),
 ('kept_wal', current_setting('wal_keep_size') <> '0')
) as keeper (name, keeps) where keeps
"""


class Scrubbed(msgspec.Struct, frozen=True):
    """What was done, and what may still keep bytes for a while."""

    position: int
    """Everybody who was forgotten up to here has left the files."""
    took: timedelta
    remains: tuple[str, ...] = ()
    """Codes: what the server keeps of its log longer than we can say; docs/forgetting.md."""


def waits_since(conn: psycopg.Connection[Any]) -> Any:
    """Since when somebody forgotten is still in the files; None when nobody is."""
    row = conn.execute(_FIRST).fetchone()
    return row[0] if row else None


def scrub(engine: Engine, *, progress: Progress = lambda done, total: None) -> Scrubbed:
    """Take everybody who was forgotten out of the files; raises Unfoldable."""
    began = time.monotonic()
    with engine.database.dedicated() as conn:
        row = conn.execute(_LAST).fetchone()
        assert row is not None
        rebuild(engine, (search.PROJECTION.name,), progress=progress)
        for table in ANEW:
            _write_anew(conn, table)
        for table in SWEPT:
            conn.execute(f"vacuum {table}")
        remains = _end_segment(conn)
        took = timedelta(seconds=time.monotonic() - began)
        conn.execute(
            "insert into desk.scrubs (position, took) values (%s, %s)"
            " on conflict (position) do update set at = clock_timestamp(), took = excluded.took",
            (row[0], took),
        )
    return Scrubbed(row[0], took, remains)


def _write_anew(conn: psycopg.Connection[Any], table: str) -> None:
    """Whoever uses the table is let pass again and again."""
    conn.execute(f"set lock_timeout = '{LONGEST_WAIT}ms'")
    while True:
        try:
            conn.execute(f"vacuum (full) {table}")
        except (pg.LockNotAvailable, pg.DeadlockDetected):
            time.sleep(LET_PASS)
        else:
            conn.execute("reset lock_timeout")
            return


def _end_segment(conn: psycopg.Connection[Any]) -> tuple[str, ...]:
    """Let the server drop the part of its log that holds what was forgotten, if we may."""
    keepers = [name for (name,) in conn.execute(_KEEPERS)]
    try:
        conn.execute("select pg_switch_wal()")
        conn.execute("checkpoint")
    except pg.InsufficientPrivilege:
        keepers.append("checkpoint")
    return tuple(keepers)
