"""What does the complainant see of their complaint? What was said between us, and what we promised.

Never what colleagues tell each other: notes, assignments, why an agent prolongs or reopens in their
own words, machines and whoever no agent has accepted as a party are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from projections.case import Entry
from projections.queue import Ticket
from recovery.events import (
    Acknowledged,
    Closed,
    Compensated,
    Event,
    Explained,
    Extended,
    FilesAdded,
    Letter,
    MailFiled,
    MessageReceived,
    MessageSent,
    OutcomeAccepted,
    PaperRef,
    PartyRefused,
    Received,
    Reopened,
    Surveyed,
    Withdrawn,
)
from recovery.feedback import BY
from recovery.parties import NOBODY
from recovery.policy.clocks import Clock
from recovery.vault import Words, read
from web.i18n import mark
from web.pages.attached import File, attached, is_told_elsewhere
from web.pages.posts import posts
from web.pages.viewer import Viewer
from web.pages.words import labeller

TITLES: dict[type[Event], str] = {
    Received: mark("You complained"),
    MessageReceived: mark("You wrote"),
    MailFiled: mark("Somebody else in your complaint wrote"),
    FilesAdded: mark("You sent files"),
    Acknowledged: mark("We confirmed that we have it"),
    Explained: mark("We told you what we found"),
    Compensated: mark("We put it right"),
    MessageSent: mark("We wrote"),
    Closed: mark("We finished our work"),
    Extended: mark("We need longer than we said"),
    Reopened: mark("We look at it again"),
    Withdrawn: mark("You took it back"),
    OutcomeAccepted: mark("You accepted the outcome"),
    Surveyed: mark("You told us how it went"),
}
THEIRS = (Received, MessageReceived, FilesAdded, Withdrawn, OutcomeAccepted, Surveyed)
CONTESTED = mark("You asked us to look again")
TOLD, SPOKEN = mark("You told us"), ("phone", "counter")
"""What a colleague wrote down for them."""
PROMISES = {
    "acknowledge": mark("We confirm that we have it"),
    "explain": mark("We tell you what we found"),
    "resolve": mark("We finish our work"),
}
SECOND = timedelta(seconds=1)
LOW = 2
"""The mark up to which we offer to look again."""
UNTOLD = ("owed", "queued", "cancelled")
"""Letters that have not left."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the conversation."""

    title: str
    theirs: bool
    at: datetime | None
    precision: str
    words: str
    more: list[str]
    files: list[File]


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What we promised by when, and whether we kept it."""

    name: str
    words: str
    tone: str
    at: datetime | None


def conversation(
    entries: Sequence[Entry], papers: Mapping[str, bytes], viewer: Viewer, *, under: str
) -> list[Said]:
    """What was said between us, newest first; files are had under the address of the page."""
    shown = theirs(entries, viewer)
    files = attached(shown, papers, viewer, under=under)
    return [
        _said(entry, papers, viewer, files.get(entry.position, []))
        for entry in reversed(shown)
        if not is_told_elsewhere(entry, files)
    ]


def theirs(entries: Sequence[Entry], viewer: Viewer) -> list[Entry]:
    """What is theirs to see, oldest first; of letters those that left."""
    left, others = posts(entries, {}, viewer), heard(entries)
    return [
        entry
        for entry in entries
        if type(entry.event) in TITLES
        and _is_theirs_to_see(entry, others)
        and (
            isinstance(entry.event, THEIRS)
            or not any(post.state in UNTOLD for post in left.get(entry.position, []))
        )
    ]


def was_let_down(entries: Sequence[Entry]) -> bool:
    """Whether they told us that it went badly, since it was finished last."""
    said = next(
        (e.event for e in reversed(entries) if isinstance(e.event, Surveyed | Reopened)), None
    )
    return isinstance(said, Surveyed) and (said.experience <= LOW or said.fulfilled == "no")


def heard(entries: Sequence[Entry]) -> frozenset[int]:
    """The mail of others that an agent let into the conversation, by position."""
    parties = NOBODY
    refused: set[str] = set()
    for entry in entries:
        parties = parties.after(entry.event)
        if isinstance(entry.event, PartyRefused):
            refused.add(entry.event.filed)
    return frozenset(
        entry.position
        for entry in entries
        if isinstance(entry.event, MailFiled)
        and entry.event.sender in parties.admitted
        and entry.event.cause not in refused
    )


def _is_theirs_to_see(entry: Entry, others: frozenset[int]) -> bool:
    """Files that others sent are not, nor mail of anybody whom no agent has accepted."""
    if isinstance(entry.event, MailFiled):
        return entry.position in others
    return not isinstance(entry.event, FilesAdded) or entry.event.by == "complainant"


def _said(entry: Entry, papers: Mapping[str, bytes], viewer: Viewer, files: list[File]) -> Said:
    event = entry.event
    said = [found.text for ref in _words(event) if (found := read(papers, ref, Words))]
    contested = isinstance(event, Reopened) and event.by == BY
    spoken = isinstance(event, MessageReceived) and event.channel in SPOKEN
    title = CONTESTED if contested else TOLD if spoken else TITLES[type(event)]
    return Said(
        title=viewer.say(title), theirs=contested or isinstance(event, THEIRS), at=entry.at,
        precision=event.precision, words="\n\n".join(said), more=_more(event, viewer), files=files,
    )  # fmt: skip


def _words(event: Event) -> list[PaperRef]:
    letter: Letter | None = getattr(event, "letter", None)
    inside = isinstance(event, Extended | Reopened) and event.by != BY
    own = [getattr(event, name, None) for name in ("words", "message") if not inside]
    return [ref for ref in (*own, letter.message if letter else None) if ref]


def _more(event: Event, viewer: Viewer) -> list[str]:
    label = labeller(viewer.language)
    match event:
        case Explained() | Closed():
            return [label("outcome", event.outcome)]
        case Compensated():
            return [viewer.money(event.money)] if event.money else [label("kind", event.kind)]
        case Extended():
            days = viewer.count_of("%(num)d day", "%(num)d days", event.days) % {"num": event.days}
            return [days, label("extension", event.reason)]
        case _:
            return []


def promises(ticket: Ticket, viewer: Viewer) -> list[Promise]:
    """What we promised, in the order of the dates."""
    latest: dict[str, Clock] = {}
    for clock in sorted(ticket.clocks, key=lambda clock: clock.cycle):
        latest[clock.name] = clock
    dated = [clock for clock in latest.values() if clock.due and clock.state != "cancelled"]
    return [_promise(clock, viewer) for clock in sorted(dated, key=_due)]


def _due(clock: Clock) -> datetime:
    assert clock.due is not None
    return clock.due


def _promise(clock: Clock, viewer: Viewer) -> Promise:
    label = labeller(viewer.language)
    name = PROMISES.get(clock.name)
    tone, words = _state(clock, viewer)
    return Promise(
        name=viewer.say(name) if name else label("clock", clock.name),
        words=words, tone=tone, at=clock.stopped_at if clock.met is not None else clock.due,
    )  # fmt: skip


def _state(clock: Clock, viewer: Viewer) -> tuple[str, str]:
    due = _due(clock)
    when = {"day": _by(due, viewer)}
    if clock.state == "paused":
        return "still", viewer.say("Stands still while we wait")
    if clock.met:
        return "good", viewer.say("Kept: it was promised by %(day)s") % when
    if clock.met is False and clock.stopped_at:
        return "late", viewer.say("We were late: it was promised by %(day)s") % when
    if due < viewer.now:
        return "late", viewer.say("We are late: it was promised by %(day)s") % when
    return "", viewer.say("By %(day)s") % when


def _by(due: datetime, viewer: Viewer) -> str:
    """The day, and the time where it is not the end of the day there."""
    there = due.astimezone(viewer.zone)
    if (there.hour, there.minute) == (23, 59):
        return viewer.weekday_alone(due)
    return viewer.weekday(due + SECOND if there.second == 59 else due)
