"""What does an event of each topic look like with every field filled?

`READ[topic, schema]` is the event that today's code reads from the golden file of that schema.
When a schema is raised, its new example is added here and the old one says what the upcaster makes
of the old bytes; the old golden file stays as it is.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from recovery.events import (
    Abandoned,
    Accepted,
    AccountGiven,
    Acknowledged,
    Adopted,
    Applied,
    Approved,
    AreasUploaded,
    Assigned,
    Bounced,
    Breached,
    Cancelled,
    Classified,
    Cleared,
    Closed,
    Compensated,
    CompensationProposed,
    DayBegun,
    Declined,
    Deferred,
    Delayed,
    Dissolved,
    Drawn,
    Due,
    Escalated,
    Event,
    Explained,
    Extended,
    Failed,
    FilesAdded,
    Forgotten,
    FormWritten,
    Gathered,
    GaveBack,
    GuaranteeClaimed,
    HoldEnded,
    HoldPlaced,
    InBatch,
    IncidentRecorded,
    Instructed,
    Keeping,
    Known,
    Letter,
    LetterKind,
    LetterLeft,
    LetterReturned,
    Linked,
    LookedInto,
    MailFiled,
    Marked,
    Merged,
    MessageReceived,
    MessageSent,
    MilestoneReached,
    ModuleDropped,
    ModuleWritten,
    Moved,
    NoteAdded,
    OutcomeAccepted,
    Paid,
    PaperRef,
    PartyAdmitted,
    PartyRefused,
    PassedOn,
    Paused,
    Placed,
    QualityQuestion,
    Questioned,
    Queued,
    Ran,
    Readmitted,
    Reapplied,
    Received,
    Released,
    Reopened,
    ReplyKept,
    Resumed,
    RetentionAdopted,
    Retired,
    Reversed,
    Sent,
    SetAside,
    Settled,
    Share,
    Sign,
    Signed,
    SignedOff,
    StaffNamed,
    StandingArranged,
    StandingEnded,
    StandingLooked,
    StandingPaused,
    StandingResumed,
    SteppedUp,
    Suppressed,
    Surveyed,
    TakenIn,
    TemplateReverted,
    TemplateWritten,
    TookIn,
    Trusted,
    Unlinked,
    Unmerged,
    Unplaced,
    Used,
    Warned,
    Withdrawn,
)  # fmt: skip
from recovery.money import Money
from recovery.policy.guarantees.trace import Step

AT = datetime(2026, 3, 2, 9, 0, 30, 250_000, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 17, 0, tzinfo=UTC)
PAPER = PaperRef("9f1c2d3e4a5b60718293a4b5c6d7e8f9", "5d41402abc4b2a76b9719d911017c592" * 2)
ACT: dict[str, Any] = {
    "at": AT, "by": "user:ana", "cause": "command:c-1", "precision": "day",
}  # fmt: skip
POST: dict[str, Any] = ACT | {"complaint": "7GQ2M4XK9T"}
POUNDS = Money(Decimal("25.00"), "GBP")
PAYOUT: dict[str, Any] = POST | {"money": POUNDS}
DUE: dict[str, Any] = PAYOUT | {
    "guarantee": "late_explanation", "occurrence": "explain/1", "policy": "house",
    "policy_version": "0123456789abcdef", "pay_by": date(2026, 4, 16), "accrues_until": "answer",
    "trace": (
        Step("fixed", Decimal("5.00")),
        Step("periods", Decimal("25.00"), {"count": "5", "every": "1 business day"}),
    ),
}  # fmt: skip
CLOCK: dict[str, Any] = POST | {"clock": "explain", "cycle": 2}


def letter(kind: LetterKind) -> Letter:
    return Letter(kind, "zh", PAPER)


_EXAMPLES: tuple[Event, ...] = (
    Received(
        **ACT, complainant="1f0e", channel="counter", language="zh", policy="house",
        policy_version="0123456789abcdef", contact=PAPER, words=PAPER, severity="critical",
        category="delivery", product="parcel", tier="gold",
        desired_outcomes=("compensation", "not_again"), attributes={"region": "north"},
        source="cfpb:1291006", flags=("midnight",), letter=letter("received"),
    ),
    Acknowledged(**ACT, letter=letter("acknowledged")),
    Explained(
        **ACT, outcome="partly_upheld", cause_code="late_delivery", letter=letter("explained")
    ),
    Compensated(
        **ACT, kind="goodwill", money=POUNDS, reason="inconvenience",
        letter=letter("compensated"), payout="p-1", proposed_by="user:ana", category="delivery",
        severity="high", loss=POUNDS,
    ),
    CompensationProposed(
        **ACT, kind="goodwill", money=POUNDS, payout="p-1", reason="inconvenience",
        draft=letter("compensated"),
    ),
    Closed(
        **ACT, outcome="not_upheld", letter=letter("closed"),
        wishes={"respect": True, "compensation": False},
    ),
    Assigned(**ACT, agent="user:bo"),
    Released(**ACT),
    Classified(
        **ACT, category="billing", product="card", severity="low", attributes={"branch": "12"}
    ),
    NoteAdded(**ACT, note=PAPER, mentions=("user:bo", "user:sue")),
    MessageReceived(**ACT, message=PAPER, channel="phone"),
    FilesAdded(**ACT, listing=PAPER),
    MailFiled(
        **ACT, speaker="third_party", message=PAPER, sender="5a3f", kind="auto_reply"
    ),
    PartyAdmitted(**ACT, party="5a3f", filed="mail:7c1e"),
    PartyRefused(**ACT, filed="mail:7c1e", reason="not_involved"),
    ReplyKept(**ACT, why=("we_cannot",)),
    LetterReturned(
        **ACT, kind="explained", act=3, act_at=AT, reason="no_such_mailbox", told_at=LATER
    ),
    MessageSent(**ACT, letter=letter("message")),
    Paused(**ACT, reason="awaiting_complainant", words=PAPER, until=LATER),
    Resumed(**ACT),
    Extended(**ACT, days=14, reason="third_party", words=PAPER),
    Escalated(**ACT, to="ombudsman", reason="deadlock", words=PAPER),
    Withdrawn(**ACT, reason="satisfied", words=PAPER),
    Reopened(**ACT, reason="new_facts", words=PAPER),
    IncidentRecorded(**ACT, facts={"delay_minutes": "190"}),
    MilestoneReached(**ACT, milestone="sent_to_company"),
    OutcomeAccepted(**ACT),
    Surveyed(
        **ACT, experience=4, expected=5, fulfilled="partly", process=3, treatment=5,
        returning="perhaps", words=PAPER,
    ),
    Used(
        **ACT, policy="house", guarantee="money_back", complaint="7GQ2M4XK9T",
        occurrence="incident", on=date(2026, 3, 2), money=Money(Decimal("40.00"), "GBP"),
        others=(Share("9T7GQ2M4XK", "incident", date(2026, 2, 27), Decimal("260.00")),),
    ),
    GuaranteeClaimed(**ACT, guarantee="money_back", traces={"address": "9f1c2d3e4a5b6071"}),
    Merged(**ACT, complaint="7GQ2M4XK9T"),
    Unmerged(**ACT, complaint="7GQ2M4XK9T"),
    TookIn(**ACT, complaint="7GQ2M4XK9T"),
    GaveBack(**ACT, complaint="7GQ2M4XK9T"),
    Linked(**ACT, complaint="7GQ2M4XK9T", kind="split"),
    StaffNamed(**ACT, staff=("user:bo", "user:sue")),
    Unlinked(**ACT, complaint="7GQ2M4XK9T"),
    Known(**ACT, contact=PAPER, language="zh", tier="gold"),
    Forgotten(
        **ACT, reason="request", complaints=("7GQ2M4XK9T",), papers=("9f1c2d3e4a5b60719f1c2d3e",),
        messages=("5b60719f1c2d3e4a",), counts={"papers": 7, "elsewhere": 1}, proof="a5" * 32,
        rule="six years",
    ),
    Suppressed(**ACT, reason="no_such_mailbox"),
    Readmitted(**ACT, why=PAPER),
    Queued(
        **POST, act=2, kind="acknowledged", language="zh", letter=PAPER,
        message_id="<d-1@desk.example>", template=3,
    ),
    Sent(**POST, transport="smtp"),
    Deferred(**POST, attempt=2, reason="smtp_451", retry_at=LATER),
    Bounced(**POST, reason="smtp_550"),
    Delayed(**POST, reason="unreachable"),
    Abandoned(**POST, reason="no_address"),
    Cancelled(**POST),
    Due(**DUE, basis="goodwill", waits="authority"),
    Approved(**PAYOUT, basis="redress", budget="house/late_explanation"),
    Questioned(**PAYOUT, signs=(Sign("same_address", ("9T7GQ2M4XK",)),)),
    Trusted(**PAYOUT, reason="same_household"),
    Declined(**PAYOUT, reason="abuse", words=PAPER),
    Instructed(**PAYOUT, payment="p1", connector="pain001", account=PAPER),
    Paid(**PAYOUT, payment="p1"),
    Failed(**PAYOUT, payment="p1", reason="AC04"),
    Reversed(**PAYOUT, payment="p1", reason="MD06"),
    Accepted(**PAYOUT, payment="p1"),
    AccountGiven(**POST, account=PAPER, fingerprint="1f0e"),
    Gathered(
        **ACT, connector="csv", money=Money(Decimal("25.00"), "GBP"), number=7, part=1,
        cut_off=LATER, on=date(2026, 3, 10), payer=PAPER, digest="5d41",
        payouts=(
            InBatch("1f0e", 2, "7GQ2M4XK9T", "late_explanation", "p1", Decimal("25.00"), PAPER),
        ),
    ),
    Signed(**ACT, digest="5d41"),
    Dissolved(**ACT, reason="wrong_day"),
    Unplaced(**ACT, statement="5d41", line=PAPER, money=Money(Decimal("25.00"), "GBP")),
    Placed(**ACT, payment="p1"),
    SetAside(**ACT, reason="not_ours"),
    TakenIn(**ACT, form="camt.053.001.08", lines=3, news=1, unplaced=1),
    Adopted(
        **ACT, policy="house", version="0123456789abcdef", text='id = "house"\n',
        holidays={"office": ("2026-04-03",)}, working_days={"office": ("2026-02-14",)},
        reason="The first one.", answers=PAPER,
    ),
    Warned(**CLOCK, percent=75, due=LATER),
    Breached(**CLOCK, policy="house", policy_version="0123456789abcdef"),
    SteppedUp(
        **CLOCK, step=1, assigned="user:sue", notified=("user:ana", "user:sue"), severity="high"
    ),
    Cleared(**CLOCK),
    LetterLeft(**POST, kind="acknowledged", act=2, act_at=AT),
    Reapplied(
        **POST, policy="house", version_before="0123456789abcdef",
        policy_version="fedcba9876543210", moved=(Moved("explain", 2, AT, LATER),),
    ),
    TemplateWritten(
        **ACT, kind="closed", language="zh", subject="您的投诉已办结（{{ reference }}）",
        text="{{ greeting }}",
    ),
    TemplateReverted(**ACT, kind="closed", language="en", version=2),
    ModuleWritten(**ACT, name="sorry", english="We are sorry.", chinese="对不起。"),
    ModuleDropped(**ACT, name="sorry"),
    Applied(**ACT, policy="house", version="fedcba9876543210", reason="A new holiday."),
    Retired(**ACT, policy="house", reason="Replaced."),
    Ran(
        **ACT, measure="money_relief", question='{"measure":"money_relief"}', as_of=AT,
        log_position=7, areas=("zip@1",), policies={"house": ("0123456789abcdef",)},
        code="recovery 0.1.0", result='{"kind":"share"}', digest="5d41402abc4b2a76" * 4,
    ),
    LookedInto(**ACT, group="low", stratum="card", complaints=12),
    SignedOff(**ACT, digest="5d41402abc4b2a76" * 4, words=PAPER, follow_up=PAPER),
    PassedOn(**ACT, to="user:bo", digest="5d41402abc4b2a76" * 4),
    FormWritten(**ACT, questions=(QualityQuestion("tone", "Was the tone respectful?"),)),
    Drawn(
        **ACT, method="stratified", seed="spring", stratum="channel", since=date(2026, 1, 1),
        until=date(2026, 3, 31), zone="Europe/London", as_of=LATER, population=120,
        complaints=("7GQ2M4XK9T",), reviewers=("user:ana", "user:bo"), form=1,
    ),
    Marked(**ACT, complaint="7GQ2M4XK9T", marks={"tone": "partly"}, words=PAPER),
    Settled(**ACT, complaint="7GQ2M4XK9T", marks={"tone": "yes"}, words=PAPER),
    HoldPlaced(
        **ACT, kind="complaint", subject="7GQ2M4XK9T", reason=PAPER, until=date(2027, 3, 31),
        zone="Europe/London",
    ),
    HoldEnded(**ACT),
    RetentionAdopted(
        **ACT, rules=(Keeping("redress", 6, "years", ("billing",), ("upheld", "partly_upheld")),)
    ),
    StandingArranged(
        **ACT, measure="money_relief", question='{"measure":"money_relief"}', rhythm="monthly",
        zone="Europe/London", first=AT, looks=12,
    ),
    StandingLooked(
        **ACT, due=AT, audit="0123456789abcdef", level=0.006671764, p=0.0031, found=True
    ),
    StandingPaused(**ACT),
    StandingResumed(**ACT),
    StandingEnded(**ACT),
    DayBegun(**ACT, day=date(2026, 3, 2), to=("user:sue", "user:bo")),
    AreasUploaded(**ACT, attribute="zip", columns=("income",), rows=2, content=PAPER),
)  # fmt: skip

_EARLIER: dict[tuple[str, int], Event] = {
    ("complaint.note_added", 1): NoteAdded(**ACT, note=PAPER),
    ("policy.adopted", 1): Adopted(
        **ACT,
        policy="house",
        version="0123456789abcdef",
        text='id = "house"\n',
        holidays={"office": ("2026-04-03",)},
        working_days={"office": ("2026-02-14",)},
        reason="The first one.",
    ),
    ("complaint.compensated", 1): Compensated(
        **ACT, kind="goodwill", money=POUNDS, reason="inconvenience", letter=letter("compensated")
    ),
    ("complaint.letter_returned", 1): LetterReturned(
        **ACT, kind="explained", act=3, act_at=AT, reason="no_such_mailbox"
    ),
    ("complaint.mail_filed", 1): MailFiled(**ACT, speaker="third_party", message=PAPER),
    ("complainant.readmitted", 1): Readmitted(**ACT),
    ("complainant.forgotten", 1): Forgotten(**ACT, reason="request", complaints=("7GQ2M4XK9T",)),
    ("delivery.queued", 1): Queued(
        **POST,
        act=2,
        kind="acknowledged",
        language="zh",
        letter=PAPER,
        message_id="<d-1@desk.example>",
    ),
    ("hold.hold_placed", 1): HoldPlaced(
        **ACT, kind="complaint", subject="7GQ2M4XK9T", reason=PAPER, until=date(2027, 3, 31)
    ),
    ("payout.due", 1): Due(**DUE),
    ("payout.approved", 1): Approved(**PAYOUT),
}
"""What the upcasters make of bytes of earlier schemas."""

READ: dict[tuple[str, int], Event] = {
    (event.topic, event.schema): event for event in _EXAMPLES
} | _EARLIER  # fmt: skip
