"""Who is it that calls, and what have they complained about already?

Asked while somebody talks, so that one matter does not become two complaints.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from projections import views
from projections.lines import Line
from recovery.complainant import recognise
from recovery.vault import Contact
from web.accounts import User
from web.deps import Agent, Desk
from web.pages.reading import opened, papers, reader
from web.pages.render import page
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/complaints/callers")
Typed = Annotated[str, Query(max_length=254)]
SHORTEST, LOOKED_AT, MOST = 2, 20, 5


class Namesake(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is called so, and a complaint of theirs."""

    line: Line
    name: str
    at: str
    """Where they can be reached."""

    @property
    def reference(self) -> str:
        return self.line.reference


@router.get("")
def callers(
    request: Request, desk: Desk, me: Agent, email: Typed = "", phone: Typed = "", name: Typed = ""
) -> Response:
    """The open complaints of whoever can be reached so, or is called so; else nothing."""
    viewer = Viewer.of(request)
    found = open_complaints(desk, Contact(email=email.strip(), phone=phone.strip()), me)
    known = {line.reference for line in found}
    alike = [each for each in namesakes(desk, name, viewer, me) if each.reference not in known]
    return page(request, "parts/callers.html", viewer=viewer, callers=found, namesakes=alike)


def namesakes(desk: Runtime, name: str, viewer: Viewer, me: User) -> list[Namesake]:
    """Open complaints of people whose name is, or begins, like this; none for a single letter."""
    parts = name.casefold().split()
    if len("".join(parts)) < SHORTEST:
        return []
    with reader(desk) as conn:
        lines = views.page(
            conn, "open", now=viewer.now, me=me.by, text=name, limit=LOOKED_AT, hidden=me.hidden
        ).lines
        plain = papers(conn, desk, (line.contact for line in lines), viewer)
    found = []
    for line in lines:
        contact = opened(plain, line.contact, Contact)
        if contact and all(part in contact.name.casefold() for part in parts):
            found.append(Namesake(line=line, name=contact.name, at=contact.email or contact.phone))
    return found[:MOST]


def open_complaints(desk: Runtime, contact: Contact, me: User) -> list[Line]:
    """What the person has open, latest first."""
    if not (contact.email or contact.phone):
        return []
    complainant, history = recognise(desk.store, contact, salt=desk.complainant_key)
    if not history:
        return []
    with reader(desk) as conn:
        lines = views.of_complainant(conn, complainant, hidden=me.hidden)
    return [line for line in lines if line.open]
