"""What happens to a complaint? People act."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from recovery.events.base import (
    Channel,
    CompensationKind,
    DesiredOutcome,
    Event,
    Letter,
    LetterKind,
    Outcome,
    PaperRef,
    Severity,
)
from recovery.money import Money


class Received(Event, frozen=True, kw_only=True):
    """A complaint reached the organisation."""

    topic = "complaint.received"
    complainant: str
    channel: Channel
    language: str
    policy: str
    policy_version: str
    contact: PaperRef | None = None
    """JSON of `recovery.vault.Contact`."""
    words: PaperRef | None = None
    """JSON of `recovery.vault.Words`: subject and description."""
    severity: Severity = "normal"
    category: str = ""
    product: str = ""
    tier: str = ""
    desired_outcomes: tuple[DesiredOutcome, ...] = ()
    attributes: dict[str, str] = {}
    """Codes the organisation declares (region, company, branch); never free text."""
    source: str = ""
    """Where an imported complaint comes from: "cfpb:1291006"."""
    flags: tuple[str, ...] = ()
    """What is odd about the source's own record: "closed_before_received", "midnight"."""
    letter: Letter | None = None


class Acknowledged(Event, frozen=True, kw_only=True):
    """The desk confirmed to the complainant that it has the complaint and will answer."""

    topic = "complaint.acknowledged"
    letter: Letter | None = None


class Explained(Event, frozen=True, kw_only=True):
    """The complainant was told what went wrong, why, and what follows."""

    topic = "complaint.explained"
    outcome: Outcome
    cause_code: str = ""
    letter: Letter | None = None


class Compensated(Event, frozen=True, kw_only=True):
    """Money or kind was granted to the complainant."""

    topic = "complaint.compensated"
    schema = 2
    kind: CompensationKind
    money: Money | None = None
    """None in kind, and where the source does not publish the amount."""
    reason: str = ""
    letter: Letter | None = None
    payout: str = ""
    """On which the money goes its way; empty in kind, and for what was paid elsewhere."""
    proposed_by: str = ""
    """Who proposed it, where somebody else approved."""
    category: str = ""
    severity: Severity = "normal"
    loss: Money | None = None
    """What kind of case it was when it was granted, for whoever looks for precedent."""


class CompensationProposed(Event, frozen=True, kw_only=True):
    """Somebody proposed more money than they may grant themselves."""

    topic = "complaint.compensation_proposed"
    kind: CompensationKind
    money: Money
    payout: str
    reason: str = ""
    draft: Letter | None = None
    """The letter that the complainant gets once it is approved."""


class Closed(Event, frozen=True, kw_only=True):
    """The desk finished its work on the complaint."""

    topic = "complaint.closed"
    outcome: Outcome
    letter: Letter | None = None
    wishes: dict[DesiredOutcome, bool] = {}
    """What the complainant had asked for, and whether they got it; of the others nobody said."""


class Assigned(Event, frozen=True, kw_only=True):
    """An agent took the complaint or was given it."""

    topic = "complaint.assigned"
    agent: str


class Released(Event, frozen=True, kw_only=True):
    """The complaint went back to the queue."""

    topic = "complaint.released"


class Classified(Event, frozen=True, kw_only=True):
    """What the complaint is about was set or corrected; only the fields given changed."""

    topic = "complaint.classified"
    category: str | None = None
    product: str | None = None
    severity: Severity | None = None
    attributes: dict[str, str] = {}


class NoteAdded(Event, frozen=True, kw_only=True):
    """Somebody wrote a note for colleagues; the complainant does not see it."""

    topic = "complaint.note_added"
    schema = 2
    note: PaperRef
    mentions: tuple[str, ...] = ()
    """Colleagues whom it calls to the complaint: they are owed a notice."""


class MessageReceived(Event, frozen=True, kw_only=True):
    """The complainant wrote or called again."""

    topic = "complaint.message_received"
    message: PaperRef
    channel: Channel


class FilesAdded(Event, frozen=True, kw_only=True):
    """Files came with what was said just before."""

    topic = "complaint.files_added"
    listing: PaperRef
    """JSON of `recovery.vault.Files`: their names and types, and where each lies."""


class MailFiled(Event, frozen=True, kw_only=True):
    """Mail that is no word of the complainant's was put on the case."""

    topic = "complaint.mail_filed"
    schema = 2
    speaker: Literal["third_party", "party", "machine"]
    """Somebody nobody knows yet, somebody an agent admitted, or a program."""
    message: PaperRef
    sender: str = ""
    """Who their address would be among the complainants."""
    kind: Literal["", "auto_reply", "abuse_report", "receipt"] = ""
    """What a program had to say."""


class ReplyKept(Event, frozen=True, kw_only=True):
    """A colleague's reply by mail did not leave; they are owed a notice that says why."""

    topic = "complaint.reply_kept"
    why: tuple[str, ...]
    """Codes of what stands against it."""


class LetterReturned(Event, frozen=True, kw_only=True):
    """The letter of an act did not reach the complainant, so the act told them nothing."""

    topic = "complaint.letter_returned"
    schema = 2
    kind: LetterKind
    act: int
    """Version of the act."""
    act_at: datetime | None
    reason: str
    """"cancelled": somebody took it back before it left."""
    told_at: datetime | None = None
    """When its letter had left, where the act counted only from then on."""


class MessageSent(Event, frozen=True, kw_only=True):
    """The desk wrote to the complainant without any of the formal acts."""

    topic = "complaint.message_sent"
    letter: Letter


class Paused(Event, frozen=True, kw_only=True):
    """The desk waits for somebody else; clocks that the policy says so stand still."""

    topic = "complaint.paused"
    reason: str
    words: PaperRef | None = None
    until: datetime | None = None


class Resumed(Event, frozen=True, kw_only=True):
    """The waiting is over."""

    topic = "complaint.resumed"


class Extended(Event, frozen=True, kw_only=True):
    """The promise was prolonged, with a reason the complainant can be told."""

    topic = "complaint.extended"
    days: int
    reason: str
    words: PaperRef | None = None


class Escalated(Event, frozen=True, kw_only=True):
    """The complaint was passed up."""

    topic = "complaint.escalated"
    to: str
    reason: str
    words: PaperRef | None = None


class Withdrawn(Event, frozen=True, kw_only=True):
    """The complainant took the complaint back."""

    topic = "complaint.withdrawn"
    reason: str = ""
    words: PaperRef | None = None


class Reopened(Event, frozen=True, kw_only=True):
    """A closed complaint is open again."""

    topic = "complaint.reopened"
    reason: str
    words: PaperRef | None = None


class IncidentRecorded(Event, frozen=True, kw_only=True):
    """Facts of the failure came to light, by the names policies use; later ones replace earlier."""

    topic = "complaint.incident_recorded"
    facts: dict[str, str]


class GuaranteeClaimed(Event, frozen=True, kw_only=True):
    """The complainant asked for what a guarantee promises, whatever the answer is."""

    topic = "complaint.guarantee_claimed"
    guarantee: str
    traces: dict[str, str] = {}
    """By what claims can be alike (address, phone, goods): keyed digests, never the words."""


class MilestoneReached(Event, frozen=True, kw_only=True):
    """Something outside the core vocabulary that a policy may declare: "sent_to_company"."""

    topic = "complaint.milestone_reached"
    milestone: str


class OutcomeAccepted(Event, frozen=True, kw_only=True):
    """The complainant says that the outcome settles it."""

    topic = "complaint.outcome_accepted"


class Surveyed(Event, frozen=True, kw_only=True):
    """The complainant said how it went, after it was closed."""

    topic = "complaint.surveyed"
    experience: int
    """How it went, all in all: 1 to 5."""
    expected: int | None = None
    """What they had expected: 1 to 5. Satisfaction is `experience` against it."""
    fulfilled: Literal["yes", "partly", "no"] | None = None
    """Whether they got what they wanted."""
    process: int | None = None
    """How easy and quick it was: 1 to 5."""
    treatment: int | None = None
    """How they were treated: 1 to 5."""
    returning: Literal["yes", "perhaps", "no"] | None = None
    """Whether they would come back."""
    words: PaperRef | None = None
