"""Which claims does a person look into before they are paid?

What is owed stays owed: a sign of abuse refuses nothing, it lets the payout wait with its evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace

from recovery.errors import Refused
from recovery.events import Due, Recorded, Sign, payout_stream
from recovery.payout import Payout, state_of
from recovery.policy.compiled import InForce
from recovery.policy.library import Policies
from recovery.proposing import Proposers
from recovery.store import Command, Conflict, Done, Store
from recovery.treasury import Treasury


def claimed(payout: Payout, version: InForce) -> bool:
    """Whether what was just found is owed because somebody asked for it."""
    last = payout.pending[-1].event if payout.pending else None
    if not isinstance(last, Due) or last.basis != "guarantee" or payout.state.owed <= 0:
        return False
    rules = [plan.rule for edition in version.editions for plan in edition.guarantees.plans]
    return any(rule.claim is not None for rule in rules if rule.name == last.guarantee)


def question(payouts: Iterable[Payout], signs: Mapping[str, tuple[Sign, ...]], *, by: str) -> None:
    """Let each wait for which there are signs that nobody has looked into."""
    for payout in payouts:
        news = [s for s in signs.get(payout.complaint, ()) if s not in payout.state.known]
        record = payout.pending[-1]
        due = record.event
        if news and isinstance(due, Due) and due.at is not None:
            payout.pending[-1] = Recorded(
                record.stream, record.version, replace(due, waits="review")
            )
            payout.question(news, at=due.at, by=by)


class Doubts:
    """Settles doubts, and raises those that only the way to the bank brings up."""

    def __init__(self, store: Store, policies: Policies) -> None:
        self._store = store
        self._policies = policies
        self._treasury = Treasury(store)

    def trust(
        self, payout: str, *, by: str, at: datetime, reason: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Say that the signs were looked into and the claim is honest.

        Whoever recorded the claim is refused. Raises what `Treasury.trust` raises.
        """
        found = self._treasury.load(payout)
        due = found.state.due
        asked = Proposers(self._store, self._policies, [(found.complaint, due)])
        if asked.why_not(found.complaint, due, by):
            raise Refused("You recorded the claim, so somebody else has to look into the signs.")
        return self._treasury.trust(payout, by=by, at=at, reason=reason, command=command, seen=seen)

    def reopen(
        self, payouts: Mapping[str, str], signs: Mapping[str, tuple[Sign, ...]], *,
        by: str, at: datetime,
    ) -> set[str]:  # fmt: skip
        """Let those wait for which there are signs that nobody has looked into; returns them.

        `payouts` gives each one's complaint. An account that was given after the approval is
        compared here, before money leaves. Somebody who decides meanwhile keeps their decision:
        the payout stays out of this batch, and is looked at again with the next.
        """
        asked = {payout_stream(id): id for id, complaint in payouts.items() if complaint in signs}
        held: set[str] = set()
        for stream, records in self._store.several(list(asked)).items():
            id = asked[stream]
            complaint = payouts[id]
            found = Payout(complaint, id, len(records), state_of(records))
            found.question(signs[complaint], at=at, by=by)
            if found.pending:
                held.add(id)
                self._record(found)
        return held

    def _record(self, found: Payout) -> None:
        with suppress(Conflict):
            self._store.append(found.pending)
