"""How do the web processes listen, start and stop?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from recovery.errors import RecoveryError

BACKLOG = 512
GRACE = 10
"""Seconds that running requests have when the server stops."""
APPLICATION = "web.app:application"


class CannotServe(RecoveryError):
    """The server cannot start; the text says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything else is started; raises CannotServe."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotServe(
            f"Cannot listen on {host} port {port}: {_reason(error)}. "
            "Is the desk running already? Choose another port with --port."
        ) from None


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)


def address(listening: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 (compared, not bound)
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(app: FastAPI, listening: socket.socket, *, started: Callable[[], None]) -> None:
    """Serve in this process until told to stop."""
    _Server(_config(app), started).run(sockets=[listening])


def run_many(processes: int, listening: socket.socket, *, started: Callable[[], None]) -> None:
    """Serve in several processes until told to stop; each opens a desk of its own."""
    config = _config(APPLICATION, factory=True, workers=processes)
    started()
    Multiprocess(config, sockets=[listening]).run()


def end_with_parent() -> None:
    """In one of several processes: stop when the one that started us is killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@contextmanager
def stopping_in_order() -> Iterator[None]:
    """Let the caller clean up: uvicorn raises the signal that stopped it once more at its end."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._say_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say_started()


def _config(app: FastAPI | str, *, factory: bool = False, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app, factory=factory, workers=workers, access_log=False, log_level="warning",
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
