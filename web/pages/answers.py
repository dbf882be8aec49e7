"""What did banks say, what of it fits no payment, and what is made of that?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from projections import answers, statements
from projections.answers import Answer
from projections.health import wait_for
from recovery.errors import Invalid, Refused
from recovery.money import Money
from recovery.paying.answering import Kept, kept
from recovery.paying.records import Kind
from recovery.store import Done
from web.deps import Desk, Supervisor
from web.pages.acts import one_of
from web.pages.form import Form, Sent
from web.pages.reading import names, papers, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.pages.words import LABELS
from web.paying import taking
from web.runtime import Runtime

SHOWN = 100
KINDS: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "pending")
router = APIRouter(prefix="/paying/answers")


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that waits, in the viewer's words."""

    id: str
    why: str
    money: str
    said: Kept
    at: datetime | None
    heard_at: datetime | None


@router.get("")
def listed(request: Request, desk: Desk, me: Supervisor) -> Response:
    """What waits for somebody, and which files were read."""
    return _page(request, desk)


@router.post("")
def upload(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Take a bank's file in: what fits is recorded, what does not waits."""
    viewer, given = Viewer.of(request), data.get("file")
    if not isinstance(given, UploadFile) or not given.size:
        return _page(request, desk, wrong=[viewer.say("Choose the bank's file.")])
    try:
        with TemporaryDirectory(prefix="recovery-") as folder:
            path = Path(folder) / "answers.csv"
            with path.open("wb") as copy:
                while piece := given.file.read(1 << 20):
                    copy.write(piece)
            heard = taking.read(desk, path, by=me.by, at=viewer.now)
    except Invalid as wrong:
        return _page(request, desk, wrong=[translated(str(wrong), viewer)])
    _wait(desk, heard.position)
    return go(f"/paying/answers?lines={heard.lines}&news={heard.news}&unplaced={heard.unplaced}")


@router.post("/{answer}/placement")
def place(request: Request, desk: Desk, me: Supervisor, answer: str, data: Sent) -> Response:
    """Say of which payment it speaks."""
    viewer, form = Viewer.of(request), Form.sent("placement", data)

    def act() -> Done:
        kind = one_of(form, "kind", KINDS, "Choose what became of the payment.")
        payment = form.value("payment").strip().lower()
        return desk.answering.place(answer, payment, kind, by=me.by, at=viewer.now)

    return _settle(request, desk, "placement", act)


@router.post("/{answer}/dismissal")
def set_aside(request: Request, desk: Desk, me: Supervisor, answer: str, data: Sent) -> Response:
    """Say why it moves no money here."""
    viewer, form = Viewer.of(request), Form.sent("dismissal", data)

    def act() -> Done:
        reason = one_of(form, "reason", tuple(LABELS["dismissal"]), "Choose why.")
        return desk.answering.set_aside(answer, reason=reason, by=me.by, at=viewer.now)

    return _settle(request, desk, "dismissal", act)


def _settle(request: Request, desk: Runtime, name: str, act: Callable[[], Done]) -> Response:
    viewer = Viewer.of(request)
    try:
        done = act()
    except (Invalid, Refused) as wrong:
        return _page(request, desk, wrong=[translated(str(wrong), viewer)])
    _wait(desk, done.position)
    return go(f"/paying/answers?done={name}")


def _page(request: Request, desk: Runtime, *, wrong: Sequence[str] = ()) -> Response:
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        found = answers.waiting(conn, limit=SHOWN + 1)
        read = statements.latest(conn, limit=20)
        opened = papers(conn, desk, [each.paper for each in found[:SHOWN]], viewer)
    told = {
        name: int(value)
        for name in ("lines", "news", "unplaced")
        if (value := request.query_params.get(name, "")).isdecimal() and len(value) < 9
    }
    return page(
        request, "paying/answers.html", viewer=viewer, status=422 if wrong else 200, wrong=wrong,
        waiting=[_shown(each, kept(opened, each.line), viewer) for each in found[:SHOWN]],
        more=len(found) > SHOWN, read=read, people=names(desk), kinds=KINDS,
        told=told if len(told) == 3 else None,
    )  # fmt: skip


def _shown(answer: Answer, said: Kept, viewer: Viewer) -> Waiting:
    money = "" if answer.amount is None else viewer.money(Money(answer.amount, answer.currency))
    return Waiting(
        id=answer.answer, why=translated(said.why, viewer), money=money, said=said, at=said.at,
        heard_at=answer.heard_at,
    )  # fmt: skip


def _wait(desk: Runtime, position: int) -> None:
    if position:
        with reader(desk) as conn:
            wait_for(conn, position)
