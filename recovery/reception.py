"""How does a complaint come onto the desk, from somebody new or from somebody it knows?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from recovery import reference as references
from recovery.complainant import Recognised, recognise
from recovery.complaint import Complaint
from recovery.events import IncidentRecorded, Known, Received, Recorded, complainant_stream
from recovery.sealing import Sealer
from recovery.store import Command, Done, Store
from recovery.vault import Contact, Vault, Words


@dataclass(frozen=True)
class Taken:
    """A complaint that is about to be recorded."""

    complaint: Complaint
    papers: Sealer
    known: list[Recorded]

    @property
    def records(self) -> list[Recorded]:
        return [*self.known, *self.complaint.pending]


class Reception:
    """Recognises who complains and starts the complaint's stream."""

    def __init__(self, store: Store, vault: Vault, *, salt: bytes) -> None:
        self._store = store
        self._vault = vault
        self._salt = salt

    def take(
        self, received: Received, *, contact: Contact, words: Words, facts: Mapping[str, str],
        command: Command | None,
    ) -> Done:  # fmt: skip
        """Seal what was said under the key of whoever said it, and record it.

        `received` is whole but for the complainant and the papers. Raises Conflict.
        """
        taken = self.prepare(received, contact=contact, words=words, facts=facts)
        return self._store.append(
            taken.records, command=command, keys=taken.papers.keys, papers=taken.papers.papers
        )

    def prepare(
        self, received: Received, *, contact: Contact, words: Words, facts: Mapping[str, str],
        known: Recognised | None = None,
    ) -> Taken:  # fmt: skip
        """The same, to be recorded by the caller, who may add to it.

        `known` says who it is, where the caller has looked already.
        """
        if known is None:
            complainant, history = recognise(self._store, contact, salt=self._salt)
            papers, place = Sealer(self._store, self._vault, complainant), len(history) + 1
        else:
            complainant, place = known.complainant, 1
            papers = Sealer(self._store, self._vault, complainant, keyless=known.is_new)
        received = replace(
            received,
            complainant=complainant,
            contact=papers.seal(contact),
            words=papers.seal(words),
        )
        complaint = Complaint(references.draw())
        complaint.receive(received)
        if facts:
            complaint.record_incident(
                IncidentRecorded(
                    at=received.at, by=received.by, cause=received.cause, facts=dict(facts)
                )
            )
        begins = [_known(received, place)] if papers.keys else []
        return Taken(complaint, papers, begins)


def _known(received: Received, version: int) -> Recorded:
    """What makes the person known whose first complaint this is."""
    event = Known(
        at=received.at, by=received.by, cause=received.cause, contact=received.contact,
        language=received.language, tier=received.tier,
    )  # fmt: skip
    return Recorded(complainant_stream(received.complainant), version, event)
