"""How fast are all projections made anew, and how far is that from the least possible work?"""

from __future__ import annotations

import time
from typing import Any

import psycopg

from projections.rebuild import rebuild
from recovery.mapper import decode
from tests.benchmarks.figures import Figure, at_least
from tests.benchmarks.ground import Ground, Sizes
from web.runtime import Runtime

BATCH = 5_000


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk = ground.desk_with(sizes.complaints)
    rebuilt, bare = [], []
    for _ in range(sizes.loads):
        began = time.perf_counter()
        events = rebuild(desk.engine)
        middle = time.perf_counter()
        if bare_loop(desk) != events:
            raise RuntimeError("the two did not read the same log")
        rebuilt.append(events / (middle - began))
        bare.append(events / (time.perf_counter() - middle))
    of = f"{events:,} events"
    ratios = [ours / theirs for ours, theirs in zip(rebuilt, bare, strict=True)]
    return [
        Figure.of(
            "rebuild.all", f"All projections rebuilt in one pass: {of}", rebuilt, "events/s",
            at_least(25_000),
        ),
        Figure.of(
            "rebuild.bare", f"Bare loop, one table: read, decode, COPY: {of}", bare, "events/s"
        ),
        Figure.of("rebuild.ratio", "Rebuild of all against the bare loop", ratios, "×"),
    ]  # fmt: skip


def bare_loop(desk: Runtime) -> int:
    """Read the log, decode it and copy it into one table, a batch a transaction."""
    with desk.database.dedicated() as conn:
        conn.execute("set synchronous_commit to off")  # as a rebuild does
        conn.execute("drop table if exists bench_bare")
        conn.execute(
            "create table bench_bare (position bigint primary key, stream text, version integer,"
            " topic text, by text, at timestamptz, recorded_at timestamptz)"
        )
        position = 0
        while batch := _copy(conn, position):
            position = batch
        conn.execute("drop table bench_bare")
    return position


def _copy(conn: psycopg.Connection[Any], after: int) -> int:
    """Copy the next batch; returns the last position, or 0 at the end."""
    rows = conn.execute(
        "select notification_id, originator_id, originator_version, topic, state, recorded_at"
        " from desk.events where notification_id > %s order by notification_id limit %s",
        (after, BATCH),
        binary=True,
    ).fetchall()
    with (
        conn.transaction(),
        conn.cursor() as cursor,
        cursor.copy("copy bench_bare from stdin (format binary)") as copy,
    ):
        copy.set_types(("int8", "text", "int4", "text", "text", "timestamptz", "timestamptz"))
        for position, stream, version, topic, state, recorded_at in rows:
            event = decode(topic, state)
            copy.write_row((position, stream, version, topic, event.by, event.at, recorded_at))
    return rows[-1][0] if rows else 0
