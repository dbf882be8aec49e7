"""How are two complaints tied together, and untied? One method per command.

Each command is recorded on both complaints in one transaction, so neither can say what the other
does not. Like those of the desk, all raise NotFound, Refused, Invalid, Stale, CommandReused and
StoreUnavailable.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from recovery import reference as references
from recovery import text as texts
from recovery.carrier import Carrier
from recovery.complaint import Complaint
from recovery.errors import Invalid, Refused, Stale
from recovery.events import (
    GaveBack,
    IncidentRecorded,
    Linked,
    LinkKind,
    Merged,
    TookIn,
    Unlinked,
    Unmerged,
)  # fmt: skip
from recovery.sealing import Sealer
from recovery.store import Command, Done, Store
from recovery.vault import Vault, Words

Both = Callable[[Complaint, Complaint], None]


class Binder:
    """The commands that are about two complaints."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._carrier = Carrier(store, vault)

    def merge(
        self, reference: str, *, into: str, by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Answer the complaint under another one; its own promises are set aside."""

        def decide(one: Complaint, other: Complaint) -> None:
            one.merge(Merged(at=at, by=by, cause=_cause(command), complaint=other.reference))
            other.take_in(TookIn(at=at, by=by, cause=_cause(command), complaint=one.reference))

        return self._act(reference, into, decide, command=command, seen=seen)

    def unmerge(
        self, reference: str, *, by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Let a merged complaint stand on its own again."""
        into = self._carrier.load(references.parse(reference))[0].state.ties.into
        if not into:
            raise Refused("This complaint is not merged into another one.")

        def decide(one: Complaint, other: Complaint) -> None:
            one.unmerge(Unmerged(at=at, by=by, cause=_cause(command), complaint=other.reference))
            other.give_back(GaveBack(at=at, by=by, cause=_cause(command), complaint=one.reference))

        return self._act(reference, into, decide, command=command, seen=seen)

    def link(
        self, reference: str, *, to: str, kind: LinkKind = "related", by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Write down that two complaints have to do with each other."""

        def decide(one: Complaint, other: Complaint) -> None:
            for this, that in ((one, other), (other, one)):
                this.link(
                    Linked(at=at, by=by, cause=_cause(command), complaint=that.reference, kind=kind)
                )

        return self._act(reference, to, decide, command=command, seen=seen)

    def unlink(
        self, reference: str, *, to: str, by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Take the link away again, on both sides."""

        def decide(one: Complaint, other: Complaint) -> None:
            for this, that in ((one, other), (other, one)):
                this.unlink(Unlinked(at=at, by=by, cause=_cause(command), complaint=that.reference))

        return self._act(reference, to, decide, command=command, seen=seen)

    def split(
        self, reference: str, *, description: str, subject: str = "", category: str = "",
        by: str, at: datetime, command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Make a second matter a complaint of its own; returns the place of the new one.

        It was received when the first was: its promises have run since then. The complainant gets
        a receipt with its reference.
        """
        words = Words(
            texts.required(
                description, field="description",
                sentence="Write down what the second complaint is about.",
            ),
            subject=texts.line(subject, field="subject"),
        )  # fmt: skip
        category = texts.line(category, field="category", limit=100)
        found = references.parse(reference)

        def attempt() -> Done:
            first = self._load(found, seen)
            papers = Sealer(self._store, self._vault, first.state.received.complainant)
            second = Complaint(references.draw())
            second.receive(
                replace(
                    first.state.received, by=by, cause=_cause(command), words=papers.seal(words),
                    category=category, product=first.state.product, source="", flags=(),
                    severity=first.state.severity, attributes=first.state.attributes,
                    letter=papers.letter(first.state, "received", ""),
                )
            )  # fmt: skip
            tie = Linked(
                at=at, by=by, cause=_cause(command), complaint=second.reference, kind="split"
            )
            first.link(tie)
            if first.state.facts:
                second.record_incident(
                    IncidentRecorded(at=at, by=by, cause=_cause(command), facts=first.state.facts)
                )
            second.link(replace(tie, complaint=first.reference))
            return self._store.append(
                [*first.pending, *second.pending],
                command=command, keys=papers.keys, papers=papers.papers,
            )  # fmt: skip

        return self._carrier.once(attempt, command)

    # ------------------------------------------------------------ how

    def _act(
        self, reference: str, other: str, decide: Both, *, command: Command | None,
        seen: int | None,
    ) -> Done:  # fmt: skip
        """Let `decide` act on both and record both; returns the place on the first."""
        one, two = references.parse(reference), references.parse(other)
        if one == two:
            raise Invalid("This is the same complaint. Choose another one.", field="complaint")

        def attempt() -> Done:
            first, second = self._load(one, seen), self._load(two, None)
            decide(first, second)
            return self._store.append([*second.pending, *first.pending], command=command)

        return self._carrier.once(attempt, command)

    def _load(self, reference: str, seen: int | None) -> Complaint:
        complaint, records = self._carrier.load(reference)
        if seen is not None and seen != complaint.version:
            raise Stale(seen, complaint.version, tuple(r for r in records if r.version > seen))
        return complaint


def _cause(command: Command | None) -> str:
    return f"command:{command.id}" if command else ""
