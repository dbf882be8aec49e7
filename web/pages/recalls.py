"""Which letters of a complaint can still be taken back, and what becomes of their words?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import msgspec
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections.case import Entry
from projections.health import wait_for
from projections.whole import whole
from recovery import reference as references
from recovery.delivery import delivery_id
from recovery.errors import Invalid, NotFound, Refused
from recovery.events import (
    DeliveryEvent,
    Explained,
    Letter,
    LetterReturned,
    complaint_stream,
    subject,
)  # fmt: skip
from recovery.recalling import Recall
from recovery.vault import Contact, Words, read
from web.deps import Agent, Desk
from web.pages.enclosing import put_back
from web.pages.form import Form, Sent
from web.pages.reading import names, opened, papers, reader
from web.pages.render import go, page
from web.pages.viewer import Viewer
from web.pages.writing import LETTERS, again, remarks

router = APIRouter(prefix="/complaints/{reference}")


class Leaving(msgspec.Struct, frozen=True):
    """A letter that has yet to leave."""

    act: int
    kind: str
    leaves_at: datetime
    seconds: int
    """From now until then; 0: it is leaving."""


@router.post("/words/{act}")
def look(
    request: Request, desk: Desk, me: Agent, reference: str, act: str,
    data: Sent,
) -> Response:  # fmt: skip
    """What speaks against the words as they are typed."""
    if act not in LETTERS:
        raise HTTPException(404)
    viewer, form, found = Viewer.of(request), Form.sent(act, data), references.parse(reference)
    with reader(desk) as conn:
        seen = whole(conn, found)
        if seen is None:
            raise NotFound(f"There is no complaint {references.show(found)}.")
        ticket = seen.ticket
        contact = opened(papers(conn, desk, [ticket.contact], viewer), ticket.contact, Contact)
    return page(
        request, "complaint/checked.html", viewer=viewer, act=act, form=form,
        reference=references.show(found),
        remarks=remarks(form, ticket, contact, names(desk).values(), viewer),
    )  # fmt: skip


@router.post("/letters/{act}/cancellation")
def cancel(request: Request, desk: Desk, me: Agent, reference: str, act: int) -> Response:
    """Take a letter back before it leaves; its words go back into the form."""
    found = references.parse(reference)
    where = f"/complaints/{references.show(found)}"
    try:
        done = Recall(desk.store, desk.vault).cancel(
            found, act, by=me.by, at=Viewer.of(request).now
        )
    except Refused:
        return go(f"{where}?done=too-late")
    with suppress(Invalid):  # more than a letter can carry, with what was begun meanwhile
        put_back(desk, found, act, me.id, at=Viewer.of(request).now)
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go(f"{where}?again={act}&done=cancellation")


def leaving(entries: Sequence[Entry], now: datetime) -> list[Leaving]:
    """The letters that wait for their time, soonest first."""
    taken_up = {entry.stream for entry in entries if isinstance(entry.event, DeliveryEvent)}
    found = []
    for entry in entries:
        letter: Letter | None = getattr(entry.event, "letter", None)
        if not isinstance(letter, Letter) or letter.leaves_at is None:
            continue
        if f"delivery-{delivery_id(subject(entry.stream), entry.version)}" not in taken_up:
            seconds = max(0, -int(-(letter.leaves_at - now).total_seconds() // 1))
            found.append(Leaving(entry.version, letter.kind, letter.leaves_at, seconds))
    return sorted(found, key=lambda each: each.leaves_at)


def draft(
    entries: Sequence[Entry], kept: Mapping[str, bytes], reference: str, act: int
) -> Form | None:
    """The form with the words of a letter that was taken back; None where it was not."""
    mine = complaint_stream(reference)
    was_cancelled = any(
        isinstance(e.event, LetterReturned) and (e.event.act, e.event.reason) == (act, "cancelled")
        for e in entries
    )
    entry = next((e for e in entries if e.stream == mine and e.version == act), None)
    letter = getattr(entry.event, "letter", None) if entry else None
    if entry is None or letter is None or not was_cancelled:
        return None
    values: dict[str, str] = {}
    if isinstance(entry.event, Explained):
        values = {"outcome": entry.event.outcome, "cause": entry.event.cause_code}
    said = read(kept, letter.message, Words)
    return again(values, letter.kind, said.text if said else "")
