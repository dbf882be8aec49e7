"""Which payouts wait for a decision or a payment, and what was done about them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import payout_report, payouts
from projections.health import wait_for
from projections.payouts import STAGES
from recovery.approval import Approvals
from recovery.authority import Approver
from recovery.errors import Invalid, NotFound, RecoveryError, Refused, Stale
from recovery.store import Command, Done
from recovery.treasury import Treasury
from web.deps import Desk, Supervisor
from web.pages.acts import one_of
from web.pages.form import Form
from web.pages.owed import shown
from web.pages.reading import reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.pages.words import LABELS
from web.runtime import Runtime

AT_ONCE = 100
"""Rows of a page, and so the most that one form decides on."""
router = APIRouter(prefix="/payouts")
AFTER = {
    "refusal": "declined", "instruction": "instructed", "confirmation": "paid",
    "failure": "approved", "reversal": "approved",
}  # fmt: skip
"""What can be done to one payout, and the list in which it is then."""


async def sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(sent)]


@router.get("")
def listed(
    request: Request, desk: Desk, me: Supervisor,
    stage: Annotated[str, Query(max_length=20)] = "owed",
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:  # fmt: skip
    """Payouts of a stage, the late ones first."""
    if stage not in STAGES:
        raise HTTPException(404)
    return _page(request, desk, stage, after=after)


@router.post("/approval")
def approve(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Approve all that were chosen; what cannot be approved is named, the others stand."""
    viewer, approvals = Viewer.of(request), Approvals(desk.store, desk.policies)
    chosen = [str(value) for value in data.getlist("payout")][:AT_ONCE]
    wrong: list[str] = [] if chosen else [viewer.say("Choose what is approved.")]
    position = 0
    for each in chosen:
        payout, _, seen = each.partition("/")
        try:
            done = approvals.approve(
                payout, who=Approver(me.by, me.role), at=viewer.now,
                seen=int(seen) if seen.isdecimal() else None,
                command=_command(me.by, data, f"approval/{each}"),
            )  # fmt: skip
        except (Refused, Stale, NotFound) as error:
            wrong.append(_said(error, viewer))
        else:
            position = max(position, done.position)
    _wait(desk, position)
    if wrong:
        return _page(request, desk, "owed", wrong=wrong)
    return go("/payouts?done=approval")


@router.post("/{payout}/{act}")
def carry_out(
    request: Request, desk: Desk, me: Supervisor, payout: str, act: str, data: Sent
) -> Response:
    """Do one thing about one payout."""
    if act not in AFTER:
        raise HTTPException(404)
    viewer, form = Viewer.of(request), Form.sent(act, data)
    seen = form.value("seen")
    treasury = Treasury(desk.store)

    def asked(**more: str) -> Done:
        command: Callable[..., Done] = getattr(treasury, _COMMANDS[act])
        return command(
            payout, by=me.by, at=viewer.now, seen=int(seen) if seen.isdecimal() else None,
            command=_command(me.by, data, f"{act}/{payout}"), **more,
        )  # fmt: skip

    try:
        reasons = LABELS.get(act, {})
        if reasons:
            done = asked(reason=one_of(form, "reason", tuple(reasons), "Choose why."))
        else:
            done = asked()
    except (Invalid, Refused, Stale) as error:
        return _page(request, desk, form.value("stage"), wrong=[_said(error, viewer)])
    _wait(desk, done.position)
    return go(f"/payouts?stage={AFTER[act]}&done={act}")


@router.get("/{payout}/{act}")
def back(me: Supervisor, payout: str, act: str) -> Response:
    """Whoever loads the address of a refused form again gets the list."""
    return go("/payouts")


_COMMANDS = {
    "refusal": "decline", "instruction": "instruct", "confirmation": "confirm",
    "failure": "fail", "reversal": "reverse",
}  # fmt: skip


def _page(
    request: Request, desk: Runtime, stage: str, *, after: str = "", wrong: Sequence[str] = ()
) -> Response:
    viewer = Viewer.of(request)
    stage = stage if stage in STAGES else "owed"
    with reader(desk) as conn:
        found = payouts.in_stage(conn, [stage], limit=AT_ONCE + 1, after=_seen(after))
        waiting = payout_report.waiting(conn, today=viewer.today)
    last = found[AT_ONCE - 1] if len(found) > AT_ONCE else None
    return page(
        request, "payouts/list.html", viewer=viewer, status=422 if wrong else 200, stage=stage,
        stages=STAGES, found=shown(found[:AT_ONCE], viewer), waiting=waiting, wrong=wrong,
        first=f"/payouts?stage={stage}" if after else "",
        next=f"/payouts?stage={stage}&after={_cursor(last.pay_by, last.payout)}" if last else "",
    )  # fmt: skip


def _wait(desk: Runtime, position: int) -> None:
    if position:
        with reader(desk) as conn:
            wait_for(conn, position)


def _command(by: str, data: FormData, what: str) -> Command | None:
    """The same form sent twice is one command."""
    given = data.get("command")
    return Command(f"page:{by}:{given[:32]}/{what}") if isinstance(given, str) and given else None


def _said(error: RecoveryError, viewer: Viewer) -> str:
    if isinstance(error, Stale):
        return viewer.say("Somebody decided on one of these meanwhile. Look again.")
    return translated(str(error), viewer)


def _cursor(day: date | None, payout: str) -> str:
    return f"{day.isoformat() if day else ''}/{payout}"


def _seen(after: str) -> tuple[date | None, str] | None:
    day, _, payout = after.partition("/")
    try:
        return (date.fromisoformat(day) if day else None, payout) if payout else None
    except ValueError:
        return None
