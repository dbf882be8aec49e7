"""How far did the letters and notices come that an entry of the timeline owes?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from projections.case import Entry
from recovery.delivery import COMPLAINANT, delivery_id
from recovery.events import DeliveryEvent, NoteAdded, Sent, SteppedUp, delivery_stream, subject
from web.pages.viewer import Viewer
from web.pages.words import labeller

TONES = {"sent": "good", "bounced": "late", "abandoned": "late", "deferred": "soon"}


class Post(msgspec.Struct, frozen=True):
    """How far one letter or notice came."""

    delivery: str
    name: str
    words: str
    tone: str
    caught: bool
    """Whether it can be read here."""
    state: str
    """owed, queued, sent, deferred, bounced and so on."""


def posts(
    entries: Sequence[Entry], people: Mapping[str, str], viewer: Viewer
) -> dict[int, list[Post]]:
    """By the position of the entry that owes them."""
    last = {entry.stream: entry for entry in entries if isinstance(entry.event, DeliveryEvent)}
    return {
        entry.position: [_post(delivery, to, last, people, viewer) for delivery, to in owed]
        for entry in entries
        if (owed := list(_owed(entry)))
    }


def _owed(entry: Entry) -> Iterator[tuple[str, str]]:
    """Each delivery that the entry owes, and to whom."""
    event = entry.event
    to = event.notified if isinstance(event, SteppedUp) else ()
    if isinstance(event, NoteAdded):
        to = event.mentions
    if getattr(event, "letter", None) and not isinstance(event, DeliveryEvent):
        to = (COMPLAINANT,)
    for recipient in to:
        yield delivery_id(subject(entry.stream), entry.version, recipient), recipient


def _post(
    delivery: str, to: str, last: Mapping[str, Entry], people: Mapping[str, str], viewer: Viewer
) -> Post:
    entry = last.get(delivery_stream(delivery))
    state = entry.topic.partition(".")[2] if entry else "owed"
    caught = bool(entry and isinstance(entry.event, Sent) and entry.event.transport == "caught")
    name = viewer.say("Letter")
    if to != COMPLAINANT:
        colleague = people.get(to) or to.partition(":")[2]
        name = viewer.say("Notice to %(colleague)s") % {"colleague": colleague}
    words = labeller(viewer.language)("delivery", "caught" if caught else state)
    return Post(delivery, name, words, TONES.get(state, ""), caught, state)
