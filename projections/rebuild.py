"""Do the rows follow from the log, and how are they made anew while the desk stays open?

Blue/green: the new rows are folded into tables of a schema beside the live one, from the first
event to the last, and take the live ones' place in one transaction. A check folds in the same way
and compares instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec
import psycopg
from psycopg import errors as pg
from psycopg import sql

from projections.bulkfold import BATCH, Keep, Progress, changes, fold_to
from projections.engine import Engine
from projections.table import LIVE, Projection, Rows

WORTH_REBUILDING = 20_000
"""Events behind from which on folding into tables without indexes can be quicker."""
REBUILD_LOCK = 1592524804
LONGEST_WAIT = 500
"""Milliseconds that a swap waits for readers of the live tables."""
LET_PASS = 0.5
"""Seconds until it tries again."""
TABLES_AT_ONCE = 2
BUILDING, CHECKING, KNOWN = "read_building", "read_checking", "read_known"


class Busy(Exception):
    """Somebody else is folding the log, and the caller does not wait."""


class Comparison(msgspec.Struct, frozen=True):
    """Live rows against rows folded anew, at the same position."""

    name: str
    position: int
    live_rows: int
    rebuilt_rows: int
    live_digest: str
    rebuilt_digest: str
    first_differences: tuple[str, ...] = ()
    """Keys of up to five rows that differ."""

    @property
    def identical(self) -> bool:
        return (self.live_rows, self.live_digest) == (self.rebuilt_rows, self.rebuilt_digest)


def rebuild(
    engine: Engine, names: Sequence[str] = (), *, progress: Progress = lambda done, total: None
) -> int:
    """Rebuild the projections (all when none is named) and swap them in; returns the events read.

    Raises Unfoldable, with the live tables left as they were.
    """
    projections = _chosen(engine, names)
    with _alone(engine) as conn, _tables(conn, projections, BUILDING) as rows:
        position = _head(conn)
        fold_to(engine, conn, rows, position, progress)
        with ThreadPoolExecutor(TABLES_AT_ONCE) as threads:
            list(threads.map(partial(_finish, engine), rows))
        return _take_over(engine, conn, rows, position)


def _finish(engine: Engine, rows: Rows[Any]) -> None:
    """Index a table that has been filled, and let the planner know it."""
    with engine.database.dedicated() as conn:
        conn.execute("set lock_timeout to 0")
        conn.execute("set synchronous_commit to off")
        conn.execute("set maintenance_work_mem to '512MB'")
        rows.create_indexes(conn)
        conn.execute(sql.SQL("vacuum analyze {}").format(_name(rows.projection, rows.schema)))


def far_behind(engine: Engine) -> bool:
    """Whether most of a long log is still to be folded, so that rebuilding is the quicker way."""
    with engine.database.connection() as conn:
        head = _head(conn)
        row = conn.execute(
            "select min(position) from read.projections where stopped_reason is null"
        ).fetchone()
        lag = head - row[0] if row and row[0] is not None else 0
    return lag > WORTH_REBUILDING and lag > head / 2


def check(
    engine: Engine, names: Sequence[str] = (), *, progress: Progress = lambda done, total: None
) -> list[Comparison]:
    """Fold beside the live tables and compare, at the live tables' own positions.

    The comparison looks at one instant of the database, so the desk goes on meanwhile.
    """
    projections = _chosen(engine, names)
    compared: list[Comparison] = []
    with _alone(engine) as conn, _tables(conn, projections, CHECKING) as rows:
        head = min(_positions(conn, projections).values())
        fold_to(engine, conn, rows, head, progress)
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with conn.transaction():
            ends = _positions(conn, projections)
            for projection_rows in rows:
                end = ends[projection_rows.projection.name]
                position = head
                while position < end:
                    position += _fold_batch(engine, conn, [projection_rows], position, stop=end)
                compared.append(_compare(conn, projection_rows.projection, end))
    return compared


@contextmanager
def as_known(
    engine: Engine, names: Sequence[str], position: int, *, keep: Keep | None = None,
    wait: bool = True, progress: Progress = lambda done, total: None,
) -> Iterator[str]:  # fmt: skip
    """A schema with the rows as they were after a position of the log; gone in the end.

    `keep` says what of the log counts. Without `wait` raises Busy where somebody else is
    rebuilding.
    """
    with _alone(engine, wait=wait) as conn, _tables(conn, _chosen(engine, names), KNOWN) as rows:
        fold_to(engine, conn, rows, position, progress, keep)
        for each in rows:
            _finish(engine, each)
        yield KNOWN


def _chosen(engine: Engine, names: Sequence[str]) -> list[Projection[Any]]:
    known = {p.name: p for p in engine.projections}
    if unknown := [n for n in names if n not in known]:
        raise ValueError(
            f"there is no projection {unknown[0]!r} (there are {', '.join(sorted(known))})"
        )
    return [p for p in engine.projections if not names or p.name in names]


@contextmanager
def _alone(engine: Engine, *, wait: bool = True) -> Iterator[psycopg.Connection[Any]]:
    """A connection that holds the rebuilders' lock."""
    with engine.database.dedicated() as conn:
        conn.execute("set synchronous_commit to off")
        conn.execute("set lock_timeout to 0")
        take = "select pg_advisory_lock(%s)" if wait else "select pg_try_advisory_lock(%s)"
        row = conn.execute(take, (REBUILD_LOCK,)).fetchone()
        if row and row[0] is False:
            raise Busy
        yield conn


@contextmanager
def _tables(
    conn: psycopg.Connection[Any], projections: Sequence[Projection[Any]], schema: str
) -> Iterator[list[Rows[Any]]]:
    """Empty tables in the schema; whatever is left of it afterwards is dropped."""
    drop = sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema))
    conn.execute(drop)
    conn.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    rows = [Rows(p, schema) for p in projections]
    for projection_rows in rows:
        projection_rows.create(conn, indexes=False)
    try:
        yield rows
    finally:
        conn.execute(drop)


def _fold_batch(
    engine: Engine, conn: psycopg.Connection[Any], rows: Sequence[Rows[Any]], position: int,
    *, stop: int | None = None,
) -> int:  # fmt: skip
    """Fold the next batch; positions are without gaps, so its size is how far it went."""
    last = stop if stop is not None else _head(conn)
    records = engine.read(conn, position, BATCH, stop=last)
    for projection_rows in rows:
        projection_rows.write(conn, changes(engine, conn, projection_rows, records))
    return len(records)


def _positions(
    conn: psycopg.Connection[Any], projections: Sequence[Projection[Any]]
) -> dict[str, int]:
    return dict(
        conn.execute(
            "select name, position from read.projections where name = any(%s)",
            ([p.name for p in projections],),
        ).fetchall()
    )


def _take_over(
    engine: Engine, conn: psycopg.Connection[Any], rows: Sequence[Rows[Any]], position: int
) -> int:
    """Fold what came meanwhile and swap the tables in; returns the position reached.

    Whoever reads a live table is waited for, and makes everybody after us wait too: so we give up
    soon, let them pass, and try again.
    """
    projections = [projection_rows.projection for projection_rows in rows]
    while True:
        try:
            with conn.transaction():
                conn.execute(f"set local lock_timeout = '{LONGEST_WAIT}ms'")
                _hold(conn, projections)
                end = position
                while folded := _fold_batch(engine, conn, rows, end):
                    end += folded
                for projection in projections:
                    _swap(conn, projection, end)
            return end
        except (pg.LockNotAvailable, pg.DeadlockDetected):
            time.sleep(LET_PASS)


def _hold(conn: psycopg.Connection[Any], projections: Sequence[Projection[Any]]) -> None:
    """Keep the live engine from moving until the transaction ends."""
    conn.execute(
        "select from read.projections where name = any(%s) for update",
        ([p.name for p in projections],),
    )


def _swap(conn: psycopg.Connection[Any], projection: Projection[Any], position: int) -> None:
    conn.execute(sql.SQL("drop table {}").format(_name(projection, LIVE)))
    conn.execute(
        sql.SQL("alter table {} set schema {}").format(
            _name(projection, BUILDING), sql.Identifier(LIVE)
        )
    )
    conn.execute(
        "update read.projections set position = %s, version = %s, moved_at = clock_timestamp(),"
        " stopped_topic = null, stopped_reason = null where name = %s",
        (position, projection.version, projection.name),
    )


def _compare(
    conn: psycopg.Connection[Any], projection: Projection[Any], position: int
) -> Comparison:
    live, rebuilt = _name(projection, LIVE), _name(projection, CHECKING)
    live_rows, live_digest = _digest(conn, live)
    rebuilt_rows, rebuilt_digest = _digest(conn, rebuilt)
    differences: list[Any] = []
    if live_digest != rebuilt_digest or live_rows != rebuilt_rows:
        key = sql.SQL(", ").join(map(sql.Identifier, projection.key))
        differences = conn.execute(
            sql.SQL(
                "select concat_ws('/', {key}) from (select {key}, l::text from {live} l) a"
                " full join (select {key}, r::text from {rebuilt} r) b using ({key})"
                " where l is distinct from r order by 1 limit 5"
            ).format(key=key, live=live, rebuilt=rebuilt)
        ).fetchall()
    return Comparison(
        projection.name, position, live_rows, rebuilt_rows, live_digest, rebuilt_digest,
        tuple(row[0] for row in differences),
    )  # fmt: skip


def _digest(conn: psycopg.Connection[Any], name: sql.Composable) -> tuple[int, str]:
    """How many rows, and a digest of all their bytes that does not depend on their order."""
    row = conn.execute(
        sql.SQL(
            "select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text"
            " from {} t"
        ).format(name)
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _head(conn: psycopg.Connection[Any]) -> int:
    row = conn.execute("select coalesce(max(notification_id), 0) from desk.events").fetchone()
    assert row is not None
    return int(row[0])


def _name(projection: Projection[Any], schema: str) -> sql.Identifier:
    return sql.Identifier(schema, projection.table.name)
