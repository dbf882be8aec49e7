"""What can happen? The whole vocabulary, one sentence each.

Events hold codes, references, instants and amounts. They never hold names, addresses or free
text: those are papers in the vault, and an event carries only a `PaperRef`. Schemas never change
in place: a changed event gets a higher `schema` and an upcaster in `recovery/mapper.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

import msgspec

from recovery.money import Money
from recovery.policy.guarantees.trace import Step

Channel = Literal["email", "phone", "web", "counter", "letter", "social", "third_party", "api"]
Outcome = Literal["upheld", "partly_upheld", "not_upheld", "withdrawn", "out_of_scope", "not_known"]
Severity = Literal["low", "normal", "high", "critical"]
CompensationKind = Literal["goodwill", "redress", "in_kind"]
DesiredOutcome = Literal[
    "taken_seriously", "respect", "immediate_action", "compensation",
    "consequences", "not_again", "listened_to",
]  # fmt: skip
LetterKind = Literal["received", "acknowledged", "explained", "compensated", "closed", "message"]
DeliveryKind = Literal[LetterKind, "notice"]
"""A notice goes to a colleague."""


class PaperRef(msgspec.Struct, frozen=True):
    """Where personal words lie in the vault, and the SHA-256 of the paper as it is stored there.

    The digest is of the sealed bytes, so it proves the paper unaltered and says nothing about
    the words once the key is gone.
    """

    paper: str
    digest: str


class Letter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A letter that this act owes the complainant; the post worker writes and sends it."""

    kind: LetterKind
    language: str
    message: PaperRef | None = None
    """What the agent added in their own words."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened.

    `at` is when it happened in the world (UTC); None where the source does not say, never a guess.
    `precision` is "day" where the source gives only a date: then `at` is that day's first instant
    in the source's zone. `by` is who did it: "user:…", "complainant", "system:…". `cause` is the
    command or event that led to it.
    """

    topic: ClassVar[str] = ""
    schema: ClassVar[int] = 1

    at: datetime | None
    by: str
    cause: str = ""
    precision: Literal["instant", "day"] = "instant"


# ---------------------------------------------------------------- Complaint: people act


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
    kind: CompensationKind
    money: Money | None = None
    """None in kind, and where the source does not publish the amount."""
    reason: str = ""
    letter: Letter | None = None


class Closed(Event, frozen=True, kw_only=True):
    """The desk finished its work on the complaint."""

    topic = "complaint.closed"
    outcome: Outcome
    letter: Letter | None = None


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
    note: PaperRef


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
    speaker: Literal["third_party", "machine"]
    message: PaperRef


class LetterReturned(Event, frozen=True, kw_only=True):
    """The letter of an act did not reach the complainant, so the act told them nothing."""

    topic = "complaint.letter_returned"
    kind: LetterKind
    act: int
    """Version of the act."""
    act_at: datetime | None
    reason: str


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


class MilestoneReached(Event, frozen=True, kw_only=True):
    """Something outside the core vocabulary that a policy may declare: "sent_to_company"."""

    topic = "complaint.milestone_reached"
    milestone: str


# ---------------------------------------------------------------- Complainant: people act


class Known(Event, frozen=True, kw_only=True):
    """A person became known to the desk, or their contact details were renewed."""

    topic = "complainant.known"
    contact: PaperRef | None = None
    language: str = ""
    tier: str = ""


class Forgotten(Event, frozen=True, kw_only=True):
    """The person's key and papers were deleted; `complaints` are the references they stood in."""

    topic = "complainant.forgotten"
    reason: str
    complaints: tuple[str, ...] = ()


# ---------------------------------------------------------------- Delivery: the post


class DeliveryEvent(Event, frozen=True, kw_only=True):
    """Something happened to a letter of this complaint (its reference)."""

    complaint: str


class Queued(DeliveryEvent, frozen=True, kw_only=True):
    """A letter was written and waits to be sent; its Message-ID is fixed from here on."""

    topic = "delivery.queued"
    act: int
    """Version of the event that owes this letter; `cause` names its stream."""
    kind: DeliveryKind
    language: str
    letter: PaperRef
    """JSON of `recovery.vault.WrittenLetter`."""
    message_id: str


class Sent(DeliveryEvent, frozen=True, kw_only=True):
    """The letter left: a mail server took it, or it was caught for reading on a page."""

    topic = "delivery.sent"
    transport: Literal["smtp", "caught"]


class Deferred(DeliveryEvent, frozen=True, kw_only=True):
    """The mail server could not be reached or said not now; it is tried again at `retry_at`."""

    topic = "delivery.deferred"
    attempt: int
    reason: str
    retry_at: datetime


class Bounced(DeliveryEvent, frozen=True, kw_only=True):
    """The letter did not arrive."""

    topic = "delivery.bounced"
    reason: str


class Delayed(DeliveryEvent, frozen=True, kw_only=True):
    """Another server has the letter and said that it is still trying."""

    topic = "delivery.delayed"
    reason: str


class Abandoned(DeliveryEvent, frozen=True, kw_only=True):
    """The letter will not be tried again; somebody has to use another channel."""

    topic = "delivery.abandoned"
    reason: str


# ---------------------------------------------------------------- Clock: time acts


class ClockEvent(Event, frozen=True, kw_only=True):
    """Something became true of a promise of this complaint (its reference) because time passed.

    `at` is the instant at which it became true, however much later the desk took note of it.
    """

    complaint: str
    clock: str
    cycle: int


class Warned(ClockEvent, frozen=True, kw_only=True):
    """So much of the promised time was over, and the promise was not kept yet."""

    topic = "clock.warned"
    percent: int
    due: datetime
    """As it was then."""


class Breached(ClockEvent, frozen=True, kw_only=True):
    """The promise was not kept by its due instant, which is `at`."""

    topic = "clock.breached"
    policy: str
    policy_version: str


class SteppedUp(ClockEvent, frozen=True, kw_only=True):
    """A step of the policy's escalation was taken."""

    topic = "clock.stepped_up"
    step: int
    """From 1, in the order of the policy's text."""
    assigned: str = ""
    notified: tuple[str, ...] = ()
    """The colleagues who are owed a notice."""
    severity: Severity | None = None


class Cleared(ClockEvent, frozen=True, kw_only=True):
    """It came to light that the promise had been kept in time: the breach recorded was none."""

    topic = "clock.cleared"


class Moved(msgspec.Struct, frozen=True):
    """A running clock, and when it was due before and after."""

    clock: str
    cycle: int
    before: datetime | None
    after: datetime | None


class Reapplied(Event, frozen=True, kw_only=True):
    """The running clocks of a complaint follow another version of their policy from here on."""

    topic = "clock.reapplied"
    complaint: str
    policy: str
    version_before: str
    policy_version: str
    moved: tuple[Moved, ...] = ()


# ---------------------------------------------------------------- Payout: money


class PayoutEvent(Event, frozen=True, kw_only=True):
    """Something happened to what a guarantee owes for this complaint (its reference)."""

    complaint: str
    money: Money


class Due(PayoutEvent, frozen=True, kw_only=True):
    """The complainant is owed so much more than before, or less where the amount is negative."""

    topic = "payout.due"
    guarantee: str
    occurrence: str
    policy: str
    policy_version: str
    pay_by: date | None = None
    """None while it is not known, and where the policy names no day."""
    accrues_until: str = ""
    """What will end it; empty: the amount is final."""
    trace: tuple[Step, ...] = ()
    """How the whole amount comes about that is owed from here on."""


class Approved(PayoutEvent, frozen=True, kw_only=True):
    """Somebody allowed to said that it is paid."""

    topic = "payout.approved"


class Declined(PayoutEvent, frozen=True, kw_only=True):
    """Somebody allowed to said that it is not paid."""

    topic = "payout.declined"
    reason: str
    words: PaperRef | None = None


class Instructed(PayoutEvent, frozen=True, kw_only=True):
    """A connector was told to pay; `payment` is the id by which the other side answers."""

    topic = "payout.instructed"
    payment: str
    connector: str
    account: PaperRef | None = None


class Paid(PayoutEvent, frozen=True, kw_only=True):
    """The money reached the complainant."""

    topic = "payout.paid"
    payment: str


class Failed(PayoutEvent, frozen=True, kw_only=True):
    """The money did not leave; it may be instructed again."""

    topic = "payout.failed"
    payment: str
    reason: str


class Reversed(PayoutEvent, frozen=True, kw_only=True):
    """The money had been paid and came back; it may be instructed again."""

    topic = "payout.reversed"
    payment: str
    reason: str


# ---------------------------------------------------------------- PolicyBook: supervisors act


class Adopted(Event, frozen=True, kw_only=True):
    """A policy came into force: its whole text, with the holidays of its calendars written out."""

    topic = "policy.adopted"
    policy: str
    version: str
    """Digest of `text` and its days: what a complaint's clocks are bound to."""
    text: str
    holidays: dict[str, tuple[str, ...]] = {}
    """By calendar name: ISO dates on which nobody works."""
    working_days: dict[str, tuple[str, ...]] = {}
    """By calendar name: ISO dates worked to make up for a holiday."""
    reason: str = ""


class Applied(Event, frozen=True, kw_only=True):
    """From here on a policy's version holds for complaints that are open under its earlier ones."""

    topic = "policy.applied"
    policy: str
    version: str
    reason: str = ""


class Retired(Event, frozen=True, kw_only=True):
    """A policy starts no more clocks."""

    topic = "policy.retired"
    policy: str
    reason: str = ""


VOCABULARY: tuple[type[Event], ...] = (
    Received, Acknowledged, Explained, Compensated, Closed, Assigned, Released, Classified,
    NoteAdded, MessageReceived, FilesAdded, MailFiled, LetterReturned, MessageSent, Paused,
    Resumed, Extended, Escalated, Withdrawn,
    Reopened, IncidentRecorded, MilestoneReached, Known, Forgotten, Queued, Sent, Deferred,
    Bounced, Delayed, Abandoned, Warned, Breached, SteppedUp, Cleared, Reapplied, Due, Approved,
    Declined, Instructed, Paid, Failed, Reversed, Adopted, Applied, Retired,
)  # fmt: skip


COMPLAINT_EVENTS = frozenset(e for e in VOCABULARY if e.topic.startswith("complaint."))
DELIVERY_EVENTS: frozenset[type[Event]] = frozenset(
    e for e in VOCABULARY if issubclass(e, DeliveryEvent)
)
CLOCK_EVENTS: frozenset[type[Event]] = frozenset({Warned, Breached, SteppedUp, Cleared, Reapplied})
PAYOUT_EVENTS: frozenset[type[Event]] = frozenset(
    e for e in VOCABULARY if issubclass(e, PayoutEvent)
)
POLICY_EVENTS: frozenset[type[Event]] = frozenset({Adopted, Applied, Retired})
LETTER_EVENTS = frozenset(e for e in COMPLAINT_EVENTS if "letter" in e.__struct_fields__)
"""Acts towards the complainant: each may owe a letter."""


class Recorded(msgspec.Struct, frozen=True):
    """An event and the place the store gave it."""

    stream: str
    version: int
    event: Event
    position: int = 0
    """In the log of all streams; 0 before it is stored."""
    recorded_at: datetime | None = None
    """By the database's clock, UTC."""

    @property
    def originator_id(self) -> str:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version


def complaint_stream(reference: str) -> str:
    return f"complaint-{reference}"


def complainant_stream(complainant: str) -> str:
    return f"complainant-{complainant}"


def delivery_stream(delivery: str) -> str:
    return f"delivery-{delivery}"


def clock_stream(clock: str) -> str:
    return f"clock-{clock}"


def payout_stream(payout: str) -> str:
    return f"payout-{payout}"


def policy_stream(policy: str) -> str:
    return f"policy-{policy}"


def subject(stream: str) -> str:
    """The id after the stream's kind: the reference of a complaint, the id of a delivery."""
    return stream.partition("-")[2]
