"""How does everything get into a folder, as it was at one instant, while the desk goes on?

One transaction reads every table (repeatable read): what is recorded meanwhile is for the next
backup. The folder gets its name when it is whole; killed before, only a draft is left, whose name
says so.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from recovery import forgotten
from recovery.backup import manifest as manifests
from recovery.backup.files import Writer
from recovery.backup.locking import Lock, Locker
from recovery.backup.manifest import APART, Kept, Manifest
from recovery.backup.parts import KEYS, Part, Since, parts
from recovery.copyout import pour
from recovery.database import Database
from recovery.errors import Refused

Progress = Callable[[int, int], None]
"""Called with the rows that were carried and those there are, as far as the planner knows."""


def make(
    database: Database, folder: Path, *, at: datetime, keys: Path | None = None,
    after: Manifest | None = None, passphrase: str = "",
    progress: Progress = lambda done, total: None,
) -> Manifest:  # fmt: skip
    """Write a backup, or with `after` what came since that one; raises Refused.

    The keys of the vault go into a folder of their own, `keys` below it unless named: whole every
    time, so that the newest ones open every older backup, but for who was forgotten.
    """
    folder, keys = folder.resolve(), keys.resolve() if keys else None
    for each in filter(None, (folder, keys)):
        if each.exists() and (not each.is_dir() or any(each.iterdir())):
            raise Refused(f"{each} is there already. Name a folder that is not: none is changed.")
    with (
        database.dedicated() as conn,
        _draft(folder) as draft,
        _draft(keys) if keys else _below(draft) as keys_draft,
    ):
        with _instant(conn):
            taking = _Taking(conn, at, after, passphrase, progress)
            chosen = parts(conn)
            taking.count(chosen)
            taking.take_keys([p for p in chosen if p.table == KEYS], keys_draft)
            made = taking.take(
                [p for p in chosen if p.table != KEYS],
                draft,
                since=after.reached if after else None,
            )
        if keys:
            _settle(draft=keys_draft, folder=keys)
        _settle(draft=draft, folder=folder)
        conn.execute(
            "insert into desk.backups (backup, made_at, position, rows, size)"
            " values (%s, %s, %s, %s, %s)",
            (made.id, at, made.reached.position, made.rows, made.size),
        )
    return made


class _Taking:
    """One backup that is being made."""

    def __init__(
        self, conn: psycopg.Connection[Any], at: datetime, after: Manifest | None,
        passphrase: str, progress: Progress,
    ) -> None:  # fmt: skip
        self._conn = conn
        self._progress = progress
        self._done = self._total = 0
        lock = Lock.new() if passphrase else None
        self._locker = Locker(passphrase, lock) if lock else None
        self._frame = Manifest(
            id=secrets.token_hex(8), made_at=at, schema=_schema(conn), reached=_reached(conn),
            after=after.id if after else "", lock=lock,
        )  # fmt: skip
        if after:
            _require_base(conn, after, self._frame)

    def count(self, chosen: Sequence[Part]) -> None:
        """How many rows there are, as far as the planner knows."""
        row = self._conn.execute(
            "select sum(greatest(reltuples, 0))::bigint from pg_class"
            " where relnamespace = 'desk'::regnamespace and relkind = 'r' and relname = any(%s)",
            ([part.table for part in chosen],),
        ).fetchone()
        self._total = (row[0] if row else None) or 0

    def take_keys(self, chosen: Sequence[Part], draft: Path) -> None:
        """Write the keys, and the list of those that are gone, which goes wherever they go."""
        path = draft / forgotten.FILE
        path.touch()
        forgotten.write(self._conn, path)
        digest = sha256(path.read_bytes()).hexdigest()
        self.take(chosen, draft, since=None, lists={forgotten.FILE: digest})

    def take(
        self, chosen: Sequence[Part], draft: Path, *, since: Since | None,
        lists: dict[str, str] | None = None,
    ) -> Manifest:  # fmt: skip
        """Write the tables and the list of them."""
        files = tuple(self._table(part, draft, since) for part in chosen)
        whole = msgspec.structs.replace(self._frame, files=files, lists=lists or {})
        return manifests.write(draft, whole, self._locker)

    def _table(self, part: Part, draft: Path, since: Since | None) -> Kept:
        name = f"{part.table}.copy" + ("" if part.is_sealed else ".gz")
        file = Writer(draft / name, compress=not part.is_sealed, locker=self._locker)
        query, given = part.read(since)
        statement = sql.SQL(psycopg.ClientCursor(self._conn).mogrify(query, given))
        carried = self._done

        def write(messages: list[bytes]) -> None:
            nonlocal carried
            for message in messages:
                file.write(message)
            carried += len(messages)
            self._progress(carried, max(self._total, carried))

        rows = pour(self._conn, statement, write)
        self._done += rows
        size, digest = file.close()
        return Kept(
            table=part.table, columns=part.columns, file=name, rows=rows, size=size, sha256=digest
        )


@contextmanager
def _instant(conn: psycopg.Connection[Any]) -> Iterator[None]:
    """One and the same instant of the database for all that is read."""
    conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    conn.read_only = True
    try:
        with conn.transaction():
            yield
    finally:
        if not conn.closed:
            conn.isolation_level = conn.read_only = None


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A folder beside the one it will be."""
    draft = folder.with_name(f"{folder.name}.draft-{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o700)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _below(draft: Path) -> Iterator[Path]:
    (draft / APART).mkdir(mode=0o700)
    yield draft / APART


def _settle(*, draft: Path, folder: Path) -> None:
    """Give a folder that is whole its name, for good."""
    for each in (draft, *(path for path in draft.iterdir() if path.is_dir())):
        _sync(each)
    try:
        draft.rename(folder)
    except OSError as error:
        raise Refused(f"{folder} is there already. Name a folder that is not.") from error
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _schema(conn: psycopg.Connection[Any]) -> str:
    row = conn.execute("select version_num from desk.alembic_version").fetchone()
    assert row is not None
    return str(row[0])


def _reached(conn: psycopg.Connection[Any]) -> Since:
    row = conn.execute(
        "select (select coalesce(max(notification_id), 0) from desk.events),"
        " (select coalesce(max(size), 0) from desk.seal_heads), pg_current_snapshot()::text"
    ).fetchone()
    assert row is not None
    return Since(*row)


def _require_base(conn: psycopg.Connection[Any], after: Manifest, frame: Manifest) -> None:
    """Raise Refused where an increment after that backup would not be what is new since then."""
    known = conn.execute("select from desk.backups where backup = %s", (after.id,)).rowcount
    if not known:
        raise Refused(
            "That backup was not made of this database, or the database was restored since. Make a"
            " whole one."
        )
    if after.schema != frame.schema:
        raise Refused("The desk was upgraded since that backup. Make a whole one.")
