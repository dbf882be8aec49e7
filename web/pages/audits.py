"""How fairly were complaints treated: ask, read the answer, look behind it, sign it off."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from projections import audits, fairness_names, standing
from projections.fairness_measures import KEPT, MEASURES
from projections.fairness_names import Known
from projections.fairness_statement import ATTRIBUTE, DIMENSIONS
from recovery import auditrun
from recovery.errors import Invalid
from web.deps import Desk, Supervisor
from web.errors import BadBody, FieldError
from web.fairness import running, sentences
from web.fairness.asking import NAMES, asked
from web.i18n import mark
from web.pages.entries import who
from web.pages.form import Form, Sent
from web.pages.reading import names, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.standing import what
from web.pages.viewer import Viewer
from web.runtime import Runtime

MOST_LOOKED_AT = 200
"""Complaints behind a figure that are shown at once."""
WRITE_A_FILTER = mark("Write a filter like channel=email.")
router = APIRouter(prefix="/audits")


class Line(msgspec.Struct, frozen=True):
    """One audit in the list."""

    run: audits.Run
    what: str
    by: str


@router.get("")
def asking(request: Request, desk: Desk, me: Supervisor) -> Response:
    """Ask, or read what was asked before."""
    return _ask(request, desk, Form("audit", dict(request.query_params)))


@router.post("")
def ask(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Run the audit and put it on record."""
    viewer, form = Viewer.of(request), Form.sent("audit", data)
    try:
        question = asked(_given(form), now=viewer.now, zone=viewer.zone.key)
        done = running.run(desk, question, by=me.by, at=viewer.now)
    except BadBody as wrong:
        said = {each.field: translated(each.message, viewer) for each in wrong.errors}
        return _ask(request, desk, form.with_errors(said, _elsewhere(said)))
    except Invalid as wrong:
        said = {wrong.field: translated(str(wrong), viewer)}
        return _ask(request, desk, form.with_errors(said, _elsewhere(said)))
    return go(f"/audits/{auditrun.id_of(done)}")


# ---------------------------------------------------------------- asking


def _ask(request: Request, desk: Runtime, form: Form) -> Response:
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        known = fairness_names.known(conn)
        runs = audits.latest(conn)
        findings = standing.findings(conn)
    people = names(desk)
    return page(
        request, "audits/ask.html", viewer=viewer, status=422 if form.failed else 200, form=form,
        measures=_measures(known, viewer), groups=_groups(known, viewer), tables=known.tables,
        findings=[(id, what(question, viewer)) for id, question in findings],
        runs=[Line(run, what(run.question, viewer), who(run.by, people, viewer)) for run in runs],
    )  # fmt: skip


def _given(form: Form) -> dict[str, str]:
    """The question of the form; the filter is one line such as channel=email."""
    given = {name: form.value(name) for name in NAMES if form.value(name)}
    given["stratify"] = ",".join(each for each in form.values("stratify") if each)
    where = form.value("where").strip()
    for each in filter(None, (part.strip() for part in where.split(";"))):
        name, equals, value = each.partition("=")
        if not equals:
            raise BadBody((FieldError("where", WRITE_A_FILTER),))
        given[name.strip()] = value.strip()
    return given


def _elsewhere(said: Mapping[str, str]) -> str:
    """What is wrong with something that has no field of its own."""
    fields = (*NAMES, "where")
    return " ".join(sentence for field, sentence in said.items() if field not in fields)


def _measures(known: Known, viewer: Viewer) -> list[tuple[str, str]]:
    asked_for = (*MEASURES, *(KEPT + clock for clock in known.clocks))
    return [(name, sentences.measure_name(name, viewer.say)) for name in asked_for]


def _groups(known: Known, viewer: Viewer) -> list[tuple[str, str]]:
    columns = [
        (f"{column}_tercile" if numeric else column,
         viewer.say(mark("Area: %(column)s") if not numeric else
                    mark("Area: %(column)s, in thirds")) % {"column": column.replace("_", " ")})
        for each in known.tables for column, numeric in each.columns.items()
    ]  # fmt: skip
    return [
        *((name, sentences.dimension_name(name, viewer.say)) for name in DIMENSIONS),
        *((ATTRIBUTE + name, sentences.dimension_name(ATTRIBUTE + name, viewer.say))
          for name in known.attributes),
        *columns,
    ]  # fmt: skip
