"""To which addresses do no letters go any more, why, since when, and who writes there again?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi import Form as Field
from starlette.responses import Response

from projections import concerned, refusals
from projections.health import wait_for
from projections.refusals import Line
from recovery import reference as references
from recovery.errors import Invalid, Refused
from recovery.suppression import readmit
from recovery.vault import Contact
from web.deps import Agent, Desk
from web.pages.form import Form
from web.pages.reading import opened, papers, raw, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/mail/addresses")


class Address(msgspec.Struct, frozen=True):
    """A complainant whose address refuses letters, and the form that lifts it."""

    line: Line
    email: str
    form: Form


@router.get("")
def show(
    request: Request, desk: Desk, me: Agent,
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response:  # fmt: skip
    """The addresses, the latest first."""
    return _page(request, desk, cursor=cursor)


@router.get("/{reference}")
def form_of(me: Agent, reference: str) -> Response:
    """Whoever loads the address of a refused form again gets the list."""
    return go("/mail/addresses")


@router.post("/{reference}")
def lift(
    request: Request, desk: Desk, me: Agent, reference: str,
    why: Annotated[str, Field(max_length=60_000)] = "",
) -> Response:  # fmt: skip
    """Send letters to this complainant again."""
    found, viewer = references.parse(reference), Viewer.of(request)
    complainant = desk.desk.state(found)[0].received.complainant
    try:
        done = readmit(desk.store, desk.vault, complainant, why=why, by=me.by, at=viewer.now)
    except Invalid as wrong:
        form = Form(found, {"why": why}, errors={"why": translated(str(wrong), viewer)})
        return _page(request, desk, form=form)
    except Refused:
        return go("/mail/addresses")
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go(f"/complaints/{references.show(found)}?act=letters&done=readmission")


def _page(
    request: Request, desk: Runtime, *, cursor: str = "", form: Form | None = None
) -> Response:
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        found = refusals.page(conn, cursor=cursor)
        unnamed = concerned.unnamed(raw(conn), viewer.hidden)
        lines = [line for line in found.lines if line.complainant not in unnamed]
        kept = papers(conn, desk, [line.contact for line in lines], viewer)
    addresses = []
    for line in lines:
        contact = opened(kept, line.contact, Contact)
        own = form if form and form.name == line.reference else Form(line.reference)
        addresses.append(Address(line, contact.email if contact else "", own))
    return page(
        request, "addresses.html", viewer=viewer, status=422 if form else 200,
        addresses=addresses, first="/mail/addresses" if cursor else "",
        next=f"/mail/addresses?{urlencode({'cursor': found.cursor})}" if found.cursor else "",
    )  # fmt: skip
