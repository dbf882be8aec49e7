"""Whom of the staff is a complaint about? A supervisor says so, and they see it no longer."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections.case import Entry
from projections.health import wait_for
from recovery import reference as references
from recovery.errors import Invalid, Refused
from recovery.events import StaffNamed
from web.accounts import User
from web.deps import Desk, Supervisor
from web.pages.acts import identity
from web.pages.form import Form, Sent
from web.pages.reading import names, reader
from web.pages.render import go
from web.pages.viewer import Viewer

router = APIRouter(prefix="/complaints/{reference}/staff")


@router.get("")
def form_of(me: Supervisor, reference: str) -> Response:
    """Whoever loads the form's address gets the complaint with the form open."""
    return go(f"/complaints/{references.show(references.parse(reference))}?act=staff")


@router.post("")
def name(
    request: Request, desk: Desk, me: Supervisor, reference: str,
    data: Sent,
) -> Response:  # fmt: skip
    """Hide it from those who were chosen, and from nobody else."""
    found, form = references.parse(reference), Form.sent("staff", data)
    known = names(desk)
    chosen = form.values("staff")
    if any(each not in known for each in chosen):
        raise Invalid("Choose colleagues from the list.", field="staff")
    command = identity(me.by, str(data.get("command") or ""), form)
    with suppress(Refused):  # it is so already
        done = desk.staff.name(
            found, staff=chosen, by=me.by, at=Viewer.of(request).now, command=command
        )
        with reader(desk) as conn:
            wait_for(conn, done.position)
    return go("/queue" if me.by in chosen else f"/complaints/{references.show(found)}?done=staff")


def named(history: Iterable[Entry]) -> Form:
    """The form, as it stands."""
    last: tuple[str, ...] = ()
    for entry in history:
        if isinstance(entry.event, StaffNamed):
            last = entry.event.staff
    return Form("staff", {"staff": list(last)})


def without(history: list[Entry], me: User) -> list[Entry]:
    """A complaint's history, without what names another one that the reader must not see."""
    if not me.hidden:
        return history
    return [each for each in history if getattr(each.event, "complaint", "") not in me.hidden]
