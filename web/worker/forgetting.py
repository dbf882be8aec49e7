"""What is forgotten without anybody pressing a button, and when does it leave the files?

When a worker starts, whoever is on the list and here again is forgotten again. Once an hour the
rules of retention are carried out, within the minute the list of who was forgotten
is written beside the database, and within `RECOVERY_SCRUB_HOURS` what was forgotten leaves the
files of the database too. Any number of workers may run; one of them does it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from projections import retention as due_people
from projections.scrubbing import scrub, waits_since
from recovery import forgotten, retention
from recovery.errors import Refused
from recovery.forgetter import Forgetter
from recovery.store import Conflict

if TYPE_CHECKING:
    from web.runtime import Runtime

log = logging.getLogger("recovery.forgetting")
BY = "system:retention"
LOOK = 30.0
"""Seconds between two looks."""
RHYTHM = timedelta(hours=1)
"""Between two times that the rules are carried out."""
AT_ONCE = 500
"""People who are forgotten before anything else gets its turn."""
WORKER_LOCK = 1592524807


class Ruled(msgspec.Struct, frozen=True):
    """What carrying out the rules came to."""

    forgotten: int
    kept: int
    """Whom a legal hold or new work for them keeps."""


class Keeper:
    """Carries out what the rules of retention and of scrubbing say."""

    def __init__(self, runtime: Runtime, *, clock: Callable[[], datetime]) -> None:
        self._runtime = runtime
        self._clock = clock
        self._ruled_at: datetime | None = None
        self._listed: int | None = None
        """Up to where in the log the list beside the database has everybody."""

    def follow(self, stopping: threading.Event) -> None:
        """Do it until told to stop."""
        with self._runtime.database.dedicated() as conn:
            while True:
                row = conn.execute("select pg_try_advisory_lock(%s)", (WORKER_LOCK,)).fetchone()
                if row and row[0]:
                    self.step(stopping)
                    conn.execute("select pg_advisory_unlock(%s)", (WORKER_LOCK,))
                if stopping.wait(LOOK):
                    return

    def step(self, stopping: threading.Event | None = None) -> None:
        """Whatever is due now."""
        now = self._clock()
        if self._ruled_at is None and (again := forget_again(self._runtime)):
            log.warning("%s people of the list were here again and were forgotten again", again)
        if self._ruled_at is None or now >= self._ruled_at + RHYTHM:
            rule(self._runtime, now=now, stopping=stopping)
            self._ruled_at = now
        self._hand_out()
        if is_time_to_scrub(self._runtime, now):
            done = scrub(self._runtime.engine)
            log.info("scrubbed up to position %s in %s", done.position, done.took)

    def _hand_out(self) -> None:
        """Bring the list up to date where somebody was forgotten since: it may be a long one."""
        with self._runtime.database.connection() as conn:
            last = forgotten.lately(conn, 1)
        reached = last[0].position if last else 0
        if reached != self._listed or not self._runtime.settings.forgotten_list.exists():
            hand_out(self._runtime)
            self._listed = reached


def rule(runtime: Runtime, *, now: datetime, stopping: threading.Event | None = None) -> Ruled:
    """Forget whoever is due by the rules in force."""
    forgetter = Forgetter(runtime.store, runtime.vault)
    done, kept = 0, set[str]()
    while stopping is None or not stopping.is_set():
        with runtime.database.connection() as conn:
            rules = retention.rules_in_force(conn)
        if not rules:
            break
        with runtime.database.engine.connect() as conn:
            due = due_people.due(conn, rules, now=now, limit=AT_ONCE + len(kept))
        fresh = [person for person in due if person.complainant not in kept]
        for person in fresh:
            if stopping is not None and stopping.is_set():
                break
            try:
                forgetter.by_rule(
                    person.complainant, rules=person.rules, complaints=person.complaints, by=BY,
                    at=now,
                )  # fmt: skip
                done += 1
            except (Refused, Conflict):
                kept.add(person.complainant)
        if not fresh:
            break
    return Ruled(done, len(kept))


def forget_again(runtime: Runtime) -> int:
    """Whoever is on the list beside a database that was brought back to an earlier instant."""
    path = runtime.settings.forgotten_list
    gone = list(forgotten.read(path)) if path.exists() else []
    return forgotten.carry_out(runtime.store, runtime.vault, gone)


def hand_out(runtime: Runtime) -> int:
    """Write who was forgotten to the list beside the database; returns how many were new."""
    with runtime.database.connection() as conn:
        return forgotten.write(conn, runtime.settings.forgotten_list)


def is_time_to_scrub(runtime: Runtime, now: datetime) -> bool:
    """Whether somebody has been in the files for as long as the setting says."""
    with runtime.database.connection() as conn:
        since = waits_since(conn)
    return since is not None and now >= since + timedelta(hours=runtime.settings.scrub_hours)
