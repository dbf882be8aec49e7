"""By which rules is somebody forgotten, and whom would they forget today? A supervisor's page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections import retention as due_people
from projections.retention import DuePerson
from recovery import retention
from recovery.errors import Invalid
from recovery.events import Keeping
from recovery.store import Conflict
from web.deps import Desk, Supervisor
from web.i18n import mark
from web.pages.acts import identity
from web.pages.form import Form, Sent
from web.pages.reading import raw, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/retention")
LISTED = 50
"""People of the preview that are named one by one."""
EXAMPLE = """[[rule]]
name = "redress"
keep = "6 years"
outcomes = ["upheld", "partly_upheld"]

[[rule]]
name = "the others"
keep = "3 years"
outcomes = ["not_upheld", "withdrawn", "out_of_scope"]
"""


@router.get("")
def overview(request: Request, desk: Desk, me: Supervisor) -> Response:
    """The rules in force and whom they forget next."""
    with reader(desk) as conn:
        rules = retention.rules_in_force(raw(conn))
    form = Form("retention", {"rules": retention.write(rules) or EXAMPLE})
    return _page(request, desk, form, rules, adopted=bool(rules))


@router.post("")
def adopt(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Preview the rules; put them in force when the preview was seen."""
    viewer, form = Viewer.of(request), Form.sent("retention", data)
    try:
        rules = retention.parse(form.value("rules"))
        if form.value("sure") == "1" and form.value("seen").isdecimal():
            retention.adopt(
                desk.store, rules, by=me.by, at=viewer.now, seen=int(form.value("seen")[:9]),
                command=identity(me.by, str(data.get("command") or ""), form),
            )  # fmt: skip
            return go("/retention?done=retention")
    except Invalid as wrong:
        return _page(request, desk, form.with_errors({"rules": translated(str(wrong), viewer)}), ())
    except Conflict:
        sentence = viewer.say(mark("Somebody changed the rules meanwhile. Look again."))
        return _page(request, desk, form.with_errors({"rules": sentence}), rules, tried=True)
    return _page(request, desk, form, rules, tried=True)


def _page(
    request: Request, desk: Runtime, form: Form, rules: tuple[Keeping, ...], *,
    adopted: bool = False, tried: bool = False,
) -> Response:  # fmt: skip
    viewer = Viewer.of(request)
    counts: dict[str, int] = {}
    people: list[DuePerson] = []
    if rules:
        with reader(desk) as conn:
            counts = due_people.counts(conn, rules, now=viewer.now)
            people = [
                person for person in due_people.due(conn, rules, now=viewer.now, limit=LISTED)
                if viewer.hidden.isdisjoint(person.complaints)
            ]  # fmt: skip
    return page(
        request, "people/retention.html", viewer=viewer, status=422 if form.failed else 200,
        form=form, rules=rules, due_by=counts, due=people, adopted=adopted, tried=tried,
        version=len(desk.store.records(retention.STREAM)),
    )  # fmt: skip
