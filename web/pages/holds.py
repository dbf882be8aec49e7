"""What must be kept because of a dispute, why, and until when? A supervisor's page."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from projections import concerned
from recovery import holds
from recovery.errors import Invalid, NotFound, Refused
from recovery.holds import KINDS, Hold, Holds
from recovery.reference import show
from web.deps import Desk, Supervisor
from web.i18n import mark
from web.pages.acts import identity, one_of
from web.pages.form import Form, Sent
from web.pages.reading import names, raw, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/holds")


HoldId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One hold as the list shows it."""

    hold: Hold
    subject: str
    address: str
    reason: str
    live: bool


@router.get("")
def overview(
    request: Request, desk: Desk, me: Supervisor, kind: str = "complaint", subject: str = ""
) -> Response:
    """Every hold, those in force first, and the form for one more."""
    return _page(request, desk, Form("hold", {"kind": kind[:20], "subject": subject[:100]}))


@router.post("")
def place(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Forbid forgetting of one complaint, person or matter."""
    viewer, form = Viewer.of(request), Form.sent("hold", data)
    try:
        kind = one_of(form, "kind", KINDS, mark("Choose what it is about."))
        Holds(desk.store, desk.vault).place(
            kind=kind, subject=form.value("subject").strip(), reason=form.value("reason"),
            until=_day(form.value("until")), by=me.by, at=viewer.now,
            zone=desk.settings.time_zone,
            command=identity(me.by, str(data.get("command") or ""), form),
        )  # fmt: skip
    except Invalid as wrong:
        field = wrong.field if wrong.field in ("kind", "reason", "until") else "subject"
        return _page(request, desk, form.with_errors({field: translated(str(wrong), viewer)}))
    except NotFound as wrong:
        return _page(request, desk, form.with_errors({"subject": translated(str(wrong), viewer)}))
    return go("/holds?done=hold")


@router.post("/{hold}/end")
def end(request: Request, desk: Desk, me: Supervisor, hold: HoldId) -> Response:
    """The dispute is over."""
    viewer = Viewer.of(request)
    try:
        Holds(desk.store, desk.vault).end(hold, by=me.by, at=viewer.now)
    except Refused as refusal:
        form = Form("hold").with_errors({}, refusal=translated(str(refusal), viewer))
        return _page(request, desk, form)
    return go("/holds?done=hold-end")


def _page(request: Request, desk: Runtime, form: Form) -> Response:
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        unnamed = concerned.unnamed(raw(conn), viewer.hidden)
        found = [hold for hold in holds.holds(raw(conn)) if hold.subject not in unnamed]
        reasons = holds.reasons(raw(conn), desk.vault, found)
    rows = [_row(hold, reasons, viewer) for hold in reversed(found)]
    return page(
        request, "people/holds.html", viewer=viewer, status=422 if form.failed else 200,
        form=form, kinds=KINDS, live=[row for row in rows if row.live],
        over=[row for row in rows if not row.live], people=names(desk),
    )  # fmt: skip


def _row(hold: Hold, reasons: dict[str, str], viewer: Viewer) -> Row:
    address = {
        "complaint": f"/complaints/{show(hold.subject)}", "person": f"/people/{hold.subject}",
    }.get(hold.kind, "")  # fmt: skip
    subject = {"complaint": show(hold.subject), "person": f"{hold.subject[:8]}…"}
    return Row(
        hold=hold, subject=subject.get(hold.kind, hold.subject), address=address,
        reason=reasons.get(hold.hold, ""), live=hold.in_force(viewer.now),
    )  # fmt: skip


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        raise Invalid(
            "This is not a day (write it like 2026-03-31).", field="until"
        ) from None  # fmt: skip
