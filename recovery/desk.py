"""What can be asked of the desk? One method per command.

Every command says who acts (`by`), when it happened in the world (`at`), the version the person
saw (`seen`, None when they saw none) and its own identity (`command`, carried out once). Words are
given as plain text and put into the vault here. Each returns the place of its last event.

All raise NotFound, Refused (the domain declines), Invalid (a value is wrong), Stale (somebody was
quicker), CommandReused and StoreUnavailable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from recovery import reference as references
from recovery import text as texts
from recovery.authority import Approver
from recovery.carrier import Carrier
from recovery.compensating import Compensating, Compensation
from recovery.complainant import reachable
from recovery.complaint import Complaint
from recovery.complaint_state import State
from recovery.errors import Refused
from recovery.events import (
    Acknowledged,
    Assigned,
    Channel,
    Classified,
    Closed,
    CompensationKind,
    DesiredOutcome,
    Escalated,
    Explained,
    Extended,
    IncidentRecorded,
    Letter,
    MessageReceived,
    MessageSent,
    MilestoneReached,
    NoteAdded,
    Outcome,
    Paused,
    Received,
    Released,
    Reopened,
    Resumed,
    Severity,
    Withdrawn,
    subject,
)  # fmt: skip
from recovery.money import Money
from recovery.policy.authority import Rank
from recovery.policy.library import Policies
from recovery.policybook import in_force
from recovery.reception import Reception
from recovery.sealing import Sealer
from recovery.sending import AT_ONCE, Sending
from recovery.store import Command, Done, Store
from recovery.vault import Contact, Vault, Words


class Desk:
    """The door to the domain, for pages, API, mail and the command line alike.

    `salt` makes the same contact details the same complainant without saying whose they are.
    """

    def __init__(self, store: Store, vault: Vault, policies: Policies, *, salt: bytes) -> None:
        self.store = store
        self.vault = vault
        self.policies = policies
        self._reception = Reception(store, vault, salt=salt)
        self._carrier = Carrier(store, vault)
        self._compensating = Compensating(store, policies, self._carrier)

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
        contact = reachable(contact)
        facts = texts.codes(incident or {}, field="incident")
        declared = texts.codes(attributes or {}, field="attributes")
        version = in_force(self.store, self.policies, policy).version

        received = Received(
            at=texts.instant(at, field="received_at"), by=by, cause=_cause(command),
            complainant="", channel=channel, language=texts.language(language),
            policy=policy, policy_version=version, severity=severity,
            category=texts.line(category, field="category", limit=100),
            product=texts.line(product, field="product", limit=100),
            tier=texts.line(tier, field="tier", limit=50),
            desired_outcomes=tuple(desired_outcomes), attributes=declared,
            letter=Letter("received", texts.language(language)),
        )  # fmt: skip
        return self._carrier.once(
            lambda: self._reception.take(
                received, contact=contact, words=words, facts=facts, command=command
            ),
            command,
        )

    # ------------------------------------------------------------ the formal acts

    def acknowledge(
        self, reference: str, *, by: str, at: datetime, message: str = "",
        command: Command | None = None, seen: int | None = None, sending: Sending = AT_ONCE,
    ) -> Done:  # fmt: skip
        """Confirm to the complainant that the desk has the complaint and will answer."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.acknowledge(
                Acknowledged(
                    at=at, by=by, cause=_cause(command),
                    letter=papers.letter(complaint.state, "acknowledged", message, sending),
                )
            )  # fmt: skip

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    def explain(
        self, reference: str, *, by: str, at: datetime, outcome: Outcome, message: str,
        cause_code: str = "", sending: Sending = AT_ONCE,
        command: Command | None = None, seen: int | None = None,
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
                    letter=papers.letter(complaint.state, "explained", explanation, sending),
                )
            )  # fmt: skip

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    def compensate(
        self, reference: str, *, by: str, at: datetime, kind: CompensationKind,
        money: Money | None = None, reason: str = "", message: str = "", role: Rank = "agent",
        command: Command | None = None, seen: int | None = None, sending: Sending = AT_ONCE,
    ) -> Done:  # fmt: skip
        """Grant money or kind; propose it, where it is more than `by` may approve in this role."""
        asked = Compensation(
            who=Approver(by, role), at=at, kind=kind, money=money, reason=reason, message=message,
            sending=sending, command=command, seen=seen,
        )  # fmt: skip
        return self._compensating.carry_out(reference, asked)

    def close(
        self, reference: str, *, by: str, at: datetime, outcome: Outcome, message: str = "",
        wishes: Mapping[DesiredOutcome, bool] | None = None,
        command: Command | None = None, seen: int | None = None, sending: Sending = AT_ONCE,
    ) -> Done:  # fmt: skip
        """Finish the desk's work on the complaint; say of each wish whether it was met."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.close(
                Closed(
                    at=at, by=by, cause=_cause(command), outcome=outcome,
                    letter=papers.letter(complaint.state, "closed", message, sending),
                    wishes=dict(wishes or {}),
                )
            )  # fmt: skip

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    # ------------------------------------------------------------ work between the acts

    def assign(
        self, reference: str, *, by: str, at: datetime, agent: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Give the complaint to an agent; agents take one by naming themselves."""
        event = Assigned(at=at, by=by, cause=_cause(command), agent=agent)
        return self._carrier.trigger(reference, event, Complaint.assign, command=command, seen=seen)

    def release(
        self, reference: str, *, by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Put the complaint back into the queue."""
        event = Released(at=at, by=by, cause=_cause(command))
        return self._carrier.trigger(
            reference, event, Complaint.release, command=command, seen=seen
        )

    def classify(
        self, reference: str, *, by: str, at: datetime, category: str | None = None,
        product: str | None = None, severity: Severity | None = None,
        attributes: Mapping[str, str] | None = None,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Set or correct what the complaint is about; None leaves a field as it is."""
        event = Classified(
            at=at, by=by, cause=_cause(command), severity=severity,
            category=None if category is None
            else texts.line(category, field="category", limit=100),
            product=None if product is None else texts.line(product, field="product", limit=100),
            attributes=texts.codes(attributes or {}, field="attributes"),
        )  # fmt: skip
        return self._carrier.trigger(
            reference, event, Complaint.classify, command=command, seen=seen
        )

    def add_note(
        self, reference: str, *, by: str, at: datetime, text: str, mentions: Iterable[str] = (),
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Write a note for colleagues; those it mentions ("user:bo") are owed a notice.

        Whoever the complaint is about is not told.
        """
        note = Words(texts.required(text, field="text", sentence="The note is empty."))
        wanted = tuple(dict.fromkeys(each for each in mentions if each != by))

        def decide(complaint: Complaint, papers: Sealer) -> None:
            called = tuple(each for each in wanted if each not in complaint.state.staff)
            complaint.add_note(
                NoteAdded(
                    at=at, by=by, cause=_cause(command), note=papers.seal(note), mentions=called
                )
            )

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

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

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    def send_message(
        self, reference: str, *, by: str, at: datetime, text: str,
        command: Command | None = None, seen: int | None = None, sending: Sending = AT_ONCE,
    ) -> Done:  # fmt: skip
        """Write to the complainant without any of the formal acts."""
        message = texts.required(text, field="text", sentence="The message is empty.")

        def decide(complaint: Complaint, papers: Sealer) -> None:
            letter = papers.letter(complaint.state, "message", message, sending)
            if letter is None:
                raise Refused("We have no contact details of this complainant.")
            complaint.send_message(MessageSent(at=at, by=by, cause=_cause(command), letter=letter))

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    def pause(
        self, reference: str, *, by: str, at: datetime, reason: str, words: str = "",
        until: datetime | None = None, command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Wait for somebody else; clocks that the policy says so stand still."""
        end = until and texts.instant(until, field="until")

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.pause(
                Paused(
                    at=at, by=by, cause=_cause(command), reason=texts.code(reason, field="reason"),
                    words=papers.words(words), until=end,
                )
            )  # fmt: skip

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    def resume(
        self, reference: str, *, by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """End the wait."""
        event = Resumed(at=at, by=by, cause=_cause(command))
        return self._carrier.trigger(reference, event, Complaint.resume, command=command, seen=seen)

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

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

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

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    def withdraw(
        self, reference: str, *, by: str, at: datetime, words: str = "",
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """The complainant takes the complaint back."""

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.withdraw(
                Withdrawn(at=at, by=by, cause=_cause(command), words=papers.words(words))
            )

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

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

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    def record_incident(
        self, reference: str, *, by: str, at: datetime, facts: Mapping[str, str],
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Write down facts of the failure, by the names the policies use."""
        event = IncidentRecorded(
            at=at, by=by, cause=_cause(command), facts=texts.codes(facts, field="facts")
        )
        return self._carrier.trigger(
            reference, event, Complaint.record_incident, command=command, seen=seen
        )

    def reach_milestone(
        self, reference: str, *, by: str, at: datetime, milestone: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Record something outside the core vocabulary that a policy may declare."""
        name = texts.code(milestone, field="type")
        event = MilestoneReached(at=at, by=by, cause=_cause(command), milestone=name)
        return self._carrier.trigger(
            reference, event, Complaint.reach_milestone, command=command, seen=seen
        )

    # ------------------------------------------------------------ reading one complaint

    def state(self, reference: str, *, version: int | None = None) -> tuple[State, int]:
        """The complaint's state and version; up to `version` if given."""
        complaint = self._carrier.load(references.parse(reference), version=version)[0]
        return complaint.state, complaint.version


def _cause(command: Command | None) -> str:
    return f"command:{command.id}" if command else ""


def reference_of(done: Done) -> str:
    """The reference of the complaint a command was about."""
    return subject(done.stream)
