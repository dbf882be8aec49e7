"""Does the work behind the pages go on, whatever dies?"""

from __future__ import annotations

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from recovery.database import Database
from recovery.errors import Invalid, StoreUnavailable
from recovery.vault import Contact
from tests.cast import ANA, NINE
from web.runtime import Runtime
from web.worker import loops
from web.worker.catching_up import catch_up
from web.worker.supervise import Supervisor

BOUND = 60.0
"""Seconds after which something that should have happened has not."""


def happens(condition: Callable[[], object], *, within: float = BOUND) -> bool:
    """Whether it comes to hold in time; looks again and again."""
    deadline = time.monotonic() + within
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(found)


def receive(runtime: Runtime) -> None:
    runtime.desk.receive(
        by=ANA, at=NINE, description="No heating.", contact=Contact(email="lee@example.org")
    )


def count(database: Database, statement: str) -> int:
    with database.connection() as conn:
        row = conn.execute(statement).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return int(row[0])


# ---------------------------------------------------------------- loops


@pytest.fixture
def worker(runtime: Runtime) -> Iterator[threading.Event]:
    """All loops at work; stopped at the end."""
    stopping = threading.Event()
    thread = threading.Thread(target=loops.work, args=(runtime, loops.chosen(None), stopping))
    thread.start()
    yield stopping
    stopping.set()
    thread.join(BOUND)
    assert not thread.is_alive()


def test_a_complaint_comes_into_the_queue_and_its_letter_goes_out(
    runtime: Runtime, worker: threading.Event, database: Database
) -> None:
    receive(runtime)

    assert happens(lambda: count(database, "select count(*) from read.queue"))
    assert happens(
        lambda: count(database, "select count(*) from read.deliveries where state = 'sent'")
    )


def test_the_work_goes_on_after_the_database_threw_everybody_out(
    runtime: Runtime, worker: threading.Event, database: Database, server_url: str
) -> None:
    receive(runtime)
    assert happens(lambda: count(database, "select count(*) from read.queue"))

    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
            (psycopg.conninfo.conninfo_to_dict(database.url)["dbname"],),
        )
    assert happens(lambda: _received(runtime))

    assert happens(lambda: count(database, "select count(*) from read.queue") >= 2)


def _received(runtime: Runtime) -> bool:
    try:
        receive(runtime)
    except StoreUnavailable:
        return False
    return True


def test_a_loop_that_fails_begins_again(runtime: Runtime) -> None:
    stopping, attempts = threading.Event(), []

    def clumsy(_: Runtime, stopping: threading.Event) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise RuntimeError("I fell")
        stopping.set()

    loops.work(runtime, {"clumsy": clumsy}, stopping)

    assert len(attempts) == 3


def test_only_some_loops_can_be_asked_for() -> None:
    assert list(loops.chosen("post")) == ["post"]
    assert list(loops.chosen("projections, post")) == ["projections", "post"]
    with pytest.raises(Invalid, match="There is no loop 'play'"):
        loops.chosen("play")


def test_catching_up_leaves_the_work_to_the_worker_that_is_at_it(
    runtime: Runtime, worker: threading.Event
) -> None:
    receive(runtime)
    places: list[tuple[int, int]] = []

    catch_up(runtime, lambda reached, head: places.append((reached, head)))

    assert places[-1][0] >= places[-1][1] > 0


# ---------------------------------------------------------------- processes


def test_a_worker_that_dies_is_started_again_and_stopped_at_the_end() -> None:
    idle = (sys.executable, "-c", "import sys; sys.stdin.read()")

    with Supervisor(command=idle) as supervisor:
        assert happens(lambda: supervisor.pid)
        first = supervisor.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert happens(lambda: supervisor.pid != first)
        second = supervisor.pid

    assert second is not None
    assert not psutil.pid_exists(second)


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("RECOVERY_")},
        "RECOVERY_DATABASE_URL": database_url,
        "RECOVERY_SECRET_KEY": "s" * 32,
        "RECOVERY_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
        "RECOVERY_DATA": str(tmp_path),
    }


Serve = Callable[..., "Served"]


class Served:
    """`recovery serve`, running."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, process.stderr and process.stderr.read()
        self.address = found[0]

    def answers(self, path: str = "/healthz") -> bool:
        try:
            with urllib.request.urlopen(self.address + path, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    @property
    def worker(self) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            if "--attached" in child.cmdline():
                return child
        return None


@pytest.fixture
def serve(environment: dict[str, str], tmp_path: Path) -> Iterator[Serve]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> Served:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.cli", "serve", "--port", "0", *arguments],
            env=environment, cwd=tmp_path, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return Served(process)

    yield start
    for process in started:
        if process.poll() is None:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)]
)
def test_the_server_stops_in_order_and_takes_its_worker_with_it(
    serve: Serve, number: signal.Signals
) -> None:
    served = serve("--with-worker")
    assert happens(lambda: served.worker)
    worker = served.worker
    assert worker is not None
    assert happens(lambda: served.answers("/readyz"))

    served.process.send_signal(number)
    _, errors = served.process.communicate(timeout=BOUND)

    assert (served.process.returncode, errors) == (0, "")
    assert not worker.is_running()


def test_a_server_that_is_killed_leaves_no_worker_behind(serve: Serve) -> None:
    served = serve("--with-worker")
    assert happens(lambda: served.worker)
    worker = served.worker
    assert worker is not None

    served.process.kill()

    assert happens(lambda: not _lives(worker))


@pytest.mark.soak
def test_several_web_processes_share_one_address_and_end_with_the_first(serve: Serve) -> None:
    """Without a worker: another database has one only where it is asked for."""
    served = serve("--workers", "2")
    assert happens(lambda: served.answers("/readyz"))
    assert served.worker is None
    children = psutil.Process(served.process.pid).children(recursive=True)

    served.process.kill()

    assert len(children) >= 2
    assert happens(lambda: not served.answers())
    assert happens(lambda: not any(_lives(child) for child in children))


@pytest.mark.soak
def test_several_web_processes_stop_in_order(serve: Serve) -> None:
    served = serve("--workers", "2")
    assert happens(lambda: served.answers("/readyz"))

    served.process.terminate()
    served.process.communicate(timeout=BOUND)

    assert served.process.returncode == 0


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_an_address_that_is_taken_is_said_so(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        second = subprocess.run(
            [sys.executable, "-m", "web.cli", "serve", "--port", port], env=environment,
            cwd=tmp_path, text=True, capture_output=True, timeout=BOUND,
        )  # fmt: skip

    assert second.returncode == 1
    assert second.stderr == (
        f"Cannot listen on 127.0.0.1 port {port}: Address already in use. "
        "Is the desk running already? Choose another port with --port.\n"
    )
