"""What is owed by now that is not recorded, and how is it recorded once?

Complaints whose entitlement differs from what their payouts' streams say wait in `entitlements`.
This worker records the difference, stamped with the instant at which it became true, however late
the worker is. Any number may run: a payout's id follows from what is owed, and whoever decided on
another version of its stream than the latest records nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from projections import claims, entitlements
from projections.entitlements import Entitlement
from projections.table import Given
from recovery.budgeting import Budgets
from recovery.doubts import claimed, question
from recovery.errors import StoreUnavailable
from recovery.events import Recorded, payout_stream, quota_stream
from recovery.owing import BY, owe
from recovery.payout import Payout, state_of
from recovery.policy.library import Policies
from recovery.policybook import learn
from recovery.quota import Quota, limited, quota_id
from recovery.store import Store
from web.faults import told
from web.runtime import UNREACHABLE, Runtime
from web.worker.recording import record

AT_ONCE = 500
"""Complaints of one round: what is recorded of them is one transaction."""
LOOKS = 400
"""Instants of one complaint in one round: more than a year of days."""
POLL = 1.0
"""Seconds between two looks at what is owed."""
FIRST = datetime.min.replace(tzinfo=UTC)
log = logging.getLogger("recovery.worker")


class Overtaken(Exception):
    """The projection has not seen all that was done about a payout."""


class Paymaster:
    """Records what is owed; any number may run at once."""

    def __init__(self, *, store: Store, policies: Policies, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock
        self._budgets = Budgets(store, policies)
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
        decided = [self._decided(row, now) for row in found]
        self._doubt([each for changed in decided for each in changed if isinstance(each, Payout)])
        with self._budgets.drawn(
            each for changed in decided for each in changed if isinstance(each, Payout)
        ):
            return record(self._store, [_records(changed) for changed in decided])

    def _doubt(self, payouts: Iterable[Payout]) -> None:
        """Let claims wait that share with others what claims seldom share."""
        asked = [each for each in payouts if self._was_claimed(each)]
        if asked:
            with self._store.database.engine.connect() as conn:
                found = claims.signs(conn, {each.complaint for each in asked})
            question(asked, found, by=BY)

    def _was_claimed(self, payout: Payout) -> bool:
        if not payout.pending:
            return False
        due = payout.state.due
        return claimed(payout, self._policies.version(due.policy, due.policy_version))

    def _decided(self, row: Entitlement, now: datetime) -> list[Payout | Quota]:
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

    def _owed(self, row: Entitlement, now: datetime) -> list[Payout | Quota]:
        """With what is to be recorded at each instant up to now, each following from the last."""
        given = Given(self._policies)
        payouts: dict[str, Payout] = {}

        def payout_of(id: str) -> Payout:
            if id not in payouts:
                payouts[id] = self._payout(row, id)
            return payouts[id]

        quotas = self._quotas(row)
        if quotas:
            row = replace(row, elsewhere=tuple(
                each for one in quotas for each in one.elsewhere(row.complaint)
            ))  # fmt: skip
        for _ in range(LOOKS):
            if row.review_at is None or row.review_at > now:
                break
            found = owe(entitlements.standing(row, given), row.review_at, payout_of, quotas)
            if not found:
                break
            for happened in found:
                [row] = entitlements.fold((row,), happened, given)
            [row] = entitlements.settle((row,), given)
        return [*payouts.values(), *quotas]

    def _quotas(self, row: Entitlement) -> list[Quota]:
        """What the complainant has got this year, as the log has it, however old the row is."""
        story = row.story
        version = self._policies.version(story.policy, story.policy_version)
        return [
            Quota(row.complainant, story.policy, rule, self._store.records(quota_stream(
                quota_id(row.complainant, story.policy, rule.name)
            )))
            for rule in limited(version)
        ]  # fmt: skip

    def _payout(self, row: Entitlement, id: str) -> Payout:
        """The payout as its stream has it; raises Overtaken where the row is older than that."""
        known = next((each.version for each in row.owing if each.payout == id), 0)
        if not known:
            return Payout(row.complaint, id)
        records = self._store.records(payout_stream(id))
        if len(records) != known:
            raise Overtaken
        return Payout(row.complaint, id, known, state_of(records))


def _records(changed: Iterable[Payout | Quota]) -> list[Recorded]:
    """What was found and decided about a complaint's money, in the order of its instants."""
    found = [record for each in changed for record in each.pending]
    return sorted(found, key=lambda record: record.event.at or FIRST)
