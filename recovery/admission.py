"""May somebody else speak in this complaint? An agent decides on their mail, once.

Whoever is admitted is a party to this complaint and to no other. Their mail waits no more, and what
they write from then on goes on the complaint by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from recovery import reference as references
from recovery import text as texts
from recovery.carrier import ATTEMPTS, Carrier
from recovery.complaint import Complaint
from recovery.errors import Refused, StoreUnavailable
from recovery.events import PartyAdmitted, PartyRefused
from recovery.mailbox import Mailbox
from recovery.parties import Stranger
from recovery.store import Conflict, Done, Store
from recovery.vault import Vault


class Admission:
    """The decisions on mail of third parties."""

    def __init__(self, store: Store, vault: Vault, mailbox: Mailbox) -> None:
        self._store = store
        self._carrier = Carrier(store, vault)
        self._mailbox = mailbox

    def admit(self, reference: str, filed: str, *, by: str, at: datetime) -> Done:
        """Let whoever wrote this mail speak in the complaint. Raises NotFound and Refused."""

        def decide(complaint: Complaint, stranger: Stranger) -> list[str]:
            if not stranger.sender:
                raise Refused("This message does not say who wrote it.")
            theirs = [
                each.filed for each in complaint.state.parties.waiting
                if each.sender == stranger.sender
            ]  # fmt: skip
            complaint.decide_on_party(
                PartyAdmitted(at=at, by=by, party=stranger.sender, filed=filed)
            )
            return theirs

        return self._decide(reference, filed, decide, by=by, at=at)

    def refuse(self, reference: str, filed: str, *, reason: str, by: str, at: datetime) -> Done:
        """Keep this mail out of the conversation. Raises NotFound, Refused and Invalid."""
        code = texts.code(reason, field="reason")

        def decide(complaint: Complaint, _: Stranger) -> list[str]:
            complaint.decide_on_party(PartyRefused(at=at, by=by, filed=filed, reason=code))
            return [filed]

        return self._decide(reference, filed, decide, by=by, at=at)

    def _decide(
        self, reference: str, filed: str, decide: Callable[[Complaint, Stranger], list[str]], *,
        by: str, at: datetime,
    ) -> Done:  # fmt: skip
        """Record the decision and settle the mail it is about, both or neither."""
        found = references.parse(reference)
        for _ in range(ATTEMPTS):
            complaint, _records = self._carrier.load(found)
            stranger = complaint.state.parties.stranger(filed)
            if stranger is None:
                raise Refused("Somebody has decided on this message already.")
            settled = decide(complaint, stranger)
            try:
                with self._store.database.connection() as conn, conn.transaction():
                    done = self._store.append(complaint.pending, within=conn)
                    self._mailbox.decided(conn, settled, found, by=by, at=at)
            except Conflict:
                continue
            return done
        raise StoreUnavailable("Too many people are changing this complaint at once. Try again.")
