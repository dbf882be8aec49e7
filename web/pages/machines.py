"""What did machines write, which loops were cut, which letters were reported on?"""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.deps import Agent, Desk
from web.pages.render import page
from web.pages.viewer import Viewer
from web.pages.waiting import MOST, intake_of, line_of

router = APIRouter(prefix="/mail")
KINDS: tuple[Literal["machines", "cut", "bounces"], ...] = ("machines", "cut", "bounces")


@router.get("/machines")
def machines(
    request: Request, desk: Desk, me: Agent,
    kind: Literal["machines", "cut", "bounces"] = "machines",
) -> Response:  # fmt: skip
    """What came within a week, newest first."""
    viewer = Viewer.of(request)
    intake = intake_of(desk, viewer)
    return page(
        request, "machines.html", viewer=viewer, kind=kind, kinds=KINDS,
        mail=desk.mailbox.counts(now=viewer.now),
        lines=[
            line_of(intake, mail, viewer)
            for mail in desk.mailbox.recent(kind, now=viewer.now, limit=MOST)
        ],
    )  # fmt: skip
