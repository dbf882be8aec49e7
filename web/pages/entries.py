"""What happened to this complaint, told so that a colleague understands it at a glance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

import msgspec

from projections.case import Entry
from recovery import reference as references
from recovery.errors import Stale
from recovery.events import (
    COMPLAINT_EVENTS,
    Assigned,
    Classified,
    ClockEvent,
    Closed,
    Compensated,
    CompensationProposed,
    Escalated,
    Event,
    Explained,
    Extended,
    FilesAdded,
    GaveBack,
    GuaranteeClaimed,
    IncidentRecorded,
    LetterLeft,
    LetterReturned,
    Linked,
    MailFiled,
    Merged,
    MessageReceived,
    MilestoneReached,
    NoteAdded,
    PaperRef,
    PartyRefused,
    Paused,
    Reapplied,
    Received,
    Reopened,
    ReplyKept,
    StaffNamed,
    Surveyed,
    TookIn,
    Unlinked,
    Unmerged,
    subject,
)  # fmt: skip
from recovery.vault import Words, read
from web.pages import clockwork, opinions
from web.pages.attached import File, attached, is_told_elsewhere, letter_of, listing_of
from web.pages.mailed import Mailed, mailed
from web.pages.posts import Post, posts
from web.pages.viewer import Viewer
from web.pages.words import labeller

MARKS = {
    "complaint.received": ("queue", "accent"),
    "complaint.acknowledged": ("check", "good"),
    "complaint.explained": ("explain", "good"),
    "complaint.compensated": ("gift", "good"),
    "complaint.compensation_proposed": ("gift", "soon"),
    "complaint.closed": ("closed", "good"),
    "complaint.assigned": ("person", ""),
    "complaint.released": ("nobody", ""),
    "complaint.classified": ("folder", ""),
    "complaint.note_added": ("note", "inside"),
    "complaint.message_received": ("speak", "accent"),
    "complaint.files_added": ("folder", "accent"),
    "complaint.mail_filed": ("mail", "still"),
    "complaint.reply_kept": ("mail", "soon"),
    "complaint.party_admitted": ("people", "good"),
    "complaint.party_refused": ("people", "still"),
    "complaint.letter_returned": ("mail", "late"),
    "complaint.message_sent": ("mail", ""),
    "complaint.paused": ("pause", "still"),
    "complaint.resumed": ("resume", "still"),
    "complaint.extended": ("longer", "soon"),
    "complaint.escalated": ("up", "soon"),
    "complaint.withdrawn": ("undo", ""),
    "complaint.reopened": ("again", "soon"),
    "complaint.incident_recorded": ("folder", ""),
    "complaint.milestone_reached": ("flag", ""),
    "complaint.guarantee_claimed": ("gift", "accent"),
    "complaint.outcome_accepted": ("check", "good"),
    "complaint.surveyed": ("speak", "accent"),
    "complaint.staff_named": ("nobody", "inside"),
    "complaint.merged": ("folder", "soon"),
    "complaint.unmerged": ("undo", ""),
    "complaint.took_in": ("folder", "soon"),
    "complaint.gave_back": ("undo", ""),
    "complaint.linked": ("folder", ""),
    "complaint.unlinked": ("undo", ""),
    **clockwork.MARKS,
}
"""Icon and tone by topic; letters are told with the act that owes them."""
STREAM = frozenset(event.topic for event in COMPLAINT_EVENTS)
THEIRS = (
    "complaint.received", "complaint.message_received", "complaint.outcome_accepted",
    "complaint.surveyed",
)  # fmt: skip


LATE = timedelta(hours=1)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the timeline, in the viewer's words."""

    position: int
    title: str
    mark: str
    tone: str
    kind: str
    """is-theirs for what the complainant said, is-other for what somebody else said, is-machine
    for what a program said, is-inside for colleagues only, is-quiet for what
    time did, or nothing."""
    by: str
    at: datetime | None
    precision: str
    late_entry: datetime | None
    """When it was recorded, where that was long after it happened and is not said already."""
    words: str
    forgotten: bool
    more: list[str]
    lines: list[str]
    """What takes a line of its own."""
    posts: list[Post]
    files: list[File]
    mail: Mailed | None


def wanted(entries: Sequence[Entry]) -> list[str]:
    """The papers that hold what was said."""
    told = [entry.event for entry in entries if entry.topic in MARKS]
    refs = [ref for event in told for ref in _papers(event)]
    lists = [ref for event in told if (ref := listing_of(event))]
    return [ref.paper for ref in (*refs, *lists)]


def tell(
    entries: Sequence[Entry], papers: Mapping[str, bytes], people: Mapping[str, str],
    viewer: Viewer, *, of: str = "",
) -> list[Told]:  # fmt: skip
    """The timeline, newest first; entries of complaints that are answered under `of` say so."""
    owed = posts(entries, people, viewer)
    late, files = _late(entries), attached(entries, papers, viewer)
    mails = mailed(entries)
    return [
        _told(
            entry, papers, people, viewer, owed.get(entry.position, []), late.get(entry.position),
            files.get(entry.position, []), mails.get(entry.position), of,
        )
        for entry in reversed(entries)
        if entry.topic in MARKS and not is_told_elsewhere(entry, files)
    ]  # fmt: skip


def _late(entries: Sequence[Entry]) -> dict[int, datetime]:
    """When entries were recorded that happened long before, by position.

    Said once of a history that was recorded all at once.
    """
    found: dict[int, datetime] = {}
    before: datetime | None = None
    for entry in entries:
        if entry.at and entry.recorded_at - entry.at > LATE and entry.recorded_at != before:
            found[entry.position] = entry.recorded_at
        before = entry.recorded_at
    return found


def since(stale: Stale, people: Mapping[str, str], viewer: Viewer) -> list[Told]:
    """What happened that the person had not seen, oldest first; without the words."""
    return [
        Told(
            position=record.position, title=_title(record.event, people, viewer), mark="",
            tone="", kind="", by=_by(record.event, people, viewer), at=record.event.at,
            precision=record.event.precision, late_entry=None, words="", forgotten=False,
            more=_more(record.event, people, viewer), lines=[], posts=[], files=[], mail=None,
        )
        for record in stale.since
    ]  # fmt: skip


def facts(entries: Sequence[Entry]) -> dict[str, str]:
    """The facts of the incident, later ones in place of earlier."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.topic == IncidentRecorded.topic:
            event = entry.event
            assert isinstance(event, IncidentRecorded)
            found |= event.facts
    return found


STAGES = {
    "complaint.received": "received", "complaint.acknowledged": "acknowledged",
    "complaint.explained": "explained", "complaint.compensated": "compensated",
    "complaint.closed": "closed", "complaint.withdrawn": "closed",
}  # fmt: skip


def recorded(entries: Sequence[Entry]) -> dict[str, str]:
    """The stages that something is recorded of, each with how exactly its time is known."""
    return {
        STAGES[entry.topic]: entry.event.precision for entry in entries if entry.topic in STAGES
    }


def who(by: str, people: Mapping[str, str], viewer: Viewer) -> str:
    """The name of who acted."""
    if by == "complainant":
        return viewer.say("The complainant")
    if by.startswith("system:"):
        return viewer.say("The desk itself")
    return people.get(by) or by.partition(":")[2] or by


def _told(
    entry: Entry, papers: Mapping[str, bytes], people: Mapping[str, str], viewer: Viewer,
    owed: list[Post], late_entry: datetime | None, files: list[File],
    mail: Mailed | None, of: str,
) -> Told:  # fmt: skip
    event = entry.event
    mark, tone = _mark(event)
    refs = _papers(event)
    said = [found.text for ref in refs if (found := read(papers, ref, Words))]
    if files and isinstance(event, FilesAdded):
        said = []
    return Told(
        position=entry.position, title=_title(event, people, viewer),
        mark=mark, tone=tone,
        kind=_kind(event, tone),
        by=_by(event, people, viewer), at=entry.at, precision=event.precision,
        late_entry=late_entry,
        words="\n\n".join(said), forgotten=bool(refs) and not said and not files,
        files=files, mail=mail,
        more=[*_elsewhere(entry, of), *_more(event, people, viewer)],
        lines=clockwork.lines(event, viewer), posts=owed,
    )  # fmt: skip


def _elsewhere(entry: Entry, of: str) -> list[str]:
    """The reference of the complaint that the entry is about, where it is not the page's own."""
    own = subject(entry.stream)
    return [references.show(own)] if of and own != of and entry.topic in STREAM else []


def _kind(event: Event, tone: str) -> str:
    if event.topic in clockwork.MARKS:
        return "is-quiet"
    if isinstance(event, MailFiled):
        return "is-machine" if event.speaker == "machine" else "is-other"
    return "is-theirs" if event.topic in THEIRS else "is-inside" if tone == "inside" else ""


def _title(event: Event, people: Mapping[str, str], viewer: Viewer) -> str:
    """What happened; who gave a complaint to whom is told in one sentence."""
    if isinstance(event, ClockEvent | Reapplied | LetterLeft):
        return clockwork.title(event, viewer)
    if isinstance(event, LetterReturned) and event.reason == "cancelled":
        return viewer.say("Letter cancelled")
    if not isinstance(event, Assigned):
        return labeller(viewer.language)("topic", event.topic)
    agent = who(event.agent, people, viewer)
    if event.agent == event.by:
        return viewer.say("%(agent)s took it") % {"agent": agent}
    giver = who(event.by, people, viewer)
    return viewer.say("%(giver)s gave it to %(agent)s") % {"giver": giver, "agent": agent}


def _mark(event: Event) -> tuple[str, str]:
    """Icon and tone; a letter that somebody took back alarms nobody."""
    if isinstance(event, LetterReturned) and event.reason == "cancelled":
        return "undo", ""
    return MARKS[event.topic]


def _by(event: Event, people: Mapping[str, str], viewer: Viewer) -> str:
    """Who acted; nothing where the title or the words say so, and where it was time."""
    told = isinstance(event, Assigned | ClockEvent | Reapplied | LetterLeft | MailFiled)
    theirs = isinstance(event, MessageReceived) and event.by == "complainant"
    return "" if told or theirs else who(event.by, people, viewer)


def _papers(event: Event) -> list[PaperRef]:
    """The papers with words on them that an event names.

    The complaint's own words are not among them: they stand on the page already.
    """
    found = [getattr(event, name) for name in _paper_fields(type(event))]
    letter = letter_of(event)
    if letter:
        found.append(letter.message)
    return [ref for ref in found if ref]


@cache
def _paper_fields(event: type[Event]) -> tuple[str, ...]:
    """Where events of a type name their papers."""
    if event is Received:
        return ()
    fields = event.__struct_fields__
    return tuple(name for name in ("note", "message", "words", "listing") if name in fields)


def _more(event: Event, people: Mapping[str, str], viewer: Viewer) -> list[str]:
    """What the event says besides words."""
    label = labeller(viewer.language)
    match event:
        case Explained() | Closed():
            cause = getattr(event, "cause_code", "")
            return [label("outcome", event.outcome)] + ([label("cause", cause)] if cause else [])
        case Compensated() | CompensationProposed():
            money = [viewer.money(event.money)] if event.money else []
            reason = [label("reason", event.reason)] if event.reason else []
            return [*money, label("kind", event.kind), *reason]
        case Received() | MessageReceived():
            return [label("channel", event.channel)]
        case NoteAdded():
            return [f"@{who(each, people, viewer)}" for each in event.mentions]
        case StaffNamed():
            return [who(each, people, viewer) for each in event.staff] or [viewer.say("nobody")]
        case MailFiled():
            return [label("speaker", event.kind or event.speaker)]
        case PartyRefused():
            return [label("exclusion", event.reason)]
        case ReplyKept():
            return [label("kept", code) for code in event.why]
        case LetterReturned() if event.reason == "cancelled":
            return [label("letter", event.kind), viewer.say("Taken back before it left")]
        case LetterReturned():
            return [label("letter", event.kind), label("undelivered", event.reason)]
        case Paused():
            return [label("pause", event.reason), *_until(event.until, viewer)]
        case Extended():
            days = viewer.count_of("%(num)d day", "%(num)d days", event.days) % {"num": event.days}
            return [days, label("extension", event.reason)]
        case Escalated():
            return [label("escalate_to", event.to), label("escalation", event.reason)]
        case Reopened():
            return [label("reopening", event.reason)]
        case Linked():
            return [label("link", event.kind), references.show(event.complaint)]
        case Merged() | Unmerged() | TookIn() | GaveBack() | Unlinked():
            return [references.show(event.complaint)]
        case GuaranteeClaimed():
            return [label("guarantee", event.guarantee)]
        case Surveyed():
            return opinions.told(event, viewer)
        case MilestoneReached():
            return [label("milestone", event.milestone)]
        case IncidentRecorded():
            return [f"{label('fact', name)}: {value}" for name, value in event.facts.items()]
        case Classified():
            severity = [label("severity", event.severity)] if event.severity else []
            return [part for part in (event.category, event.product, *severity) if part]
        case _:
            return clockwork.more(event, people, viewer)


def _until(until: datetime | None, viewer: Viewer) -> list[str]:
    if until is None:
        return []
    return [viewer.say("until %(instant)s") % {"instant": viewer.short(until)}]
