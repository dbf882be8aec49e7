"""How is a command carried out, once, whoever else is at work on the same complaint?

Load, decide, append. After a conflict everything is thrown away, loaded and decided again, unless
the command turns out to have been carried out before: then its first answer is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from recovery import reference as references
from recovery import text as texts
from recovery.complaint import Complaint
from recovery.complaint_state import State, evolve
from recovery.errors import Invalid, Refused, Stale, StoreUnavailable, Unsure
from recovery.events import Event, Recorded, complaint_stream
from recovery.sealing import Sealer
from recovery.store import Command, Conflict, Done, Store
from recovery.vault import Vault

ATTEMPTS = 3
E = TypeVar("E", bound=Event)


class Carrier:
    """Carries commands out on one store and vault."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    def trigger(
        self, reference: str, event: E, act: Callable[[Complaint, E], None], *,
        command: Command | None, seen: int | None,
    ) -> Done:  # fmt: skip
        """Carry out an act that needs nothing of the complaint but its rules."""
        return self.act(
            reference, lambda complaint, _: act(complaint, event),
            at=event.at, command=command, seen=seen,
        )  # fmt: skip

    def act(
        self, reference: str, decide: Callable[[Complaint, Sealer], None], *,
        at: datetime | None, command: Command | None, seen: int | None,
        record: Callable[[Complaint, Sealer], Done] | None = None,
    ) -> Done:  # fmt: skip
        """Let `decide` act on the complaint as it is now, and append what it triggers.

        `record` appends instead, where that takes more than the complaint.
        """
        found = references.parse(reference)

        def attempt() -> Done:
            complaint, records = self.load(found)
            if seen is not None and seen != complaint.version:
                raise Stale(seen, complaint.version, tuple(r for r in records if r.version > seen))
            received = complaint.state.received
            if at is not None and received.at is not None and texts.instant(at) < received.at:
                raise Invalid("This cannot have happened before the complaint.", field="at")
            papers = Sealer(self._store, self._vault, received.complainant)
            decide(complaint, papers)
            if record is not None:
                return record(complaint, papers)
            if not complaint.pending:
                stream = complaint_stream(found)
                return Done(stream, complaint.version, self._store.head(), repeated=True)
            return self._store.append(
                complaint.pending, command=command, keys=papers.keys, papers=papers.papers
            )

        return self.once(attempt, command)

    def once(self, attempt: Callable[[], Done], command: Command | None) -> Done:
        """Load and decide again after a conflict; a command that was carried out stays done.

        Only what has an identity is safe to send again after the connection broke.
        """
        try:
            return self._once(attempt, command)
        except Unsure as error:
            if command is None:
                raise
            raise Unsure(
                "The connection to the database broke. Send it again: nothing is done twice."
            ) from error

    def _once(self, attempt: Callable[[], Done], command: Command | None) -> Done:
        for _ in range(ATTEMPTS):
            try:
                return attempt()
            except Conflict:
                if command and (done := self._store.done(command)):
                    return done
            except (Refused, Stale):
                if command and (done := self._store.done(command)):
                    return done
                raise
        raise StoreUnavailable("Too many people are changing this complaint at once. Try again.")

    def load(
        self, reference: str, *, version: int | None = None
    ) -> tuple[Complaint, list[Recorded]]:
        """The complaint and its records, up to `version` if given; raises NotFound."""

        def project(records: Iterable[Recorded]) -> tuple[Complaint, list[Recorded]]:
            found = list(records)
            state: State | None = None
            for record in found:
                state = evolve(state, record.event)
            return Complaint(reference, found[-1].version, state), found

        return self._store.load(complaint_stream(reference), project, version=version)
