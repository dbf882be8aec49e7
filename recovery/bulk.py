"""How does a long history get into the log quickly, once?

Streams are written by COPY in batches of one transaction each, under the same lock as `append`, so
that readers may tail the log meanwhile. Each stream carries a guard, the name of what it comes
from ("import:cfpb:1291006"): a guard that is there already adds nothing, so that a load that was
killed half-way is simply repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

import msgspec
import psycopg
from msgspec.structs import replace
from psycopg import errors as pg

from recovery import reference
from recovery.database import first_line
from recovery.errors import StoreUnavailable
from recovery.events import Event, complaint_stream
from recovery.mapper import encode
from recovery.store import APPEND_LOCK, CHANNEL, Store
from recovery.vault import SealedKey, SealedPaper

BATCH = 5_000
BULK_LOCK = 1592524805
"""Held by one load at a time; commands do not wait for it."""


class NewStream(msgspec.Struct, frozen=True):
    """A complaint with its whole history so far."""

    guard: str
    reference: str
    events: Sequence[Event]
    keys: Sequence[SealedKey] = ()
    papers: Sequence[SealedPaper] = ()


class KeyGone(Exception):
    """Somebody was forgotten after their papers had been sealed and before they were written."""


class BulkLoader:
    """Collects streams and writes them a batch at a time; leave the context to write the rest.

    `secret` chooses another reference for a stream whose own is taken by somebody else.
    `added`, `already_there` and `events` count as it goes.
    """

    def __init__(self, store: Store, *, secret: bytes, batch: int = BATCH) -> None:
        self._conn = store.database.dedicated()
        self._secret = secret
        self._batch = batch
        self._waiting: list[NewStream] = []
        self._size = 0
        self.added = 0
        self.already_there = 0
        self.events = 0

    def __enter__(self) -> BulkLoader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        try:
            if error is None:
                self.flush()
        finally:
            self._conn.close()

    def add(self, stream: NewStream) -> None:
        """Take a stream; it is written with its batch."""
        self._waiting.append(stream)
        self._size += len(stream.events)
        if self._size >= self._batch:
            self.flush()

    def flush(self) -> None:
        """Write what waits, as one transaction."""
        if not self._waiting:
            return
        try:
            fresh = self._write()
        except psycopg.OperationalError as error:
            why = f"{self._so_far('The database cannot write')} ({first_line(error)})"
            raise StoreUnavailable(why) from error
        except (KeyGone, pg.UniqueViolation) as error:
            raise StoreUnavailable(
                self._so_far("Somebody else made or deleted the key of one of these people")
            ) from error
        self.added += len(fresh)
        self.already_there += len(self._waiting) - len(fresh)
        self.events += sum(len(s.events) for s in fresh)
        self._waiting, self._size = [], 0

    def _so_far(self, what: str) -> str:
        return (
            f"{what}; {self.added:,} complaints were added before, and repeating the load adds the"
            " rest."
        )

    def _write(self) -> list[NewStream]:
        """The streams that were not there yet; loads take turns, so that none writes one twice."""
        with self._conn.transaction():
            self._conn.execute("select pg_advisory_xact_lock(%s)", (BULK_LOCK,))
            fresh = self._without_repeats(self._waiting)
            self._copy_papers(fresh)
            self._conn.execute("select pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
            fresh = self._with_free_references(fresh)
            self._copy_events(fresh)
        return fresh

    def _without_repeats(self, streams: Sequence[NewStream]) -> list[NewStream]:
        by_guard = {s.guard: s for s in streams}
        known = self._conn.execute(
            "select command from desk.commands where command = any(%s)", (list(by_guard),)
        )
        for (guard,) in known:
            del by_guard[guard]
        return list(by_guard.values())

    def _with_free_references(self, streams: list[NewStream]) -> list[NewStream]:
        """Give another reference to each stream whose own is taken (about one in 10 million)."""
        taken = {
            row[0]
            for row in self._conn.execute(
                "select originator_id from desk.events"
                " where originator_id = any(%s) and originator_version = 1",
                ([complaint_stream(s.reference) for s in streams],),
            )
        }
        free: list[NewStream] = []
        for stream in streams:
            chosen, attempt = stream, 0
            while complaint_stream(chosen.reference) in taken:
                attempt += 1
                other = reference.derive(self._secret, f"{stream.guard}#{attempt}")
                chosen = replace(stream, reference=other)
            taken.add(complaint_stream(chosen.reference))
            free.append(chosen)
        return free

    def _copy_papers(self, streams: Sequence[NewStream]) -> None:
        self._copy(
            "desk.vault_keys (owner, wrapped)",
            ("text", "bytea"),
            [(k.owner, k.wrapped) for s in streams for k in s.keys],
        )
        self._hold_keys(streams)
        self._copy(
            "desk.papers (paper, owner, sealed)",
            ("text", "text", "bytea"),
            [(p.ref.paper, p.owner, p.sealed) for s in streams for p in s.papers],
        )

    def _hold_keys(self, streams: Sequence[NewStream]) -> None:
        """Keep the keys that others stored until the papers under them are; raises KeyGone.

        A paper sealed under a key that has gone could be neither read nor forgotten.
        """
        fresh = {k.owner for s in streams for k in s.keys}
        owners = {p.owner for s in streams for p in s.papers} - fresh
        if not owners:
            return
        held = self._conn.execute(
            "select from desk.vault_keys where owner = any(%s) for key share", (list(owners),)
        )
        if held.rowcount < len(owners):
            raise KeyGone

    def _copy_events(self, streams: Sequence[NewStream]) -> None:
        start = self._conn.execute(
            "select coalesce(max(notification_id), 0), clock_timestamp() from desk.events"
        ).fetchone()
        assert start is not None
        position, stamp = start
        events: list[tuple[Any, ...]] = []
        guards: list[tuple[Any, ...]] = []
        for stream in streams:
            name = complaint_stream(stream.reference)
            for version, event in enumerate(stream.events, 1):
                position += 1
                events.append((position, name, version, *encode(event), stamp))
            guards.append((stream.guard, name, len(stream.events), position))
        self._copy("desk.events", ("int8", "text", "int4", "text", "bytea", "timestamptz"), events)
        self._copy(
            "desk.commands (command, stream, version, position)",
            ("text", "text", "int4", "int8"),
            guards,
        )
        self._conn.execute("select pg_notify(%s, %s)", (CHANNEL, str(position)))

    def _copy(self, target: str, types: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        with (
            self._conn.cursor() as cursor,
            cursor.copy(f"copy {target} from stdin (format binary)") as copy,
        ):
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)
