"""Which complaints should I work on now?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import views
from projections.views import View
from recovery import reference as references
from recovery.errors import Invalid
from web.deps import Agent, Desk
from web.i18n import mark
from web.pages.counts import counts
from web.pages.reading import names, papers, reader
from web.pages.render import go, page
from web.pages.rows import row
from web.pages.side import PLACES
from web.pages.viewer import Viewer

ROWS = 50
ASKED = ("view", "q", "cursor")
SEEN = "queue"
"""The cookie that remembers where in the queue somebody was, for the way back."""
router = APIRouter()


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
        rows=[row(line, opened_papers, people, viewer) for line in found.lines],
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
