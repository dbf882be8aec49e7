"""How are the pages, the API and the worker started?"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.demo import on_an_empty_desk
from web.cli.output import log_to_stderr, say

if TYPE_CHECKING:
    from web.settings import Settings

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 (compared with, not listened on)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 1,
    with_worker: Annotated[
        bool | None,
        typer.Option("--with-worker/--no-worker", help="Default: with the embedded database."),
    ] = None,
    demo: Annotated[
        int | None, typer.Option(min=1, help="Complaints to put on an empty desk first.")
    ] = None,
) -> None:
    """Serve the pages and the API."""
    from web import server, settings
    from web.app import create_app
    from web.runtime import Runtime
    from web.worker.supervise import Supervisor

    log_to_stderr()
    with server.stopping_in_order(), server.listen(host, port) as listening:
        address = server.address(listening)
        found = _answering_at(address, host, settings.load)
        wanted = found.embedded if with_worker is None else with_worker

        def started() -> None:
            say(f"The desk is open at {address} (stop it with Ctrl-C).")

        with Runtime.open(found) as runtime:
            if demo:
                on_an_empty_desk(runtime, demo)
            with Supervisor(wanted=wanted):
                if workers == 1:
                    server.run(create_app(runtime), listening, started=started)
                else:
                    runtime.database.close()  # each process has connections of its own
                    server.run_many(workers, listening, started=started)


def _answering_at(address: str, host: str, load: Callable[[], Settings]) -> Settings:
    """The settings, with letters and notices leading where the desk is, unless they say where.

    An address that stands for every one of this machine's leads nowhere from elsewhere.
    """
    found = load()
    if "base_url" in found.model_fields_set or host in EVERYWHERE:
        return found
    os.environ["RECOVERY_BASE_URL"] = address  # for the worker, and for more web processes, too
    return load()


def work(
    only: Annotated[str | None, typer.Option(help="Some loops: projections,post.")] = None,
    attached: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Run the loops behind the pages until told to stop."""
    from web import settings
    from web.collecting import collect_rarely
    from web.runtime import Runtime
    from web.worker import loops

    log_to_stderr()
    chosen = loops.chosen(only)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if attached:
        threading.Thread(target=_stop_at_end_of_input, args=(stopping,), daemon=True).start()
    with Runtime.open(settings.load()) as runtime:
        collect_rarely()
        if not attached:
            say(f"At work on {' and '.join(chosen)} (stop it with Ctrl-C).")
        loops.work(runtime, chosen, stopping)


def _stop_at_end_of_input(stopping: threading.Event) -> None:
    """The server that started this worker holds the other end: when it dies, we stop."""
    while os.read(0, 1024):  # not through sys.stdin, whose lock would outlive this thread
        pass
    stopping.set()
