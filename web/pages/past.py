"""What stood here at a past instant: as it was, or as we knew it?

The past has pages of its own, with a banner and without a single act: nothing can be done there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request
from msgspec.structs import replace
from starlette.responses import Response

from projections import past, pastqueue
from projections.case import Entry
from projections.past import Cut, Then
from projections.queue import Ticket
from projections.table import Given
from recovery import reference as references
from recovery.errors import Invalid, NotFound, Refused
from recovery.events import PAYOUT_EVENTS
from recovery.vault import Contact, Words
from web.accounts import User
from web.deps import Agent, Desk
from web.i18n import mark
from web.pages import entries, owed, staff
from web.pages.clockface import faces, most_urgent
from web.pages.form import Form
from web.pages.history import drawn
from web.pages.instant import back_then, cut_of, ways
from web.pages.reading import names, opened, papers, reader, title
from web.pages.render import page
from web.pages.sentences import translated
from web.pages.side import PLACES
from web.pages.steps import pips, steps
from web.pages.viewer import Viewer
from web.pages.words import labeller
from web.runtime import Runtime

ROWS = 50
router = APIRouter()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint of the queue as it was, in the viewer's words."""

    reference: str
    address: str
    title: str
    who: str
    due: Any
    stage: Any
    agent: str
    received_at: datetime | None


@router.get("/complaints/{reference}/past")
def complaint(
    request: Request, desk: Desk, me: Agent, reference: str, at: str = "", way: str = "true"
) -> Response:
    """The complaint, its promises and its money at an instant; without one, the form."""
    found, viewer = references.parse(reference), Viewer.of(request)
    form = Form("past", {"at": at, "way": way})
    values: dict[str, Any] = {"shown": False, "reference": references.show(found)}
    try:
        if cut := cut_of(at, way, viewer):
            values |= _shown(desk, found, cut, back_then(viewer, cut), me)
    except (Invalid, NotFound) as wrong:
        form = form.with_errors({"at": translated(str(wrong), viewer)})
    return page(
        request, "past/complaint.html", viewer=viewer, status=422 if form.failed else 200,
        form=form, ways=ways(viewer), **values,
    )  # fmt: skip


@router.get("/queue/past")
def queue(
    request: Request, desk: Desk, me: Agent, at: str = "", way: str = "true", view: str = "open",
    cursor: str = "",
) -> Response:  # fmt: skip
    """The complaints that were open at an instant; without one, the form."""
    viewer, form = Viewer.of(request), Form("past", {"at": at, "way": way, "view": view})
    values: dict[str, Any] = {"shown": False}
    try:
        if cut := cut_of(at, way, viewer):
            asked = {"at": at, "way": way, "view": view}
            values |= _listed(desk, cut, back_then(viewer, cut), asked, me=me, cursor=cursor)
    except (Invalid, Refused) as wrong:
        form = form.with_errors({"at": translated(str(wrong), viewer)})
    places = [(p.name, viewer.say(p.words)) for p in PLACES if p.name in pastqueue.VIEWS]
    return page(
        request, "past/queue.html", viewer=viewer, status=422 if form.failed else 200, form=form,
        ways=ways(viewer), places=places, **values,
    )  # fmt: skip


def _shown(desk: Runtime, reference: str, cut: Cut, viewer: Viewer, me: User) -> dict[str, Any]:
    """What the page of a complaint is made of; raises NotFound."""
    with desk.database.connection() as raw:
        then = past.complaint(raw, reference, cut, Given(desk.policies))
    if then is None:
        raise NotFound(mark("There was no such complaint then."))
    history = staff.without(_entries(then), me)
    ticket = replace(then.ticket, ties=then.ticket.ties.without(me.hidden))
    with reader(desk) as conn:
        wanted = [ticket.contact, ticket.words, *entries.wanted(history)]
        found = papers(conn, desk, wanted, viewer)
    people, recorded = names(desk), entries.recorded(history)
    label, words = labeller(viewer.language), opened(found, ticket.words, Words)
    return {
        "shown": True, "then": viewer, "known": cut.true_at is None, "ticket": ticket,
        "title": title(words) or label("category", ticket.category),
        "words": words.text if words else "", "contact": opened(found, ticket.contact, Contact),
        "agent": entries.who(ticket.assignee, people, viewer) if ticket.assignee else "",
        "steps": steps(ticket, viewer, recorded), "recorded": recorded,
        "clocks": faces(ticket.clocks, viewer), "owed": owed.shown(then.payouts, viewer),
        "timeline": drawn(entries.tell(history, found, people, viewer, of=reference), viewer),
    }  # fmt: skip


def _entries(then: Then) -> list[Entry]:
    """The history without its money, which stands beside it."""
    return [
        Entry(
            position=r.position, stream=r.stream, version=r.version, topic=r.event.topic,
            recorded_at=r.recorded_at, event=r.event,
        )
        for r in then.records
        if r.recorded_at and type(r.event) not in PAYOUT_EVENTS
    ]  # fmt: skip


def _listed(
    desk: Runtime, cut: Cut, viewer: Viewer, asked: Mapping[str, str], *, me: User, cursor: str
) -> dict[str, Any]:
    """What the page of the queue is made of; raises Invalid and Refused."""
    with desk.database.connection() as raw:
        found = pastqueue.page(
            raw, cut, Given(desk.policies), view=asked["view"], me=me.by, cursor=cursor, limit=ROWS,
            hidden=me.hidden,
        )  # fmt: skip
    with reader(desk) as conn:
        wanted = (paper for ticket in found.tickets for paper in (ticket.words, ticket.contact))
        read = papers(conn, desk, wanted, viewer)
    here = "/queue/past?" + urlencode(asked)
    return {
        "shown": True, "then": viewer, "known": cut.true_at is None,
        "count": found.counts[asked["view"]],
        "rows": list(_rows(found.tickets, read, names(desk), viewer, asked)),
        "first": here if cursor else "",
        "next": f"{here}&{urlencode({'cursor': found.cursor})}" if found.cursor else "",
    }  # fmt: skip


def _rows(
    tickets: Iterable[Ticket], read: Mapping[str, bytes], people: Mapping[str, str],
    viewer: Viewer, asked: Mapping[str, str],
) -> Iterable[Row]:  # fmt: skip
    label = labeller(viewer.language)
    there = urlencode({"at": asked["at"], "way": asked["way"]})
    for ticket in tickets:
        reference = references.show(ticket.reference)
        words, contact = (
            opened(read, ticket.words, Words), opened(read, ticket.contact, Contact) or Contact(),
        )  # fmt: skip
        yield Row(
            reference=reference, address=f"/complaints/{reference}/past?{there}",
            title=title(words) or label("category", ticket.category) or "–",
            who=contact.name or contact.email or contact.phone or "–",
            due=most_urgent(ticket.clocks, viewer),
            stage=(pips(ticket, viewer.now), label("stage", ticket.stage)),
            agent=people.get(ticket.assignee, ticket.assignee) if ticket.assignee else "",
            received_at=ticket.received_at,
        )  # fmt: skip
