"""Is everything that people see up with what happened?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections.health import health
from web.deps import Desk, Supervisor
from web.pages.reading import reader
from web.pages.render import page

router = APIRouter()


@router.get("/health")
def projections(request: Request, desk: Desk, me: Supervisor) -> Response:
    """How far each projection is, and why one stopped."""
    with reader(desk) as conn:
        rows = health(conn)
    return page(
        request, "health.html", rows=rows, head=max((row.head for row in rows), default=0),
        outdated=desk.outdated,
    )  # fmt: skip
