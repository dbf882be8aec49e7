"""How do events reach the projections: once, in order, within milliseconds?

One reader feeds every projection. A batch is one transaction: the positions are moved by
compare-and-set first, then the rows are written; two workers cannot apply an event twice and a
crash loses nothing. NOTIFY wakes the reader, polling stands behind it. A projection that meets an
event it cannot fold, or whose rows the database does not take, stops there, with the reason in its
row of `read.projections`; the others go on.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg
from psycopg import sql

from projections.table import (
    LIVE,
    UNWRITABLE,
    Given,
    Projection,
    Unfoldable,
    Unwritable,
    database_reason,
    fold_batch,
    live_rows,
)  # fmt: skip
from recovery.database import Database
from recovery.events import POLICY_EVENTS, Recorded
from recovery.mapper import UnreadableEvent, decode
from recovery.policy.library import Policies
from recovery.policybook import learn
from recovery.store import CHANNEL
from recovery.vault import Vault, VaultError

BATCH = 2_000
POLL = 0.5
LEADER_LOCK = 1592524802
SCHEMA_LOCK = 1592524803

_POSITIONS = sql.SQL("""
create table if not exists read.projections (
    name text primary key,
    version integer not null,
    position bigint not null,
    moved_at timestamptz not null default clock_timestamp(),
    stopped_topic text,
    stopped_reason text
)""")
_READ = (
    "select notification_id, originator_id, originator_version, topic, state, recorded_at"
    " from desk.events where notification_id > %s and notification_id <= %s"
    " order by notification_id limit %s"
)
_MOVE = (
    "update read.projections p set position = %s, moved_at = clock_timestamp()"
    " from unnest(%s::text[], %s::int[]) as mine (name, version)"
    " where p.name = mine.name and p.version = mine.version and p.position = %s"
    " and p.stopped_reason is null returning p.name"
)
FOREVER = 2**63 - 1


class Raced(Exception):
    """Another worker applied this batch first."""


class OtherVersion(Exception):
    """The rows were made by other code than this; whoever has that code goes on with them."""


class Engine:
    """Keeps a list of projections up with the log."""

    def __init__(
        self, database: Database, vault: Vault, policies: Policies,
        projections: Sequence[Projection[Any]],
    ) -> None:  # fmt: skip
        self.database = database
        self.vault = vault
        self.policies = policies
        self.projections = tuple(projections)
        self._rows = {p.name: live_rows(p) for p in self.projections}

    # ------------------------------------------------------------ tables

    def ensure(self) -> list[str]:
        """Create what is missing; returns the projections whose version asks for a rebuild."""
        found = self._versions()
        if not found.keys() >= {p.name for p in self.projections}:
            found = self._create()
        learn(self.database, self.policies)
        return [p.name for p in self.projections if found.get(p.name, p.version) != p.version]

    def _versions(self) -> dict[str, int]:
        """By which code the tables that are there were filled."""
        with self.database.connection() as conn:
            row = conn.execute("select to_regclass('read.projections')").fetchone()
            if row is None or row[0] is None:
                return {}
            return dict(conn.execute("select name, version from read.projections").fetchall())

    def _create(self) -> dict[str, int]:
        """Create what is missing; returns what was there, once others are done creating theirs."""
        with self.database.dedicated() as conn:
            conn.execute("select pg_advisory_lock(%s)", (SCHEMA_LOCK,))
            with conn.transaction():
                conn.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(LIVE)))
                conn.execute(_POSITIONS)
                found = dict(conn.execute("select name, version from read.projections").fetchall())
                for projection in self.projections:
                    if projection.name not in found:
                        self._rows[projection.name].create(conn, indexes=True)
                        conn.execute(
                            "insert into read.projections (name, version, position)"
                            " values (%s, %s, 0)",
                            (projection.name, projection.version),
                        )
        return found

    # ------------------------------------------------------------ one batch

    def advance(self, conn: psycopg.Connection[Any], limit: int = BATCH) -> int:
        """Apply one batch to the projections that are furthest behind; returns its size.

        Raises Raced when another worker did it first, and OtherVersion.
        """
        positions = self._positions(conn)
        due = [p for p in self.projections if p.name in positions]
        if not due:
            return 0
        start = min(positions[p.name] for p in due)
        ahead = [positions[p.name] for p in due if positions[p.name] > start]
        behind = [p for p in due if positions[p.name] == start]
        try:
            records = self.read(conn, start, limit, stop=min(ahead, default=FOREVER))
        except UnreadableEvent as error:
            self._halt(conn, [p.name for p in behind], start, "", str(error))
            return 0
        if records:
            self._apply(conn, behind, start, records)
        return len(records)

    def _positions(self, conn: psycopg.Connection[Any]) -> dict[str, int]:
        """Where each projection is that is not stopped."""
        rows = conn.execute(
            "select name, version, position from read.projections where stopped_reason is null"
        ).fetchall()
        ours = {p.name: p.version for p in self.projections}
        for name, version, _ in rows:
            if version != ours.get(name, version):
                raise OtherVersion(
                    f"the rows of {name} are of version {version}, this software's {ours[name]}"
                )
        return {name: position for name, _, position in rows}

    def read(
        self, conn: psycopg.Connection[Any], after: int, limit: int, *, stop: int = FOREVER
    ) -> list[Recorded]:
        """Records after the position; learns policies as they pass.

        A record that cannot be read ends the list; if it is the first, raises UnreadableEvent.
        """
        records: list[Recorded] = []
        for position, stream, version, topic, state, stamp in conn.execute(
            _READ, (after, stop, limit), binary=True
        ).fetchall():
            try:
                event = decode(topic, state)
            except UnreadableEvent:
                if records:
                    return records
                raise
            if type(event) in POLICY_EVENTS:
                self.policies.apply(event, position)  # type: ignore[arg-type]
            records.append(Recorded(stream, version, event, position, stamp))
        return records

    def _apply(
        self, conn: psycopg.Connection[Any], projections: Sequence[Projection[Any]], start: int,
        records: Sequence[Recorded],
    ) -> bool:  # fmt: skip
        """Whether all was taken in one go; if not, one is stopped or the rest comes again."""
        try:
            with conn.transaction():
                self._move(conn, projections, start, records[-1].position)
                for projection in projections:
                    self._apply_to(conn, projection, records)
        except Unfoldable as failure:
            if isinstance(failure, Unwritable) and len(records) > 1:
                self._narrow(conn, failure, start, records)
            else:
                self._stop(conn, failure, start, records)
            return False
        return True

    def _apply_to(
        self, conn: psycopg.Connection[Any], projection: Projection[Any],
        records: Sequence[Recorded],
    ) -> None:  # fmt: skip
        rows = self._rows[projection.name]
        given = self.given(conn, projection, records)
        changes = fold_batch(projection, records, given, partial(rows.load, conn))
        try:
            rows.write(conn, changes)
        except UNWRITABLE as error:
            raise Unwritable(projection.name, records[0], database_reason(error)) from error

    def _narrow(
        self, conn: psycopg.Connection[Any], failure: Unwritable, start: int,
        records: Sequence[Recorded],
    ) -> None:  # fmt: skip
        """Halve the batch until the record is found whose rows the database does not take."""
        projection = self._named(failure.projection)
        half = len(records) // 2
        if self._apply(conn, [projection], start, records[:half]):
            self._apply(conn, [projection], records[half - 1].position, records[half:])

    def _stop(
        self, conn: psycopg.Connection[Any], failure: Unfoldable, start: int,
        records: Sequence[Recorded],
    ) -> None:  # fmt: skip
        """Take the projection up to the event before the one it cannot fold, and stop it there."""
        good = [r for r in records if r.position < failure.record.position]
        if good and not self._apply(conn, [self._named(failure.projection)], start, good):
            return  # it stopped earlier still, or comes here again
        place = good[-1].position if good else start
        self._halt(conn, [failure.projection], place, failure.record.event.topic, failure.reason)

    def _named(self, name: str) -> Projection[Any]:
        return next(p for p in self.projections if p.name == name)

    @staticmethod
    def _halt(
        conn: psycopg.Connection[Any], names: list[str], position: int, topic: str, reason: str
    ) -> None:
        """Stop the projections, unless another worker has taken them past the place meanwhile."""
        conn.execute(
            "update read.projections set stopped_topic = %s, stopped_reason = %s"
            " where name = any(%s) and position = %s",
            (topic, reason[:500], names, position),
        )

    @staticmethod
    def _move(
        conn: psycopg.Connection[Any], projections: Sequence[Projection[Any]], start: int, end: int
    ) -> None:
        names, versions = [p.name for p in projections], [p.version for p in projections]
        moved = conn.execute(_MOVE, (end, names, versions, start), prepare=True).fetchall()
        if len(moved) != len(projections):
            raise Raced

    def given(
        self, conn: psycopg.Connection[Any], projection: Projection[Any],
        records: Sequence[Recorded],
    ) -> Given:  # fmt: skip
        """What the projection may look up while it folds these records; raises Unfoldable."""
        if not projection.reads_papers:
            return Given(self.policies)
        wanted = {
            paper: record
            for record in records
            if type(record.event) in projection.events
            for paper in projection.papers(record)
        }
        try:
            return Given(self.policies, self.vault.open_many(conn, wanted) if wanted else {})
        except VaultError as error:
            record = wanted.get(error.paper, records[0])
            raise Unfoldable(projection.name, record, str(error)) from error

    # ------------------------------------------------------------ going on

    def catch_up(self, *, limit: int = BATCH) -> int:
        """Apply everything there is; returns how many events."""
        total = 0
        with self.database.dedicated() as conn:
            while True:
                try:
                    size = self.advance(conn, limit)
                except Raced:
                    continue
                if not size:
                    return total
                total += size

    def follow(self, stopping: threading.Event) -> None:
        """Keep up until told to stop; raises psycopg.OperationalError when the database goes.

        One process leads; the others wait for it to go. Correctness does not rest on this lock.
        """
        with self.database.dedicated() as conn, self.database.dedicated() as ears:
            while not self._lead(conn):
                if stopping.wait(POLL):
                    return
            learn(self.database, self.policies)  # what was adopted while another process led
            self.retry_stopped(conn)
            ears.execute(sql.SQL("listen {}").format(sql.Identifier(CHANNEL)))
            while not stopping.is_set():
                try:
                    while self.advance(conn):
                        if stopping.is_set():
                            return
                except Raced:
                    continue
                for _ in ears.notifies(timeout=POLL, stop_after=1):
                    pass

    @staticmethod
    def _lead(conn: psycopg.Connection[Any]) -> bool:
        row = conn.execute("select pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
        return bool(row and row[0])

    @staticmethod
    def retry_stopped(conn: psycopg.Connection[Any]) -> None:
        """Let stopped projections try again: the code may have been mended since."""
        conn.execute(
            "update read.projections set stopped_topic = null, stopped_reason = null"
            " where stopped_reason is not null"
        )
