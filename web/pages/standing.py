"""Which questions of fairness are asked again and again, what did they find, and who stops one?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from projections import standing as rows
from projections.health import wait_for
from projections.standing import Standing
from recovery import standing
from recovery import text as texts
from recovery.errors import Invalid, Refused
from recovery.fairness.records import Question
from recovery.store import Done
from web.deps import Desk, Supervisor
from web.fairness import sentences
from web.fairness.running import as_text
from web.fairness.stored import audit
from web.i18n import mark
from web.pages.acts import identity
from web.pages.entries import who
from web.pages.form import Form, Sent
from web.pages.reading import names, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/audits")
RHYTHMS = {
    "weekly": mark("every Monday"), "monthly": mark("on the first of every month"),
    "quarterly": mark("on the first of every quarter"),
}  # fmt: skip
LATE = timedelta(hours=1)
"""After which a look that was due and not taken is said to be stuck."""


class Line(msgspec.Struct, frozen=True):
    """One of them in the list."""

    row: Standing
    what: str
    by: str
    how_often: str


@router.get("/standing")
def listed(request: Request, desk: Desk, me: Supervisor) -> Response:
    """All of them, with what the looks found."""
    return _listed(request, desk)


@router.post("/{id}/standing")
def arrange(request: Request, desk: Desk, me: Supervisor, id: str, data: Sent) -> Response:
    """Have the question of an audit asked again and again."""
    viewer, form, found = Viewer.of(request), Form.sent("standing", data), audit(desk.store, id)
    try:
        done = standing.arrange(
            desk.store, measure=found.question.measure, question=as_text(found.question),
            rhythm=form.value("rhythm"), looks=texts.whole(form.value("looks").strip()) or 0,
            zone=found.question.zone, by=me.by, at=viewer.now,
            command=identity(me.by, str(data.get("command", "")), form),
        )  # fmt: skip
    except Invalid as wrong:
        return _listed(request, desk, refusal=translated(str(wrong), viewer))
    return _seen(desk, done)


@router.post("/standing/{id}/pause")
def pause(request: Request, desk: Desk, me: Supervisor, id: str) -> Response:
    """No looks for now."""
    return _done(request, desk, lambda at: standing.pause(desk.store, id, by=me.by, at=at))


@router.post("/standing/{id}/resumption")
def resume(request: Request, desk: Desk, me: Supervisor, id: str) -> Response:
    """Go on with the next look that is due from now."""
    return _done(request, desk, lambda at: standing.resume(desk.store, id, by=me.by, at=at))


@router.post("/standing/{id}/end")
def end(request: Request, desk: Desk, me: Supervisor, id: str) -> Response:
    """No more looks."""
    return _done(request, desk, lambda at: standing.end(desk.store, id, by=me.by, at=at))


@router.get("/standing/{id}/{act}")
def back(me: Supervisor, id: str, act: str) -> Response:
    """Whoever loads the address of a form again gets the list."""
    return go("/audits/standing")


def _done(request: Request, desk: Runtime, act: Callable[[datetime], Done]) -> Response:
    viewer = Viewer.of(request)
    try:
        done = act(viewer.now)
    except Refused as wrong:
        return _listed(request, desk, refusal=translated(str(wrong), viewer))
    return _seen(desk, done)


def _seen(desk: Runtime, done: Done) -> Response:
    """The list, once it shows what was done."""
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go("/audits/standing?done=standing")


def _listed(request: Request, desk: Runtime, *, refusal: str = "") -> Response:
    viewer, people = Viewer.of(request), names(desk)
    with reader(desk) as conn:
        found = rows.listed(conn)
    lines = [
        Line(
            each, what(each.question, viewer), who(each.by, people, viewer),
            viewer.say(RHYTHMS[each.state.arranged.rhythm]),
        )
        for each in found
    ]  # fmt: skip
    return page(
        request, "audits/standing.html", viewer=viewer, status=422 if refusal else 200,
        lines=lines, refusal=refusal, late=viewer.now - LATE,
    )  # fmt: skip


def what(question: str, viewer: Viewer) -> str:
    """The question in a few words."""
    asked = msgspec.json.decode(question, type=Question)
    return viewer.say(mark("%(measure)s by %(group)s")) % {
        "measure": sentences.measure_name(asked.measure, viewer.say),
        "group": sentences.dimension_name(asked.group, viewer.say),
    }
