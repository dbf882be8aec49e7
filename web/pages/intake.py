"""Somebody calls or stands at the counter: how is their complaint taken while they talk?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections.health import wait_for
from projections.lines import Line
from recovery import reference as references
from recovery.desk import reference_of
from recovery.errors import CommandReused, Invalid, NotFound, Refused
from recovery.events import Channel, DesiredOutcome
from recovery.store import Done
from recovery.vault import Contact
from web.accounts import User
from web.deps import Agent, Desk
from web.i18n import LANGUAGES
from web.pages.acts import SEVERITIES, identity, one_of
from web.pages.callers import open_complaints
from web.pages.complaint import failed
from web.pages.form import Form, Sent
from web.pages.reading import reader
from web.pages.render import go, page
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/complaints")
CHANNELS: tuple[Channel, ...] = ("phone", "counter", "letter", "email", "social", "third_party")
WISHES: tuple[DesiredOutcome, ...] = get_args(DesiredOutcome)
FOLDED = ("desired", "category", "product", "tier", "received_at", "address")
"""Fields that stay folded away until one of them has something to say."""
TIERS = ("standard", "plus", "premium", "vip")


@router.get("/new")
def blank(request: Request, me: Agent) -> Response:
    viewer = Viewer.of(request)
    suggested = {"channel": "phone", "language": viewer.language, "severity": "normal"}
    return _page(request, viewer, Form("intake", suggested))


@router.get("")
def again(me: Agent) -> Response:
    """Whoever loads the address of a refused form again gets an empty one."""
    return go("/complaints/new")


@router.post("")
def receive(request: Request, desk: Desk, me: Agent, data: Sent) -> Response:
    """Take the complaint; when it cannot be, show the form again with every word."""
    form, viewer = Form.sent("intake", data), Viewer.of(request)
    command = data.get("command")
    if callers := _callers(desk, me, form, command if isinstance(command, str) else ""):
        return _page(request, viewer, form, callers=callers, status=409)
    try:
        done = _receive(desk, me.by, form, viewer, command if isinstance(command, str) else "")
    except NotFound:
        wrong = Refused("No policy is in force for new complaints. A supervisor has to adopt one.")
        return _page(request, viewer, failed(form, wrong, viewer), status=422)
    except (Invalid, Refused, CommandReused) as wrong:
        return _page(request, viewer, failed(form, wrong, viewer), status=422)
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go(f"/complaints/{references.show(reference_of(done))}?done=received")


def _receive(desk: Runtime, by: str, form: Form, viewer: Viewer, command: str) -> Done:
    return desk.desk.receive(
        by=by, at=_received_at(form, viewer), description=form.value("description"),
        subject=form.value("subject"), contact=_contact(form),
        channel=one_of(form, "channel", CHANNELS, "Choose how the complaint reached us."),
        language=one_of(form, "language", LANGUAGES, "Choose the complainant's language."),
        severity=one_of(form, "severity", SEVERITIES, "Choose how severe it is."),
        category=form.value("category"), product=form.value("product"), tier=form.value("tier"),
        desired_outcomes=[wish for wish in WISHES if form.has("desired", wish)],
        command=identity(by, command, form),
    )  # fmt: skip


def _callers(desk: Runtime, me: User, form: Form, command: str) -> list[Line]:
    """What the person has open, unless it was answered already that this is something else."""
    meant = identity(me.by, command, form)
    if form.has("known", "yes") or (meant and desk.store.done(meant)):
        return []
    return open_complaints(desk, _contact(form), me)


def _contact(form: Form) -> Contact:
    return Contact(
        name=form.value("name"), email=form.value("email").strip(),
        phone=form.value("phone").strip(), address=form.value("address"),
    )  # fmt: skip


def _received_at(form: Form, viewer: Viewer) -> datetime:
    """When it arrived: now, or earlier where a letter lay unopened; never later."""
    typed = form.value("received_at").strip()
    if not typed:
        return viewer.now
    try:
        at = datetime.fromisoformat(typed).replace(tzinfo=viewer.zone)
    except ValueError:
        raise Invalid(
            "This is not a day and time (write it like 2026-03-02T09:00).", field="received_at"
        ) from None
    if at > viewer.now:
        raise Invalid("A complaint cannot arrive in the future.", field="received_at")
    return at


def _page(
    request: Request, viewer: Viewer, form: Form, *, status: int = 200,
    callers: Sequence[Line] = (),
) -> Response:  # fmt: skip
    """`callers`: what the person has open already, asked about before a second one is made."""
    return page(
        request, "intake.html", viewer=viewer, status=status, form=form, channels=CHANNELS,
        callers=callers,
        severities=SEVERITIES, wishes=WISHES, tiers=TIERS,
        more=form.value("severity") != "normal"
        or any(form.value(field) or form.wrong(field) for field in FOLDED),
    )  # fmt: skip
