"""What has time made true, and who acts on it?

Warnings, breaches and steps of escalations are owed as soon as their instant has passed; this
worker records each once, stamped with that instant, and carries the steps out. Any number may run:
the streams' ids and the commands' ids follow from what is owed, so a second attempt meets the
first. Open complaints whose policy was applied anew are moved to it in the same way.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import get_args

from projections import alarms
from projections.alarms import Waiting
from projections.story import clocks_of, rebound
from projections.table import Given
from recovery import clock as clocks
from recovery.clock import Owed
from recovery.desk import Desk
from recovery.errors import Invalid, Refused, StoreUnavailable
from recovery.events import ClockEvent, Recorded, Severity
from recovery.policy.library import Application
from recovery.policybook import learn
from recovery.store import Command, Store
from web.accounts import Accounts, User
from web.faults import told
from web.runtime import UNREACHABLE, Runtime
from web.worker.recording import append, record, wait

AT_ONCE = 1_000
"""Complaints of one round: what is recorded of them is one transaction."""
POLL = 1.0
"""Seconds between two looks at what is owed."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
log = logging.getLogger("recovery.worker")


class Timekeeper:
    """Records what time has made true; any number may run at once."""

    def __init__(
        self, *, store: Store, desk: Desk, accounts: Accounts, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._desk = desk
        self._policies = desk.policies
        self._accounts = accounts
        self._clock = clock
        self._failed: set[str] = set()
        """Complaints that could not be worked on; left alone until this worker starts again."""
        self._moving: frozenset[str] = frozenset()
        """Complaints whose move was recorded in the round before; the projections are at it."""
        self._position = 0
        """Of that round in the log."""

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Timekeeper:
        return cls(store=runtime.store, desk=runtime.desk, accounts=runtime.accounts, clock=clock)

    def follow(self, stopping: threading.Event) -> None:
        """Keep time until told to stop."""
        while not stopping.wait(POLL):
            while self.step() and not stopping.is_set():
                pass

    def step(self, *, limit: int = AT_ONCE) -> int:
        """One round; returns for how many complaints something was recorded."""
        learn(self._store.database, self._policies)
        return self._move(limit) or self._ring(limit)

    # ------------------------------------------------------------ policies that were applied anew

    def _move(self, limit: int) -> int:
        """Give open complaints the version that was applied to them.

        The projections take in one round while the next is worked out.
        """
        for policy, application in self._policies.applied().items():
            with self._store.database.engine.connect() as conn:
                found = alarms.following(
                    conn,
                    policy=policy,
                    versions=application.older,
                    limit=limit,
                    but=self._failed | self._moving,
                )
            if found:
                decide = partial(self._moved, application)
                done, position = append(self._store, [self._decided(f, decide) for f in found])
                wait(self._store, self._position)
                self._moving = frozenset(each.reference for each in found)
                self._position = position
                return done
        wait(self._store, self._position)
        self._moving, self._position = frozenset(), 0
        return 0

    def _moved(self, application: Application, waiting: Waiting) -> list[Recorded]:
        given = Given(self._policies)
        after = rebound(waiting.story, application.version, application.at, given)
        return [
            clocks.reapplied(
                waiting.reference, waiting.story, waiting.clocks, clocks_of(after, given),
                version=application.version, at=application.at, times=waiting.reapplied,
            )
        ]  # fmt: skip

    # ------------------------------------------------------------ alarms

    def _ring(self, limit: int) -> int:
        """Record what has become true."""
        with self._store.database.engine.connect() as conn:
            found = alarms.due(conn, now=self._clock(), limit=limit, but=self._failed)
        return record(self._store, [self._decided(each, self._rung) for each in found])

    def _rung(self, waiting: Waiting) -> list[Recorded]:
        version = self._policies.version(waiting.story.policy, waiting.story.policy_version)
        owed = clocks.owed(version, waiting.story, waiting.clocks, waiting.raised)
        raised, records = list(waiting.raised), []
        for each in owed:
            if each.at > self._clock():
                break
            event = self._event(waiting, each)
            records.append(clocks.record_of(waiting.reference, event, raised))
            said = clocks.raised_by(event)
            assert said is not None
            raised.append(said)
        return records

    def _event(self, waiting: Waiting, each: Owed) -> ClockEvent:
        step = each.alarm if each.alarm and each.alarm.kind == "escalation" else None
        if step is None or not _runs(waiting, each):
            return clocks.event_of(waiting.reference, waiting.story, each)
        command = f"clock:{clocks.clock_id(waiting.reference, each.clock, each.cycle)}/{step.step}"
        return clocks.event_of(
            waiting.reference, waiting.story, each,
            assigned=self._assigned(waiting, each, step.assign, command),
            notified=tuple(dict.fromkeys(self._people(step.notify, waiting))),
            severity=self._raised_to(waiting, each, step.severity, command),
        )  # fmt: skip

    # ------------------------------------------------------------ what a step does

    def _assigned(self, waiting: Waiting, each: Owed, to: str, step: str) -> str:
        """Who has the complaint now because of the step; nobody where it changes nothing."""
        agent = next(self._people([to] if to else [], waiting), "")
        command = Command(f"{step}/assign")
        if not agent or (agent == waiting.assignee and not self._store.done(command)):
            return ""
        taken = self._taken(
            lambda: self._desk.assign(
                waiting.reference, by=clocks.BY, at=each.at, agent=agent, command=command
            )
        )
        return agent if taken else ""

    def _raised_to(self, waiting: Waiting, each: Owed, to: str, step: str) -> Severity | None:
        """The severity the complaint has now because of the step; a step never lowers it."""
        wanted = next((severity for severity in SEVERITIES if severity == to), None)
        command = Command(f"{step}/severity")
        if wanted is None:
            return None
        if _rank(wanted) <= _rank(waiting.severity) and not self._store.done(command):
            return None
        taken = self._taken(
            lambda: self._desk.classify(
                waiting.reference, by=clocks.BY, at=each.at, severity=wanted, command=command
            )
        )
        return wanted if taken else None

    @staticmethod
    def _taken(act: Callable[[], object]) -> bool:
        """Whether the domain took it: the complaint may have been closed meanwhile."""
        try:
            act()
        except (Refused, Invalid):
            return False
        return True

    def _people(self, names: Iterable[str], waiting: Waiting) -> Iterator[str]:
        """Who a policy means: the assignee, the supervisors, or one colleague."""
        users = self._accounts.users()
        for name in names:
            if name == "assignee":
                yield from [waiting.assignee] if waiting.assignee else []
            elif name in ("supervisor", "supervisors"):
                yield from (user.by for user in users if user.role == "supervisor")
            else:
                yield from (user.by for user in users if _is(user, name))

    # ------------------------------------------------------------ recording

    def _decided(
        self, waiting: Waiting, decide: Callable[[Waiting], list[Recorded]]
    ) -> list[Recorded]:
        """One complaint that cannot be worked on does not keep the others waiting."""
        try:
            return decide(waiting)
        except (StoreUnavailable, *UNREACHABLE):
            raise
        except Exception as error:
            log.error("the clocks of %s were not kept: %s", waiting.reference, told(error))
            self._failed.add(waiting.reference)
            return []


def _runs(waiting: Waiting, each: Owed) -> bool:
    """Whether there is still something to act on: a late worker only records what was to be."""
    return waiting.open and any(
        clock.state in ("running", "paused")
        for clock in waiting.clocks
        if (clock.name, clock.cycle) == (each.clock, each.cycle)
    )


def _rank(severity: str) -> int:
    return next((n for n, known in enumerate(SEVERITIES) if known == severity), 0)


def _is(user: User, name: str) -> bool:
    return name in (user.by, user.id, user.email)
