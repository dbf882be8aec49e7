"""Which policies are in force, what do they say, and what was done to them?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import stories
from recovery import policybook
from recovery.errors import Invalid, NotFound, RecoveryError, Refused
from recovery.events import Adopted, Applied
from recovery.policy.guarantees.design import QUESTIONS
from recovery.policy.packs import packs
from recovery.policybook import PolicyEvent
from web.deps import Agent, Desk, Supervisor
from web.pages.books import Book, Heading, books, heading
from web.pages.differences import Line, differences
from web.pages.entries import who
from web.pages.form import Form, Sent
from web.pages.reading import names
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/policies")


class Bound(msgspec.Struct, frozen=True):
    """A version that open complaints are bound to."""

    version: str
    count: int
    current: bool


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done to a policy, in the viewer's words."""

    event: PolicyEvent
    mark: str
    words: str
    by: str
    version: str
    """Empty for a retirement."""


@router.get("")
def shelf(request: Request, desk: Desk, me: Agent) -> Response:
    """Every policy: those in force, those retired, and those that could be adopted."""
    viewer, found = Viewer.of(request), books(desk.database)
    with desk.database.connection() as conn:
        counted = stories.open_by_version(conn)
    people = names(desk)
    return page(
        request, "policies/shelf.html", viewer=viewer,
        in_force=[book for book in found.values() if not book.retired],
        retired=[book for book in found.values() if book.retired],
        bound={policy: bound(book, counted) for policy, book in found.items()},
        packs=_packs(found), who=lambda by: who(by, people, viewer),
    )  # fmt: skip


@router.get("/{policy}")
def one(
    request: Request, desk: Desk, me: Agent, policy: str,
    old: Annotated[str, Query(max_length=32)] = "", new: Annotated[str, Query(max_length=32)] = "",
) -> Response:  # fmt: skip
    """One policy, and the differences between two of its versions where they are asked for."""
    return _one(request, desk, policy, old=old, new=new)


@router.post("/{policy}/retirement")
def retire(request: Request, desk: Desk, me: Supervisor, policy: str, data: Sent) -> Response:
    """Let the policy start no more clocks."""
    form, viewer = Form.sent("retirement", data), Viewer.of(request)
    try:
        policybook.retire(
            desk.store, desk.policies, policy, by=me.by, at=viewer.now, reason=_reason(form)
        )
    except (Invalid, Refused) as wrong:
        return _one(request, desk, policy, form=refused(form, wrong, viewer))
    return go(f"/policies/{policy}?done=retirement")


@router.post("/{policy}/application")
def apply(request: Request, desk: Desk, me: Supervisor, policy: str, data: Sent) -> Response:
    """Let complaints that are open under earlier versions follow the one in force."""
    form, viewer = Form.sent("application", data), Viewer.of(request)
    try:
        policybook.apply(
            desk.store, desk.policies, policy, by=me.by, at=viewer.now, reason=_reason(form)
        )
    except (Invalid, Refused) as wrong:
        return _one(request, desk, policy, form=refused(form, wrong, viewer))
    return go(f"/policies/{policy}?done=application")


@router.get("/{policy}/{act}")
def back(me: Agent, policy: str, act: str) -> Response:
    """Whoever loads the address of a refused form again gets the policy."""
    if act not in ("retirement", "application"):
        raise HTTPException(404)
    return go(f"/policies/{policy}")


def refused(form: Form, wrong: RecoveryError, viewer: Viewer) -> Form:
    """The form with the sentence beside its field, or above the whole."""
    sentence = translated(str(wrong), viewer)
    field = wrong.field if isinstance(wrong, Invalid) else ""
    return form.with_errors({field: sentence} if field else {}, "" if field else sentence)


def bound(book: Book, counted: Mapping[tuple[str, str], int]) -> list[Bound]:
    """To which versions of a policy open complaints are bound, the one in force first."""
    newest = book.newest.version
    found = [
        Bound(version, count, version == newest and not book.retired)
        for (policy, version), count in counted.items()
        if policy == book.policy
    ]
    return sorted(found, key=lambda each: (not each.current, -each.count, each.version))


def _reason(form: Form) -> str:
    reason = form.value("reason").strip()
    if not reason:
        raise Invalid("Say why.", field="reason")
    if len(reason) > 1_000:
        raise Invalid("Say it in at most 1,000 characters.", field="reason")
    return reason


def _packs(found: Mapping[str, Book]) -> list[tuple[str, Heading]]:
    return [(id, heading(text)) for id, text in packs().items() if id not in found]


def _one(
    request: Request, desk: Runtime, policy: str, *, old: str = "", new: str = "",
    form: Form | None = None,
) -> Response:  # fmt: skip
    viewer, book = Viewer.of(request), books(desk.database).get(policy)
    if book is None:
        return _pack(request, policy, viewer)
    with desk.database.connection() as conn:
        found = bound(book, stories.open_by_version(conn))
    people, adoptions = names(desk), book.adoptions
    old, new = (each if each in adoptions else "" for each in (old, new))
    return page(
        request, "policies/policy.html", viewer=viewer, status=422 if form else 200,
        policy=policy, book=book, heading=book.heading, bound=found,
        acts=[_act(act, people, viewer) for act in reversed(book.acts)],
        moving=sum(each.count for each in found if not each.current),
        answers=policybook.answers_in(desk.database, desk.vault, book.newest),
        questions=tuple(QUESTIONS), old=old, new=new, compared=_compared(adoptions, old, new),
        versions=[(v, f"{v} · {viewer.short(a.at)}") for v, a in adoptions.items() if a.at],
        forms={name: form if form and form.name == name else Form(name)
               for name in ("retirement", "application")},
    )  # fmt: skip


def _pack(request: Request, policy: str, viewer: Viewer) -> Response:
    """A policy that comes with the program and was not adopted; raises NotFound."""
    text = packs().get(policy)
    if text is None:
        raise NotFound("There is no such policy here.")
    return page(
        request, "policies/pack.html", viewer=viewer, policy=policy, text=text,
        heading=heading(text),
    )  # fmt: skip


def _compared(adoptions: Mapping[str, Adopted], old: str, new: str) -> list[Line] | None:
    return differences(adoptions[old].text, adoptions[new].text) if old and new else None


def _act(event: PolicyEvent, people: Mapping[str, str], viewer: Viewer) -> Act:
    mark, words = "closed", viewer.say("Retired: it starts no more clocks")
    if isinstance(event, Adopted):
        mark, words = "check", viewer.say("Adopted")
    elif isinstance(event, Applied):
        mark, words = "again", viewer.say("Applied to open complaints")
    return Act(
        event=event, mark=mark, words=words, by=who(event.by, people, viewer),
        version=event.version if isinstance(event, Adopted | Applied) else "",
    )  # fmt: skip
