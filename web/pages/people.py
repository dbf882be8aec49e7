"""What do we keep of a person, and how is it handed over or forgotten? A supervisor's pages."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from projections.health import wait_for
from recovery import forgotten, holds
from recovery.belongings import Belongings
from recovery.errors import Invalid, Refused
from recovery.forgetter import REASONS, Forgetter
from recovery.forgetting import known
from recovery.holds import Hold
from recovery.reference import show
from recovery.vault import Contact, Words
from web.deps import Desk, Supervisor
from web.forgetting import export
from web.forgetting.finding import Case, cases, find, first, mentions
from web.i18n import mark
from web.pages.acts import identity, one_of
from web.pages.form import Form, Sent
from web.pages.reading import names, opened, papers, raw, reader, title
from web.pages.render import go, page
from web.pages.saving import disposition
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/people")
LATELY = 20
"""Who was forgotten last."""
Person = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the page shows them."""

    complainant: str
    contact: Contact | None
    cases: list[Case]
    titles: dict[str, str]
    found: Belongings
    mentions: list[str]
    holds: list[tuple[Hold, str]]
    """With why each was placed."""


@router.get("")
def people(
    request: Request, desk: Desk, me: Supervisor, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Look somebody up; below it, who was forgotten last."""
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        gone = forgotten.lately(raw(conn), LATELY)
    return page(
        request, "people/list.html", viewer=viewer, q=q, gone=gone, people=names(desk),
        found=find(desk, q, viewer, hidden=me.hidden), form=Form("people", {"q": q}),
    )  # fmt: skip


@router.get("/{complainant}")
def person(request: Request, desk: Desk, me: Supervisor, complainant: Person) -> Response:
    """Everything that is theirs, and what can be done with it."""
    return _page(request, desk, complainant)


@router.get("/{complainant}/export.zip")
def handed_over(request: Request, desk: Desk, me: Supervisor, complainant: Person) -> Response:
    """All of it, for them."""
    viewer = Viewer.of(request)
    taken = export.take(desk, known(desk.store, desk.vault, complainant), at=viewer.now)
    name = f"{viewer.now:%Y-%m-%d} {taken.contacts[0].name if taken.contacts else complainant}.zip"
    return Response(
        export.written(taken, viewer), media_type="application/zip",
        headers={"Content-Disposition": disposition(name)},
    )  # fmt: skip


@router.get("/{complainant}/forgetting")
def back(me: Supervisor, complainant: Person) -> Response:
    """Whoever loads the address of the last look again gets the person."""
    return go(f"/people/{complainant}")


@router.post("/{complainant}/forgetting")
def forget(
    request: Request, desk: Desk, me: Supervisor, complainant: Person, data: Sent
) -> Response:
    """First show what would go; forget it when that was seen and nothing came meanwhile."""
    viewer, form = Viewer.of(request), Form.sent("forget", data)
    try:
        reason = one_of(form, "reason", REASONS, mark("Choose why."))
    except Invalid as wrong:
        errors = {"reason": translated(str(wrong), viewer)}
        return _page(request, desk, complainant, form.with_errors(errors))
    shown = _shown(desk, complainant, viewer)
    digest = _digest(shown.found)
    seen = form.value("shown")
    if form.value("sure") != "1" or seen != digest:
        changed = form.value("sure") == "1"
        return page(
            request, "people/sure.html", viewer=viewer, status=422 if changed else 200, her=shown,
            reason=reason, digest=digest, changed=changed,
        )  # fmt: skip
    try:
        done = Forgetter(desk.store, desk.vault).forget(
            complainant, by=me.by, at=viewer.now, reason=reason,
            command=identity(me.by, str(data.get("command") or ""), form),
        )  # fmt: skip
    except Refused as refusal:
        sentence = translated(str(refusal), viewer)
        return _page(request, desk, complainant, form.with_errors({}, refusal=sentence))
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go("/people?done=forgetting")


def _page(request: Request, desk: Runtime, complainant: str, form: Form | None = None) -> Response:
    viewer = Viewer.of(request)
    form = form or Form("forget")
    return page(
        request, "people/person.html", viewer=viewer, status=422 if form.failed else 200,
        her=_shown(desk, complainant, viewer), form=form, reasons=REASONS,
    )  # fmt: skip


def _shown(desk: Runtime, complainant: str, viewer: Viewer) -> Shown:
    found = known(desk.store, desk.vault, complainant)
    with reader(desk) as conn:
        theirs = cases(conn, [complainant])
        wanted = [each for case in theirs for each in (case.contact, case.words)]
        read = papers(conn, desk, wanted, viewer)
        held = holds.covering(raw(conn), found, at=viewer.now)
        reasons = holds.reasons(raw(conn), desk.vault, held)
    contact = first(opened(read, case.contact, Contact) for case in theirs)
    return Shown(
        complainant=complainant, contact=contact, cases=theirs, found=found,
        holds=[(hold, reasons.get(hold.hold, "")) for hold in held],
        titles={case.reference: title(opened(read, case.words, Words)) for case in theirs},
        mentions=[show(each) for each in mentions(desk, contact, complainant, viewer)],
    )  # fmt: skip


def _digest(found: Belongings) -> str:
    """By it a form says what somebody saw before they were sure."""
    seen: Any = [found.counts, found.complaints, found.papers_elsewhere, found.messages]
    return hashlib.sha256(msgspec.json.encode(seen)).hexdigest()
