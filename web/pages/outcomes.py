"""What worked: by what was done and how fast, and by whose hands, against their cases."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Request
from msgspec.structs import replace
from starlette.responses import Response

from projections.outcomes import COMPARED, Question
from recovery.errors import Invalid
from web.deps import Desk, Supervisor
from web.errors import BadBody, FieldError
from web.fairness import sentences
from web.i18n import mark
from web.pages.form import Form
from web.pages.reading import names, reader
from web.pages.render import page
from web.pages.reports import NEVER
from web.pages.saving import CSV, saved
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.reports.ahead import LONG
from web.reports.kept import Kept
from web.reports.outcomes import Report, as_csv, asked, report

DONE_NAMES = {
    "money": mark("money was given"), "in_kind": mark("something in kind was given"),
    "explained": mark("it was explained"), "nothing": mark("none of these"),
}  # fmt: skip
SPEED_NAMES = {
    "day": mark("within a day"), "days": mark("within three days"), "week": mark("within a week"),
    "longer": mark("later"),
}  # fmt: skip
PLACES = {
    "within": (mark("as chance would have it"), "good", "check"),
    "low": (mark("lower than expected"), "soon", "clock"),
    "high": (mark("higher than expected"), "soon", "clock"),
    "very_low": (mark("much lower than expected"), "late", "late"),
    "very_high": (mark("much higher than expected"), "late", "late"),
}
UNIT_NAMES = {"agent": mark("agents"), "team": mark("teams")}
KEPT: Kept[Report] = Kept(lambda found: found.closed >= LONG)
router = APIRouter(prefix="/reports")


@router.get("/outcomes")
def outcomes(request: Request, desk: Desk, me: Supervisor) -> Response:
    """The report, or what is wrong with the question."""
    viewer, given = Viewer.of(request), dict(request.query_params)
    form, found, status = Form("outcomes", {"zone": viewer.zone.key, **given}), None, 200
    try:
        question = asked(given, now=viewer.now, zone=viewer.zone.key)
        with reader(desk) as conn:
            found = _report(conn, question, named=bool(given.get("as_of")))
        form = form.with_values({"unit": question.unit, "of": question.of})
    except (BadBody, Invalid) as wrong:
        errors = wrong.errors if isinstance(wrong, BadBody) else (
            FieldError(wrong.field, str(wrong)),)  # fmt: skip
        said = {each.field: translated(each.message, viewer) for each in errors}
        form, status = form.with_errors(said, " ".join(said.values())), 422
    people = names(desk)
    return page(
        request, "reports/outcomes.html", viewer=viewer, status=status, form=form, found=found,
        measures=[(name, sentences.measure_name(name, viewer.say)) for name in COMPARED],
        units=[(name, viewer.say(words)) for name, words in UNIT_NAMES.items()],
        kinds=DONE_NAMES, speeds=SPEED_NAMES, places=PLACES,
        unit_name=lambda unit: people.get(unit, unit),
        measure=sentences.measure_name(found.question.of, viewer.say) if found else "",
        query=urlencode(_again(found.question)) if found else "",
    )  # fmt: skip


@router.get("/outcomes.csv")
def table(request: Request, desk: Desk, me: Supervisor, table: str = "what") -> Response:
    """One table for a spreadsheet."""
    return saved(as_csv(_asked(request, desk), table), CSV,
                 f"outcomes-{table}.csv")  # fmt: skip


@router.get("/outcomes.json")
def whole(request: Request, desk: Desk, me: Supervisor) -> Response:
    """Everything, for a program."""
    found = msgspec.json.encode(_asked(request, desk))
    return saved(found, "application/json", "outcomes.json")


def _asked(request: Request, desk: Desk) -> Report:
    viewer, given = Viewer.of(request), dict(request.query_params)
    question = asked(given, now=viewer.now, zone=viewer.zone.key)
    with reader(desk) as conn:
        return report(conn, question)


def _report(conn: sa.Connection, question: Question, *, named: bool) -> Report:
    """Of the instant that was named; else of one a short while ago, where the history is long."""
    if named:
        return report(conn, question)
    timeless = msgspec.json.encode(replace(question, as_of=NEVER))
    key = (conn.engine.url.render_as_string(), timeless)
    return KEPT.answer(key, lambda: report(conn, question))


def _again(question: Question) -> dict[str, str]:
    """The question as an address asks it, of the same instant."""
    days = {"from": question.since, "to": question.until}
    return {
        **{name: day.isoformat() for name, day in days.items() if day}, "zone": question.zone,
        "as_of": question.as_of.isoformat(), "unit": question.unit, "of": question.of,
    }  # fmt: skip
