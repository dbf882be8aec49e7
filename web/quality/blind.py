"""What does a reviewer see of a case, who must not know whose it is, nor who handled it?

The words of both sides and what was done, by the time since the receipt. Nothing that groups are
made of: no channel, no product, no tier, no place, no day. Names and addresses that the desk knows,
and the reference, are blacked out in the words; what else the words tell, they tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from recovery.events import (
    Closed,
    Compensated,
    Event,
    Explained,
    Letter,
    MessageReceived,
    PaperRef,
    Received,
    Recorded,
    Reopened,
    subject,
)
from recovery.vault import Contact, Said, Words, read
from web.pages.viewer import Viewer
from web.pages.words import labeller

BLACK = "▮▮▮"
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "the", "and", "van"})
SHORTEST = 3
"""Letters of a part of a name that is blacked out by itself; a shorter one as it is written."""
_EDGES = ".,;:()[]'\"，。；：、（）"
_LETTERS = ("acknowledged", "explained", "compensated", "closed", "message")


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said or done."""

    speaker: Literal["complainant", "desk"]
    title: str
    after: str
    """How long after the receipt: "2 days"; empty of the receipt and where it is not known."""
    text: str = ""
    forgotten: bool = False
    more: tuple[str, ...] = ()


def wanted(records: Sequence[Recorded]) -> list[str]:
    """The papers that have to be opened."""
    refs = [ref for each in records for ref in _papers(each.event)]
    first = records[0].event
    contact = first.contact if isinstance(first, Received) else None
    return [ref.paper for ref in (*refs, contact) if ref]


def passages(
    records: Sequence[Recorded], papers: Mapping[str, bytes], colleagues: Iterable[str],
    viewer: Viewer,
) -> list[Passage]:  # fmt: skip
    """The case from its beginning, without whose it is."""
    first = records[0].event
    assert isinstance(first, Received)
    contact = read(papers, first.contact, Contact) if first.contact else None
    told = [each.event for each in records if _is_told(each.event)]
    writers = [said for event in told if (said := _writer(event, papers))]
    names = blackened(contact, colleagues, writers, reference=subject(records[0].stream))
    return [_passage(event, first.at, papers, names, viewer) for event in told]


def blackened(
    contact: Contact | None, colleagues: Iterable[str], writers: Iterable[Said] = (), *,
    reference: str = "",
) -> re.Pattern[str] | None:  # fmt: skip
    """What is blacked out: the complainant's names and addresses, also those they wrote under,
    names of colleagues, and the reference, by which anybody finds the case.
    """
    reached = [contact.email, contact.phone, contact.address] if contact else []
    names = [contact.name if contact else "", *colleagues]
    for each in writers:
        names, reached = [*names, each.name], [*reached, each.sender]
    words = {word for each in (*names, *reached) for word in _parts(each)}
    short = {word for each in names for word in each.split() if _is_short_name(word)}
    found = [*map(_whole_word, sorted(words, key=lambda word: (-len(word), word)))]
    found += [rf"(?-i:{_whole_word(word)})" for word in sorted(short)]
    if reference:
        found.append(r"[-\s]?".join((reference[:5], reference[5:])))
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _parts(known: str) -> list[str]:
    """The whole, and each of its words that is long enough."""
    whole = known.strip()
    each = (part.strip(_EDGES) for part in whole.split())
    parts = [part for part in each if len(part) >= SHORTEST and part.lower() not in TITLES]
    return [part for part in (whole, *parts) if len(part) >= 2]


def _is_short_name(word: str) -> bool:
    """Such as Li or Bo, which small letters make another word of: "do", "an"."""
    return len(word) == 2 and word.istitle() and word.lower() not in TITLES


def _whole_word(word: str) -> str:
    """Latin names end where their letters do; Chinese ones stand among others."""
    found = re.escape(word)
    return rf"(?<!\w){found}(?!\w)" if word.isascii() else found


def _writer(event: Event, papers: Mapping[str, bytes]) -> Said | None:
    """Who wrote it by mail, maybe under another name than the one we know."""
    refs = _papers(event) if isinstance(event, Received | MessageReceived) else []
    return read(papers, refs[0], Said) if refs else None


def _is_told(event: Event) -> bool:
    return isinstance(event, Received | Explained | Compensated | Closed | Reopened) or any(
        _papers(event)
    )


def _papers(event: Event) -> list[PaperRef]:
    """Words between the complainant and the desk; notes for colleagues are not among them."""
    if isinstance(event, Received | Reopened):
        return [event.words] if event.words else []
    if isinstance(event, MessageReceived):
        return [event.message]
    letter: Letter | None = getattr(event, "letter", None)
    known = letter is not None and letter.kind in _LETTERS
    return [letter.message] if known and letter and letter.message else []


def _passage(
    event: Event, since: datetime | None, papers: Mapping[str, bytes],
    names: re.Pattern[str] | None, viewer: Viewer,
) -> Passage:  # fmt: skip
    refs = _papers(event)
    said = [words for ref in refs if (words := read(papers, ref, Words))]
    text = "\n\n".join("\n".join(filter(None, (each.subject, each.text))) for each in said)
    by_them = isinstance(event, Received | MessageReceived) or event.by == "complainant"
    return Passage(
        speaker="complainant" if by_them else "desk",
        title=labeller(viewer.language)("topic", event.topic), after=_after(event, since, viewer),
        text=names.sub(BLACK, text) if names else text, forgotten=bool(refs) and not said,
        more=tuple(_more(event, viewer)),
    )  # fmt: skip


def _after(event: Event, since: datetime | None, viewer: Viewer) -> str:
    if isinstance(event, Received) or event.at is None or since is None or event.at < since:
        return ""
    return viewer.span(max(event.at - since, timedelta(minutes=1)))


def _more(event: Event, viewer: Viewer) -> list[str]:
    label = labeller(viewer.language)
    match event:
        case Explained() | Closed():
            return [label("outcome", event.outcome)]
        case Compensated():
            return [viewer.money(event.money)] if event.money else [label("kind", event.kind)]
        case _:
            return []
