"""What is owed by now that is not recorded, and how is it recorded once?

Complaints whose entitlement differs from what their payouts' streams say wait in `entitlements`.
This worker records the difference, stamped with the instant at which it became true, however late
the worker is. Any number may run: a payout's id follows from what is owed, and whoever decided on
another version of its stream than the latest records nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial

from projections import entitlements
from projections.entitlements import Entitlement
from projections.health import wait_for
from projections.table import Given
from recovery.errors import StoreUnavailable
from recovery.events import Recorded, payout_stream
from recovery.owing import owe
from recovery.payout import Payout, state_of
from recovery.policy.library import Policies
from recovery.policybook import learn
from recovery.store import Conflict, Store
from web.faults import told
from web.runtime import UNREACHABLE, Runtime

AT_ONCE = 500
"""Complaints of one round: what is recorded of them is one transaction."""
LOOKS = 400
"""Instants of one complaint in one round: more than a year of days."""
POLL = 1.0
"""Seconds between two looks at what is owed."""
PATIENCE = 5.0
"""Seconds that the projections have to take in what was recorded; until they have, a second attempt
meets the first. Short, so that a worker that is told to stop does."""
log = logging.getLogger("recovery.worker")


class Overtaken(Exception):
    """The projection has not seen all that was done about a payout."""


class Paymaster:
    """Records what is owed; any number may run at once."""

    def __init__(self, *, store: Store, policies: Policies, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock
        self._failed: set[str] = set()
        """Complaints that could not be worked on; left alone until this worker starts again."""

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Paymaster:
        return cls(store=runtime.store, policies=runtime.policies, clock=clock)

    def follow(self, stopping: threading.Event) -> None:
        """Work until told to stop."""
        while not stopping.wait(POLL):
            while self.step() and not stopping.is_set():
                pass

    def step(self, *, limit: int = AT_ONCE) -> int:
        """One round; returns for how many complaints something was recorded."""
        learn(self._store.database, self._policies)
        now = self._clock()
        with self._store.database.engine.connect() as conn:
            found = entitlements.to_review(conn, now=now, limit=limit, but=self._failed)
        decided = [records for row in found if (records := self._decided(row, now))]
        return self._record(decided)

    def _decided(self, row: Entitlement, now: datetime) -> list[Recorded]:
        """One complaint that cannot be worked on does not keep the others waiting."""
        try:
            return self._owed(row, now)
        except Overtaken:
            return []
        except (StoreUnavailable, *UNREACHABLE):
            raise
        except Exception as error:
            log.error("what %s is owed was not recorded: %s", row.complaint, told(error))
            self._failed.add(row.complaint)
            return []

    def _owed(self, row: Entitlement, now: datetime) -> list[Recorded]:
        """What is to be recorded at each instant up to now, each following from the one before."""
        given = Given(self._policies)
        payout_of = cache(partial(self._payout, row))
        records: list[Recorded] = []
        for _ in range(LOOKS):
            if row.review_at is None or row.review_at > now:
                break
            found = owe(entitlements.standing(row, given), row.review_at, payout_of)
            if not found:
                break
            for record in found:
                [row] = entitlements.fold((row,), record, given)
            [row] = entitlements.settle((row,), given)
            records += found
        return records

    def _payout(self, row: Entitlement, id: str) -> Payout:
        """The payout as its stream has it; raises Overtaken where the row is older than that."""
        known = next((each.version for each in row.owing if each.payout == id), 0)
        if not known:
            return Payout(row.complaint, id)
        records = self._store.records(payout_stream(id))
        if len(records) != known:
            raise Overtaken
        return Payout(row.complaint, id, known, state_of(records))

    def _record(self, decided: list[list[Recorded]]) -> int:
        """Append it all at once or, where somebody was first, one complaint at a time."""
        if not decided:
            return 0
        try:
            position = self._store.append([r for records in decided for r in records]).position
        except Conflict:
            position = max(map(self._alone, decided))
        with self._store.database.engine.connect() as conn:
            wait_for(conn, position, timeout=PATIENCE)
        return len(decided)

    def _alone(self, records: list[Recorded]) -> int:
        try:
            return self._store.append(records).position
        except Conflict:
            return self._store.head()  # another worker recorded it
