"""How does somebody keep a complaint that is half written, and come back to it another day?

They get an address of their own. Nothing else leads to what they wrote, and no agent sees it.
"""

from __future__ import annotations

from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from recovery import unsent
from recovery.errors import Invalid, Refused
from web.deps import Desk, public
from web.door import complain
from web.door.knocking import LOOKS, SAVES, TooOften, Typed, patiently, viewer
from web.pages.complaint import failed
from web.pages.form import Form
from web.pages.intake import WISHES
from web.pages.render import go
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/complain/later", dependencies=[Depends(public)])
TYPED = ("description", "email", "phone", "name")
KEPT = (*TYPED, "place", "language")


class Kept(msgspec.Struct, frozen=True):
    """Where it can be found again, and until when."""

    address: str
    until: str
    letter: str
    """An address that opens a letter to themselves."""


@router.post("")
def keep(request: Request, desk: Desk, data: Typed) -> Response:
    """Keep what was typed, and lead to its address."""
    form = Form.sent("complain", data)
    asks = viewer(request, form.value("language"))
    try:
        patiently(SAVES, request)
        complain.refuse_programs(form)
        token = _keep(desk, form, asks)
    except TooOften as too:
        return complain.shown(request, asks, too.again(form, asks), status=too.status_code)
    except (Invalid, Refused) as wrong:
        return complain.shown(request, asks, failed(form, wrong, asks), status=422)
    return go(f"/complain/later/{token}")


@router.get("")
def nothing() -> Response:
    """Whoever loads the address of a refused form again gets an empty one."""
    return go("/complain")


@router.get("/{token}")
def again(request: Request, desk: Desk, token: str) -> Response:
    """The form as it was kept."""
    patiently(LOOKS, request)
    asks = viewer(request)
    with desk.database.connection() as conn:
        found = unsent.read(conn, token, key=desk.door_key, now=asks.now)
    if found is None:
        gone = asks.say("What was kept here has been sent, or its time is over.")
        return complain.shown(request, asks, Form("complain", refusal=gone), status=404)
    form = Form("complain", found.typed | {"draft": [token]})
    asks = viewer(request, form.value("language"))
    kept = _kept(desk, token, found, asks)
    return complain.shown(request, asks, form, kept=kept)


def _keep(desk: Runtime, form: Form, asks: Viewer) -> str:
    if not any(form.value(field).strip() for field in TYPED):
        raise Refused("There is nothing to keep yet.")
    typed = {field: [form.value(field)] for field in KEPT if form.value(field)}
    typed["desired"] = [wish for wish in WISHES if form.has("desired", wish)]
    token = form.value("draft")
    with desk.database.connection() as conn:
        known = unsent.read(conn, token, key=desk.door_key, now=asks.now)
        found = token if known else unsent.draw()
        unsent.keep(conn, found, typed, key=desk.door_key, now=asks.now)
    return found


def _kept(desk: Runtime, token: str, found: unsent.Unsent, asks: Viewer) -> Kept:
    address = f"{desk.settings.base_url.rstrip('/')}/complain/later/{token}"
    until = asks.weekday_alone(found.until)
    subject = quote(asks.say("My complaint, to finish"))
    return Kept(address, until, f"mailto:?subject={subject}&body={quote(address, safe='')}")
