"""Which claims does a person look into before they are paid?

What is owed stays owed: a sign of abuse refuses nothing, it lets the payout wait with its evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from recovery.events import Due, Recorded, Sign
from recovery.payout import Payout
from recovery.policy.compiled import InForce


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
