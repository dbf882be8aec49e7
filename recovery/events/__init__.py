"""What can happen? The whole vocabulary, one sentence each.

Events hold codes, references, instants and amounts. They never hold names, addresses or free
text: those are papers in the vault, and an event carries only a `PaperRef`. Schemas never change
in place: a changed event gets a higher `schema` and an upcaster in `recovery/mapper.py`.
"""

from __future__ import annotations

from recovery.events.answer import Placed, SetAside, TakenIn, Unplaced
from recovery.events.audit import AreasUploaded, LookedInto, Ran, SignedOff
from recovery.events.base import (
    Channel,
    CompensationKind,
    DeliveryKind,
    DesiredOutcome,
    Event,
    Letter,
    LetterKind,
    Outcome,
    PaperRef,
    Recorded,
    Severity,
)
from recovery.events.batch import Dissolved, Gathered, InBatch, Signed
from recovery.events.clock import (
    Breached,
    Cleared,
    ClockEvent,
    LetterLeft,
    Moved,
    Reapplied,
    SteppedUp,
    Warned,
)
from recovery.events.complainant import Forgotten, Known
from recovery.events.complaint import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Compensated,
    CompensationProposed,
    Escalated,
    Explained,
    Extended,
    FilesAdded,
    GuaranteeClaimed,
    IncidentRecorded,
    LetterReturned,
    MailFiled,
    MessageReceived,
    MessageSent,
    MilestoneReached,
    NoteAdded,
    OutcomeAccepted,
    Paused,
    Received,
    Released,
    Reopened,
    Resumed,
    Surveyed,
    Withdrawn,
)
from recovery.events.delivery import (
    Abandoned,
    Bounced,
    Cancelled,
    Deferred,
    Delayed,
    DeliveryEvent,
    Queued,
    Sent,
)
from recovery.events.letterbook import (
    ModuleDropped,
    ModuleWritten,
    TemplateReverted,
    TemplateWritten,
)
from recovery.events.parties import PartyAdmitted, PartyRefused
from recovery.events.payee import AccountGiven
from recovery.events.payout import (
    Accepted,
    Approved,
    Declined,
    Due,
    Failed,
    Instructed,
    Paid,
    PayoutEvent,
    Reversed,
    Waits,
)
from recovery.events.policybook import Adopted, Applied, Retired
from recovery.events.quota import Share, Used
from recovery.events.streams import (
    answer_stream,
    areas_stream,
    audit_stream,
    batch_stream,
    clock_stream,
    complainant_stream,
    complaint_stream,
    delivery_stream,
    letterbook_stream,
    payee_stream,
    payout_stream,
    policy_stream,
    quota_stream,
    statement_stream,
    subject,
)
from recovery.events.ties import GaveBack, Linked, LinkKind, Merged, TookIn, Unlinked, Unmerged

VOCABULARY: tuple[type[Event], ...] = (
    Received, Acknowledged, Explained, Compensated, CompensationProposed, Closed, Assigned,
    Released, Classified,
    NoteAdded, MessageReceived, FilesAdded, MailFiled, LetterReturned, MessageSent, Paused,
    Resumed, Extended, Escalated, Withdrawn,
    GuaranteeClaimed, Used, OutcomeAccepted, Surveyed,
    Merged, Unmerged, TookIn, GaveBack, Linked, Unlinked,
    Reopened, IncidentRecorded, MilestoneReached, Known, Forgotten, Queued, Sent, Deferred,
    PartyAdmitted, PartyRefused,
    Bounced, Delayed, Abandoned, Cancelled, Warned, Breached, SteppedUp, Cleared, LetterLeft,
    Reapplied, Due, Approved,
    Declined, Instructed, Paid, Failed, Reversed, Accepted, AccountGiven, Gathered, Signed,
    Dissolved, Unplaced, Placed, SetAside, TakenIn, Adopted, Applied, Retired,
    Ran, LookedInto, SignedOff, AreasUploaded,
    TemplateWritten, TemplateReverted, ModuleWritten, ModuleDropped,
)  # fmt: skip


COMPLAINT_EVENTS = frozenset(e for e in VOCABULARY if e.topic.startswith("complaint."))
DELIVERY_EVENTS: frozenset[type[Event]] = frozenset(
    e for e in VOCABULARY if issubclass(e, DeliveryEvent)
)
CLOCK_EVENTS: frozenset[type[Event]] = frozenset(
    {Warned, Breached, SteppedUp, Cleared, LetterLeft, Reapplied}
)
PAYOUT_EVENTS: frozenset[type[Event]] = frozenset(
    e for e in VOCABULARY if issubclass(e, PayoutEvent)
)
POLICY_EVENTS: frozenset[type[Event]] = frozenset({Adopted, Applied, Retired})
LETTER_EVENTS = frozenset(e for e in COMPLAINT_EVENTS if "letter" in e.__struct_fields__)
"""Acts towards the complainant: each may owe a letter."""

__all__ = [
    "CLOCK_EVENTS",
    "COMPLAINT_EVENTS",
    "DELIVERY_EVENTS",
    "LETTER_EVENTS",
    "PAYOUT_EVENTS",
    "POLICY_EVENTS",
    "VOCABULARY",
    "Abandoned",
    "Accepted",
    "AccountGiven",
    "Acknowledged",
    "Adopted",
    "Applied",
    "Approved",
    "AreasUploaded",
    "Assigned",
    "Bounced",
    "Breached",
    "Cancelled",
    "Channel",
    "Classified",
    "Cleared",
    "ClockEvent",
    "Closed",
    "Compensated",
    "CompensationKind",
    "CompensationProposed",
    "Declined",
    "Deferred",
    "Delayed",
    "DeliveryEvent",
    "DeliveryKind",
    "DesiredOutcome",
    "Dissolved",
    "Due",
    "Escalated",
    "Event",
    "Explained",
    "Extended",
    "Failed",
    "FilesAdded",
    "Forgotten",
    "Gathered",
    "GaveBack",
    "GuaranteeClaimed",
    "InBatch",
    "IncidentRecorded",
    "Instructed",
    "Known",
    "Letter",
    "LetterKind",
    "LetterLeft",
    "LetterReturned",
    "LinkKind",
    "Linked",
    "LookedInto",
    "MailFiled",
    "Merged",
    "MessageReceived",
    "MessageSent",
    "MilestoneReached",
    "ModuleDropped",
    "ModuleWritten",
    "Moved",
    "NoteAdded",
    "Outcome",
    "OutcomeAccepted",
    "Paid",
    "PaperRef",
    "PartyAdmitted",
    "PartyRefused",
    "Paused",
    "PayoutEvent",
    "Placed",
    "Queued",
    "Ran",
    "Reapplied",
    "Received",
    "Recorded",
    "Released",
    "Reopened",
    "Resumed",
    "Retired",
    "Reversed",
    "Sent",
    "SetAside",
    "Severity",
    "Share",
    "Signed",
    "SignedOff",
    "SteppedUp",
    "Surveyed",
    "TakenIn",
    "TemplateReverted",
    "TemplateWritten",
    "TookIn",
    "Unlinked",
    "Unmerged",
    "Unplaced",
    "Used",
    "Waits",
    "Warned",
    "Withdrawn",
    "answer_stream",
    "areas_stream",
    "audit_stream",
    "batch_stream",
    "clock_stream",
    "complainant_stream",
    "complaint_stream",
    "delivery_stream",
    "letterbook_stream",
    "payee_stream",
    "payout_stream",
    "policy_stream",
    "quota_stream",
    "statement_stream",
    "subject",
]
