"""Which complaints should I work on now?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import views
from projections.views import Line, View
from recovery import reference as references
from recovery.errors import Invalid
from recovery.vault import Contact, Words
from web.deps import Agent, Desk
from web.i18n import mark
from web.pages import marks
from web.pages.clockface import most_urgent
from web.pages.counts import counts
from web.pages.reading import names, opened, papers, reader, title
from web.pages.render import go, page
from web.pages.side import PLACES
from web.pages.steps import pips
from web.pages.viewer import Viewer
from web.pages.words import labeller

ROWS = 50
ASKED = ("view", "q", "cursor")
SEEN = "queue"
"""The cookie that remembers where in the queue somebody was, for the way back."""
router = APIRouter()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the queue in the viewer's words."""

    reference: str
    title: str
    """Empty when the words were forgotten."""
    name: str
    tier: str
    severity: str
    """Only where it is more than normal."""
    due: Markup
    """The most urgent clock, or how it ended; empty where nothing is promised."""
    stage: Markup
    agent: Markup
    received: Markup
    unanswered: bool


@router.get("/queue")
def queue(
    request: Request, desk: Desk, me: Agent,
    view: Annotated[str, Query(max_length=20)] = "open",
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """A page of a view, or what a search finds."""
    if reference := _reference(q):
        return go(f"/complaints/{reference}")
    viewer = Viewer.of(request)
    shown = "all" if q else _view(view)
    with reader(desk) as conn:
        waiting = counts(conn, now=viewer.now, me=me.by)
        found = views.page(conn, shown, now=viewer.now, me=me.by, text=q, cursor=cursor, limit=ROWS)
        opened_papers = papers(
            conn, desk, (id for line in found.lines for id in (line.words, line.contact)), viewer
        )
    people = names(desk)
    asked = {"q": q} if q else {"view": shown}
    answer = page(
        request, "queue.html", viewer=viewer, view="" if q else shown, counts=waiting,
        rows=[_row(line, opened_papers, people, viewer) for line in found.lines],
        q=q, shown=shown, heading=_heading(shown),
        first="/queue?" + urlencode(asked) if cursor else "",
        next="/queue?" + urlencode(asked | {"cursor": found.cursor}) if found.cursor else "",
    )  # fmt: skip
    answer.set_cookie(
        SEEN, urlencode(asked | ({"cursor": cursor} if cursor else {})),
        samesite="lax", httponly=True, secure=desk.settings.https,
    )  # fmt: skip
    return answer


def _reference(text: str) -> str:
    """The reference that was typed whole, or nothing."""
    try:
        return references.show(references.parse(text)) if text.strip() else ""
    except Invalid:
        return ""


def _view(name: str) -> View:
    for view in views.VIEWS:
        if view == name:
            return view
    raise HTTPException(404)


def _heading(view: View) -> str:
    return next((place.words for place in PLACES if place.name == view), mark("All complaints"))


def last_queue(request: Request) -> str:
    """The page of the queue that this browser saw last; the queue when it saw none."""
    seen = parse_qsl(request.cookies.get(SEEN, ""))
    asked = [(name, value) for name, value in seen if name in ASKED]
    return "/queue?" + urlencode(asked) if asked else "/queue"


def _row(line: Line, found: Mapping[str, bytes], people: Mapping[str, str], viewer: Viewer) -> Row:
    label = labeller(viewer.language)
    words = opened(found, line.words, Words)
    contact = opened(found, line.contact, Contact) or Contact()
    return Row(
        reference=references.show(line.reference),
        title=title(words) or label("category", line.category),
        name=contact.name or contact.email or contact.phone,
        tier=label("tier", line.tier) if line.tier else "",
        severity=line.severity if line.severity in ("high", "critical") else "",
        due=_due(line, viewer),
        stage=marks.pips(pips(line, viewer.now), label("stage", line.stage)),
        agent=marks.person(people.get(line.assignee, line.assignee)) if line.assignee else Markup(),
        received=marks.moment(viewer, line.received_at),
        unanswered=line.unanswered_since is not None,
    )  # fmt: skip


def _due(line: Line, viewer: Viewer) -> Markup:
    if not line.open:
        return marks.tag(labeller(viewer.language)("outcome", line.outcome or "not_known"))
    face = most_urgent(line.clocks, viewer)
    return marks.clock(face) if face else Markup()
