"""Who asked for this money, and so has no say in whether it is paid?

Whoever proposed goodwill or redress, and whoever recorded that a guarantee was claimed: they speak
for the complainant, and somebody else decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from recovery.events import (
    Due,
    GuaranteeClaimed,
    IncidentRecorded,
    complaint_stream,
    subject,
)
from recovery.policy.library import Policies
from recovery.store import Store

OWN = "You proposed this, so somebody else has to approve it."
CLAIMED = "You recorded the claim, so somebody else has to approve it."
_CLAIMS = ("claimed", "claimed_on")
"""Facts of an incident that say so."""


class Proposers:
    """Who asked for what; reads the complaints of claims, in one statement."""

    def __init__(self, store: Store, policies: Policies, owed: Iterable[tuple[str, Due]]) -> None:
        """`owed` are complaints, each with what is due on it."""
        wanted = {ref for ref, due in owed if _on_claim(policies, due)}
        self._claimed: set[tuple[str, str, str]] = set()
        """Complaint, guarantee (empty: any) and who."""
        for stream, records in store.several([complaint_stream(ref) for ref in wanted]).items():
            for record in records:
                match record.event:
                    case GuaranteeClaimed() as event:
                        self._claimed.add((subject(stream), event.guarantee, event.by))
                    case IncidentRecorded() as event if set(_CLAIMS) & event.facts.keys():
                        self._claimed.add((subject(stream), "", event.by))

    def why_not(self, complaint: str, due: Due, by: str) -> str:
        """Why somebody may not decide on it, in a sentence; empty where they may."""
        if due.basis != "guarantee":
            return OWN if due.by == by else ""
        asked = {(complaint, due.guarantee, by), (complaint, "", by)}
        return CLAIMED if asked & self._claimed else ""


def _on_claim(policies: Policies, due: Due) -> bool:
    """Whether the guarantee has to be asked for, under the version that promised it."""
    if due.basis != "guarantee":
        return False
    version = policies.version(due.policy, due.policy_version)
    rules = [plan.rule for edition in version.editions for plan in edition.guarantees.plans]
    return any(rule.claim is not None for rule in rules if rule.name == due.guarantee)
