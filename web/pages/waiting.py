"""Which mail waits for a person, why, and what can they do about it?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from projections.health import wait_for
from recovery import reference as references
from recovery import text as texts
from recovery.errors import Invalid, NotFound, Refused
from recovery.mailbox import SettledAlready
from recovery.maillist import Mail
from recovery.vault import VaultError
from web.deps import Agent, Desk
from web.mail.intake import Intake
from web.mail.reading import Understood
from web.pages.complaint import failed
from web.pages.form import Form, Sent
from web.pages.mail import LETTER_POLICY
from web.pages.reading import reader
from web.pages.render import go, page
from web.pages.viewer import Viewer
from web.pages.words import labeller
from web.runtime import Runtime

router = APIRouter(prefix="/mail/waiting")
MOST = 50
"""Messages on the page, and put aside at once."""
REASONS = ("advertising", "not_for_us", "answered_already", "empty")
SHOWN = 20_000
"""Characters of a message on the page; all of it is in the original."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One message of the list; `message` is None where it cannot be read any more."""

    mail: Mail
    message: Understood | None
    reason: str
    reference: str


@router.get("")
def waiting(request: Request, desk: Desk, me: Agent) -> Response:
    """Everything that waits, oldest first."""
    viewer, intake = Viewer.of(request), intake_of(desk, Viewer.of(request))
    lines = [
        line_of(intake, mail, viewer)
        for mail in desk.mailbox.waiting(limit=MOST)
        if mail.reference not in me.hidden
    ]
    return page(request, "waiting.html", viewer=viewer, lines=lines, reasons=REASONS)


@router.post("/discarding")
def discard_several(request: Request, desk: Desk, me: Agent, data: Sent) -> Response:
    """Put aside every message that was chosen, for one reason; one that changed stays."""
    viewer, reason = Viewer.of(request), _reason(str(data.get("reason") or ""))
    intake = intake_of(desk, viewer)
    for chosen in data.getlist("mail")[:MOST]:
        with suppress(SettledAlready, Refused, NotFound):
            intake.discard(desk.mailbox.find(str(chosen)), by=me.by, reason=reason)
    return go("/mail/waiting?done=mail")


@router.get("/{mail}")
def message(request: Request, desk: Desk, me: Agent, mail: str) -> Response:
    """One message, read safely, and what can be done with it."""
    found = desk.mailbox.find(mail)
    return _page(request, desk, found, Form("waiting", {"reference": _shown(found.reference)}))


@router.get("/{mail}/html")
def html(request: Request, desk: Desk, me: Agent, mail: str) -> Response:
    """The message as it looked to whoever wrote it, for a frame that lets it do nothing."""
    found = _read(intake_of(desk, Viewer.of(request)), desk.mailbox.find(mail))
    return HTMLResponse(
        found.words.html if found else "", headers={"Content-Security-Policy": LETTER_POLICY}
    )


@router.post("/{mail}/{act}")
def carry_out(
    request: Request, desk: Desk, me: Agent, mail: str, act: str,
    data: Sent,
) -> Response:  # fmt: skip
    """Do what a person decided about the message."""
    if act not in ACTS:
        raise HTTPException(404)
    viewer, found, form = Viewer.of(request), desk.mailbox.find(mail), Form.sent("waiting", data)
    try:
        reference = ACTS[act](desk, found, form, viewer, me.by)
    except SettledAlready:
        again = failed(form, Refused("Somebody else has settled this message."), viewer)
        return _page(request, desk, desk.mailbox.find(mail), again, status=409)
    except (Invalid, Refused, NotFound) as wrong:
        told = wrong if isinstance(wrong, Invalid | Refused) else Refused(str(wrong))
        return _page(request, desk, found, failed(form, told, viewer), status=422)
    with reader(desk) as conn:
        wait_for(conn, desk.store.head())
    return go(f"/complaints/{_shown(reference)}" if reference else "/mail/waiting?done=mail")


# ---------------------------------------------------------------- acts


def _retry(desk: Runtime, mail: Mail, form: Form, viewer: Viewer, by: str) -> str:
    desk.mailbox.retry(mail, at=viewer.now)
    taken = desk.mailbox.take_up(mail.mail, now=viewer.now)
    settled = intake_of(desk, viewer).settle(taken) if taken else None
    return settled.reference if settled and settled.state == "done" else ""


def _complaint(desk: Runtime, mail: Mail, form: Form, viewer: Viewer, by: str) -> str:
    return intake_of(desk, viewer).make_complaint(mail, by=by).reference


def _case(desk: Runtime, mail: Mail, form: Form, viewer: Viewer, by: str) -> str:
    reference = references.parse(form.value("reference"))
    return intake_of(desk, viewer).attach(mail, reference, by=by).reference


def _discard(desk: Runtime, mail: Mail, form: Form, viewer: Viewer, by: str) -> str:
    intake_of(desk, viewer).discard(mail, by=by, reason=_reason(form.value("reason")))
    return ""


def _reason(given: str) -> str:
    """Why a message is put aside; raises Invalid."""
    reason = texts.required(
        given, field="reason", sentence="Say why it leads to nothing.", limit=100
    )
    return texts.code(reason, field="reason")


ACTS: dict[str, Callable[[Runtime, Mail, Form, Viewer, str], str]] = {
    "retry": _retry, "complaint": _complaint, "case": _case, "discard": _discard,
}  # fmt: skip


# ---------------------------------------------------------------- showing


def _page(
    request: Request, desk: Runtime, mail: Mail, form: Form, *, status: int = 200
) -> Response:
    viewer = Viewer.of(request)
    line = line_of(intake_of(desk, viewer), mail, viewer)
    return page(
        request, "waiting-message.html", viewer=viewer, status=status, shown=line, form=form,
        words=line.message.words.plain[:SHOWN] if line.message else "",
        reasons=REASONS,
    )  # fmt: skip


def line_of(intake: Intake, mail: Mail, viewer: Viewer) -> Line:
    code = "error" if mail.reason.startswith("error_") else mail.reason
    return Line(
        mail=mail, message=_read(intake, mail), reference=_shown(mail.reference),
        reason=labeller(viewer.language)("held", code) if code else "",
    )  # fmt: skip


def _read(intake: Intake, mail: Mail) -> Understood | None:
    try:
        return intake.understood(mail)
    except (NotFound, VaultError):
        return None


def intake_of(desk: Runtime, viewer: Viewer) -> Intake:
    return Intake.of(desk, clock=lambda: viewer.now)


def _shown(reference: str) -> str:
    return references.show(reference) if reference else ""
