"""Which views of the queue stand at the left of every page?"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from projections.views import View
from web.accounts import Role
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
    tone: str
    count: int | None
    """None where it was not counted."""
    current: bool
    address: str


def links(
    viewer: Viewer, *, current: str = "", counts: Mapping[str, int] | None = None
) -> list[Link]:
    """The views, with how many tickets wait in each, and the other lists that wait."""
    counted = counts or {}
    found = [
        Link(
            place.name, viewer.say(place.words), place.key, place.mark, place.tone,
            counted.get(place.name), place.name == current, f"/queue?view={place.name}",
        )
        for place in PLACES
    ]  # fmt: skip
    user = viewer.session.user if viewer.session else None
    return found + [
        Link(
            other.name, viewer.say(other.words), other.key, other.mark, "",
            counted.get(other.name), False, other.address,
        )
        for other in OTHERS
        if user and user.may(other.role)
    ]  # fmt: skip
