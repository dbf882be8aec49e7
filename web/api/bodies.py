"""What may a program send? One record for each body; unknown fields are refused."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from recovery.events import (
    Channel,
    CompensationKind,
    DesiredOutcome,
    HoldKind,
    Outcome,
    Severity,
)

Fact = str | int | bool
"""Codes, dates and decimal amounts as text; counts as whole numbers."""


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A JSON object."""


class Complainant(Body, frozen=True, kw_only=True):
    """Who complains, and how to reach them: at least one of email, phone and address."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = ""
    """BCP 47; letters are written in it. Empty: the desk's own."""
    tier: str = ""
    attributes: dict[str, str] = {}
    """Codes that the organisation declares; never free text."""


class NewComplaint(Body, frozen=True, kw_only=True):
    """A complaint that reached the organisation."""

    description: str
    complainant: Complainant
    channel: Channel = "api"
    subject: str = ""
    category: str = ""
    product: str = ""
    severity: Severity = "normal"
    received_at: datetime | None = None
    """When it arrived, if that was not just now (RFC 3339 with a zone)."""
    desired_outcomes: tuple[DesiredOutcome, ...] = ()
    incident: dict[str, Fact] = {}
    """Facts of the failure, by the names that policies use."""
    policy: str = "house"


class Act(Body, frozen=True, kw_only=True):
    """Any act upon a complaint."""

    at: datetime | None = None
    """When it happened, if that was not just now."""


class SentFile(Body, frozen=True, kw_only=True):
    """A file that goes along with a letter."""

    name: str
    content: bytes
    """Base64."""
    type: str = ""
    """As the sender calls it; what is sent along goes by its content."""


class Writing(Act, frozen=True, kw_only=True):
    """An act that owes the complainant a letter."""

    files: tuple[SentFile, ...] = ()
    """At most ten, 15 MB together."""
    leaves_at: datetime | None = None
    """When the letter leaves, at most 90 days ahead; at once where that has come."""
    careful: bool = False
    """Wait for the pause, and be refused where the words speak against themselves."""
    overruled: str = ""
    """Why words stay that the check of the words refuses."""


class Acknowledgement(Writing, frozen=True, kw_only=True):
    """The desk has the complaint and will answer."""

    message: str = ""


class Explanation(Writing, frozen=True, kw_only=True):
    """What went wrong, why, and what follows."""

    outcome: Outcome
    message: str
    cause: str = ""
    """Code of what went wrong."""


class Compensation(Writing, frozen=True, kw_only=True):
    """Money or kind for the complainant."""

    kind: CompensationKind
    amount: str | int | float | None = None
    """Decimal as text, such as "25.00"; a float is refused."""
    currency: str | None = None
    reason: str = ""
    message: str = ""


class Closure(Writing, frozen=True, kw_only=True):
    """The desk has finished; of each wish it may say whether it was met."""

    outcome: Outcome
    message: str = ""
    wishes: dict[DesiredOutcome, bool] = {}


class Assignment(Act, frozen=True, kw_only=True):
    """Who works on it: a user id, an email address, or "me"."""

    agent: str


class StaffConcerned(Act, frozen=True, kw_only=True):
    """Whom of the staff the complaint is about, all of them."""

    staff: tuple[str, ...]
    """User ids or email addresses; none takes back what was said."""


class Classification(Act, frozen=True, kw_only=True):
    """What it is about; fields left out stay as they are."""

    category: str | None = None
    product: str | None = None
    severity: Severity | None = None
    attributes: dict[str, str] = {}


class Note(Act, frozen=True, kw_only=True):
    """A note for colleagues."""

    text: str


class Message(Writing, frozen=True, kw_only=True):
    """A letter outside the formal acts."""

    text: str


class ReceivedMessage(Act, frozen=True, kw_only=True):
    """What the complainant wrote or said since."""

    text: str
    channel: Channel = "api"


class Pause(Act, frozen=True, kw_only=True):
    """The desk waits for somebody else. `reason` is a code, or words that are kept as such."""

    reason: str
    words: str = ""
    until: datetime | None = None


class Extension(Act, frozen=True, kw_only=True):
    """The promise is prolonged by whole days."""

    days: int
    reason: str
    words: str = ""


class Escalation(Act, frozen=True, kw_only=True):
    """The complaint is passed up."""

    to: str
    reason: str
    words: str = ""


class Reopening(Act, frozen=True, kw_only=True):
    """A finished complaint is taken up again."""

    reason: str
    words: str = ""


class Withdrawal(Act, frozen=True, kw_only=True):
    """The complainant took it back."""

    words: str = ""


class Incident(Act, frozen=True, kw_only=True):
    """Facts of the failure; later ones replace earlier ones of the same name."""

    facts: dict[str, Fact]


class ManyIncidents(Act, frozen=True, kw_only=True):
    """One incident that befell many: of these references, or of what is known of them."""

    name: str
    """Of the incident, such as "outage-2026-03-02": under it nothing is recorded twice."""
    facts: dict[str, Fact]
    references: tuple[str, ...] = ()
    where: dict[str, str] = {}
    """category, product, channel, severity, tier, policy or attribute.NAME, each with its value."""


class Forgetting(Body, frozen=True, kw_only=True):
    """Somebody is to be forgotten."""

    reason: str = "asked"
    """A code: asked, not_needed, consent_withdrawn, unlawful, mistake."""


class NewHold(Body, frozen=True, kw_only=True):
    """Nothing of this may be forgotten."""

    kind: HoldKind
    subject: str
    """A reference, a person's id, or the value of the attribute `matter`."""
    reason: str
    until: date | None = None
    """The last day; none: until it is ended."""


class Milestone(Act, frozen=True, kw_only=True):
    """Something outside the core vocabulary that a policy may declare."""

    type: str


class Claim(Act, frozen=True, kw_only=True):
    """Somebody asks for what a guarantee promises; by its name in the policy."""

    guarantee: str


class Approval(Act, frozen=True, kw_only=True):
    """What is owed is paid."""


class Refusal(Act, frozen=True, kw_only=True):
    """What is owed is not paid. `reason` is a code."""

    reason: str


class Trust(Act, frozen=True, kw_only=True):
    """The signs of abuse were looked into: the claim is honest. `reason` is a code."""

    reason: str


class Instruction(Act, frozen=True, kw_only=True):
    """Somebody pays it by hand."""


class Answered(Act, frozen=True, kw_only=True):
    """What became of a payment: in full, of the one that can be meant, unless it is said."""

    payment: str = ""
    """Its end-to-end id."""
    amount: str | int | float | None = None
    """Decimal as text, such as "25.00"; a float is refused."""
    currency: str | None = None


class Confirmation(Answered, frozen=True, kw_only=True):
    """The money reached the complainant."""


class Failure(Answered, frozen=True, kw_only=True):
    """The money did not leave, or came back. `reason` is a code."""

    reason: str


def facts_as_text(facts: dict[str, Fact]) -> dict[str, str]:
    """As events keep facts: every value is text."""
    return {name: _fact(value) for name, value in facts.items()}


def _fact(value: Fact) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class FairnessAudit(Body, frozen=True, kw_only=True):
    """A question about how groups of complaints were treated."""

    measure: str
    """`money_relief`, `time_to_close`, `attribute.timely=Yes` and others."""
    group: str
    """A dimension, an attribute, or a column of a table of areas: `income_tercile`."""
    stratify: tuple[str, ...] = ()
    """What like is compared with like by."""
    where: dict[str, str] = {}
    """Only the complaints with these values."""
    since: str = msgspec.field(default="", name="from")
    """First day of receipt."""
    until: str = msgspec.field(default="", name="to")
    """Last day of receipt, itself included."""
    period: str = ""
    """Instead of the days: 2026, 2026-Q1, 2026-03 or 2026-W14."""
    zone: str = ""
    """Whose days these are (IANA name); the desk's unless said."""
    as_of: str = ""
    """What happened later has not happened yet; now unless said."""
    reference: str = ""
    """The group the others are compared with; the one that fared best unless said."""
    currency: str = ""
    """Of amounts (ISO 4217)."""
    limit: float | None = None
    """Hours up to which times are compared."""
