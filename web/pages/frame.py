"""What stands around every page: the views and other pages at its side, and what was just done?

It hardly ever changes, so it is drawn once for each language, role and place; counts, names and
tokens are put in for each page.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

from web.accounts import Role, Session, at_least
from web.pages import side
from web.pages.gaps import Drawn, gap
from web.pages.marks import initials
from web.pages.templates import environment
from web.pages.viewer import Viewer
from web.pages.words import DONE

KEPT = 512
PLACES = frozenset({
    "/complaints/new", "/reports/sla", "/reports/outcomes", "/cards", "/health", "/readings",
    "/seal",
})  # fmt: skip
AREAS = (
    "/mail", "/policies", "/quality", "/payouts", "/paying", "/audits", "/people", "/holds",
    "/retention",
)  # fmt: skip
"""Addresses that the side knows: single pages, and those with everything below them."""


def beside(
    viewer: Viewer, session: Session, *, here: str, view: str, counts: Mapping[str, int] | None
) -> Markup:
    """The side of a page at the address `here` that shows a view of the queue, or none."""
    user = session.user
    drawn = _side(viewer.language, viewer.scheme, user.role, _place(here), view)
    words = {
        "csrf": session.csrf, "here": here, "name": user.name, "initials": initials(user.name),
    }  # fmt: skip
    return drawn.filled(words | side.counted(viewer, counts or {}))


def toasts(viewer: Viewer, done: str) -> Markup:
    """What was just done, and where later news of the kind appear."""
    return _toasts(viewer.language, done if done in DONE else "")


def _place(here: str) -> str:
    """As far as it matters for the side."""
    return here if here in PLACES else next((each for each in AREAS if here.startswith(each)), "")


@lru_cache(KEPT)
def _side(language: str, scheme: str, role: Role, place: str, view: str) -> Drawn:
    template = environment(language).get_template("parts/side.html")
    drawn = template.render(
        v={"language": language, "scheme": scheme}, role=role,
        supervises=at_least(role, "supervisor"), place=place,
        views=side.links(role, language, current=view), gap=gap, csrf=gap("csrf"),
        here=gap("here"),
    )  # fmt: skip
    return Drawn(drawn)


@lru_cache(KEPT)
def _toasts(language: str, done: str) -> Markup:
    template = environment(language).get_template("parts/said.html")
    return Markup(template.render(done=DONE.get(done)))  # noqa: S704 (a template escapes)
