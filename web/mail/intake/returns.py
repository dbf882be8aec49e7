"""Which acts told the complainant nothing, because their letter did not arrive?

A letter may come back at once or days later, and be given up after days of trying: however it was
lost, the act that owed it is marked once, and its clocks run on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from projections.deliveries import Delivery, lost
from recovery.carrier import Carrier
from recovery.complaint import Complaint
from recovery.correspondence import BY
from recovery.delivery import marked
from recovery.events import Letter, LetterReturned, complaint_stream
from recovery.sealing import Sealer
from recovery.store import Command, Store
from recovery.suppression import suppress
from recovery.vault import Vault
from web.mail.facts import received_of


class Returns:
    """Marks acts whose letter was lost; any number may run."""

    def __init__(self, store: Store, vault: Vault, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._carrier = Carrier(store, vault)
        self._clock = clock

    def step(self, *, limit: int = 50) -> int:
        """Mark what was lost and is not marked; returns how many acts that were."""
        with self._store.database.engine.connect() as conn:
            found = lost(conn, limit=limit)
        for row in found:
            self._mark(row)
        return len(found)

    def _mark(self, row: Delivery) -> None:
        records = self._store.records(complaint_stream(row.complaint))
        record = records[row.act - 1]
        letter: Letter | None = getattr(record.event, "letter", None)
        assert letter is not None
        event = LetterReturned(
            at=self._clock(), by=BY, cause=f"delivery:{row.delivery}", kind=letter.kind,
            act=row.act, act_at=record.event.at, reason=row.reason,
            told_at=row.sent_at if letter.leaves_at else None,
        )  # fmt: skip

        if row.state == "bounced":
            complainant = received_of(records).complainant
            suppress(self._store, complainant, reason=row.reason, by=BY, at=self._clock())

        def decide(complaint: Complaint, _: Sealer) -> None:
            complaint.letter_returned(event)

        self._carrier.act(
            row.complaint, decide, at=event.at, seen=None,
            command=Command(marked(row.delivery)),
        )  # fmt: skip
