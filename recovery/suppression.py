"""Is anything sent to this complainant's address, which may have refused letters for good?"""

from __future__ import annotations

from datetime import datetime

from recovery import text as texts
from recovery.errors import Refused
from recovery.events import Event, Forgotten, Readmitted, Recorded, Suppressed, complainant_stream
from recovery.sealing import Sealer
from recovery.store import Conflict, Done, Store
from recovery.vault import Vault, Words

FOR_GOOD = frozenset({"smtp_550", "smtp_551", "no_such_mailbox", "no_such_domain"})
"""Reasons that speak against the address and not against one letter."""


def is_suppressed(store: Store, complainant: str) -> bool:
    for record in reversed(store.records(complainant_stream(complainant))):
        if isinstance(record.event, Suppressed | Readmitted | Forgotten):
            return isinstance(record.event, Suppressed)
    return False


def suppress(store: Store, complainant: str, *, reason: str, by: str, at: datetime) -> None:
    """Send them nothing more, where the reason speaks against the address; once."""
    if reason not in FOR_GOOD or is_suppressed(store, complainant):
        return
    try:
        _append(store, complainant, Suppressed(at=at, by=by, reason=reason))
    except Conflict:
        return  # somebody wrote there just now; the next letter that bounces says it again


def readmit(
    store: Store, vault: Vault, complainant: str, *, why: str, by: str, at: datetime
) -> Done:
    """Send to the address again; raises Refused where nothing speaks against it, and Invalid
    without a reason.
    """
    if not is_suppressed(store, complainant):
        raise Refused("Letters are sent to this complainant already.")
    reason = texts.required(
        why, field="why", sentence="Say how you know that letters arrive there again."
    )
    papers = Sealer(store, vault, complainant)
    event = Readmitted(at=at, by=by, why=papers.seal(Words(reason)))
    try:
        return _append(store, complainant, event, papers)
    except Conflict:
        raise Refused("Somebody else changed this meanwhile. Try again.") from None


def _append(store: Store, complainant: str, event: Event, papers: Sealer | None = None) -> Done:
    stream = complainant_stream(complainant)
    records = [Recorded(stream, len(store.records(stream)) + 1, event)]
    return store.append(
        records, keys=papers.keys if papers else (), papers=papers.papers if papers else ()
    )
