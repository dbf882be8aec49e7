"""A desk on a machine of its own: an embedded database, and processes that a test may kill."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from pydantic import SecretStr

from recovery.mapper import decode
from recovery.store import Done
from web.runtime import Runtime
from web.settings import Settings

ROOT = Path(__file__).parents[2]
BOUND = 60.0
"""Seconds after which something that should have happened has not."""


def until(condition: Callable[[], object], *, within: float = BOUND) -> None:
    """Look again and again until it holds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


class Machine:
    """What runs on it: this process with an open desk, and the commands that were started."""

    def __init__(self, folder: Path, smtp_url: str | None) -> None:
        self.folder = folder
        self._smtp_url = smtp_url
        self._started: list[subprocess.Popen[str]] = []
        self.runtime = Runtime.open(
            Settings(data=folder, smtp_url=SecretStr(smtp_url) if smtp_url else None)
        )

    def recovery(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command, as an operator would."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith("RECOVERY_")}
        settings = {
            "RECOVERY_DATA": str(self.folder), "PYTHONPATH": str(ROOT),
            "RECOVERY_MAIL_DOMAIN_LIMIT": "0",  # a crowd writes more than people do
        }  # fmt: skip
        if self._smtp_url:
            settings["RECOVERY_SMTP_URL"] = self._smtp_url
        with (self.folder / "errors.log").open("a") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "web.cli", *arguments], cwd=self.folder, text=True,
                env=ours | settings, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        self._started.append(process)
        return process

    def serve(self, *arguments: str) -> str:
        """Start the pages; returns their address."""
        process = self.recovery("serve", "--port", "0", *arguments)
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, (self.folder / "errors.log").read_text()
        return found[0]

    def kill_database(self) -> None:
        """As when the power fails: every process of the server is gone at once."""
        assert self.runtime.server
        postmaster = psutil.Process(self.runtime.server.pid)
        everyone = [postmaster, *postmaster.children(recursive=True)]
        for process in everyone:
            process.suspend()
        for process in everyone:
            process.kill()
        psutil.wait_procs(everyone, timeout=BOUND)

    def start_database(self) -> None:
        assert self.runtime.server
        self.runtime.server.ensure_running()

    def log(self) -> dict[int, tuple[str, int, str]]:
        """By position: stream, version, and the command that caused the event."""
        with self.runtime.database.connection() as conn:
            rows = conn.execute(
                "select notification_id, originator_id, originator_version, topic, state"
                " from desk.events"
            ).fetchall()
        return {row[0]: (row[1], row[2], decode(row[3], row[4]).cause) for row in rows}

    def close(self) -> None:
        """Stop everything in order; the last one stops the database."""
        for process in self._started:
            process.terminate()
        for process in self._started:
            process.communicate(timeout=BOUND)
        self.runtime.close()


@contextmanager
def machine(smtp_url: str | None = None) -> Iterator[Machine]:
    """A machine that was just set up; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    folder.chmod(0o755)  # as root, the database runs as another user
    found = Machine(folder, smtp_url)
    try:
        yield found
    finally:
        found.close()
        left = (folder / "postgresql" / "postmaster.pid").exists()
        shutil.rmtree(folder)
    assert not left, "the database runs on"


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9, and wait until it is gone."""
    process.send_signal(signal.SIGKILL)
    process.wait(BOUND)


def assert_in_the_log_once(machine: Machine, acknowledged: dict[str, Done]) -> None:
    """Each command that was acknowledged has left its event where it was told, and no other."""
    log = machine.log()
    last = Counter(cause for stream, _, cause in log.values() if stream.startswith("complaint-"))

    for command, done in acknowledged.items():
        assert log[done.position] == (done.stream, done.version, f"command:{command}")
        assert last[f"command:{command}"] == 1, command
