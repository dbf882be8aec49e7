"""How is the same done to many complaints at once?

First a page shows what was chosen and asks what to do; then each complaint is acted on as though
its own form had been sent, and the answer says of each what became of it, as it happens. What can
be put back, can be: who had it, how it was classified, and what it was linked to.

What one incident did to many is written down in two ways: its facts on each of them, which the
policies read, and a link from each to the complaint that leads.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import views
from projections.health import wait_for
from recovery import reference as references
from recovery.complaint_state import State
from recovery.errors import CommandReused, Invalid, NotFound, Refused, Stale, StoreUnavailable
from recovery.events import Severity
from recovery.vault import Words
from web.deps import Agent, Desk
from web.pages import acts, tying
from web.pages.acts import ACTS, Call
from web.pages.asked import Asked
from web.pages.form import Form, Sent
from web.pages.reading import names, opened, papers, reader, title
from web.pages.render import page, stream
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/queue/bulk")
MOST = 500
OFFERED = (
    "assignment", "classification", "link", "incident", "notes", "letters", "closure",
)  # fmt: skip
REVERSIBLE = ("assignment", "classification", "link")


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one complaint."""

    reference: str
    done: bool
    words: str = ""
    """Why it was not done."""
    before: str = ""
    """What to put back, as JSON; nothing where it cannot be."""


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """How a complaint stood before it was assigned or classified, or to what it was linked."""

    reference: str
    assignee: str | None = None
    category: str = ""
    product: str = ""
    severity: Severity = "normal"
    linked: str = ""
    """The other complaint; nothing else is put back then."""


@router.post("")
def choose(request: Request, desk: Desk, me: Agent, data: Sent) -> Response:
    """What was chosen, and what might be done with it."""
    viewer = Viewer.of(request)
    asked = Asked.parse(str(data.get("asked", "")))
    with reader(desk) as conn:
        if data.get("all"):
            found = views.page(
                conn, asked.view, now=viewer.now, me=me.by, text=asked.q, filters=asked.filters,
                limit=MOST, hidden=me.hidden,
            )  # fmt: skip
            lines, more = found.lines, found.cursor is not None
        else:
            lines, more = views.lines(conn, _chosen(data, viewer)), False
        words = papers(conn, desk, (line.words for line in lines), viewer)
    about = {line.reference: title(opened(words, line.words, Words)) for line in lines}
    return page(
        request, "bulk.html", viewer=viewer, lines=lines, about=about, more=more, most=MOST,
        back=asked.address, people=names(desk), forms={name: Form(name) for name in OFFERED},
        outcomes=acts.OUTCOMES, severities=acts.SEVERITIES, link_kinds=tying.LINKS,
    )  # fmt: skip


@router.post("/undo")
def undo(request: Request, desk: Desk, me: Agent, data: Sent) -> Response:
    """Put back who had each complaint, and how it was classified."""
    viewer = Viewer.of(request)
    kept = [str(each) for each in data.getlist("before")][:MOST]
    return stream(
        request, "bulk-done.html", viewer=viewer, number=len(kept), undoable=False,
        results=_back(desk, me.by, viewer, kept),
    )  # fmt: skip


@router.post("/{act}")
def carry_out(request: Request, desk: Desk, me: Agent, act: str, data: Sent) -> Response:
    """Do it, one complaint after the other; the page grows with each."""
    if act not in OFFERED:
        raise HTTPException(404)
    viewer = Viewer.of(request)
    chosen = _chosen(data, viewer)
    return stream(
        request, "bulk-done.html", viewer=viewer, number=len(chosen), undoable=act in REVERSIBLE,
        results=_each(desk, act, chosen, data, viewer),
    )  # fmt: skip


def _each(
    desk: Runtime, act: str, chosen: list[str], data: FormData, viewer: Viewer
) -> Iterator[Result]:
    people = tuple(names(desk))
    form = Form.sent(act, data)
    for reference in chosen:
        call = Call(
            desk=desk.desk, claims=desk.claims, binder=desk.binder, reference=reference,
            form=_filled(form, desk, reference, act), viewer=viewer,
            command=f"{data.get('command', '')}/{reference}", people=people,
        )  # fmt: skip
        yield _result(desk, call, act)
    _seen(desk)


def _seen(desk: Runtime) -> None:
    """Let the next page show it."""
    with reader(desk) as conn:
        wait_for(conn, desk.store.head())


def _result(desk: Runtime, call: Call, act: str) -> Result:
    shown = references.show(call.reference)
    before = _before(call, desk.desk.state(call.reference)[0], act)
    try:
        ACTS[act](call)
    except (Invalid, Refused, NotFound, Stale, CommandReused, StoreUnavailable) as wrong:
        sentence = translated(str(wrong), call.viewer)
        return Result(reference=shown, done=False, words=sentence)
    return Result(reference=shown, done=True, before=before)


def _before(call: Call, state: State, act: str) -> str:
    if act not in REVERSIBLE:
        return ""
    found = Before(
        reference=call.reference, linked=call.word("complaint") if act == "link" else "",
        assignee=state.assignee, category=state.category,
        product=state.product, severity=state.severity,
    )  # fmt: skip
    return msgspec.json.encode(found).decode()


def _filled(form: Form, desk: Runtime, reference: str, act: str) -> Form:
    """What a bulk classification leaves empty stays as it is; a link leads to `to`.

    `complaint` names those that were chosen.
    """
    if act == "link":
        return form.with_values({"complaint": form.value("to")})
    if act != "classification":
        return form
    state = desk.desk.state(reference)[0]
    usual = {"category": state.category, "product": state.product, "severity": state.severity}
    return form.with_values({n: v for n, v in usual.items() if not form.value(n).strip()})


def _back(desk: Runtime, by: str, viewer: Viewer, kept: list[str]) -> Iterator[Result]:
    for each in kept:
        yield _put_back(desk, by, viewer, each)
    _seen(desk)


def _put_back(desk: Runtime, by: str, viewer: Viewer, kept: str) -> Result:
    try:
        before = msgspec.json.decode(kept, type=Before)
        reference = references.parse(before.reference)
        linked = references.parse(before.linked) if before.linked else ""
    except (msgspec.MsgspecError, Invalid):
        raise HTTPException(400) from None
    if not viewer.hidden.isdisjoint((reference, linked)):
        raise HTTPException(404)
    shown = references.show(reference)
    try:
        if linked:
            desk.binder.unlink(reference, to=linked, by=by, at=viewer.now)
        else:
            _as_before(desk, by, viewer, reference, before)
    except (Invalid, Refused, NotFound, StoreUnavailable) as wrong:
        return Result(reference=shown, done=False, words=translated(str(wrong), viewer))
    return Result(reference=shown, done=True)


def _as_before(desk: Runtime, by: str, viewer: Viewer, reference: str, before: Before) -> None:
    """Let whoever had it have it again, and classify it as it was."""
    state = desk.desk.state(reference)[0]
    if state.assignee != before.assignee and before.assignee:
        desk.desk.assign(reference, by=by, at=viewer.now, agent=before.assignee)
    elif state.assignee != before.assignee:
        desk.desk.release(reference, by=by, at=viewer.now)
    if (state.category, state.product, state.severity) != (
        before.category, before.product, before.severity,
    ):  # fmt: skip
        desk.desk.classify(
            reference, by=by, at=viewer.now, category=before.category,
            product=before.product, severity=before.severity,
        )  # fmt: skip


def _chosen(data: FormData, viewer: Viewer) -> list[str]:
    """The references that were chosen, each once; raises Invalid for what is none."""
    found = [references.parse(str(each)) for each in data.getlist("complaint")]
    return [each for each in dict.fromkeys(found) if each not in viewer.hidden][:MOST]
