"""Who looked at which complaint, list and export? For supervisors."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from recovery import readings
from recovery import text as texts
from recovery.errors import Invalid
from recovery.readings import KINDS, Asked, Reading
from recovery.reference import parse, show
from web.deps import Desk, Supervisor
from web.pages.entries import who
from web.pages.form import Form
from web.pages.reading import names
from web.pages.render import page
from web.pages.saving import CSV, saved
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime
from web.spreadsheets import disarmed

SHOWN = 100
MOST = 1_000_000
"""Rows of a file."""
NAMES = ("by", "kind", "complaint", "from", "to")
COLUMNS = ("at", "by", "kind", "complaint", "what")
router = APIRouter(prefix="/readings")
Page = Annotated[int, Query(ge=0, le=MOST)]


@router.get("")
def show_list(request: Request, desk: Desk, me: Supervisor, offset: Page = 0) -> Response:
    """A page of the traces, the newest first."""
    viewer, form = Viewer.of(request), Form("readings", dict(request.query_params))
    found: list[Reading] = []
    try:
        found = _read(desk, _asked(form, viewer), limit=SHOWN + 1, offset=offset)
    except Invalid as wrong:
        form = form.with_errors({wrong.field: translated(str(wrong), viewer)})
    given = urlencode({name: form.value(name) for name in NAMES if form.value(name)})
    people = names(desk)
    return page(
        request, "readings.html", viewer=viewer, form=form, status=422 if form.failed else 200,
        found=[(each, who(each.by, people, viewer)) for each in found[:SHOWN]],
        people=sorted(people.items(), key=lambda person: person[1].casefold()), kinds=KINDS,
        days=desk.settings.readings_days, file=f"/readings.csv?{given}",
        first=f"/readings?{given}" if offset else "",
        next=f"/readings?{given}&offset={offset + SHOWN}" if len(found) > SHOWN else "",
    )  # fmt: skip


@router.get(".csv")
def file(request: Request, desk: Desk, me: Supervisor) -> Response:
    """The same for a spreadsheet."""
    viewer, form = Viewer.of(request), Form("readings", dict(request.query_params))
    content = "".join(_lines(_read(desk, _asked(form, viewer), limit=MOST)))
    return saved(content, CSV, "readings.csv")


def _lines(found: list[Reading]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for each in found:
        at = each.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        reference = show(each.complaint) if each.complaint else ""
        writer.writerow((at, disarmed(each.by), each.kind, reference, disarmed(each.what)))
    yield text.getvalue()


def _read(desk: Runtime, asked: Asked, *, limit: int, offset: int = 0) -> list[Reading]:
    with desk.database.connection() as conn:
        return readings.read(conn, asked, limit=limit, offset=offset)


def _asked(form: Form, viewer: Viewer) -> Asked:
    """The filter; raises Invalid."""
    complaint, last = form.value("complaint"), _day(form, "to")
    return Asked(
        by=texts.line(form.value("by")[:80], field="by"),
        kind=texts.line(form.value("kind")[:20], field="kind"),
        complaint=_reference(complaint) if complaint else "",
        first=_midnight(_day(form, "from"), viewer),
        end=_midnight(last + timedelta(days=1), viewer) if last else None,
        hidden=tuple(viewer.hidden),
    )  # fmt: skip


def _reference(given: str) -> str:
    try:
        return parse(given)
    except Invalid as wrong:
        raise Invalid(str(wrong), field="complaint") from None


def _day(form: Form, name: str) -> date | None:
    given = form.value(name)
    try:
        day = date.fromisoformat(given) if given else None
    except ValueError:
        day = date.min
    if day and not 1970 <= day.year <= 9000:
        raise Invalid("Write a day like 2026-03-31.", field=name)
    return day


def _midnight(day: date | None, viewer: Viewer) -> datetime | None:
    return datetime.combine(day, time(), viewer.zone) if day else None
