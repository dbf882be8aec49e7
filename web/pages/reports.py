"""How did we keep our promises of time, and how old is what is open?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Request
from msgspec.structs import replace
from starlette.responses import Response

from projections import sla
from projections.sla import Group, Question, Report
from projections.sla_statement import ATTRIBUTE, DIMENSIONS, PERIODS
from web.deps import Desk, Supervisor
from web.errors import BadBody
from web.i18n import mark
from web.pages.figures import FIGURES
from web.pages.form import Form
from web.pages.reading import names, reader
from web.pages.render import page
from web.pages.saving import CSV, saved
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.pages.words import LABELS, labeller
from web.reports import ahead, knowing
from web.reports.asking import NAMES, asked, written
from web.reports.kept import Kept
from web.reports.telling import TABLES, as_csv, file_name, scopes
from web.runtime import Runtime

FIELDS = ("from", "to", "by", "zone", "as_of", "known_at")
"""What stands on the form; what is wrong elsewhere is said above it."""
FINER = {"year": "month", "quarter": "month", "month": "day", "week": "day"}
"""What a period is divided by when somebody looks closer."""
NEVER = datetime.min.replace(tzinfo=UTC)
KEPT: Kept[Report] = Kept(lambda report: report.all.received >= ahead.LONG)
router = APIRouter(prefix="/reports")


class Part(msgspec.Struct, frozen=True):
    """One group on the page: its name in words, and where one looks closer."""

    name: str
    closer: str
    group: Group


class Chip(msgspec.Struct, frozen=True):
    """A filter that is on, or a period that one may choose."""

    words: str
    address: str
    on: bool = False


@router.get("/sla")
def sla_report(request: Request, desk: Desk, me: Supervisor) -> Response:
    """The report, or what is wrong with the question."""
    viewer, given = Viewer.of(request), dict(request.query_params)
    form = Form("sla", {"zone": viewer.zone.key, **given})
    report, status = None, 200
    with reader(desk) as conn:
        attributes = sla.attributes(conn)
        try:
            question = asked(given, now=viewer.now, zone=viewer.zone.key)
            report = _report(desk, conn, question, given, now=viewer.now)
            form = _form(question, given)
        except BadBody as wrong:
            said = {each.field: translated(each.message, viewer) for each in wrong.errors}
            elsewhere = [sentence for field, sentence in said.items() if field not in FIELDS]
            form, status = form.with_errors(said, " ".join(elsewhere)), 422
    people = names(desk) if report else {}
    return page(
        request, "reports/sla.html", viewer=viewer, status=status, form=form, report=report,
        divisions=_divisions(attributes, viewer), parts=_parts(report, given, people, viewer),
        filters=_filters(given, people, viewer), periods=_periods(given, viewer),
        kept_on={name: given[name] for name in given if name not in NAMES},
        tables={
            name: _file(report.question, name, given.get("known_at", "")) for name in TABLES
        } if report else {},
        whole=_is_whole(given), **FIGURES,
    )  # fmt: skip


def _report(
    desk: Runtime, conn: sa.Connection, question: Question, given: Mapping[str, str], *,
    now: datetime,
) -> Report:  # fmt: skip
    """Of the instant that was named; else of one a short while ago, where the history is long."""
    if given.get("as_of") or given.get("known_at"):
        return knowing.report(desk, conn, question, given, now=now)
    if report := ahead.recent(conn, question):
        return report
    timeless = msgspec.json.encode(replace(question, as_of=NEVER))
    where = conn.engine.url.render_as_string()
    return KEPT.answer((where, timeless), lambda: sla.report(conn, question))


@router.get("/sla.csv")
def sla_file(request: Request, desk: Desk, me: Supervisor, table: str = "promises") -> Response:
    """One table of the report for a spreadsheet."""
    viewer = Viewer.of(request)
    given = {name: value for name, value in request.query_params.items() if name != "table"}
    with reader(desk) as conn:
        question = asked(given, now=viewer.now, zone=viewer.zone.key)
        report = knowing.report(desk, conn, question, given, now=viewer.now)
    return saved(as_csv(report, table), CSV, file_name(report, table))


# ---------------------------------------------------------------- what one may ask next


def _form(question: Question, given: Mapping[str, str]) -> Form:
    """The question as it was understood, with the days of a period written out."""
    days = {"from": question.since, "to": question.until}
    return Form("sla", {
        **given, "zone": question.zone,
        **{name: day.isoformat() for name, day in days.items() if day},
    })  # fmt: skip


def _divisions(attributes: list[str], viewer: Viewer) -> list[tuple[str, str]]:
    label = labeller(viewer.language)
    known = [(name, label("by", name)) for name in (*PERIODS, *DIMENSIONS)]
    return known + [(ATTRIBUTE + name, _dimension(ATTRIBUTE + name, viewer)) for name in attributes]


def _dimension(name: str, viewer: Viewer) -> str:
    label = labeller(viewer.language)
    if not name.startswith(ATTRIBUTE):
        return label("by", name)
    return viewer.say("Attribute: %(name)s") % {"name": label("", name.removeprefix(ATTRIBUTE))}


def _value(name: str, value: str, people: Mapping[str, str], viewer: Viewer) -> str:
    """A value of a dimension in words."""
    if not value:
        return viewer.say("none given")
    if name == "agent":
        return people.get(value, value)
    if name in LABELS:
        return labeller(viewer.language)(name, value)
    return value


def _parts(
    report: Report | None, given: Mapping[str, str], people: Mapping[str, str], viewer: Viewer
) -> list[Part]:
    if report is None:
        return []
    by = report.question.by
    found = []
    for scope, group in scopes(report):
        if scope == "group":
            words = _value(by, group.name, people, viewer)
            found.append(Part(words, _closer(given, by, group.name), group))
        else:
            words = mark("All") if scope == "all" else mark("All others")
            found.append(Part(viewer.say(words), "", group))
    return found


def _closer(given: Mapping[str, str], by: str, name: str) -> str:
    """The same report of one group alone."""
    kept = {key: value for key, value in given.items() if key != "by"}
    if by not in PERIODS:
        return _address({**kept, by: name})
    for key in ("from", "to", "period"):
        kept.pop(key, None)
    if by == "day":
        return _address({**kept, "from": name, "to": name})
    return _address({**kept, "period": name, "by": FINER[by]})


def _filters(given: Mapping[str, str], people: Mapping[str, str], viewer: Viewer) -> list[Chip]:
    """The filters that are on; each leads to the report without it."""
    return [
        Chip(
            f"{_dimension(name, viewer)}: {_value(name, value, people, viewer)}",
            _address({key: each for key, each in given.items() if key != name}), on=True,
        )
        for name, value in given.items() if name not in NAMES
    ]  # fmt: skip


def _periods(given: Mapping[str, str], viewer: Viewer) -> list[Chip]:
    """Stretches of time that are often asked for."""
    today = viewer.today
    before = today.replace(day=1) - timedelta(days=1)
    quarter = (today.month + 2) // 3
    year, last = (today.year, quarter - 1) if quarter > 1 else (today.year - 1, 4)
    wanted = {
        mark("All time"): "", mark("This month"): f"{today:%Y-%m}",
        mark("Last month"): f"{before:%Y-%m}", mark("This quarter"): f"{today.year}-Q{quarter}",
        mark("Last quarter"): f"{year}-Q{last}", mark("This year"): f"{today.year}",
    }  # fmt: skip
    kept = {key: value for key, value in given.items() if key not in ("from", "to", "period")}
    chosen = given.get("period", "") if not (given.get("from") or given.get("to")) else None
    return [
        Chip(
            viewer.say(words), _address({**kept, "period": period} if period else kept),
            on=period == chosen,
        )
        for words, period in wanted.items()
    ]  # fmt: skip


def _address(asked_for: Mapping[str, str]) -> str:
    return "/reports/sla" + ("?" + urlencode(asked_for) if asked_for else "")


def _file(question: Question, table: str, known_at: str) -> str:
    """The very figures of the page: as of the same instant."""
    asked_for = {"table": table, **written(question)}
    return "/reports/sla.csv?" + urlencode(asked_for | ({"known_at": known_at} if known_at else {}))


def _is_whole(given: Mapping[str, str]) -> bool:
    """Whether the report is of everything and of now, as the queue is."""
    return not any(value for name, value in given.items() if name not in ("by", "zone"))
