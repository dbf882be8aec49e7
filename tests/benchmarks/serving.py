"""How are the real server and the real worker started and stopped, each as its own process?"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from web.runtime import Runtime

PATIENCE = 30.0
"""Seconds that a process has to come up, and to stop."""
LONGEST_COMMAND = 120.0
LOOK = 0.005


class Served(msgspec.Struct, frozen=True):
    """A server that answers."""

    host: str
    port: int
    pid: int
    took: float
    """Seconds from the start of the process to its first page."""


@contextmanager
def served(environment: Mapping[str, str], folder: Path) -> Iterator[Served]:
    """`recovery serve --no-worker`, answering; `environment` holds the settings."""
    port = _free_port()
    began = time.perf_counter()
    with _process(environment, folder, "serve", "--no-worker", "--port", str(port)) as process:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"the server did not come up (exit code {process.poll()})")
            time.sleep(LOOK)
        yield Served("127.0.0.1", port, process.pid, time.perf_counter() - began)


@contextmanager
def following(runtime: Runtime, folder: Path, loops: str = "projections") -> Iterator[None]:
    """`recovery work --only …` on the desk."""
    with _process(settings_of(runtime), folder, "work", "--only", loops):
        yield


def settings_of(runtime: Runtime) -> dict[str, str]:
    """The desk's settings as another process needs them."""
    found = runtime.settings
    assert found.database_url
    assert found.secret_key
    assert found.master_key
    return {
        "RECOVERY_DATA": str(found.data),
        "RECOVERY_DATABASE_URL": found.database_url.get_secret_value(),
        "RECOVERY_SECRET_KEY": found.secret_key.get_secret_value(),
        "RECOVERY_MASTER_KEY": found.master_key.get_secret_value(),
    }


def run(environment: Mapping[str, str], folder: Path, *arguments: str) -> None:
    """A command of `recovery`, to its end."""
    with _process(environment, folder, *arguments) as process:
        if process.wait(LONGEST_COMMAND):
            raise RuntimeError(f"recovery {arguments[0]} ended with {process.returncode}")


@contextmanager
def _process(
    environment: Mapping[str, str], folder: Path, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("RECOVERY_")}
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-m", "web.cli", *arguments],
        env={**inherited, "PYTHONPATH": root, **environment},
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except ConnectionError:
        return False
    finally:
        connection.close()
