"""Which standing audits are due a look, and what did the look find?

A look asks as of its own instant, however late the worker is. Any number may run: the audit of a
look is recorded under a command that follows from it, and the look at a version that only one gets.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from projections import standing as rows
from projections.health import wait_for
from recovery import auditrun, standing
from recovery.errors import Stale, StoreUnavailable
from recovery.events import standing_stream
from recovery.fairness.looks import smallest
from recovery.fairness.records import Question
from recovery.standing import State
from recovery.store import Command, Conflict
from web.fairness import running, stored
from web.faults import told
from web.runtime import UNREACHABLE

if TYPE_CHECKING:
    from web.runtime import Runtime

BY = "system:auditor"
POLL = 20.0
"""Seconds between two looks at what is due."""
PATIENCE = 10.0
"""Seconds that the rows have to take in what was recorded before a look is taken."""
log = logging.getLogger("recovery.worker")


class Auditor:
    """Takes the looks that are due."""

    def __init__(self, runtime: Runtime, *, clock: Callable[[], datetime]) -> None:
        self._runtime = runtime
        self._clock = clock
        self._failed: set[str] = set()
        """Questions that could not be asked; left alone until this worker starts again."""

    def follow(self, stopping: threading.Event) -> None:
        """Work until told to stop."""
        while not stopping.wait(POLL):
            while self.step() and not stopping.is_set():
                pass

    def step(self) -> int:
        """One look of each that is due; returns how many were taken."""
        now = self._clock()
        with self._runtime.database.engine.connect() as conn:
            due = [each for each in rows.due(conn, now=now) if each not in self._failed]
            if not due or not wait_for(conn, self._runtime.store.head(), timeout=PATIENCE):
                return 0
        return sum(self._taken(each, now) for each in due)

    def _taken(self, id: str, now: datetime) -> bool:
        """One that cannot be asked does not keep the others waiting."""
        try:
            return self._look(id, now)
        except (StoreUnavailable, *UNREACHABLE):
            raise
        except (Conflict, Stale):
            return False  # another worker was first, or somebody did something with the audit
        except Exception as error:
            log.error("the standing audit %s was not asked: %s", id, told(error))
            self._failed.add(id)
            return False

    def _look(self, id: str, now: datetime) -> bool:
        store = self._runtime.store
        state = standing.state_of(store.records(standing_stream(id)))
        if state.next is None or state.next > now:
            return False  # done already; the projection has yet to hear of it
        audit = self._ask(id, state, now)
        p = smallest(stored.audit(store, audit).answer)
        if p is not None and p < state.level:
            command = Command(f"standing:{id}:{state.version}:paper")
            auditrun.pass_on(
                store, audit, to=state.arranged.by, by=BY, at=now, command=command
            )  # fmt: skip
        standing.looked(store, id, state, audit=audit, p=p, by=BY, at=now)
        return True

    def _ask(self, id: str, state: State, now: datetime) -> str:
        """The audit of this look; a second attempt gets the first one's."""
        assert state.next is not None
        question = msgspec.json.decode(state.arranged.question, type=Question)
        question = replace(question, as_of=state.next)
        command = Command(f"standing:{id}:{state.version}")
        done = running.run(self._runtime, question, by=BY, at=now, command=command)
        return auditrun.id_of(done)
