"""How does somebody complain who has no account, whatever they look from?

Three fields are needed at most: what happened, and one way to answer. The page works without
script. Programs that fill in everything they find are told by a field that people do not see;
nobody has to solve a puzzle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from projections.health import wait_for
from recovery import reference as references
from recovery import unsent
from recovery.desk import reference_of
from recovery.errors import CommandReused, Invalid, NotFound, Refused
from recovery.feedback import BY
from recovery.store import Command, Done
from recovery.vault import Contact
from web.deps import Desk, public, runtime
from web.door import framing, links
from web.door.cards import place_of
from web.door.knocking import (
    COMPLAINTS,
    LOOKS,
    Language,
    TooOften,
    Typed,
    forgive,
    patiently,
    viewer,
)
from web.door.uploads import uploads
from web.pages.acts import identity
from web.pages.complaint import failed
from web.pages.form import Form
from web.pages.intake import WISHES
from web.pages.reading import reader
from web.pages.render import go, page
from web.pages.viewer import Viewer
from web.runtime import Runtime

if TYPE_CHECKING:
    from web.door.later import Kept

router = APIRouter(prefix="/complain", dependencies=[Depends(public)])
TRAP = "website"
"""A field that people do not see."""


@router.get("")
def blank(request: Request, language: Language = "", place: str = "", framed: str = "") -> Response:
    patiently(LOOKS, request)
    form = Form("complain", {"place": place_of(place), "framed": framed})
    return shown(request, viewer(request, language), form)


@router.post("")
def take(request: Request, desk: Desk, data: Typed) -> Response:
    """Take the complaint and show where it stands; else the form again with every word."""
    form = Form.sent("complain", data)
    asks = viewer(request, form.value("language"))
    command = data.get("command")
    try:
        patiently(LOOKS, request)
        patiently(COMPLAINTS, request)
        refuse_programs(form)
        done = _take(desk, form, asks, identity(BY, str(command or ""), form), data)
    except NotFound:
        wrong: Invalid | Refused | CommandReused = Refused(
            "We cannot take complaints here at this moment. Please try again later."
        )
    except TooOften as too:
        return shown(request, asks, too.again(form, asks), status=too.status_code)
    except (Invalid, Refused, CommandReused) as found:
        forgive(COMPLAINTS, request)
        wrong = found
    else:
        return _taken(request, desk, form, asks, done)
    return shown(request, asks, failed(form, wrong, asks), status=422)


def refuse_programs(form: Form) -> None:
    if form.value(TRAP):
        raise Refused("This form was filled in by a program. If it was you, leave the last field.")


def _take(desk: Runtime, form: Form, asks: Viewer, command: Command | None, data: Typed) -> Done:
    if not (form.value("email").strip() or form.value("phone").strip()):
        raise Invalid(
            "Leave an email address or a telephone number, so that we can answer.", field="email"
        )
    files = uploads(data)
    contact = Contact(
        name=form.value("name"), email=form.value("email"), phone=form.value("phone"),
    )  # fmt: skip
    place = place_of(form.value("place"))
    done = desk.desk.receive(
        by=BY, at=asks.now, description=form.value("description"), contact=contact, channel="web",
        language=asks.language, attributes={"place": place} if place else {},
        desired_outcomes=[wish for wish in WISHES if form.has("desired", wish)], command=command,
    )  # fmt: skip
    if not files:
        return done
    again = Command(f"{command.id}/files") if command else None
    return desk.feedback.write(reference_of(done), at=asks.now, text="", files=files, command=again)


def _taken(request: Request, desk: Runtime, form: Form, asks: Viewer, done: Done) -> Response:
    """Lead to the complaint's own page; in a frame, which cannot show that, tell where it is."""
    if kept := form.value("draft"):
        with desk.database.connection() as conn:
            unsent.drop(conn, kept)
    reference = reference_of(done)
    token = links.write(reference, key=desk.door_key)
    if framing.may(desk.settings, form):
        answer = page(
            request, "door/taken.html", viewer=asks, token=token, framed=True,
            reference=references.show(reference),
        )  # fmt: skip
        return framing.let(answer, desk.settings)
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go(f"/mine/{token}?done=taken")


def shown(
    request: Request, asks: Viewer, form: Form, *, status: int = 200, kept: Kept | None = None
) -> Response:
    """The form; `kept` tells where it can be found again, when it was kept."""
    settings = runtime(request).settings
    framed = framing.may(settings, form)
    answer = page(
        request, "door/complain.html", viewer=asks, status=status, form=form, wishes=WISHES,
        trap=TRAP, kept=kept, framed=framed,
    )  # fmt: skip
    return framing.let(answer, settings) if framed else answer
