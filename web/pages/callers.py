"""Who is it that calls, and what have they complained about already?

Asked while somebody talks, so that one matter does not become two complaints.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections import views
from projections.lines import Line
from recovery.complainant import recognise
from recovery.vault import Contact
from web.deps import Agent, Desk
from web.pages.reading import reader
from web.pages.render import page
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/complaints/callers")


@router.get("")
def callers(request: Request, desk: Desk, me: Agent, email: str = "", phone: str = "") -> Response:
    """The open complaints of whoever can be reached so; nothing where nobody is known."""
    found = open_complaints(desk, Contact(email=email[:254].strip(), phone=phone[:50].strip()))
    return page(request, "parts/callers.html", viewer=Viewer.of(request), callers=found)


def open_complaints(desk: Runtime, contact: Contact) -> list[Line]:
    """What the person has open, latest first."""
    if not (contact.email or contact.phone):
        return []
    complainant, history = recognise(desk.store, contact, salt=desk.complainant_key)
    if not history:
        return []
    with reader(desk) as conn:
        return [line for line in views.of_complainant(conn, complainant) if line.open]
