"""Which payments leave together, who lets them go, and where are their files?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from projections import batched, batches, payments
from projections.batched import Candidate
from projections.batches import Batch
from projections.health import wait_for
from recovery import text as texts
from recovery.errors import Invalid, NotFound, Refused
from recovery.money import CURRENCIES, Money
from recovery.paying.batch import State
from recovery.reference import show
from recovery.store import Done
from web.accounts import User
from web.deps import Desk, Supervisor
from web.pages.acts import identity, one_of
from web.pages.form import Form, Sent
from web.pages.reading import names, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.pages.words import LABELS, labeller
from web.paying import making
from web.paying.connectors import BankFile, TableFile
from web.paying.making import LeftOut
from web.runtime import Runtime

SHOWN = 100
"""Rows of a list."""
PER_PAGE = 200
"""Payments of a batch's record on one page."""
router = APIRouter(prefix="/paying/batches")


class Payable(msgspec.Struct, frozen=True, kw_only=True):
    """One payout as a list shows it."""

    reference: str
    name: str
    amount: str
    pay_by: str
    late: bool
    reason: str = ""
    """Why it cannot leave; empty where it can."""


@router.get("")
def overview(request: Request, desk: Desk, me: Supervisor) -> Response:
    """What waits to be gathered, what cannot leave yet, and the batches."""
    return _overview(request, desk)


@router.post("")
def gather(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Put together what can leave; what cannot is named."""
    viewer, form = Viewer.of(request), Form.sent("gather", data)
    try:
        code = one_of(form, "connector", making.codes(desk), "Choose by which way it leaves.")
        currency = one_of(form, "currency", sorted(CURRENCIES), "Choose the currency.")
        made = making.make(
            desk, code=code, currency=currency, cut_off=_cut_off(form, viewer),
            on=_day(form, viewer), at=viewer.now, by=me.by,
        )  # fmt: skip
        done = desk.batching.gather(made.batch, by=me.by, at=viewer.now)
    except (Invalid, Refused) as wrong:
        return _overview(request, desk, wrong=[translated(str(wrong), viewer)])
    _wait(desk, done)
    if left_out := [each for each in made.left_out if each.candidate.complaint not in me.hidden]:
        return _record(request, desk, made.batch.id, left_out=left_out)
    return go(f"/paying/batches/{made.batch.id}?done=gathering")


@router.get("/{batch}")
def record(request: Request, desk: Desk, me: Supervisor, batch: str, after: str = "") -> Response:
    """Everything that two people need to let a batch go; to be printed, too."""
    return _record(request, desk, batch, after=after)


@router.post("/{batch}/signature")
def sign(request: Request, desk: Desk, me: Supervisor, batch: str, data: Sent) -> Response:
    """Let it go; with the second signature it leaves."""
    viewer, form = Viewer.of(request), Form.sent("signature", data)
    command = identity(me.by, str(data.get("command") or ""), form)

    def act() -> Done:
        if _concerns(desk.batching.load(batch).state, me):
            raise Refused("Somebody else has to sign this batch.")
        return desk.batching.sign(
            batch, digest=form.value("digest"), by=me.by, at=viewer.now, command=command
        )

    return _act(request, desk, batch, "signature", act)


@router.post("/{batch}/dissolution")
def dissolve(request: Request, desk: Desk, me: Supervisor, batch: str, data: Sent) -> Response:
    """Let it stay."""
    viewer, form = Viewer.of(request), Form.sent("dissolution", data)
    command = identity(me.by, str(data.get("command") or ""), form)

    def act() -> Done:
        if _concerns(desk.batching.load(batch).state, me):
            raise Refused("Somebody else has to dissolve this batch.")
        reason = one_of(form, "reason", tuple(LABELS["dissolution"]), "Choose why.")
        return desk.batching.dissolve(
            batch, reason=reason, by=me.by, at=viewer.now, command=command
        )

    return _act(request, desk, batch, "dissolution", act)


@router.get("/{batch}/files/{part}")
def file(desk: Desk, me: Supervisor, batch: str, part: int) -> Response:
    """A file for the bank, once two people let the batch go."""
    state = desk.batching.load(batch).state
    if _concerns(state, me):
        raise Refused("Somebody else has to fetch the files of this batch.")
    if state.stage != "released":
        raise Refused("Two people have to sign before a file can be fetched.")
    found = next((each for each in state.files if each.part == part), None)
    if found is None:
        raise NotFound("There is no such file.")
    making.require_sendable(desk, batch)
    with making.made_again(desk, batch, found) as path:
        content, name = path.read_bytes(), path.name
    return Response(
        content, media_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
        },
    )  # fmt: skip


# ---------------------------------------------------------------- how


def _concerns(batch: State, me: User) -> bool:
    """Whether it holds money of a complaint that is about them."""
    return any(each.complaint in me.hidden for each in batch.payouts)


def _act(
    request: Request, desk: Runtime, batch: str, name: str, act: Callable[[], Done]
) -> Response:
    viewer = Viewer.of(request)
    try:
        done = act()
    except (Invalid, Refused) as wrong:
        return _record(request, desk, batch, wrong=[translated(str(wrong), viewer)])
    _wait(desk, done)
    return go(f"/paying/batches/{batch}?done={name}")


def _overview(request: Request, desk: Runtime, *, wrong: Sequence[str] = ()) -> Response:
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        ready = batched.ready(conn)
        found = batched.candidates(conn, cut_off=viewer.now, limit=SHOWN + 1)
        known = batches.latest(conn, limit=SHOWN)
    _, stuck = making.sorted_out(desk, TableFile(), found[:SHOWN], on=viewer.today)
    return page(
        request, "paying/batches.html", viewer=viewer, status=422 if wrong else 200, wrong=wrong,
        ready=ready, known=known,
        stuck=[
            _stuck(each, viewer)
            for each in stuck if each.candidate.complaint not in viewer.hidden
        ],
        ways={each.currency: _ways(desk, each.currency) for each in ready},
        tomorrow=(viewer.today + timedelta(days=1)).isoformat(),
        without_payer=[r.currency for r in ready if r.currency not in desk.settings.payers],
    )  # fmt: skip


def _record(
    request: Request, desk: Runtime, batch: str, *, after: str = "", wrong: Sequence[str] = (),
    left_out: Sequence[LeftOut] = (),
) -> Response:  # fmt: skip
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        found = batches.one(conn, batch)
        if found is None:
            raise NotFound("There is no such batch.")
        rows = batched.of_batch(conn, batch, limit=PER_PAGE + 1, after=_place(after))
        states = payments.of_batch(conn, batch)
    more = rows[PER_PAGE - 1] if len(rows) > PER_PAGE else None
    mine = viewer.session is not None and viewer.session.user.by in {
        signature.by for signature in found.signatures
    }
    return page(
        request, "paying/batch.html", viewer=viewer, status=422 if wrong else 200, batch=found,
        title=title(found, viewer), people=names(desk), mine=mine,
        rows=[row for row in rows[:PER_PAGE] if row.complaint not in viewer.hidden],
        states=states, wrong=wrong, left_out=[_stuck(each, viewer) for each in left_out],
        first=f"/paying/batches/{batch}" if after else "",
        next=f"/paying/batches/{batch}?after={more.part}-{more.place}" if more else "",
    )  # fmt: skip


def title(batch: Batch, viewer: Viewer) -> str:
    """What people call a batch: "GBP 7, bank file"."""
    way = labeller(viewer.language)("connector", batch.connector)
    return f"{batch.currency} {batch.number}, {way}"


def _ways(desk: Runtime, currency: str) -> list[str]:
    """The ways that money in a currency can take: a bank file needs an account of ours."""
    return [
        code for code in making.codes(desk)
        if code != BankFile.code or currency in desk.settings.payers
    ]  # fmt: skip


def _stuck(left: LeftOut, viewer: Viewer) -> Payable:
    each: Candidate = left.candidate
    return Payable(
        reference=show(each.complaint), name=labeller(viewer.language)("guarantee", each.guarantee),
        amount=viewer.money(Money(each.amount, each.currency)),
        pay_by=viewer.day(each.pay_by) if each.pay_by else "",
        late=each.pay_by is not None and each.pay_by < viewer.today,
        reason=translated(left.reason, viewer),
    )  # fmt: skip


def _cut_off(form: Form, viewer: Viewer) -> datetime:
    """The instant up to which approvals count: now, unless an earlier one was typed."""
    typed = form.value("cut_off").strip()
    if not typed:
        return viewer.now
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        raise Invalid("This is no time (write it like 2026-03-31T17:00).") from None
    there = found.replace(tzinfo=viewer.zone) if found.tzinfo is None else found
    return min(viewer.now, there.astimezone(UTC))


def _day(form: Form, viewer: Viewer) -> date:
    try:
        found = date.fromisoformat(form.value("on").strip())
    except ValueError:
        raise Invalid("Say on which day the money should leave.") from None
    if not viewer.today <= found <= viewer.today + timedelta(days=90):
        raise Invalid("Choose a day from today on, in the next 90 days.")
    return found


def _place(after: str) -> tuple[int, int]:
    part, _, place = after.partition("-")
    found = texts.whole(part), texts.whole(place)
    return (0, 0) if found[0] is None or found[1] is None else (found[0], found[1])


def _wait(desk: Runtime, done: Done) -> None:
    with reader(desk) as conn:
        wait_for(conn, done.position)
