"""Is everything that people see up with what happened?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections import outbox
from projections.health import health
from web.deps import Desk, Supervisor
from web.pages.reading import reader
from web.pages.render import page
from web.pages.viewer import Viewer

router = APIRouter()


@router.get("/health")
def projections(request: Request, desk: Desk, me: Supervisor) -> Response:
    """How far each projection is, and why one stopped; how the mail goes."""
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        rows = health(conn)
        letters = outbox.counts(conn, now=viewer.now, hidden=viewer.hidden)
    return page(
        request, "health.html", viewer=viewer, letters=letters, rows=rows,
        head=max((row.head for row in rows), default=0),
        outdated=desk.outdated, mail=desk.mailbox.counts(now=viewer.now),
    )  # fmt: skip
