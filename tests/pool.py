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

from tests import templates

PATIENCE = 0.2
"""Seconds that connections which are being closed get to end."""
_OTHERS = (
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid()"
)
_SHAPE = " union all ".join(
    f"select md5(string_agg(oid::text || xmin::text, ',' order by oid)) from {catalogue}"
    " where oid >= 16384"
    for catalogue in ("pg_class", "pg_trigger", "pg_proc", "pg_namespace")
)
_TABLES = (
    "select schemaname || '.' || tablename from pg_tables"
    " where schemaname not in ('pg_catalog', 'information_schema') order by 1"
)
_SEQUENCES = "select schemaname || '.' || sequencename, last_value, start_value from pg_sequences"


class Swept:
    """One database, and what it takes to make it new again."""

    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(url, autocommit=True) as conn:
            self._shape = _all(conn, _SHAPE)
            tables = [name for (name,) in _all(conn, _TABLES)]
            self._used = " union all ".join(
                f"select '{name}' where exists (select from {name})" for name in tables
            )
            filled = [name for (name,) in _all(conn, self._used)]
            self._content = {name: _copied(conn, name) for name in filled}
            self._sequences = _all(conn, _SEQUENCES)

    def sweep(self) -> bool:
        """Whether it is as it was made."""
        with suppress(psycopg.Error), psycopg.connect(self.url, autocommit=True) as conn:
            if not _left_alone(conn) or _all(conn, _SHAPE) != self._shape:
                return False
            conn.execute("set session_replication_role = replica")  # the log lets nobody delete
            used = [name for (name,) in _all(conn, self._used)]
            if used:
                conn.execute("; ".join(f"delete from {name}" for name in used).encode())
            for name, content in self._content.items():
                with conn.cursor().copy(f"copy {name} from stdin".encode()) as copy:
                    copy.write(content)
            for name, last, start in self._sequences:
                conn.execute("select setval(%s, %s, %s)", (name, last or start, last is not None))
            return True
        return False


class Pool:
    """The databases of one process of tests."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: dict[str, list[Swept]] = {}

    @contextmanager
    def database(self, template: str) -> Iterator[str]:
        """The URL of one that is as the template."""
        free = self._free.setdefault(template, [])
        found = free.pop() if free else self._made(template)
        yield found.url
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
        name = found.url.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self._server, autocommit=True) as conn:
            conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _left_alone(conn: psycopg.Connection[Any]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while _all(conn, _OTHERS) != [(0,)]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def _copied(conn: psycopg.Connection[Any], name: str) -> bytes:
    with conn.cursor().copy(f"copy {name} to stdout".encode()) as copy:
        return b"".join(bytes(part) for part in copy)


def _all(conn: psycopg.Connection[Any], query: str) -> list[tuple[Any, ...]]:
    return conn.execute(query.encode()).fetchall()
