"""How does a backup become a desk again, whole or not at all?

In one transaction on an empty database, in the schema that the backup was made in: each file is
loaded while its digest is worked out, then the vault is tried with the master key, and the caller
looks at the seal. Whoever was forgotten since is forgotten again before anybody else may come in:
until then a table, `desk.restoring`, keeps every other process out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import psycopg
from psycopg import sql

from recovery import forgotten
from recovery.backup import manifest as manifests
from recovery.backup.files import pieces
from recovery.backup.locking import Locker
from recovery.backup.making import Progress
from recovery.backup.manifest import APART, Kept, Manifest
from recovery.backup.parts import KEYS, Part, Since, parts
from recovery.database import HEAD, Database
from recovery.errors import Refused
from recovery.forgotten import Gone
from recovery.migrations import revisions, upgrade
from recovery.store import Store
from recovery.vault import Vault

Check = Callable[[psycopg.Connection[Any]], None]
"""Looks at what was loaded, and raises where it is not to be kept."""
RESTORE_LOCK = 1592524808
_MANY = ("events", "papers", "commands", KEYS)
"""Large tables that nothing refers to: quicker to fill without their indexes."""


class Folder(NamedTuple):
    """A backup, and what opens it."""

    path: Path
    manifest: Manifest
    locker: Locker | None


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was brought back."""

    backup: str
    position: int
    rows: int
    unreadable: int
    """Papers that were left out, because their keys were gone."""
    forgotten: int
    """People who were forgotten since, and were again."""


def look(paths: Sequence[Path], *, keys: Path | None = None, passphrase: str = "") -> list[Folder]:
    """A backup and its increments, and last the keys; raises Refused where they do not fit."""
    chain = [Folder(path, *manifests.read(path, passphrase)) for path in paths]
    for before, each in zip([None, *chain[:-1]], chain, strict=True):
        if each.manifest.holds_keys:
            raise Refused(f"{each.path} holds the keys of a backup: name it with --keys.")
        if each.manifest.after != (before.manifest.id if before else ""):
            told = f"the increment after {before.path}" if before else "a whole backup"
            raise Refused(
                f"{each.path} is not {told}. Name the whole one first, then each in turn."
            )
    place = keys or paths[-1] / APART
    found = Folder(place, *manifests.read(place, passphrase))
    if not found.manifest.holds_keys or forgotten.FILE not in found.manifest.lists:
        raise Refused(f"{place} does not hold the keys of a backup, or not who was forgotten.")
    if found.manifest.reached.position < chain[-1].manifest.reached.position:
        raise Refused(
            f"The keys in {place} are older than the backup, and would not open all of it."
        )
    return [*chain, found]


def restore(
    database: Database, vault: Vault, folders: Sequence[Folder], *, check: Check,
    gone: Sequence[Gone] = (), progress: Progress = lambda done, total: None,
) -> Restored:  # fmt: skip
    """Load what `look` found into an empty database; raises Refused, and what `check` raises.

    Whoever is on the list beside the keys, or in `gone`, is forgotten again.
    """
    last = folders[-2].manifest
    with _alone(database):
        _begin(database, last.schema)
        loading = _Loading(progress, sum(each.manifest.rows for each in folders))
        with database.dedicated() as conn, conn.transaction():
            known = {part.table: part for part in parts(conn)}
            rebuild = _without_indexes(conn)
            since = None
            for each in folders:
                since = None if each.manifest.holds_keys else since
                loading.load(conn, each, known, since)
                since = each.manifest.reached
            for statement in rebuild:
                conn.execute(statement)
            unreadable = _match(conn)
            _try(conn, vault)
            _wind(conn)
            conn.execute("analyze desk.events")
            check(conn)
            conn.execute("create table if not exists desk.restoring ()")
        database.migrate(restoring=True)
        beside = forgotten.read(folders[-1].path / forgotten.FILE)
        again = forgotten.carry_out(Store(database), vault, [*beside, *gone])
        with database.connection() as conn:
            conn.execute("drop table desk.restoring")
        return Restored(
            backup=last.id, position=last.reached.position, rows=loading.done,
            unreadable=unreadable, forgotten=again,
        )  # fmt: skip


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Keep everybody else from restoring into it; raises Refused where somebody is."""
    with database.dedicated() as conn:
        row = conn.execute("select pg_try_advisory_lock(%s)", (RESTORE_LOCK,)).fetchone()
        if not row or not row[0]:
            raise Refused("A backup is being restored into this database already.")
        yield


class _Loading:
    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self.done = 0

    def load(
        self, conn: psycopg.Connection[Any], folder: Folder, known: dict[str, Part],
        since: Since | None,
    ) -> None:  # fmt: skip
        """Put the rows of one backup where they belong."""
        listed = {kept.table: kept for kept in folder.manifest.files}
        if unknown := set(listed) - set(known):
            raise Refused(f"This software knows no table {', '.join(sorted(unknown))}.")
        ours = [part for name, part in known.items() if name in listed]
        for part in reversed(ours):
            query, given = part.make_room(since)
            conn.execute(query, given)
        for part in ours:
            self._table(conn, folder, part, listed[part.table])

    def _table(self, conn: psycopg.Connection[Any], folder: Folder, part: Part, kept: Kept) -> None:
        target = Part(part.table, kept.columns)
        try:
            with conn.cursor() as cursor:
                with cursor.copy(target.write()) as copy:
                    for piece in pieces(folder.path, kept, folder.locker):
                        copy.write(piece)
                        self._progress(self.done, self._total)
                rows = cursor.rowcount
        except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError) as error:
            raise Refused(
                f"{folder.path / kept.file} cannot be loaded ({type(error).__name__})."
            ) from None
        if rows != kept.rows:
            raise Refused(f"{folder.path / kept.file} holds {rows:,} rows of {kept.rows:,}.")
        self.done += rows


def _begin(database: Database, schema: str) -> None:
    """Make the tables as they were; raises Refused where there is a desk already."""
    if schema not in revisions():
        raise Refused(
            f"The backup was made by newer or other software ({schema!r}, this one has {HEAD})."
        )
    with database.dedicated() as conn, conn.transaction():
        there = conn.execute("select to_regclass('desk.events') is not null").fetchone()
        if there and there[0]:
            found = conn.execute(
                "select to_regclass('desk.restoring') is null"
                " and (exists (select from desk.events) or exists (select from desk.users))"
            ).fetchone()
            if found and found[0]:
                raise Refused(
                    "There is a desk in this database already. Restore into an empty one."
                )
        conn.execute("drop schema if exists desk cascade")
        conn.execute("drop schema if exists read cascade")
    upgrade(database.engine.execution_options(isolation_level="READ COMMITTED"), schema)


def _without_indexes(conn: psycopg.Connection[Any]) -> list[sql.SQL | sql.Composed]:
    """Drop what would be kept up row by row; gives the statements that make it anew."""
    rebuild: list[sql.SQL | sql.Composed] = []
    for table, name, definition in conn.execute(
        "select r.relname, k.conname, pg_get_constraintdef(k.oid) from pg_constraint k"
        " join pg_class r on r.oid = k.conrelid where k.connamespace = 'desk'::regnamespace"
        " and k.contype in ('p', 'u') and r.relname = any(%s) order by k.contype, k.conname",
        (list(_MANY),),
    ).fetchall():
        alter = sql.SQL("alter table {} ").format(sql.Identifier("desk", table))
        conn.execute(alter + sql.SQL("drop constraint {}").format(sql.Identifier(name)))
        rebuild.append(
            alter + sql.SQL("add constraint {} ").format(sql.Identifier(name)) + sql.SQL(definition)
        )
    for name, definition in conn.execute(
        "select indexname, indexdef from pg_indexes where schemaname = 'desk'"
        " and tablename = any(%s) order by indexname",
        (list(_MANY),),
    ).fetchall():
        conn.execute(sql.SQL("drop index {}").format(sql.Identifier("desk", name)))
        rebuild.append(sql.SQL(definition))
    return [sql.SQL("set local maintenance_work_mem to '256MB'"), *rebuild]


def _match(conn: psycopg.Connection[Any]) -> int:
    """Drop papers without a key and keys without a paper; returns how many papers.

    Newer keys lack those of who was forgotten since, and have those of who came since.
    """
    gone = conn.execute(
        "delete from desk.papers p where not exists"
        " (select from desk.vault_keys k where k.owner = p.owner)"
    ).rowcount
    conn.execute(
        "delete from desk.vault_keys k where not exists"
        " (select from desk.papers p where p.owner = k.owner)"
    )
    return gone


def _try(conn: psycopg.Connection[Any], vault: Vault) -> None:
    """Raise VaultError where the master key is another one."""
    row = conn.execute("select owner, wrapped from desk.vault_keys limit 1").fetchone()
    if row:
        vault.unwrap(row[0], row[1])


def _wind(conn: psycopg.Connection[Any]) -> None:
    """Let counters go on where they were."""
    for table, column in conn.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'desk'"
        " and (is_identity = 'YES' or column_default like 'nextval(%')"
    ).fetchall():
        conn.execute(
            sql.SQL(
                "select setval(pg_get_serial_sequence({}, {}), max({})) from {} having max({}) > 0"
            ).format(
                sql.Literal(f"desk.{table}"), sql.Literal(column), sql.Identifier(column),
                sql.Identifier("desk", table), sql.Identifier(column),
            )
        )  # fmt: skip
