"""How do we reach PostgreSQL, and is its schema ours?"""

from __future__ import annotations

import logging
import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy
import sqlalchemy.event
import sqlalchemy.exc
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout
from sqlalchemy.pool import QueuePool

from recovery.errors import StoreUnavailable, Unsure

log = logging.getLogger("recovery.database")
HEAD = "0015"
"""The newest migration; a test holds it against the migrations folder."""
MIGRATION_LOCK = 0x5EC0_0001
RECONNECT = 10.0
"""Seconds of ever longer waits between attempts to connect, before they begin anew.

No wait is then longer than what a request waits for a connection, so that the desk is back as soon
as the database is; the pool's own five minutes would keep it away for up to two more.
"""
OPTIONS = "-c lock_timeout=10s -c timezone=UTC -c search_path=desk,public"


def _how(url: str) -> dict[str, str]:
    """How to connect; what the operator's URL says has the last word."""
    theirs = conninfo_to_dict(url)
    options = f"{OPTIONS} {theirs.get('options') or ''}".rstrip()
    return {"connect_timeout": str(theirs.get("connect_timeout") or "3"), "options": options}


class Database:
    """Autocommit connections for the store, and an SQLAlchemy engine for the read models."""

    def __init__(self, url: str, *, size: int = 8) -> None:
        self.url = url
        self.pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            url, min_size=1, max_size=size, timeout=5, open=False,
            reconnect_timeout=RECONNECT,
            kwargs={"autocommit": True, **_how(url)}, check=_check,
        )  # fmt: skip
        self.engine = sqlalchemy.create_engine(
            sqlalchemy.engine.make_url(url).set(drivername="postgresql+psycopg"),
            poolclass=QueuePool, pool_size=size, max_overflow=4, pool_timeout=5,
            connect_args=_how(url),
            # Reading needs no transactions, and a rollback would drop the prepared statements.
            isolation_level="AUTOCOMMIT",
        )  # fmt: skip
        sqlalchemy.event.listen(self.engine, "checkout", _check_out)

    def open(self) -> Database:
        """Connect; raises StoreUnavailable with the server's own words."""
        try:
            self.pool.open(wait=True, timeout=RECONNECT)
        except PoolTimeout as error:
            self.pool.close()
            raise StoreUnavailable(f"The database cannot be reached: {self._why()}") from error
        return self

    def close(self) -> None:
        self.pool.close()
        self.engine.dispose()

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """An autocommit connection; raises StoreUnavailable without one, Unsure when it breaks."""
        try:
            with self.pool.connection() as conn:
                yield conn
        except (PoolTimeout, PoolClosed) as error:
            raise StoreUnavailable("The database does not answer; nothing was recorded.") from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            # It may have died after it had recorded what we asked and before it said so.
            log.warning("the connection to the database broke: %s", first_line(error))
            raise Unsure(
                "The connection to the database broke. Look whether it was recorded before you send"
                " it again."
            ) from error

    def dedicated(self) -> psycopg.Connection[Any]:
        """A connection of one's own, outside the pools: for LISTEN and for long loads."""
        return psycopg.connect(self.url, autocommit=True, **_how(self.url))  # type: ignore[arg-type]

    def migrate(self, *, restoring: bool = False) -> None:
        """Bring the schema up to this code's version; several processes may call it at once.

        Raises StoreUnavailable where only whoever restores may go on.
        """
        with self.connection() as conn:
            row = conn.execute("select to_regclass('desk.restoring') is not null").fetchone()
            if row and row[0] and not restoring:
                raise StoreUnavailable(
                    "A backup was being restored into this database and is not whole: restore it"
                    " again."
                )
            if self._revision(conn) == HEAD:
                return
        with self.dedicated() as conn:
            conn.execute("select pg_advisory_lock(%s)", (MIGRATION_LOCK,))
            found = self._revision(conn)
            if found == HEAD:
                return
            if found is not None and found > HEAD:
                raise StoreUnavailable(
                    f"The database was made by a newer version of this software ({found} > {HEAD})."
                )
            from recovery.migrations import upgrade  # Alembic is heavy and rarely needed

            upgrade(self.engine.execution_options(isolation_level="READ COMMITTED"))

    @staticmethod
    def _revision(conn: psycopg.Connection[Any]) -> str | None:
        row = conn.execute("select to_regclass('desk.alembic_version')").fetchone()
        if row is None or row[0] is None:
            return None
        found = conn.execute("select version_num from desk.alembic_version").fetchone()
        return found[0] if found else None

    def _why(self) -> str:
        try:
            self.dedicated().close()
        except psycopg.Error as error:
            return first_line(error)
        return "no connection became free in time"


def _check(conn: psycopg.Connection[Any]) -> None:
    """Raise OperationalError for a lost connection, without asking the server about the others.

    The socket of an idle connection has something to read only when the server has gone, or has
    something to say; then it is asked.
    """
    poll = select.poll()
    poll.register(conn.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(conn)


def _check_out(conn: psycopg.Connection[Any], _: Any, __: Any) -> None:
    """The same for SQLAlchemy's pool, which tries another connection then."""
    try:
        _check(conn)
    except psycopg.OperationalError as error:
        raise sqlalchemy.exc.DisconnectionError(first_line(error)) from error


def first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
