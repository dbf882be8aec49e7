"""Databases that tests use one after the other, each time as they were when they were made.

To sweep one is five times quicker than to make another. Whatever was done to its tables (one was
dropped, rebuilt or got a column) and whoever is still connected to it makes it unfit, and it is
dropped instead.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.pool import QueuePool

from recovery.database import Database
from tests import templates

PATIENCE = 0.2
"""Seconds that connections which are being closed get to end."""
KEPT = 3
"""Connections that a database keeps from one test to the next; with more it begins anew."""
_OTHERS = (
    "select count(*), count(*) filter (where state <> 'idle') from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid()"
    " and backend_type = 'client backend'"
)
_SHAPE = (
    " union all ".join(
        f"select md5(string_agg(oid::text || xmin::text, ',' order by oid)) from {catalogue}"
        " where oid >= 16384"
        for catalogue in ("pg_class", "pg_trigger", "pg_proc", "pg_namespace")
    )
    + " union all select datallowconn::text from pg_database where datname = current_database()"
)
_TABLES = (
    "select schemaname || '.' || tablename from pg_tables"
    " where schemaname not in ('pg_catalog', 'information_schema') order by 1"
)
_SEQUENCES = "select schemaname || '.' || sequencename, last_value, start_value from pg_sequences"


class Swept:
    """One database, and what it takes to make it new again.

    Its connections outlive the test: what a new one has to find out costs more than many a test.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._database: Database | None = None
        self._conn = psycopg.connect(url, autocommit=True)
        self._conn.execute("set session_replication_role = replica")  # the log lets nobody delete
        self._shape = _all(self._conn, _SHAPE)
        tables = [name for (name,) in _all(self._conn, _TABLES)]
        self._used = " union all ".join(
            f"select '{name}' where exists (select from {name})" for name in tables
        )
        filled = [name for (name,) in _all(self._conn, self._used)]
        self._content = {name: _copied(self._conn, name) for name in filled}
        self._sequences = _all(self._conn, _SEQUENCES)

    def open(self) -> Database:
        """The way in that tests share."""
        if self._database is None or self._database.pool.closed:
            self._database = Database(self.url, size=4).open()
        return self._database

    def sweep(self) -> bool:
        """Whether it is as it was made."""
        with suppress(psycopg.Error):
            if not self._left_alone() or _all(self._conn, _SHAPE) != self._shape:
                return False
            used = [name for (name,) in _all(self._conn, self._used)]
            if used:
                self._conn.execute("; ".join(f"delete from {name}" for name in used).encode())
            for name, content in self._content.items():
                with self._conn.cursor().copy(f"copy {name} from stdin".encode()) as copy:
                    copy.write(content)
            for name, last, start in self._sequences:
                called = last is not None
                self._conn.execute("select setval(%s, %s, %s)", (name, last or start, called))
            return True
        return False

    def close(self) -> None:
        self._conn.close()
        self._let_go()

    def _left_alone(self) -> bool:
        """Whether nobody is connected but those who stay, and they do nothing."""
        deadline = time.monotonic() + PATIENCE
        while _all(self._conn, _OTHERS) != [(self._staying(), 0)]:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def _staying(self) -> int:
        if self._database is None or self._database.pool.closed:
            return 0
        stats, engine = self._database.pool.get_stats(), self._database.engine.pool
        assert isinstance(engine, QueuePool)
        if stats["pool_size"] + engine.checkedin() > KEPT:
            self._let_go()
            return 0
        return stats["pool_size"] + engine.checkedin()

    def _let_go(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


class Pool:
    """The databases of one process of tests."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: dict[str, list[Swept]] = {}

    @contextmanager
    def database(self, template: str) -> Iterator[Swept]:
        """One that is as the template."""
        free = self._free.setdefault(template, [])
        found = free.pop() if free else self._made(template)
        yield found
        if found.sweep():
            free.append(found)
        else:
            self._drop(found)

    def close(self) -> None:
        for found in [each for free in self._free.values() for each in free]:
            self._drop(found)

    def _made(self, template: str) -> Swept:
        templates.make(self._server, template)
        name = f"t_{secrets.token_hex(6)}"
        with psycopg.connect(self._server, autocommit=True) as conn:
            templates.copy(conn, template, name)
        return Swept(templates.at(self._server, name))

    def _drop(self, found: Swept) -> None:
        found.close()
        name = found.url.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self._server, autocommit=True) as conn:
            conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _copied(conn: psycopg.Connection[Any], name: str) -> bytes:
    with conn.cursor().copy(f"copy {name} to stdout".encode()) as copy:
        return b"".join(bytes(part) for part in copy)


def _all(conn: psycopg.Connection[Any], query: str) -> list[tuple[Any, ...]]:
    return conn.execute(query.encode()).fetchall()
