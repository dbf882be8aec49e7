"""How does somebody read what we keep of them?"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from recovery.events import Received
from recovery.reference import show
from recovery.vault import Said, Words, read
from web.fairness.paper import NoPaper, pdf
from web.i18n import mark
from web.pages.entries import Told, tell
from web.pages.templates import environment
from web.pages.viewer import Viewer

if TYPE_CHECKING:
    from web.forgetting.export import Taken


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint as the document tells it."""

    reference: str
    subject: str
    words: str
    told: list[Told]
    """Oldest first."""


class _Agents(dict[str, str]):
    """Every colleague is an agent to whoever reads this."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def get(self, by: str, default: object = None) -> str:
        return self._name


def documents(taken: Taken, viewer: Viewer) -> dict[str, bytes]:
    """The document as a page and, where that can be made here, as PDF."""
    template = environment(viewer.language).get_template("people/paper.html")
    said = [
        (reference, [w for paper in papers if (w := _words(taken.papers.get(paper)))])
        for reference, papers in taken.elsewhere.items()
    ]
    page = template.render(
        v=viewer, taken=taken, stories=[_story(taken, each, viewer) for each in taken.complaints],
        elsewhere=[(reference, words) for reference, words in said if words],
    )  # fmt: skip
    found = {"person.html": page.encode()}
    with suppress(NoPaper):  # then the page can be read and printed
        found["person.pdf"] = pdf(page)
    return found


def _story(taken: Taken, reference: str, viewer: Viewer) -> Story:
    entries = taken.complaints[reference]
    received = entries[0].event if entries else None
    assert isinstance(received, Received)
    words = read(taken.papers, received.words, Words) or Words("")
    people = _Agents(viewer.say(mark("An agent")))
    told = tell(entries, taken.papers, people, viewer)
    return Story(
        reference=show(reference), subject=words.subject, words=words.text, told=told[::-1]
    )


def _words(content: bytes | None) -> str:
    """What a message of theirs said; nothing where the paper is no message."""
    try:
        return msgspec.json.decode(content, type=Said).text if content else ""
    except msgspec.MsgspecError:
        return ""
