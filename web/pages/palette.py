"""Where does somebody want to go, who has typed a few letters?

The palette lists what the page can do by itself; complaints are found here.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from projections import views
from recovery import reference as references
from recovery.vault import Words
from web.deps import Agent, Desk
from web.pages.reading import opened, papers, reader, title
from web.pages.viewer import Viewer
from web.pages.words import labeller

router = APIRouter()
MOST = 8


@router.get("/palette")
def palette(
    request: Request, desk: Desk, me: Agent, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Complaints that fit, by reference or words: where each is, and what it is about."""
    viewer = Viewer.of(request)
    label = labeller(viewer.language)
    with reader(desk) as conn:
        found = views.page(
            conn, "all", now=viewer.now, me=me.by, text=q, limit=MOST, hidden=me.hidden
        ).lines
        words = papers(conn, desk, (line.words for line in found), viewer)
    if not q.strip():
        return JSONResponse([])
    return JSONResponse(
        [
            {
                "address": f"/complaints/{references.show(line.reference)}",
                "reference": references.show(line.reference),
                "words": title(opened(words, line.words, Words)),
                "more": label("stage", line.stage),
            }
            for line in found
        ]
    )
