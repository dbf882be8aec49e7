"""What can be asked of the desk? One method per command.

Every command says who acts (`by`), when it happened in the world (`at`), the version the person
saw (`seen`, None when they saw none) and its own identity (`command`, carried out once). Words are
given as plain text and put into the vault here. Each returns the place of its last event.

All raise NotFound, Refused (the domain declines), Invalid (a value is wrong), Stale (somebody was
quicker), CommandReused and StoreUnavailable.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from recovery import reference as references
from recovery import text as texts
from recovery.complaint import Complaint, State, evolve
from recovery.errors import Invalid, Refused, Stale, StoreUnavailable
from recovery.events import (
    Acknowledged,
    Assigned,
    Channel,
    Classified,
    Closed,
    Compensated,
    CompensationKind,
    DesiredOutcome,
    Escalated,
    Event,
    Explained,
    Extended,
    Forgotten,
    IncidentRecorded,
    Known,
    Letter,
    LetterKind,
    MessageReceived,
    MessageSent,
    MilestoneReached,
    NoteAdded,
    Outcome,
    PaperRef,
    Paused,
    Received,
    Recorded,
    Released,
    Reopened,
    Resumed,
    Severity,
    Withdrawn,
    complainant_stream,
    complaint_stream,
    subject,
)  # fmt: skip
from recovery.money import Money
from recovery.policy.library import Policies
from recovery.store import Command, Conflict, Done, Store
from recovery.vault import Contact, SealedKey, SealedPaper, Vault, Words

ATTEMPTS = 3
T = TypeVar("T")


class Desk:
    """The door to the domain, for pages, API, mail and the command line alike.

    `salt` makes the same contact details the same complainant without saying whose they are.
    """

    def __init__(self, store: Store, vault: Vault, policies: Policies, *, salt: bytes) -> None:
        self.store = store
        self.vault = vault
        self.policies = policies
        self._salt = salt

    # ------------------------------------------------------------ a complaint arrives

    def receive(
        self, *, by: str, at: datetime, description: str, contact: Contact, subject: str = "",
        channel: Channel = "phone", language: str = "en", severity: Severity = "normal",
        category: str = "", product: str = "", tier: str = "",
        desired_outcomes: Iterable[DesiredOutcome] = (),
        attributes: Mapping[str, str] | None = None, incident: Mapping[str, str] | None = None,
        policy: str = "house", command: Command | None = None,
    ) -> Done:  # fmt: skip
        """Take a complaint; the reference is `subject(done.stream)`."""
        words = Words(
            texts.required(
                description, field="description", sentence="Write down what the complaint is about."
            ),
            subject=texts.line(subject, field="subject"),
        )
        contact = _reachable(contact)
        facts = _codes(incident or {}, field="incident")
        declared = _codes(attributes or {}, field="attributes")
        version = self.policies.in_force(policy).version

        def attempt() -> Done:
            complainant = self._complainant(contact)
            papers = self._sealer(complainant)
            sealed = papers.seal(contact)
            received = Received(
                at=texts.instant(at, field="received_at"), by=by, cause=_cause(command),
                complainant=complainant, channel=channel, language=_language(language),
                policy=policy, policy_version=version, contact=sealed, words=papers.seal(words),
                severity=severity, category=texts.line(category, field="category", limit=100),
                product=texts.line(product, field="product", limit=100),
                tier=texts.line(tier, field="tier", limit=50),
                desired_outcomes=tuple(desired_outcomes), attributes=declared,
                letter=Letter("received", _language(language)),
            )  # fmt: skip
            complaint = Complaint(references.draw())
            complaint.receive(received)
            if facts:
                complaint.record_incident(
                    IncidentRecorded(at=received.at, by=by, cause=received.cause, facts=facts)
                )
            known = self._known(papers, received)
            return self.store.append(
                [*known, *complaint.pending],
                command=command, keys=papers.keys, papers=papers.papers,
            )  # fmt: skip

        return self._retried(attempt, command)

    # ------------------------------------------------------------ the formal acts

    def acknowledge(
        self, reference: str, *, by: str, at: datetime, message: str = "",
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Confirm to the complainant that the desk has the complaint and will answer."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.acknowledge(
                Acknowledged(
                    at=at, by=by, cause=_cause(command),
                    letter=papers.letter(complaint.state, "acknowledged", message),
                )
            )  # fmt: skip

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def explain(
        self, reference: str, *, by: str, at: datetime, outcome: Outcome, message: str,
        cause_code: str = "", command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Tell the complainant what went wrong, why, and what follows."""
        explanation = texts.required(
            message, field="message",
            sentence="Explain what happened: the complainant receives this in the letter.",
        )  # fmt: skip

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.explain(
                Explained(
                    at=at, by=by, cause=_cause(command), outcome=outcome,
                    cause_code=texts.code(cause_code, field="cause") if cause_code else "",
                    letter=papers.letter(complaint.state, "explained", explanation),
                )
            )  # fmt: skip

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def compensate(
        self, reference: str, *, by: str, at: datetime, kind: CompensationKind,
        money: Money | None = None, reason: str = "", message: str = "",
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Grant money or kind."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.compensate(
                Compensated(
                    at=at, by=by, cause=_cause(command), kind=kind, money=money,
                    reason=texts.code(reason, field="reason") if reason else "",
                    letter=papers.letter(complaint.state, "compensated", message),
                )
            )  # fmt: skip

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def close(
        self, reference: str, *, by: str, at: datetime, outcome: Outcome, message: str = "",
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Finish the desk's work on the complaint."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.close(
                Closed(
                    at=at, by=by, cause=_cause(command), outcome=outcome,
                    letter=papers.letter(complaint.state, "closed", message),
                )
            )  # fmt: skip

        return self._act(reference, decide, at=at, command=command, seen=seen)

    # ------------------------------------------------------------ work between the acts

    def assign(
        self, reference: str, *, by: str, at: datetime, agent: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Give the complaint to an agent; agents take one by naming themselves."""
        event = Assigned(at=at, by=by, cause=_cause(command), agent=agent)
        return self._plain(reference, event, Complaint.assign, command=command, seen=seen)

    def release(
        self, reference: str, *, by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Put the complaint back into the queue."""
        event = Released(at=at, by=by, cause=_cause(command))
        return self._plain(reference, event, Complaint.release, command=command, seen=seen)

    def classify(
        self, reference: str, *, by: str, at: datetime, category: str | None = None,
        product: str | None = None, severity: Severity | None = None,
        attributes: Mapping[str, str] | None = None,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Set or correct what the complaint is about; None leaves a field as it is."""
        event = Classified(
            at=at, by=by, cause=_cause(command), severity=severity,
            category=None if category is None else texts.line(category, field="category"),
            product=None if product is None else texts.line(product, field="product"),
            attributes=_codes(attributes or {}, field="attributes"),
        )  # fmt: skip
        return self._plain(reference, event, Complaint.classify, command=command, seen=seen)

    def add_note(
        self, reference: str, *, by: str, at: datetime, text: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Write a note for colleagues."""
        note = Words(texts.required(text, field="text", sentence="The note is empty."))

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.add_note(
                NoteAdded(at=at, by=by, cause=_cause(command), note=papers.seal(note))
            )

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def receive_message(
        self, reference: str, *, by: str, at: datetime, text: str, channel: Channel,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Keep what the complainant wrote or said; it ends a wait for them."""
        said = Words(texts.required(text, field="text", sentence="The message is empty."))

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.receive_message(
                MessageReceived(
                    at=at, by=by, cause=_cause(command), channel=channel, message=papers.seal(said)
                )
            )

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def send_message(
        self, reference: str, *, by: str, at: datetime, text: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Write to the complainant without any of the formal acts."""
        message = texts.required(text, field="text", sentence="The message is empty.")

        def decide(complaint: Complaint, papers: Sealer) -> None:
            letter = papers.letter(complaint.state, "message", message)
            if letter is None:
                raise Refused("We have no contact details of this complainant.")
            complaint.send_message(
                MessageSent(at=at, by=by, cause=_cause(command), letter=letter)
            )

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def pause(
        self, reference: str, *, by: str, at: datetime, reason: str, words: str = "",
        until: datetime | None = None, command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Wait for somebody else; clocks that the policy says so stand still."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.pause(
                Paused(
                    at=at, by=by, cause=_cause(command), reason=texts.code(reason, field="reason"),
                    words=papers.words(words), until=until,
                )
            )  # fmt: skip

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def resume(
        self, reference: str, *, by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """End the wait."""
        event = Resumed(at=at, by=by, cause=_cause(command))
        return self._plain(reference, event, Complaint.resume, command=command, seen=seen)

    def extend(
        self, reference: str, *, by: str, at: datetime, days: int, reason: str, words: str = "",
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Prolong the promise by whole days."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.extend(
                Extended(
                    at=at, by=by, cause=_cause(command), days=days,
                    reason=texts.code(reason, field="reason"), words=papers.words(words),
                )
            )  # fmt: skip

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def escalate(
        self, reference: str, *, by: str, at: datetime, to: str, reason: str, words: str = "",
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Pass the complaint up."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.escalate(
                Escalated(
                    at=at, by=by, cause=_cause(command), to=texts.code(to, field="to"),
                    reason=texts.code(reason, field="reason"), words=papers.words(words),
                )
            )  # fmt: skip

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def withdraw(
        self, reference: str, *, by: str, at: datetime, words: str = "",
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """The complainant takes the complaint back."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.withdraw(
                Withdrawn(at=at, by=by, cause=_cause(command), words=papers.words(words))
            )

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def reopen(
        self, reference: str, *, by: str, at: datetime, reason: str, words: str = "",
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Open a closed or withdrawn complaint again."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.reopen(
                Reopened(
                    at=at, by=by, cause=_cause(command), reason=texts.code(reason, field="reason"),
                    words=papers.words(words),
                )
            )  # fmt: skip

        return self._act(reference, decide, at=at, command=command, seen=seen)

    def record_incident(
        self, reference: str, *, by: str, at: datetime, facts: Mapping[str, str],
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Write down facts of the failure, by the names the policies use."""
        event = IncidentRecorded(
            at=at, by=by, cause=_cause(command), facts=_codes(facts, field="facts")
        )
        return self._plain(reference, event, Complaint.record_incident, command=command, seen=seen)

    def reach_milestone(
        self, reference: str, *, by: str, at: datetime, milestone: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Record something outside the core vocabulary that a policy may declare."""
        name = texts.code(milestone, field="type")
        event = MilestoneReached(at=at, by=by, cause=_cause(command), milestone=name)
        return self._plain(reference, event, Complaint.reach_milestone, command=command, seen=seen)

    # ------------------------------------------------------------ forgetting

    def forget(
        self, complainant: str, *, by: str, at: datetime, reason: str, complaints: Sequence[str]
    ) -> Done:
        """Delete the complainant's key and papers and record that it was done, as one transaction.

        `complaints` are the references they stand in, for the projections to scrub.
        """
        stream = complainant_stream(complainant)
        version = len(self.store.records(stream)) + 1
        event = Forgotten(
            at=at, by=by, reason=texts.code(reason, field="reason"), complaints=tuple(complaints)
        )
        with self.store.database.connection() as conn, conn.transaction():
            self.vault.forget(conn, complainant)
            return self.store.append([Recorded(stream, version, event)], within=conn)

    # ------------------------------------------------------------ reading one complaint

    def state(self, reference: str, *, version: int | None = None) -> tuple[State, int]:
        """The complaint's state and version; up to `version` if given."""
        complaint = self._load(references.parse(reference), version=version)[0]
        return complaint.state, complaint.version

    # ------------------------------------------------------------ how a command is carried out

    def _plain(
        self, reference: str, event: T, act: Callable[[Complaint, T], None], *,
        command: Command | None, seen: int | None,
    ) -> Done:  # fmt: skip
        at = event.at if isinstance(event, Event) else None
        return self._act(
            reference, lambda complaint, _: act(complaint, event), at=at, command=command, seen=seen
        )

    def _act(
        self, reference: str, decide: Callable[[Complaint, Sealer], None], *,
        at: datetime | None, command: Command | None, seen: int | None,
    ) -> Done:  # fmt: skip
        found = references.parse(reference)

        def attempt() -> Done:
            complaint, records = self._load(found)
            if seen is not None and seen != complaint.version:
                raise Stale(seen, complaint.version, tuple(r for r in records if r.version > seen))
            received = complaint.state.received
            if at is not None and received.at is not None and texts.instant(at) < received.at:
                raise Invalid("This cannot have happened before the complaint.", field="at")
            papers = self._sealer(received.complainant)
            decide(complaint, papers)
            return self.store.append(
                complaint.pending, command=command, keys=papers.keys, papers=papers.papers
            )

        return self._retried(attempt, command)

    def _retried(self, attempt: Callable[[], Done], command: Command | None) -> Done:
        """Load and decide again after a conflict; a command that was carried out stays done."""
        for _ in range(ATTEMPTS):
            try:
                return attempt()
            except Conflict:
                if command and (done := self.store.done(command)):
                    return done
            except (Refused, Stale):
                if command and (done := self.store.done(command)):
                    return done
                raise
        raise StoreUnavailable("Too many people are changing this complaint at once. Try again.")

    def _load(
        self, reference: str, *, version: int | None = None
    ) -> tuple[Complaint, list[Recorded]]:
        def project(records: Iterable[Recorded]) -> tuple[Complaint, list[Recorded]]:
            found = list(records)
            state: State | None = None
            for record in found:
                state = evolve(state, record.event)
            return Complaint(reference, found[-1].version, state), found

        return self.store.load(complaint_stream(reference), project, version=version)

    def _sealer(self, complainant: str) -> Sealer:
        return Sealer(self.store, self.vault, complainant)

    def _complainant(self, contact: Contact) -> str:
        """The same id for the same address; a random one when there is neither mail nor phone."""
        known_by = contact.email.casefold() or "".join(c for c in contact.phone if c.isdigit())
        if not known_by:
            return secrets.token_hex(16)
        return hmac.digest(self._salt, known_by.encode(), hashlib.sha256).hex()[:32]

    def _known(self, papers: Sealer, received: Received) -> list[Recorded]:
        """The event that makes the person known, if this complaint is their first."""
        if not papers.keys:
            return []
        stream = complainant_stream(received.complainant)
        version = len(self.store.records(stream)) + 1
        event = Known(
            at=received.at, by=received.by, cause=received.cause, contact=received.contact,
            language=received.language, tier=received.tier,
        )  # fmt: skip
        return [Recorded(stream, version, event)]


class Sealer:
    """Seals what one command puts into the vault, under the complainant's key."""

    def __init__(self, store: Store, vault: Vault, owner: str) -> None:
        self._store = store
        self._vault = vault
        self._owner = owner
        self._key: bytes | None = None
        self.keys: list[SealedKey] = []
        self.papers: list[SealedPaper] = []

    def seal(self, content: Contact | Words) -> PaperRef:
        """Keep a paper for the append, and give its reference."""
        paper = self._vault.seal(self._owners_key(), self._owner, content)
        self.papers.append(paper)
        return paper.ref

    def words(self, text: str) -> PaperRef | None:
        """A paper of the text, or None when it is empty."""
        found = texts.clean(text, field="words")
        return self.seal(Words(found)) if found else None

    def letter(self, state: State, kind: LetterKind, message: str) -> Letter | None:
        """The letter an act owes; none to a person we have no contact details of."""
        if state.received.contact is None:
            return None
        found = texts.clean(message, field="message")
        paper = self.seal(Words(found)) if found else None
        return Letter(kind, state.received.language, paper)

    def _owners_key(self) -> bytes:
        if self._key is None:
            with self._store.database.connection() as conn:
                self._key = self._vault.key_of(conn, self._owner)
            if self._key is None:
                self._key, sealed = self._vault.new_key(self._owner)
                self.keys.append(sealed)
        return self._key


def _cause(command: Command | None) -> str:
    return f"command:{command.id}" if command else ""


def _language(tag: str) -> str:
    """A language tag (BCP 47), as short as it is enough: "zh", "en", "zh-Hant"."""
    found = tag.strip()
    if not 2 <= len(found) <= 35 or not found.replace("-", "").isalnum():
        raise Invalid(f"{tag[:40]!r} is not a language (use en or zh).", field="language")
    return found


def _reachable(contact: Contact) -> Contact:
    """The contact details, cleaned; raises Invalid when there is no way to answer."""
    found = Contact(
        name=texts.line(contact.name, field="name"),
        email=texts.email(contact.email),
        phone=texts.line(contact.phone, field="phone", limit=50),
        address=texts.clean(contact.address, field="address", limit=1_000),
    )
    if not (found.email or found.phone or found.address):
        raise Invalid(
            "Give one way to reach the complainant: email, phone or address.", field="email"
        )
    return found


def _codes(values: Mapping[str, str], *, field: str) -> dict[str, str]:
    """Names and short values that may stand in an event; raises Invalid."""
    if len(values) > 100:
        raise Invalid("These are too many values; the most is 100.", field=field)
    return {
        texts.code(name, field=field): texts.line(value, field=f"{field}.{name}", limit=200)
        for name, value in values.items()
    }


def reference_of(done: Done) -> str:
    """The reference of the complaint a command was about."""
    return subject(done.stream)
