"""Which payouts wait for me, what may I not approve and why, and what became of the others?"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from projections import approvals
from projections.approvals import Filter
from projections.health import wait_for
from projections.payouts import STAGES
from recovery import text as texts
from recovery.approval import Answer, Approvals, Chosen
from recovery.authority import Approver
from recovery.errors import NotFound, Refused, Stale
from recovery.reference import show
from recovery.store import Command
from web.accounts import User
from web.deps import Desk, Supervisor
from web.pages import approving
from web.pages.entries import who as name_of
from web.pages.form import Sent
from web.pages.reading import names, reader
from web.pages.render import go, page, stream
from web.pages.saving import CSV, saved
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/payouts")
AT_ONCE = 100
"""Rows of a page."""
TOLD = 500
"""Lines of a result; of more, only what was not approved is told one by one."""
COLUMNS = (
    "payout", "complaint", "basis", "guarantee", "amount", "currency", "pay_by", "due_at",
    "proposed_by", "waits",
)  # fmt: skip


async def asked(
    basis: Annotated[str, Query(max_length=20)] = "",
    waits: Annotated[str, Query(max_length=20)] = "",
    guarantee: Annotated[str, Query(max_length=64)] = "",
    currency: Annotated[str, Query(max_length=3)] = "",
    by: Annotated[str, Query(max_length=70)] = "",
    late: Annotated[str, Query(max_length=1)] = "",
) -> dict[str, str]:
    """The filter as it stands in the address."""
    given = {"basis": basis, "waits": waits, "guarantee": guarantee, "currency": currency,
             "by": by, "late": late}  # fmt: skip
    return {name: value for name, value in given.items() if value}


Asked = Annotated[dict[str, str], Depends(asked)]


@router.get("/approvals.csv")
def table(request: Request, desk: Desk, me: Supervisor, given: Asked) -> Response:
    """The same list as a file."""
    viewer = Viewer.of(request)
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    with reader(desk) as conn:
        rows = approvals.waiting(conn, _filter(given, viewer), limit=1_000_000)
    for row in rows:
        due = row.money.due
        by = "" if due.basis == "guarantee" else due.by
        writer.writerow([
            row.payout, show(row.complaint), due.basis, row.guarantee, row.owed, row.currency,
            row.pay_by or "", row.due_at.isoformat() if row.due_at else "", by, due.waits,
        ])  # fmt: skip
    return saved(sheet.getvalue(), CSV, "approvals.csv")


@router.get("/approval")
def back(me: Supervisor) -> Response:
    """Whoever loads the address of what was chosen again gets the list."""
    return go("/payouts")


@router.post("/approval")
def approve(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Approve one at once; of several, show what they are together first, then each result."""
    viewer, who = Viewer.of(request), Approver(me.by, me.role)
    given = {k: v for k, v in data.items() if k in _FILTERS and isinstance(v, str) and v}
    every = data.get("all") == "1"
    chosen = _seen_by(desk, _chosen(data), me)
    if not chosen and not every:
        wrong = [viewer.say("Choose what is approved.")]
        return show_list(request, desk, me=who, given=given, wrong=wrong)
    if len(chosen) == 1 and not every:
        return _one(request, desk, who, chosen[0], data, given)
    if every:
        chosen = _every(desk, _filter(given, viewer, not_by=me.by))
    sure = data.get("sure") == "1"
    changed = sure and every and data.get("shown") != _digest(chosen)
    if changed or not sure:
        return _review(request, desk, who, chosen, given, every=every, changed=changed)
    answers = Approvals(desk.store, desk.policies).approve_all(chosen, who=who, at=viewer.now)
    return stream(
        request, "payouts/results.html", viewer=viewer, of=len(chosen), told=TOLD,
        results=approving.lines(_watched(desk, answers), viewer),
    )  # fmt: skip


def show_list(
    request: Request, desk: Runtime, *, me: Approver, given: dict[str, str], after: str = "",
    wrong: list[str] | None = None,
) -> Response:  # fmt: skip
    viewer = Viewer.of(request)
    found_filter = _filter(given, viewer)
    people = names(desk)
    with reader(desk) as conn:
        rows = approvals.waiting(conn, found_filter, limit=AT_ONCE + 1, after=seen_last(after))
        sums = approvals.sums(conn, found_filter)
        kinds = approvals.kinds(conn)
        found = approving.waiting(
            conn, rows[:AT_ONCE], desk.store, desk.policies, me, people, viewer
        )
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    proposers = sorted({by for basis, _, _, by in kinds if basis != "guarantee"})
    return page(
        request, "payouts/approvals.html", viewer=viewer, status=422 if wrong else 200,
        found=found, sums=sums, given=given, wrong=wrong or [], query=urlencode(given),
        bases=sorted({basis for basis, *_ in kinds}),
        guarantees=sorted({name for basis, name, *_ in kinds if basis == "guarantee"}),
        currencies=sorted({(currency, currency) for _, _, currency, _ in kinds}),
        stages=STAGES,
        proposers=[(by, name_of(by, people, viewer)) for by in proposers],
        first=f"/payouts?{urlencode(given)}" if after else "",
        next=f"/payouts?{urlencode(given | {'after': cursor(last.pay_by, last.payout)})}"
        if last else "",
    )  # fmt: skip


def _one(
    request: Request, desk: Runtime, who: Approver, each: Chosen, data: FormData,
    given: dict[str, str],
) -> Response:  # fmt: skip
    viewer = Viewer.of(request)
    try:
        done = Approvals(desk.store, desk.policies).approve(
            each.payout, who=who, at=viewer.now, seen=each.seen,
            command=identified(who.by, data, f"approval/{each.payout}/{each.seen}"),
        )  # fmt: skip
    except (Refused, Stale, NotFound) as error:
        said = (
            viewer.say("Somebody decided on one of these meanwhile. Look again.")
            if isinstance(error, Stale)
            else translated(str(error), viewer)
        )
        return show_list(request, desk, me=who, given=given, wrong=[said])
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go(f"/payouts?{urlencode(given | {'done': 'approval'})}")


def _review(
    request: Request, desk: Runtime, who: Approver, chosen: list[Chosen], given: dict[str, str],
    *, every: bool, changed: bool,
) -> Response:  # fmt: skip
    """What was chosen, together, before anything is approved; again where it has changed since."""
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        if every:
            sums = approvals.sums(conn, _filter(given, viewer, not_by=who.by))
        else:
            rows = approvals.these(conn, [each.payout for each in chosen])
            sums = approving.together(
                approving.may_approve(conn, rows, desk.store, desk.policies, who)
            )
    return page(
        request, "payouts/review.html", viewer=viewer, status=422 if changed else 200,
        chosen=chosen, given=given, every=every, sums=sums, query=urlencode(given),
        changed=changed, shown=_digest(chosen) if every else "",
    )  # fmt: skip


def _seen_by(desk: Runtime, chosen: list[Chosen], me: User) -> list[Chosen]:
    """Without what they could not have been shown: money of complaints about them."""
    if not me.hidden:
        return chosen
    with reader(desk) as conn:
        theirs = approvals.about(conn, [each.payout for each in chosen], me.hidden)
    return [each for each in chosen if each.payout not in theirs]


def _every(desk: Runtime, asked: Filter) -> list[Chosen]:
    with reader(desk) as conn:
        return [Chosen(*each) for each in approvals.versions(conn, asked)]


def _digest(chosen: list[Chosen]) -> str:
    """By it a form says which payouts somebody saw, however many there are."""
    seen = "\n".join(f"{each.payout}/{each.seen}" for each in chosen)
    return hashlib.sha256(seen.encode()).hexdigest()


def _watched(desk: Runtime, answers: Iterator[Answer]) -> Iterator[Answer]:
    """The answers; when the last is there, the lists have seen it."""
    yield from answers
    with reader(desk) as conn:
        wait_for(conn, desk.store.head())


_FILTERS = ("basis", "waits", "guarantee", "currency", "by", "late")


def _filter(given: dict[str, str], viewer: Viewer, *, not_by: str = "") -> Filter:
    return Filter(
        basis=given.get("basis", ""), waits=given.get("waits", ""),
        guarantee=given.get("guarantee", ""), currency=given.get("currency", ""),
        proposed_by=given.get("by", ""), late_on=viewer.today if given.get("late") else None,
        not_by=not_by, hidden=viewer.hidden,
    )  # fmt: skip


def _chosen(data: FormData) -> list[Chosen]:
    """Each with the version that was shown; one without was never shown, and is out of date."""
    found = [str(value).partition("/") for value in data.getlist("payout")][:AT_ONCE]
    return [Chosen(id, texts.whole(seen) or 0) for id, _, seen in found]


def identified(by: str, data: FormData, what: str) -> Command | None:
    """The same form sent twice is one command."""
    given = data.get("command")
    return Command(f"page:{by}:{given[:32]}/{what}") if isinstance(given, str) and given else None


def cursor(day: date | None, payout: str) -> str:
    return f"{day.isoformat() if day else ''}/{payout}"


def seen_last(after: str) -> tuple[date | None, str] | None:
    day, _, payout = after.partition("/")
    try:
        return (date.fromisoformat(day) if day else None, payout) if payout else None
    except ValueError:
        return None
