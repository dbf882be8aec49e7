"""How are events written and read?

The `eventsourcing` library's event store with a recorder of our own. Appending is one statement:
the function `desk.append` takes the lock, writes events, guards, keys and papers, stamps the
database's time, wakes the readers. Commit order equals position order, always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
import psycopg
from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import (
    ApplicationRecorder,
    EventStore,
    Notification,
    StoredEvent,
    Subscription,
)  # fmt: skip
from psycopg import errors as pg

from recovery.database import Database, first_line
from recovery.errors import CommandReused, NotFound, RecoveryError, StoreUnavailable
from recovery.events import Received, Recorded, subject
from recovery.mapper import Logged, RecordedMapper
from recovery.vault import SealedKey, SealedPaper

CHANNEL = "recovery_events"
APPEND_LOCK = 1592524801
A = TypeVar("A")


class Conflict(RecoveryError):
    """Somebody was first: with the version, with this very command, or in forgetting the person."""


class Command(msgspec.Struct, frozen=True):
    """The identity of a command: the same id is carried out once."""

    id: str
    digest: bytes = b""
    """Of what was asked, so that an id that comes back with other content is noticed."""


class Done(msgspec.Struct, frozen=True):
    """What a command left behind: the last event's place."""

    stream: str
    version: int
    position: int
    repeated: bool = False


_APPEND = "select head, stamp from desk.append(%s::text[], %s::int[], %s::text[], %b::bytea[], %s, %s, %s::text[], %b::bytea[], %s::text[], %s::text[], %b::bytea[])"  # noqa: E501
_COLUMNS = "originator_id, originator_version, topic, state, notification_id, recorded_at"


class Recorder(ApplicationRecorder):
    """The library's recorder interface on the table `desk.events`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, command: Command | None = None,
        keys: Sequence[SealedKey] = (), papers: Sequence[SealedPaper] = (),
        within: psycopg.Connection[Any] | None = None, **_: Any,
    ) -> Sequence[int]:  # fmt: skip
        """Append as one transaction, or within the caller's.

        Raises Conflict when a version, command id or key is taken, or a paper's key is gone.
        """
        with nullcontext(within) if within else self._database.connection() as conn:
            try:
                row = conn.execute(
                    _APPEND,
                    (
                        [e.originator_id for e in stored_events],
                        [e.originator_version for e in stored_events],
                        [e.topic for e in stored_events],
                        [e.state for e in stored_events],
                        command.id if command else None,
                        command.digest if command else None,
                        [k.owner for k in keys],
                        [k.wrapped for k in keys],
                        [p.ref.paper for p in papers],
                        [p.owner for p in papers],
                        [p.sealed for p in papers],
                    ),
                    prepare=True,
                ).fetchone()
            except (pg.UniqueViolation, pg.ForeignKeyViolation) as error:
                raise Conflict(str(error.diag.constraint_name)) from error
            except (pg.DiskFull, pg.LockNotAvailable, pg.ReadOnlySqlTransaction) as error:
                raise StoreUnavailable(
                    f"The database cannot write; nothing was recorded. ({first_line(error)})"
                ) from error
        assert row is not None
        head = int(row[0])
        return range(head - len(stored_events) + 1, head + 1)

    def select_events(
        self, originator_id: Any, *, gt: int | None = None, lte: int | None = None,
        desc: bool = False, limit: int | None = None,
    ) -> Sequence[StoredEvent]:  # fmt: skip
        with self._database.connection() as conn:
            rows = conn.execute(
                f"select {_COLUMNS} from desk.events where originator_id = %s"  # noqa: S608
                " and originator_version > %s and originator_version <= %s"
                f" order by originator_version {'desc' if desc else 'asc'} limit %s",
                (str(originator_id), gt or 0, lte if lte is not None else 2**31 - 1, limit),
                prepare=True,
            ).fetchall()
        return [Logged(*row) for row in rows]

    def select_many(self, originator_ids: Sequence[str]) -> Sequence[StoredEvent]:
        """The events of several streams, each stream's in order."""
        with self._database.connection() as conn:
            rows = conn.execute(
                f"select {_COLUMNS} from desk.events where originator_id = any(%s)"  # noqa: S608
                " order by originator_id, originator_version",
                (list(originator_ids),),
            ).fetchall()
        return [Logged(*row) for row in rows]

    def select_notifications(
        self, start: int | None, limit: int, stop: int | None = None,
        topics: Sequence[str] = (), *, inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:  # fmt: skip
        after = (start or 0) - (1 if inclusive_of_start else 0)
        with self._database.connection() as conn:
            rows = conn.execute(
                f"select {_COLUMNS} from desk.events where notification_id > %s"  # noqa: S608
                " and notification_id <= %s order by notification_id limit %s",
                (after, stop if stop is not None else 2**63 - 1, limit),
            ).fetchall()
        return [Logged(*row) for row in rows if not topics or row[2] in topics]

    def max_notification_id(self) -> int | None:
        with self._database.connection() as conn:
            row = conn.execute("select max(notification_id) from desk.events").fetchone()
        return row[0] if row else None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        raise TypeError("Read the log with projections.engine; the library's runner is not used.")


class Store:
    """Append to streams and load them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.recorder = Recorder(database)
        self._mapper = RecordedMapper()
        self._events: EventStore[str] = EventStore(self._mapper, self.recorder)
        self._repository: Repository[str] = Repository(self._events)

    def append(
        self, records: Sequence[Recorded], *, command: Command | None = None,
        keys: Sequence[SealedKey] = (), papers: Sequence[SealedPaper] = (),
        within: psycopg.Connection[Any] | None = None,
    ) -> Done:  # fmt: skip
        """Write the records as one transaction, or within the caller's.

        Raises Conflict (load again, decide again), StoreUnavailable (where the
        connection broke, it may have been recorded: repeat the command under its id).
        """
        recordings = self._events.put(
            records, command=command, keys=keys, papers=papers, within=within
        )
        last = recordings[-1].notification
        return Done(str(last.originator_id), last.originator_version, last.id)

    def load(
        self, stream: str, project: Callable[[Iterable[Recorded]], A], *, version: int | None = None
    ) -> A:
        """Fold a stream, up to a version if given; raises NotFound when it does not exist."""

        def projector(_: Any, records: Any) -> Any:
            found = list(records)
            return project(found) if found else None

        try:
            return self._repository.get(stream, version=version, projector_func=projector)  # type: ignore[no-any-return]
        except AggregateNotFoundError:
            raise NotFound(f"There is no {stream.replace('-', ' ', 1)}.") from None

    def records(self, stream: str) -> list[Recorded]:
        """Every record of the stream, oldest first; empty when it does not exist."""
        return list(self._events.get(stream))  # type: ignore[arg-type]

    def several(self, streams: Sequence[str]) -> dict[str, list[Recorded]]:
        """The records of each of many streams, oldest first, in one statement."""
        found: dict[str, list[Recorded]] = {}
        for stored in self.recorder.select_many(streams):
            record: Recorded = self._mapper.to_domain_event(stored)
            found.setdefault(record.stream, []).append(record)
        return found

    def together(self, streams: Sequence[str]) -> list[Recorded]:
        """Every record of several streams, in the order of the log."""
        found = [record for stream in streams for record in self.records(stream)]
        return sorted(found, key=attrgetter("position"))

    def done(self, command: Command) -> Done | None:
        """What the command did when it was carried out before; raises CommandReused."""
        with self.database.connection() as conn:
            row = conn.execute(
                "select stream, version, position, digest from desk.commands where command = %s",
                (command.id,),
            ).fetchone()
        if row is None:
            return None
        if command.digest and row[3] and bytes(row[3]) != command.digest:
            raise CommandReused("This request id was used before for something else.")
        return Done(row[0], row[1], row[2], repeated=True)

    def complaints_of(self, conn: psycopg.Connection[Any], complainant: str) -> tuple[str, ...]:
        """The references of every complaint a person brought, oldest first."""
        rows = conn.execute(
            "select originator_id from desk.events"  # noqa: S608
            f" where split_part(topic, '@', 1) = '{Received.topic}'"
            " and desk.said(state, 'complainant') = %s order by notification_id",
            (complainant,),
        ).fetchall()
        return tuple(subject(row[0]) for row in rows)

    def head(self) -> int:
        """The last position of the log; 0 when it is empty."""
        return self.recorder.max_notification_id() or 0

    def now(self) -> datetime:
        """The database's clock."""
        with self.database.connection() as conn:
            row = conn.execute("select clock_timestamp()").fetchone()
        assert row is not None
        return row[0]  # type: ignore[no-any-return]
