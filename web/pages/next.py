"""What should I do next? One press takes the most urgent complaint that I may take."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections.health import wait_for
from recovery import reference as references
from recovery.desk import reference_of
from recovery.errors import Refused
from web.deps import Agent, Desk, Now
from web.pages.reading import reader
from web.pages.render import go
from web.workbench.next import take_next

router = APIRouter(prefix="/queue")


@router.post("/next")
def next_complaint(request: Request, desk: Desk, me: Agent, now: Now) -> Response:
    """Take it and open it; with nothing to take, back to what is mine."""
    try:
        done = take_next(desk.database, desk.taker, agent=me, at=now)
    except Refused:
        return go("/queue?view=mine&done=hands-full")
    if done is None:
        return go("/queue?view=mine&done=nothing-left")
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go(f"/complaints/{references.show(reference_of(done))}?done=next")
