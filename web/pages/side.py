"""Which views of the queue stand at the left of every page?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec
from markupsafe import Markup

from projections.views import View
from web.accounts import Role, at_least
from web.i18n import catalogue, mark
from web.pages.viewer import Viewer


class Place(msgspec.Struct, frozen=True):
    """A view, the key after `g` that goes there, and how it looks."""

    name: View
    words: str
    key: str
    mark: str
    tone: str = ""
    """Of its count, when there is something in it."""


PLACES: tuple[Place, ...] = (
    Place("open", mark("All open"), "a", "queue"),
    Place("mine", mark("Mine"), "m", "person"),
    Place("unassigned", mark("Unassigned"), "u", "nobody"),
    Place("soon", mark("Due soon"), "d", "clock", "soon"),
    Place("overdue", mark("Overdue"), "o", "late", "late"),
    Place("unanswered", mark("Unanswered"), "r", "speak"),
    Place("waiting", mark("Waiting"), "w", "pause"),
    Place("closed", mark("Closed"), "c", "closed"),
)


class Elsewhere(msgspec.Struct, frozen=True):
    """A list that is no view of the queue and waits for people like one."""

    name: str
    """As `projections.views` counts it."""
    address: str
    words: str
    key: str
    mark: str
    role: Role = "agent"


OTHERS: tuple[Elsewhere, ...] = (
    Elsewhere("mentions", "/mentions", mark("Mentions"), "t", "note"),
    Elsewhere("mail", "/mail/waiting", mark("Mail waiting"), "i", "mail"),
    Elsewhere("approvals", "/payouts?stage=owed", mark("Approvals"), "v", "check", "supervisor"),
)


class Link(msgspec.Struct, frozen=True):
    """A view as the page shows it."""

    name: str
    words: str
    key: str
    mark: str
    current: bool
    address: str


NOTHING = Markup("")
TONES: dict[str, str] = {place.name: place.tone for place in PLACES}
NAMES: tuple[str, ...] = (*TONES, *(other.name for other in OTHERS))


def links(role: Role, language: str, *, current: str = "") -> list[Link]:
    """The views of the queue, and the other lists that wait for people with the role."""
    say = catalogue(language).gettext
    found = [
        Link(
            place.name, say(place.words), place.key, place.mark, place.name == current,
            f"/queue?view={place.name}",
        )
        for place in PLACES
    ]  # fmt: skip
    return found + [
        Link(other.name, say(other.words), other.key, other.mark, False, other.address)
        for other in OTHERS
        if at_least(role, other.role)
    ]


def counted(viewer: Viewer, counts: Mapping[str, int]) -> dict[str, Markup]:
    """How many tickets wait in each view; nothing where they were not counted."""
    return {
        name: _count(name, counts[name], viewer.number(counts[name])) if name in counts else NOTHING
        for name in NAMES
    }


@lru_cache(maxsize=4096)
def _count(name: str, number: int, written: str) -> Markup:
    tone = TONES.get(name) if number else ""
    look = f"count is-{tone}" if tone else "count"
    return Markup('<span data-count="{}" class="{}">{}</span>').format(name, look, written)
