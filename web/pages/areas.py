"""What is known of areas here, in which versions, and how does a new table come in?"""

from __future__ import annotations

from datetime import datetime

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from projections.areas import lookups
from projections.health import wait_for
from recovery import areas
from recovery.errors import Invalid, StoreUnavailable
from recovery.events import AreasUploaded, areas_stream
from web.deps import Desk, Supervisor
from web.fairness import uploading
from web.fairness.areas import AreaTable, of_agents
from web.pages.acts import identity
from web.pages.entries import who
from web.pages.form import Form, Sent
from web.pages.reading import names, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/audits/areas")
PATIENCE = 20.0
"""Seconds that a large table may take to get into the rows."""
MOST_REFUSED = 50


class Version(msgspec.Struct, frozen=True):
    """One table that was uploaded."""

    name: str
    at: datetime | None
    by: str
    rows: int
    columns: tuple[str, ...]


@router.get("")
def tables(request: Request, desk: Desk, me: Supervisor) -> Response:
    """Every version of every table, and the form for another."""
    return _page(request, desk, Form("areas", {"attribute": "zip"}))


@router.post("/preview")
def preview(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Read a file and show what it says; nothing is kept yet."""
    viewer, form, given = Viewer.of(request), Form.sent("areas", data), data.get("file")
    try:
        if not isinstance(given, UploadFile) or not given.size:
            raise Invalid("Choose a file.", field="file")
        read = uploading.taken(
            given.file, given.filename or "", key=form.value("key"), pad=form.value("pad").strip()
        )
        if form.value("attribute").strip().lower() == "agent":
            read = of_agents(read, desk.accounts)
        areas.check(read.content)
    except Invalid as wrong:
        return _page(request, desk, form.with_errors({wrong.field: translated(str(wrong), viewer)}))
    return _page(request, desk, form, read=read)


@router.post("")
def keep(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Keep what was shown as the next version."""
    viewer, form = Viewer.of(request), Form.sent("areas", data)
    try:
        done = areas.upload(
            desk.store, desk.vault, uploading.unpacked(str(data.get("table", ""))),
            attribute=form.value("attribute"), by=me.by, at=viewer.now,
            command=identity(me.by, str(data.get("command", "")), form),
        )  # fmt: skip
    except (Invalid, StoreUnavailable) as wrong:
        field = wrong.field if isinstance(wrong, Invalid) else "file"
        return _page(request, desk, form.with_errors({field: translated(str(wrong), viewer)}))
    with reader(desk) as conn:
        wait_for(conn, done.position, timeout=PATIENCE)
    return go("/audits/areas?done=areas")


@router.get("/preview")
def back(me: Supervisor) -> Response:
    """Whoever loads the address of a form again gets the list."""
    return go("/audits/areas")


def _page(
    request: Request, desk: Runtime, form: Form, *, read: AreaTable | None = None
) -> Response:  # fmt: skip
    viewer, people = Viewer.of(request), names(desk)
    with reader(desk) as conn:
        attributes = [each.attribute for each in lookups(conn)]
    versions = [
        each for attribute in attributes for each in _versions(desk, attribute, people, viewer)
    ]  # fmt: skip
    return page(
        request, "audits/areas.html", viewer=viewer, status=422 if form.failed else 200, form=form,
        versions=versions, read=read, shown=uploading.SHOWN, most=MOST_REFUSED,
        table=uploading.packed(read.content) if read else "",
    )  # fmt: skip


def _versions(
    desk: Runtime, attribute: str, people: dict[str, str], viewer: Viewer
) -> list[Version]:  # fmt: skip
    """Of one table, the latest first."""
    found = [
        Version(
            f"{attribute}@{each.version}", event.at, who(event.by, people, viewer), event.rows,
            event.columns,
        )
        for each in desk.store.records(areas_stream(attribute))
        if isinstance(event := each.event, AreasUploaded)
    ]  # fmt: skip
    return found[::-1]
