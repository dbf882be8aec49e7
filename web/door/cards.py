"""How do people at a counter, in a room or on a train find the form? By a card they can scan."""

from __future__ import annotations

import io
import re

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from web.deps import Desk, Supervisor
from web.i18n import LANGUAGES, catalogue, mark
from web.pages.form import Form
from web.pages.render import page
from web.pages.viewer import Viewer

router = APIRouter(prefix="/cards")
LONGEST = 40
WORDS = (
    mark("Something went wrong here?"),
    mark("Scan this and tell us. You get a reference and a date for our answer at once."),
)


@router.get("")
def cards(
    request: Request, desk: Desk, me: Supervisor, place: str = "", language: str = ""
) -> Response:
    """A sheet of cards for a place, to print."""
    viewer = Viewer.of(request)
    found = place_of(place)
    speaks = language if language in LANGUAGES else viewer.language
    address = f"{desk.settings.base_url.rstrip('/')}/complain?language={speaks}"
    if found:
        address += f"&place={found}"
    form = Form("cards", {"place": place, "language": speaks})
    if place.strip() and not found:
        form = form.with_errors(
            {"place": viewer.say("Write the place in letters, digits and hyphens.")}
        )
    return page(
        request, "door/cards.html", viewer=viewer, form=form, place=found, address=address,
        code=_drawn(address), says=[catalogue(speaks).gettext(each) for each in WORDS],
        speaks=speaks,
    )  # fmt: skip


def place_of(text: str) -> str:
    """The code of a place, such as "platform-4"; nothing where the text is none."""
    found = "_".join(text.strip().lower().replace("-", " ").replace("_", " ").split())
    return found if len(found) <= LONGEST and re.fullmatch(r"[a-z0-9_]+", found) else ""


def _drawn(address: str) -> Markup:
    """The address as a picture that a telephone reads."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, dark="#000",
        light="#fff", title=address, nl=False,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 (drawn by us)
