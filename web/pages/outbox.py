"""Which letters have yet to leave, when are they tried next, and which are lost?"""

from __future__ import annotations

from typing import Annotated, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from projections import outbox
from projections.outbox import View
from recovery.delivery import COMPLAINANT
from recovery.vault import Words
from web.deps import Agent, Desk
from web.pages.reading import names, opened, papers, reader
from web.pages.render import page
from web.pages.viewer import Viewer

router = APIRouter(prefix="/mail/outbox")
VIEWS: tuple[View, ...] = get_args(View)


@router.get("")
def show(
    request: Request, desk: Desk, me: Agent,
    view: Annotated[str, Query(max_length=20)] = "waiting",
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """A page of a view."""
    asked: View = next((each for each in VIEWS if each == view), "waiting")
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        found = outbox.page(conn, asked, cursor=cursor, hidden=me.hidden)
        counts = outbox.counts(conn, now=viewer.now, hidden=me.hidden)
        lists = papers(conn, desk, [each.files for each in found.letters], viewer)
    start = f"/mail/outbox?view={asked}"
    return page(
        request, "outbox.html", viewer=viewer, asked=asked, shelves=VIEWS, letters=found.letters,
        enclosed={paper: opened(lists, paper, Words) for paper in lists}, tally=counts,
        people=names(desk), complainant=COMPLAINANT, first=start if cursor else "",
        next=f"{start}&{urlencode({'cursor': found.cursor})}" if found.cursor else "",
    )  # fmt: skip
