"""Which complaints should I work on now?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import filters, views
from projections.lines import Line
from recovery import reference as references
from recovery.errors import Invalid
from web.deps import Agent, Desk
from web.i18n import mark
from web.pages.asked import OURS, Asked, told
from web.pages.builder import builder, heads, look
from web.pages.columns import chosen
from web.pages.counts import counts
from web.pages.reading import names, papers, raw, reader
from web.pages.render import go, page
from web.pages.rows import Shown, rows
from web.pages.side import PLACES
from web.pages.viewer import Viewer
from web.workbench import saved
from web.workbench.saved import Bench

ROWS = 50
SEEN = "queue"
"""The cookie that remembers where in the queue somebody was, for the way back."""
router = APIRouter()


class Part(msgspec.Struct, frozen=True):
    """Rows under one heading; all of them where the queue is not grouped."""

    heading: str
    rows: Markup


@router.get("/queue")
def queue(request: Request, desk: Desk, me: Agent) -> Response:
    """A page of a view, or what a search finds."""
    given = dict(request.query_params)
    if reference := _reference(given.get("q", "")):
        return go(f"/complaints/{reference}")
    if given.get("view") and given["view"] not in views.VIEWS:
        raise HTTPException(404)
    asked = Asked.of(given)
    if "build" in given:
        return go(asked.address)
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        waiting = counts(conn, now=viewer.now, me=me)
        found = views.page(
            conn, asked.view, now=viewer.now, me=me.by, text=asked.q, filters=asked.filters,
            sort=asked.sort, group=asked.group, cursor=asked.cursor, limit=ROWS,
            hidden=me.hidden,
        )  # fmt: skip
        wanted = (id for line in found.lines for id in (line.words, line.contact))
        opened_papers = papers(conn, desk, wanted, viewer)
        bench = saved.bench(raw(conn), me.id, [line.reference for line in found.lines])
    people, columns = names(desk), chosen(bench.columns)
    shown = Shown(opened_papers, people, viewer, columns, _here(bench, people))
    question, language = asked.at("").query, viewer.language
    answer = page(
        request, "queue.html", viewer=viewer, view="" if asked.q else asked.view, counts=waiting,
        parts=_parts(found.lines, asked, shown), asked=asked, bench=bench, question=question,
        chips=asked.chips(people, viewer), heading=viewer.say(_heading(asked.view)),
        first=f"/queue?{question}" if asked.cursor else "",
        next=asked.at(found.cursor).address if found.cursor else "",
        builder=builder(question, language, people), heads=heads(question, language, columns),
        look=look(
            language, columns, bench.density, csrf=_csrf(viewer), question=question,
            address=asked.address,
        ),
    )  # fmt: skip
    answer.set_cookie(
        SEEN, asked.query, samesite="lax", httponly=True, secure=desk.settings.https,
    )  # fmt: skip
    return answer


def _csrf(viewer: Viewer) -> str:
    return viewer.session.csrf if viewer.session else ""


def _parts(lines: Iterable[Line], asked: Asked, shown: Shown) -> list[Part]:
    if not asked.group:
        return [Part("", rows(lines, shown))]
    by = asked.group
    return [
        Part(_group_heading(by, value, shown), rows(of, shown))
        for value, of in groupby(lines, key=lambda line: getattr(line, by) or "")
    ]


def _group_heading(by: str, value: str, shown: Shown) -> str:
    if not value:
        return shown.viewer.say("Not said") if by != "assignee" else shown.viewer.say("nobody yet")
    return told(by, value, shown.people, shown.viewer)[1]


def _here(bench: Bench, people: Mapping[str, str]) -> dict[str, list[str]]:
    """By complaint: who has it open."""
    found: dict[str, list[str]] = {}
    for one in bench.here:
        found.setdefault(one.complaint, []).append(people.get(f"user:{one.user}", one.user))
    return found


def _reference(text: str) -> str:
    """The reference that was typed whole, or nothing."""
    try:
        return references.show(references.parse(text)) if text.strip() else ""
    except Invalid:
        return ""


def _heading(view: str) -> str:
    return next((place.words for place in PLACES if place.name == view), mark("All complaints"))


def last_queue(request: Request) -> str:
    """The page of the queue that this browser saw last; the queue when it saw none."""
    seen = parse_qsl(request.cookies.get(SEEN, ""))
    asked = [(n, v) for n, v in seen if n in OURS or n in filters.FIELDS or n in filters.OTHERS
             or n.startswith(filters.ATTRIBUTE)]  # fmt: skip
    return "/queue?" + urlencode(asked) if asked else "/queue"
