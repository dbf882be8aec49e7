"""How does a server keep its worker going?

The worker is a child process. It is started again when it dies, stopped when the server stops,
and ends by itself when the server is killed: its standard input ends then.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from types import TracebackType

log = logging.getLogger("recovery.worker")
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds before a worker that died is started again; doubled each time."""
HEALTHY = 60.0
"""After so many seconds a worker's death counts as the first again."""
PATIENCE = 15.0
"""Seconds that a worker has to stop before it is killed."""
COMMAND = (sys.executable, "-m", "web.cli", "work", "--attached")


class Supervisor:
    """One worker process, kept going while the context is open; none if none is wanted."""

    def __init__(self, *, wanted: bool = True, command: tuple[str, ...] = COMMAND) -> None:
        self._wanted = wanted
        self._command = command
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)

    def __enter__(self) -> Supervisor:
        if self._wanted:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        """Ask the worker to stop, and wait until it has."""
        self._stopping.set()
        if self._wanted:
            self._thread.join()

    @property
    def pid(self) -> int | None:
        """Of the worker that runs now."""
        return self._child.pid if self._child else None

    def _keep(self) -> None:
        wait = FIRST_WAIT
        while not self._stopping.is_set():
            began = time.monotonic()
            self._child = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603
            while self._child.poll() is None and not self._stopping.wait(0.1):
                pass
            if self._stopping.is_set():
                break
            if time.monotonic() - began > HEALTHY:
                wait = FIRST_WAIT
            log.warning("the worker ended (%s); it is started again", self._child.returncode)
            self._stopping.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT)
        self._end()

    def _end(self) -> None:
        if self._child is None:
            return
        if self._child.poll() is None:
            self._child.terminate()
        try:
            self._child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdin:
            self._child.stdin.close()
