"""Which notes call me, and whom may a note call?"""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Form, Query, Request
from starlette.responses import JSONResponse, Response

from projections import mentions, views
from projections.mentions import Mention
from recovery import reference as references
from recovery.vault import Words
from web.deps import Agent, Desk
from web.pages.entries import who
from web.pages.reading import names, opened, papers, raw, reader, title
from web.pages.render import go, page
from web.pages.viewer import Viewer

router = APIRouter(prefix="/mentions")
MOST = 50
OFFERED = 8


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One note of the list."""

    mention: Mention
    reference: str
    about: str
    by: str
    words: str


@router.get("")
def show(request: Request, desk: Desk, me: Agent) -> Response:
    """The notes that call me and that I have neither answered nor put aside, latest first."""
    viewer, people = Viewer.of(request), names(desk)
    with reader(desk) as conn:
        found = mentions.of(conn, me.by, limit=MOST, hidden=me.hidden)
        lines = {line.reference: line for line in views.lines(conn, [m.complaint for m in found])}
        ids = [line.words for line in lines.values()] + [m.note for m in found]
        plain = papers(conn, desk, ids, viewer)
    shown = [
        Line(
            mention=each, reference=references.show(each.complaint),
            about=title(opened(plain, lines[each.complaint].words, Words)),
            by=who(each.by, people, viewer),
            words=note.text if (note := opened(plain, each.note, Words)) else "",
        )
        for each in found
        if each.complaint in lines
    ]  # fmt: skip
    return page(request, "mentions.html", viewer=viewer, lines=shown, most=MOST)


@router.post("/{reference}")
def put_aside(
    desk: Desk, me: Agent, reference: str, version: Annotated[int, Form(ge=1, le=10**9)]
) -> Response:
    """I have seen what calls me on this complaint, up to this note."""
    complaint = references.parse(reference)
    with reader(desk) as conn:
        mentions.put_aside(raw(conn), user=me.id, complaint=complaint, version=version)
    return go("/mentions")


@router.get("/colleagues.json")
def colleagues(
    desk: Desk, me: Agent, q: Annotated[str, Query(max_length=100)] = ""
) -> JSONResponse:
    """Whom a note may call: a name of which a word begins with these letters."""
    begun = q.casefold().strip()
    found = [
        name
        for by, name in names(desk).items()
        if by != me.by
        and (name.casefold().startswith(begun) or f" {begun}" in f" {name.casefold()}")
    ]
    return JSONResponse([{"name": name, "words": name} for name in found[:OFFERED]])
