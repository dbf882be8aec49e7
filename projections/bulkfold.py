"""How is a long log folded from its beginning as fast as two cores allow?

One batch is written while the next is folded; where there is much to do, the projections that open
papers and cut words have a process of their own.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import psycopg

from projections.all import PROJECTIONS
from projections.engine import Engine
from projections.table import Changes, Rows, fold_batch
from recovery.database import Database
from recovery.events import VOCABULARY, Event, Recorded
from recovery.mapper import decode, stored_topic
from recovery.policy.library import Policies
from recovery.policybook import learn
from recovery.vault import Vault

BATCH = 5_000
WORTH_A_PROCESS = 50_000
"""Events from which on a second process is quicker than none."""
COLLECT_AFTER = 500_000
"""Objects made, less those freed, before Python looks for cycles among them."""
_RANGE = (
    "select notification_id, originator_id, originator_version, topic, state, recorded_at"
    " from desk.events where notification_id > %s and notification_id <= %s"
    " and topic <> all(%s) order by notification_id"
)

Keep = Callable[[list[Recorded]], list[Recorded]]
"""Gives those of some records that count, in their order."""
Progress = Callable[[int, int], None]
"""Called with the events folded and the events there are."""


def fold_to(
    engine: Engine, conn: psycopg.Connection[Any], rows: Sequence[Rows[Any]], end: int,
    progress: Progress, keep: Keep | None = None,
) -> None:  # fmt: skip
    """Fold the log from its first event up to and with position `end`. Raises Unfoldable.

    `progress` tells of this process; what the other has left to do then is waited for. `keep`
    says of each part of the log what of it counts.
    """
    here = [r for r in rows if not r.projection.reads_papers]
    apart = [r.projection for r in rows if r.projection.reads_papers]
    known = all(projection in PROJECTIONS for projection in apart)
    if keep or end < WORTH_A_PROCESS or not (here and apart and known):
        _fold(engine, conn, rows, end, progress, keep)
        return
    names = [projection.name for projection in apart]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        job = process.submit(
            _fold_apart, engine.database.url, engine.vault.master_key, names, rows[0].schema, end
        )
        _fold(engine, conn, here, end, progress)
        job.result()


def _fold_apart(url: str, master_key: bytes, names: Sequence[str], schema: str, end: int) -> None:
    """What the other process does."""
    database, policies = Database(url, size=1).open(), Policies()
    try:
        learn(database, policies)
        engine = Engine(database, Vault(master_key), policies, PROJECTIONS)
        rows = [Rows(p, schema) for p in PROJECTIONS if p.name in names]
        with database.dedicated() as conn:
            _fold(engine, conn, rows, end, lambda done, total: None)
    finally:
        database.close()


def _fold(
    engine: Engine, conn: psycopg.Connection[Any], rows: Sequence[Rows[Any]], end: int,
    progress: Progress, keep: Keep | None = None,
) -> None:  # fmt: skip
    position = 0
    ignored = [] if keep else _ignored(rows)
    with Writer(engine) as writer, _rarely_collecting():
        while position < end:
            progress(position, end)
            stop = min(position + BATCH, end)
            records = _read(conn, position, stop, ignored)
            if keep:
                records = keep(records)
            writer.write(
                [(r, changes(engine, conn, r, records, before=writer.finish)) for r in rows]
            )
            position = stop
    progress(position, end)


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Folding makes many objects and no cycles; looking for those took a sixth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _read(
    conn: psycopg.Connection[Any], after: int, stop: int, ignored: Sequence[str]
) -> list[Recorded]:
    """The records of a range, without those of the ignored topics. Raises UnreadableEvent."""
    return [
        Recorded(stream, version, decode(topic, state), position, stamp)
        for position, stream, version, topic, state, stamp in conn.execute(
            _RANGE, (after, stop, ignored), binary=True
        ).fetchall()
    ]


def _ignored(rows: Sequence[Rows[Any]]) -> list[str]:
    """Topics that none of the projections looks at.

    Named one by one: an event that this code does not know must still be met, and raise.
    """
    wanted = frozenset[type[Event]]().union(*(r.projection.events for r in rows))
    return [stored_topic(e.topic, e.schema) for e in VOCABULARY if e not in wanted]


def changes(
    engine: Engine, conn: psycopg.Connection[Any], rows: Rows[Any], records: Sequence[Recorded],
    *, before: Callable[[], None] = lambda: None,
) -> Changes[Any]:  # fmt: skip
    """What the records change; `before` is called before rows are read."""

    def load(groups: Sequence[str]) -> list[Any]:
        before()
        return rows.load(conn, groups)

    given = engine.given(conn, rows.projection, records)
    return fold_batch(rows.projection, records, given, load)


class Writer:
    """Writes one batch while the next is being folded, on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._conn = engine.database.dedicated()
        self._conn.execute("set synchronous_commit to off")
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[None] | None = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        try:
            self.finish()
        finally:
            self._thread.shutdown()
            self._conn.close()

    def write(self, batch: Sequence[tuple[Rows[Any], Changes[Any]]]) -> None:
        """Take a batch over, when the one before is done."""
        self.finish()
        self._pending = self._thread.submit(self._write, batch)

    def finish(self) -> None:
        """Wait for the batch under way; raises what it met."""
        pending, self._pending = self._pending, None
        if pending:
            pending.result()

    def _write(self, batch: Sequence[tuple[Rows[Any], Changes[Any]]]) -> None:
        with self._conn.transaction():
            for rows, changes in batch:
                rows.write(self._conn, changes)
