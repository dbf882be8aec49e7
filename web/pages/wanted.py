"""Which mail of the desk do I want?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from web.deps import Agent, Desk
from web.mail.wanted import choose, offered, unwanted
from web.pages.form import Form as Filled
from web.pages.render import go, page
from web.pages.viewer import Viewer

router = APIRouter(prefix="/mail/wanted")


@router.get("")
def show(request: Request, desk: Desk, me: Agent) -> Response:
    """What there is for me, and which of it I get."""
    viewer = Viewer.of(request)
    with desk.database.connection() as conn:
        without = unwanted(conn, me.id)
    mine = [(kind, viewer.say(words)) for kind, words in offered(me).items()]
    form = Filled("wanted", {"kind": [kind for kind, _ in mine if kind not in without]})
    return page(request, "wanted.html", viewer=viewer, form=form, kinds=mine, address=me.email)


@router.post("")
def say(
    desk: Desk, me: Agent, kind: Annotated[list[str] | None, Form(max_length=20)] = None
) -> Response:
    """I want these, and none of the others."""
    with desk.database.connection() as conn:
        choose(conn, me.id, offered=offered(me), wanted=kind or ())
    return go("/mail/wanted?done=wanted")
