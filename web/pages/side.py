"""Which views of the queue stand at the left of every page?"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from projections.views import View
from web.i18n import mark
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
    Place("overdue", mark("Overdue"), "o", "late", "late"),
    Place("unanswered", mark("Unanswered"), "r", "speak"),
    Place("waiting", mark("Waiting"), "w", "pause"),
    Place("closed", mark("Closed"), "c", "closed"),
)


class Link(msgspec.Struct, frozen=True):
    """A view as the page shows it."""

    name: str
    words: str
    key: str
    mark: str
    tone: str
    count: int | None
    """None where it was not counted."""
    current: bool


def links(
    viewer: Viewer, *, current: str = "", counts: Mapping[str, int] | None = None
) -> list[Link]:
    """The views, with how many tickets wait in each."""
    return [
        Link(
            place.name, viewer.say(place.words), place.key, place.mark, place.tone,
            (counts or {}).get(place.name), place.name == current,
        )
        for place in PLACES
    ]  # fmt: skip
