"""How is a letter taken back before it leaves?

The act that owed it told the complainant nothing then: an acknowledgement or an explanation is
taken back with it; what was granted or closed stays so, as when a letter comes back.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from recovery import leases
from recovery import reference as references
from recovery.carrier import Carrier
from recovery.delivery import delivery_id, lease_of, marked, state_of
from recovery.errors import Refused
from recovery.events import (
    Cancelled,
    Letter,
    LetterReturned,
    Recorded,
    complaint_stream,
    delivery_stream,
)  # fmt: skip
from recovery.store import Command, Done, Store
from recovery.vault import Vault

_HOLD = timedelta(seconds=30)
"""How long the post keeps its hands off while the letter is taken back."""


class Recall:
    """Takes letters back; the post's own lease decides who was quicker."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._carrier = Carrier(store, vault)

    def cancel(self, reference: str, act: int, *, by: str, at: datetime) -> Done:
        """Take back the letter of an act; raises NotFound, and Refused once it has left."""
        complaint = references.parse(reference)
        records = self._carrier.load(complaint)[1]
        letter: Letter | None = None
        if 0 < act <= len(records):
            letter = getattr(records[act - 1].event, "letter", None)
        if letter is None:
            raise Refused("No letter belongs to this entry.")

        delivery, holder = delivery_id(complaint, act), f"cancel/{secrets.token_hex(8)}"
        task = lease_of(delivery)
        with self._store.database.connection() as conn:
            if not leases.claim(conn, task=task, holder=holder, time=_HOLD):
                raise _gone()
        try:
            event = LetterReturned(
                at=at, by=by, cause=f"delivery:{delivery}", kind=letter.kind, act=act,
                act_at=records[act - 1].event.at, reason="cancelled",
            )  # fmt: skip
            return self._record(complaint, delivery, event)
        finally:
            with self._store.database.connection() as conn:
                leases.release(conn, task=task, holder=holder)

    def _record(self, complaint: str, delivery: str, event: LetterReturned) -> Done:
        stream, command = delivery_stream(delivery), Command(marked(delivery))

        def attempt() -> Done:
            state = state_of(self._store.records(stream))
            if state.ended:
                raise _gone()
            version = self._carrier.load(complaint)[0].version
            cancelled = Cancelled(at=event.at, by=event.by, complaint=complaint)
            return self._store.append(
                [
                    Recorded(stream, state.version + 1, cancelled),
                    Recorded(complaint_stream(complaint), version + 1, event),
                ],
                command=command,
            )

        return self._carrier.once(attempt, command)


def _gone() -> Refused:
    return Refused("This letter has left already, so it cannot be cancelled.")
