"""Where does my complaint stand, and what can I do about it? For whoever has the signed link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import case
from projections.health import wait_for
from projections.payouts import PayoutRow
from projections.queue import Ticket
from projections.whole import whole
from recovery import reference as references
from recovery.complaint_state import State
from recovery.errors import CommandReused, Invalid, Refused
from recovery.events import complaint_stream
from recovery.feedback import BY, Fulfilled, Opinion, Returning
from recovery.store import Command, Done
from recovery.vault import Contact, Words
from web.claiming import claims_of
from web.deps import Desk, now, public
from web.door import told
from web.door.knocking import LOOKS, MESSAGES, Language, TooOften, Typed, patiently, viewer
from web.door.lasting import behind
from web.door.uploads import uploads
from web.pages import claimed, entries, owed
from web.pages.acts import identity, one_of
from web.pages.complaint import failed
from web.pages.files import to_keep
from web.pages.form import Form
from web.pages.reading import opened, papers, reader
from web.pages.render import go, page
from web.pages.steps import steps
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/mine/{token}", dependencies=[Depends(public)])
FULFILLED: tuple[Fulfilled, ...] = get_args(Fulfilled)
RETURNING: tuple[Returning, ...] = get_args(Returning)
MARKS = tuple(str(mark) for mark in range(1, 6))


class Asked(msgspec.Struct, frozen=True):
    """One form of this page, and who sent it."""

    desk: Runtime
    reference: str
    form: Form
    data: Typed
    viewer: Viewer
    command: Command | None


@router.get("")
def show(request: Request, desk: Desk, token: str, language: Language = "") -> Response:
    patiently(LOOKS, request)
    reference, state = behind(desk, token, now=now())
    return _page(request, desk, token, reference, state, language=language)


@router.get("/{act}")
def form_of(token: str, act: str) -> Response:
    """Whoever loads the address of a refused form again gets the page."""
    if act not in ACTS:
        raise HTTPException(404)
    return go(f"/mine/{token}")


@router.get("/files/{version}/{number}")
def file(request: Request, desk: Desk, token: str, version: int, number: int) -> Response:
    """A file that went along with a letter which left, or that they sent themselves."""
    patiently(LOOKS, request)
    reference, _ = behind(desk, token, now=now())
    with reader(desk) as conn:
        entries = told.theirs(case.timeline(conn, reference), viewer(request))
    own = complaint_stream(reference)
    if not any((each.stream, each.version) == (own, version) for each in entries):
        raise HTTPException(404)
    return to_keep(desk, reference, version, number)


@router.post("/{act}")
def carry_out(request: Request, desk: Desk, token: str, act: str, data: Typed) -> Response:
    """Carry out what a form asks for; when it cannot be, the page again with every word."""
    reference, state = behind(desk, token, now=now())
    if act not in ACTS:
        raise HTTPException(404)
    _require_remembered(desk, state)
    form = Form.sent(act, data)
    asks = viewer(request, state.received.language)
    command = identity(f"{BY}:{reference}", str(data.get("command") or ""), form)
    try:
        patiently(MESSAGES, request)
        done = ACTS[act](Asked(desk, reference, form, data, asks, command))
    except TooOften as too:
        again = too.again(form, asks)
        return _page(request, desk, token, reference, state, form=again, status=too.status_code)
    except (Invalid, Refused, CommandReused) as wrong:
        again = failed(form, wrong, asks)
        return _page(request, desk, token, reference, state, form=again, status=422)
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go(f"/mine/{token}?done=mine-{act}")


def _require_remembered(desk: Runtime, state: State) -> None:
    """The link of somebody who was forgotten leads nowhere, and does nothing."""
    with desk.database.connection() as conn:
        if desk.vault.key_of(conn, state.received.complainant) is None:
            raise HTTPException(404)


# ---------------------------------------------------------------- what can be done


def _write(asked: Asked) -> Done:
    text = asked.form.value("text")
    if asked.form.has("call", "yes"):
        phone = asked.form.value("phone").strip()
        if not phone:
            raise Invalid("Write the number that we should call.", field="phone")
        ask = asked.viewer.say("Please call me: %(phone)s") % {"phone": phone[:50]}
        text = f"{text.strip()}\n\n{ask}".strip()
    return asked.desk.feedback.write(
        asked.reference, at=asked.viewer.now, text=text, files=uploads(asked.data),
        command=asked.command,
    )  # fmt: skip


def _accept(asked: Asked) -> Done:
    return asked.desk.feedback.accept(asked.reference, at=asked.viewer.now, command=asked.command)


def _contest(asked: Asked) -> Done:
    return asked.desk.feedback.contest(
        asked.reference, at=asked.viewer.now, text=asked.form.value("text"), command=asked.command
    )


def _claim(asked: Asked) -> Done:
    return asked.desk.claims.claim(
        asked.reference, by=BY, at=asked.viewer.now, guarantee=asked.form.value("guarantee"),
        command=asked.command,
    )  # fmt: skip


def _survey(asked: Asked) -> Done:
    form = asked.form
    opinion = Opinion(
        experience=_mark(form, "experience"), expected=_mark(form, "expected"),
        process=_mark(form, "process"), treatment=_mark(form, "treatment"),
        fulfilled=one_of(form, "fulfilled", FULFILLED, "Choose one of the answers.")
        if form.value("fulfilled") else None,
        returning=one_of(form, "returning", RETURNING, "Choose one of the answers.")
        if form.value("returning") else None,
        words=form.value("words"),
    )  # fmt: skip
    return asked.desk.feedback.survey(
        asked.reference, at=asked.viewer.now, opinion=opinion, command=asked.command
    )


def _mark(form: Form, field: str) -> int | None:
    value = form.value(field)
    return int(one_of(form, field, MARKS, "Choose a mark from 1 to 5.")) if value else None


ACTS: Mapping[str, Callable[[Asked], Done]] = {
    "message": _write, "acceptance": _accept, "contest": _contest, "claim": _claim,
    "survey": _survey,
}  # fmt: skip


# ---------------------------------------------------------------- the page


def _page(
    request: Request, desk: Runtime, token: str, reference: str, state: State, *,
    language: str = "", form: Form | None = None, status: int = 200,
) -> Response:  # fmt: skip
    with reader(desk) as conn:
        found = whole(conn, reference)
        if found is None:
            raise HTTPException(404)
        ticket = found.ticket
        asks = viewer(request, language or ticket.language)
        history = case.timeline(conn, reference)
        wanted = [ticket.contact, ticket.words, *entries.wanted(history)]
        plain = papers(conn, desk, wanted, asks)
    contact = opened(plain, ticket.contact, Contact)
    if contact is None:  # forgotten: the link leads nowhere any more
        raise HTTPException(404)
    words = opened(plain, ticket.words, Words)
    return page(
        request, "door/mine.html", viewer=asks, status=status, token=token,
        ticket=ticket, reference=references.show(reference), by_mail=bool(contact.email),
        words=words.text if words else "", steps=steps(ticket, asks, entries.recorded(history)),
        promises=told.promises(ticket, asks),
        said=told.conversation(history, plain, asks, under=f"/mine/{token}"),
        owed=owed.shown(_theirs(found.payouts), asks), claims=_claims(desk, ticket, asks),
        claimable=claimed.claimable(desk, ticket.story), forms=_forms(form), act=_act(form),
        state=state, sorry=told.was_let_down(history), into=_into(desk, state),
        marks=[(mark, mark) for mark in MARKS], fulfilled=FULFILLED, returning=RETURNING,
    )  # fmt: skip


def _theirs(rows: list[PayoutRow]) -> list[PayoutRow]:
    """What was decided in their favour: a proposal is nobody's promise yet."""
    return [row for row in rows if row.stage not in ("due", "declined")]


def _claims(desk: Runtime, ticket: Ticket, asks: Viewer) -> list[claimed.Told]:
    return claimed.tell(claims_of(desk, ticket, asks.now), asks, naming=False)


def _into(desk: Runtime, state: State) -> str:
    """The complaint that theirs is answered under, where that is theirs, too."""
    if not state.ties.into:
        return ""
    other, _ = desk.desk.state(state.ties.into)
    own = other.received.complainant == state.received.complainant
    return references.show(state.ties.into) if own else ""


def _forms(again: Form | None) -> dict[str, Form]:
    return {act: again if again and again.name == act else Form(act) for act in ACTS}


def _act(form: Form | None) -> str:
    return form.name if form else ""
