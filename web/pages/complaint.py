"""What is this complaint about, where does it stand, and what can I do about it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from msgspec.structs import replace
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import case
from projections.case import Entry
from projections.health import wait_for
from projections.payouts import PayoutRow
from projections.queue import Ticket
from projections.whole import Other, whole
from recovery import reference as references
from recovery.errors import CommandReused, Invalid, NotFound, Refused, Stale
from recovery.files import NewFile
from recovery.vault import Contact, Words
from web.accounts import User
from web.claiming import claims_of
from web.deps import Agent, Desk
from web.door import links
from web.mail.message import sender_of
from web.pages import begun, claimed, enclosing, entries, history, owed, recalls, staff
from web.pages.acts import ACTS, Call, said
from web.pages.blanks import Blanks
from web.pages.clockface import faces
from web.pages.form import Form, Sent, Several
from web.pages.queue import last_queue
from web.pages.reading import names, opened, papers, raw, reader, title
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.steps import steps
from web.pages.suggested import suggested
from web.pages.viewer import Viewer
from web.pages.words import labeller
from web.pages.writing import remarks, sending
from web.runtime import Runtime
from web.workbench.drafts import FIELDS as FIELDS_OF_DRAFTS
from web.workbench.drafts import Draft, drafts, drop

router = APIRouter(prefix="/complaints/{reference}")
FIELDS = frozenset(
    {
        "address", "agent", "amount", "category", "cause", "channel", "complaint", "currency",
        "days", "description", "email", "expected", "experience", "fact", "files", "fulfilled",
        "guarantee", "kind", "language", "leaves_at", "message", "name", "outcome", "overruled",
        "phone", "process", "product", "reason", "received_at", "returning", "severity", "subject",
        "text", "tier", "to", "treatment", "until", "value", "words",
    }
)  # fmt: skip
"""Where a sentence can stand beside a field; about anything else it stands above the form."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page is made of."""

    ticket: Ticket
    entries: list[Entry]
    others: list[Other]
    papers: Mapping[str, bytes]
    people: Mapping[str, str]
    payouts: list[PayoutRow]
    refused: str
    """Why letters to them are not sent, where their address refused them for good."""
    drafts: list[Draft]


@router.get("")
def show(
    request: Request, desk: Desk, me: Agent, reference: str,
    act: Annotated[str, Query(max_length=30)] = "", again: Annotated[int, Query(ge=0)] = 0,
) -> Response:  # fmt: skip
    """The whole complaint; `act` opens a form, `again` that of a letter that was taken back."""
    shown = _look(desk, references.parse(reference), Viewer.of(request), me)
    draft = recalls.draft(shown.entries, shown.papers, shown.ticket.reference, again)
    return _page(request, desk, shown, act=draft.name if draft else act, draft=draft)


@router.get("/{act}")
def form_of(me: Agent, reference: str, act: str) -> Response:
    """Whoever loads the address of a refused form again gets the complaint with that form open."""
    if act not in ACTS:
        raise HTTPException(404)
    return go(f"/complaints/{references.show(references.parse(reference))}?act={act}")


@router.post("/{act}")
def carry_out(
    request: Request, desk: Desk, me: Agent, reference: str, act: str,
    data: Sent,
) -> Response:  # fmt: skip
    """Carry out what a form asks for; when it cannot be, show the form again with every word."""
    if act not in ACTS:
        raise HTTPException(404)
    found = references.parse(reference)
    form = Form.sent(act, data)
    viewer = Viewer.of(request)
    try:
        files = enclosing.taken(desk, found, me.id, form, data, at=viewer.now)
        done = ACTS[act](_call(desk, found, form, data, viewer, files))
    except Stale as stale:
        return _page(request, desk, _look(desk, found, viewer, me), act=act, form=form, stale=stale)
    except (Invalid, Refused, CommandReused) as wrong:
        again = failed(form, wrong, viewer)
        return _page(request, desk, _look(desk, found, viewer, me), act=act, form=again)
    with reader(desk) as conn:
        if act in FIELDS_OF_DRAFTS:
            drop(raw(conn), desk.vault, complaint=found, user=me.id, act=act)
        wait_for(conn, done.position)
    return go(f"/complaints/{references.show(found)}?done={said(desk.desk, act, done)}")


def _call(
    desk: Runtime, reference: str, form: Form, data: FormData, viewer: Viewer,
    files: tuple[NewFile, ...],
) -> Call:  # fmt: skip
    command = data.get("command")
    return Call(
        desk=desk.desk, claims=desk.claims, binder=desk.binder, reference=reference, form=form,
        viewer=viewer, command=command if isinstance(command, str) else "",
        people=tuple(names(desk)), colleagues=names(desk),
        sending=lambda: sending(desk, reference, form, viewer, files),
    )  # fmt: skip


def failed(form: Form, wrong: Invalid | Refused | CommandReused, viewer: Viewer) -> Form:
    """The form with each sentence where it belongs: beside its field, or above the whole."""
    beside: dict[str, str] = {}
    above: list[str] = []
    for each in wrong.errors if isinstance(wrong, Several) else (wrong,):
        sentence = translated(str(each), viewer)
        if isinstance(each, Invalid) and each.field in FIELDS:
            beside[each.field] = sentence
        else:
            above.append(sentence)
    return form.with_errors(beside, " ".join(above))


def _look(desk: Runtime, reference: str, viewer: Viewer, me: User) -> Shown:
    """Read the complaint; raises NotFound."""
    with reader(desk) as conn:
        found = whole(conn, reference)
        if found is None:
            raise NotFound(f"There is no complaint {references.show(reference)}.")
        ticket = found.ticket
        history = staff.without(case.timeline(conn, reference, *ticket.ties.holds), me)
        unsent = drafts(raw(conn), reference)
        wanted = [ticket.contact, ticket.words, *entries.wanted(history)]
        wanted += [draft.paper for draft in unsent]
        opened_papers = papers(conn, desk, wanted, viewer)
    return Shown(
        ticket=replace(ticket, ties=ticket.ties.without(me.hidden)), entries=history,
        papers=opened_papers, people=names(desk), payouts=found.payouts,
        refused=found.refused or "", drafts=unsent,
        others=[other for other in found.others if other.reference not in me.hidden],
    )  # fmt: skip


def _page(
    request: Request, desk: Runtime, shown: Shown, *, act: str = "", form: Form | None = None,
    stale: Stale | None = None, draft: Form | None = None,
) -> Response:  # fmt: skip
    viewer = Viewer.of(request)
    ticket, session = shown.ticket, viewer.session
    reference = references.show(ticket.reference)
    words = opened(shown.papers, ticket.words, Words)
    label = labeller(viewer.language)
    recorded = entries.recorded(shown.entries)
    contact = opened(shown.papers, ticket.contact, Contact)
    acknowledged = not recorded.keys().isdisjoint(("acknowledged", "explained"))
    forms = suggested(
        ticket, desk.settings.currency, acknowledged=acknowledged, act=act, again=form or draft,
        begun=begun.own(shown.drafts, shown.papers, viewer), staff=staff.named(shown.entries),
    )  # fmt: skip
    blanks = Blanks(
        language=viewer.language, forms=forms, reference=reference, seen=ticket.version,
        csrf=session.csrf if session else "", act=act,
        sender=sender_of(desk.settings).of_category(ticket.category).shown,
        remarks=remarks(forms.forms[forms.tab], ticket, contact, shown.people.values(), viewer),
        enclosed=enclosing.enclosed(shown.drafts, shown.papers, viewer),
    )  # fmt: skip
    return page(
        request, "complaint.html", viewer=viewer,
        status=409 if stale else 422 if form else 200,
        ticket=ticket, reference=reference,
        title=title(words) or label("category", ticket.category), words=words.text if words else "",
        contact=contact, refused=shown.refused,
        mine=links.write(ticket.reference, key=desk.door_key),
        leaving=recalls.leaving(shown.entries, viewer.now),
        agent=entries.who(ticket.assignee, shown.people, viewer) if ticket.assignee else "",
        steps=steps(ticket, viewer, recorded), recorded=recorded,
        clocks=faces(ticket.clocks, viewer), owed=owed.shown(shown.payouts, viewer),
        timeline=history.drawn(
            entries.tell(
                shown.entries, shown.papers, shown.people, viewer, of=ticket.reference
            ),
            viewer,
        ),
        claims=claimed.tell(claims_of(desk, ticket, viewer.now), viewer),
        claimable=[
            (name, label("guarantee", name)) for name in claimed.claimable(desk, ticket.story)
        ],
        facts=entries.facts(shown.entries), others=shown.others,
        begun=begun.theirs(shown.drafts, shown.papers, shown.people, viewer),
        forms=forms.forms, tab=forms.tab, moved=forms.moved, act=act, acknowledged=acknowledged,
        form=blanks.form, letter=blanks.letter, fold=blanks.fold,
        colleagues=tuple(shown.people.items()), back=last_queue(request),
        since=entries.since(stale, shown.people, viewer) if stale else [],
    )  # fmt: skip
