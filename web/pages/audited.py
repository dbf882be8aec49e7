"""One audit: what does it say, is it so still, who looked behind it, signed it or was sent it?"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from msgspec.structs import replace
from starlette.responses import Response

from projections import deliveries, fairness_counts, fairness_names
from recovery import auditrun
from recovery import reference as references
from recovery.errors import Forbidden, Invalid, Refused, Stale
from recovery.fairness.records import Question
from web.deps import Desk, Supervisor
from web.fairness import repeating, sentences, sheet, telling
from web.fairness.asking import NAMES, written
from web.fairness.repeating import Repeat
from web.fairness.stored import Audit, audit, is_shown
from web.i18n import mark
from web.pages.acts import identity
from web.pages.entries import who
from web.pages.form import Form, Sent
from web.pages.reading import names, papers, reader
from web.pages.render import go, page
from web.pages.saving import CSV, saved
from web.pages.viewer import Viewer
from web.runtime import Runtime

MOST_LOOKED_AT = 200
"""Complaints behind a figure that are shown at once."""
WRITE_A_FILTER = mark("Write a filter like channel=email.")
router = APIRouter(prefix="/audits")


@router.get("/{id}")
def one(request: Request, desk: Desk, me: Supervisor, id: str) -> Response:
    """The answer: the sentence, the picture, the tables, what has to be known."""
    return _one(request, desk, audit(desk.store, id))


@router.get("/{id}/table.csv")
def table(
    desk: Desk, me: Supervisor, id: str, name: Annotated[str, Query(max_length=40)] = "groups"
) -> Response:
    """One table for a spreadsheet."""
    found = audit(desk.store, id)
    return saved(telling.as_csv(found, name), CSV,
                 telling.file_name(found, name) + ".csv")  # fmt: skip


@router.get("/{id}/result.json")
def result(desk: Desk, me: Supervisor, id: str) -> Response:
    """Everything, as the API gives it."""
    found = audit(desk.store, id)
    return saved(telling.as_bytes(found), "application/json",
                 telling.file_name(found, "result") + ".json")  # fmt: skip


@router.get("/{id}/paper.pdf")
def paper(request: Request, desk: Desk, me: Supervisor, id: str) -> Response:
    """The same on paper; where the system lacks what that needs, a sentence."""
    from web.fairness.paper import pdf

    viewer, found = Viewer.of(request), audit(desk.store, id)
    with reader(desk) as conn:
        words = papers(conn, desk, sheet.papers(found), viewer)
    return saved(pdf(sheet.on_paper(found, viewer, names(desk), words)), "application/pdf",
                 telling.file_name(found, "paper") + ".pdf")  # fmt: skip


@router.post("/{id}/copies")
def pass_on(request: Request, desk: Desk, me: Supervisor, id: str, data: Sent) -> Response:
    """Send the paper to a colleague who may read audits."""
    viewer, form = Viewer.of(request), Form.sent("copy", data)
    found = audit(desk.store, id)
    command = identity(me.by, str(data.get("command", "")), form)
    try:
        to = desk.accounts.named(form.value("to"))
        if not to.may("supervisor"):
            raise Invalid("Audits are for supervisors. Choose one of them.", field="to")
        auditrun.pass_on(desk.store, id, to=to.by, by=me.by, at=viewer.now, command=command)
    except (Invalid, Refused, Stale) as wrong:
        return _one(request, desk, found, form=form.refused(wrong, viewer))
    return go(f"/audits/{id}?done=copy")


@router.post("/{id}/repetition")
def repeat(request: Request, desk: Desk, me: Supervisor, id: str) -> Response:
    """Ask again as of the same instant, and say whether it is the same."""
    found = audit(desk.store, id)
    return _one(request, desk, found, repeated=repeating.repeat(desk, found))


@router.post("/{id}/signature")
def sign(request: Request, desk: Desk, me: Supervisor, id: str, data: Sent) -> Response:
    """Take note of the answer, and say what follows."""
    viewer, form = Viewer.of(request), Form.sent("signature", data)
    try:
        auditrun.sign_off(
            desk.store, desk.vault, id, comment=form.value("comment"),
            follow_up=form.value("follow_up"), by=me.by, at=viewer.now,
            command=identity(me.by, str(data.get("command", "")), form),
        )  # fmt: skip
    except (Invalid, Refused, Stale) as wrong:
        return _one(request, desk, audit(desk.store, id), form=form.refused(wrong, viewer))
    return go(f"/audits/{id}?done=signature")


@router.post("/{id}/complaints")
def look_into(request: Request, desk: Desk, me: Supervisor, id: str, data: Sent) -> Response:
    """The complaints behind a figure; who looked is put on record."""
    viewer, form, found = Viewer.of(request), Form.sent("look", data), audit(desk.store, id)
    if not desk.settings.may_look_into_audits(me.email):
        raise Forbidden("Looking at the complaints behind an audit is not among your rights.")
    group, stratum = form.value("group"), form.value("stratum")
    if not is_shown(found.answer, group, stratum):
        raise Refused("This figure is not shown, and neither are the complaints behind it.")
    with reader(desk) as conn:
        question = found.question if stratum else replace(found.question, strata=())
        known = fairness_names.known(conn, pinned=found.ran.areas)
        asked_for = fairness_counts.resolve(question, known)
        rows = fairness_counts.listed(
            conn, question, asked_for, group=group, stratum=stratum, most=MOST_LOOKED_AT
        )
    auditrun.look_into(
        desk.store, id, group=group, stratum=stratum, complaints=len(rows), by=me.by, at=viewer.now
    )
    return page(
        request, "audits/complaints.html", viewer=viewer, audit=found, group=group,
        stratum=sentences.stratum_name(stratum, found.question, viewer.say), most=MOST_LOOKED_AT,
        title=sentences.measure_name(found.question.measure, viewer.say),
        group_name=sentences.group_name(group, found.answer, found.question, viewer.say),
        rows=[(references.show(reference), state == fairness_counts.YES)
              for reference, state, _ in rows if reference not in me.hidden],
    )  # fmt: skip


@router.get("/{id}/{act}")
def back(me: Supervisor, id: str, act: str) -> Response:
    """Whoever loads the address of a form again gets the audit."""
    return go(f"/audits/{id}")


# ---------------------------------------------------------------- one audit


def _one(
    request: Request, desk: Runtime, found: Audit, *, form: Form | None = None,
    repeated: Repeat | None = None,
) -> Response:  # fmt: skip
    viewer, people = Viewer.of(request), names(desk)
    with reader(desk) as conn:
        words = papers(conn, desk, sheet.papers(found), viewer)
        copies = _copies(conn, found, people, viewer)
    return page(
        request, "audits/one.html", viewer=viewer, status=422 if form and form.failed else 200,
        **sheet.values(found, viewer, people, words), copies=copies,
        repeated=repeated, why=repeating.why(repeated, viewer.say) if repeated else (),
        colleagues=[each for each in desk.accounts.users() if each.may("supervisor")],
        again="/audits?" + urlencode(_again(found.question)), form=form or Form("signature"),
        may_look=desk.settings.may_look_into_audits(
            viewer.session.user.email if viewer.session else ""
        ),
    )  # fmt: skip


def _copies(
    conn: sa.Connection, found: Audit, people: dict[str, str], viewer: Viewer
) -> list[tuple[str, str, datetime]]:
    """To whom it was sent, how far the letter came, and since when."""
    states = deliveries.states(conn, [sent.delivery for sent in found.passed_on])
    return [
        (who(sent.to, people, viewer), states.get(sent.delivery, "owed"), sent.at)
        for sent in found.passed_on
    ]


def _again(question: Question) -> dict[str, str]:
    """The question as the form asks it; filters are one line there."""
    given = {name: value for name, value in written(question).items() if name in NAMES}
    where = "; ".join(f"{name}={value}" for name, value in question.filters.items())
    return given | ({"where": where} if where else {})
