"""Which letters were caught here, and how do they look to the complainant?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from recovery import reference as references
from web.deps import Agent, Desk
from web.mail import caught
from web.pages.attached import file_at
from web.pages.reading import reader
from web.pages.render import page
from web.pages.viewer import Viewer

router = APIRouter(prefix="/mail")
LETTER_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
"""A letter may style itself and nothing else: no script, no request to anywhere."""


@router.get("")
def letters(
    request: Request, desk: Desk, me: Agent,
    complaint: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """The caught letters, newest first, of one complaint if given."""
    about = references.parse(complaint) if complaint else ""
    with reader(desk) as conn:
        found = caught.page(conn, desk.vault, complaint=about, cursor=cursor, hidden=me.hidden)
    asked = {"complaint": references.show(about)} if about else {}
    start = "/mail?" + urlencode(asked) if asked else "/mail"
    return page(
        request, "mail.html", viewer=Viewer.of(request), letters=found.letters,
        about=references.show(about) if about else "", sending=desk.settings.smtp_url is not None,
        first=start if cursor else "",
        next="/mail?" + urlencode(asked | {"cursor": found.cursor}) if found.cursor else "",
    )  # fmt: skip


@router.get("/{delivery}")
def letter(request: Request, desk: Desk, me: Agent, delivery: str) -> Response:
    """One letter: its head, and what stands in it."""
    with reader(desk) as conn:
        found = caught.read(conn, desk.vault, delivery)
    viewer = Viewer.of(request)
    enclosed = found.letter.files if found.letter else ()
    under = f"/complaints/{found.reference}/files/{found.act}" if enclosed else ""
    files = [file_at(f"{under}/{n}", file, viewer) for n, file in enumerate(enclosed, start=1)]
    return page(
        request, "letter.html", viewer=viewer, found=found, letter=found.letter, files=files
    )


@router.get("/{delivery}/html")
def html(desk: Desk, me: Agent, delivery: str) -> Response:
    """The letter as a mail program shows it, for a frame that lets it do nothing."""
    with reader(desk) as conn:
        found = caught.read(conn, desk.vault, delivery)
    headers = {"Content-Security-Policy": LETTER_POLICY}
    return HTMLResponse(found.letter.html if found.letter else "", headers=headers)
