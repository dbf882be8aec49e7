"""What work goes on behind the pages, and what when the database goes away?

Each loop is a thread that runs until it is told to stop. A loop that fails waits, longer each
time, and begins again; on the embedded default it starts the database first.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from recovery.errors import Invalid, StoreUnavailable
from web.faults import told
from web.runtime import UNREACHABLE, Runtime

log = logging.getLogger("recovery.worker")
FIRST_WAIT, LONGEST_WAIT = 0.25, 15.0
"""Seconds before a loop that failed begins again; doubled each time."""
Loop = Callable[[Runtime, threading.Event], None]


def _projections(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.catching_up import renew

    renew(runtime)
    runtime.engine.follow(stopping)


def _post(runtime: Runtime, stopping: threading.Event) -> None:
    from web.mail.post import Post

    Post.of(runtime, clock=lambda: datetime.now(UTC)).follow(stopping)


def _clock(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.timekeeper import Timekeeper

    Timekeeper.of(runtime, clock=lambda: datetime.now(UTC)).follow(stopping)


def _pay(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.paymaster import Paymaster

    Paymaster.of(runtime, clock=lambda: datetime.now(UTC)).follow(stopping)


def _hand_over(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.handing import Handing

    if handing := Handing.of(runtime, clock=lambda: datetime.now(UTC)):
        handing.follow(stopping)
    stopping.wait()  # where no program pays


def _intake(runtime: Runtime, stopping: threading.Event) -> None:
    from web.mail.intake.loop import follow

    follow(runtime, stopping, clock=lambda: datetime.now(UTC))


def _listen(runtime: Runtime, stopping: threading.Event) -> None:
    from web.mail.receiving.server import Doors

    Doors.of(runtime, clock=lambda: datetime.now(UTC)).follow(stopping)
    stopping.wait()  # where there is nothing to listen at


def _fetch(runtime: Runtime, stopping: threading.Event) -> None:
    from web.mail.receiving.imap import Fetcher

    if fetcher := Fetcher.of(runtime, clock=lambda: datetime.now(UTC)):
        fetcher.follow(stopping)
    stopping.wait()  # where there is nothing to fetch from


def _seal(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.notary import Notary

    Notary.of(runtime, clock=lambda: datetime.now(UTC)).follow(stopping)


def _tidy(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.tidying import follow

    follow(runtime, stopping, clock=lambda: datetime.now(UTC))


def _audit(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.auditor import Auditor

    Auditor(runtime, clock=lambda: datetime.now(UTC)).follow(stopping)


def _ask_ahead(runtime: Runtime, stopping: threading.Event) -> None:
    from web.reports.ahead import Asker

    Asker(runtime, clock=lambda: datetime.now(UTC)).follow(stopping)


def _daily(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.morning import Morning

    if morning := Morning.of(runtime, clock=lambda: datetime.now(UTC)):
        morning.follow(stopping)
    stopping.wait()  # where no daily mail is wanted


def _forget(runtime: Runtime, stopping: threading.Event) -> None:
    from web.worker.forgetting import Keeper

    Keeper(runtime, clock=lambda: datetime.now(UTC)).follow(stopping)


LOOPS: dict[str, Loop] = {
    "projections": _projections, "clock": _clock, "post": _post, "pay": _pay,
    "hand_over": _hand_over, "intake": _intake, "listen": _listen, "fetch": _fetch, "seal": _seal,
    "forget": _forget, "tidy": _tidy, "audit": _audit, "ask_ahead": _ask_ahead,
    "daily": _daily,
}  # fmt: skip


def chosen(only: str | None) -> dict[str, Loop]:
    """The loops of a list such as "projections,post"; all when there is none. Raises Invalid."""
    if only is None:
        return LOOPS
    names = [name.strip() for name in only.split(",")]
    for name in names:
        if name not in LOOPS:
            raise Invalid(f"There is no loop {name!r} (there are: {', '.join(LOOPS)}).")
    return {name: LOOPS[name] for name in names}


def work(runtime: Runtime, loops: dict[str, Loop], stopping: threading.Event) -> None:
    """Run the loops until told to stop, and return when each has come to an end."""
    threads = [
        threading.Thread(target=_keep_going, args=(runtime, name, loop, stopping), name=name)
        for name, loop in loops.items()
    ]
    for thread in threads:
        thread.start()
    while not stopping.wait(1.0) and _alive(threads):
        pass
    for thread in threads:
        thread.join()


def _alive(threads: Sequence[threading.Thread]) -> bool:
    return all(thread.is_alive() for thread in threads)


def _keep_going(runtime: Runtime, name: str, loop: Loop, stopping: threading.Event) -> None:
    wait = FIRST_WAIT
    while not stopping.is_set():
        began = datetime.now(UTC)
        try:
            loop(runtime, stopping)
        except (StoreUnavailable, *UNREACHABLE) as error:
            log.warning("%s: the database does not answer: %s", name, _first_line(error))
            _start_database(runtime)
        except Exception as error:
            log.error("%s failed: %s", name, told(error))
        else:
            return
        if (datetime.now(UTC) - began).total_seconds() > LONGEST_WAIT:
            wait = FIRST_WAIT  # it had been going well
        stopping.wait(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _start_database(runtime: Runtime) -> None:
    """On the embedded default nobody else would."""
    if runtime.server is None:
        return
    try:
        runtime.server.ensure_running()
    except Exception as error:
        log.error("the embedded PostgreSQL does not start: %s", told(error))


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
