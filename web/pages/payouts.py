"""Which payouts wait for a decision or a payment, and what was done about them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import payout_report, payouts
from projections.health import wait_for
from projections.payouts import STAGES
from recovery import text as texts
from recovery.authority import Approver
from recovery.doubts import Doubts
from recovery.errors import Invalid, RecoveryError, Refused, Stale
from recovery.store import Done
from recovery.treasury import Treasury
from web.deps import Desk, Supervisor
from web.pages.acts import one_of
from web.pages.approvals import Asked, cursor, identified, seen_last, show_list
from web.pages.form import Form, Sent
from web.pages.owed import shown
from web.pages.reading import reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.pages.words import LABELS
from web.runtime import Runtime

AT_ONCE = 100
"""Rows of a page."""
router = APIRouter(prefix="/payouts")
AFTER = {
    "trust": "owed", "refusal": "declined", "instruction": "instructed", "confirmation": "paid",
    "failure": "approved", "reversal": "approved",
}  # fmt: skip
"""What can be done to one payout, and the list in which it is then."""


@router.get("")
def listed(
    request: Request, desk: Desk, me: Supervisor, given: Asked,
    stage: Annotated[str, Query(max_length=20)] = "owed",
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:  # fmt: skip
    """Payouts of a stage, the late ones first; those that wait for a decision are approvals."""
    if stage not in STAGES:
        raise HTTPException(404)
    if stage == "owed":
        return show_list(request, desk, me=Approver(me.by, me.role), given=given, after=after)
    return _page(request, desk, stage, after=after)


@router.post("/{payout}/{act}")
def carry_out(
    request: Request, desk: Desk, me: Supervisor, payout: str, act: str, data: Sent
) -> Response:
    """Do one thing about one payout."""
    if act not in AFTER:
        raise HTTPException(404)
    viewer, form = Viewer.of(request), Form.sent(act, data)
    seen = form.value("seen")
    command = _commands(desk)[act]

    def asked(**more: str) -> Done:
        return command(
            payout, by=me.by, at=viewer.now, seen=texts.whole(seen),
            command=identified(me.by, data, f"{act}/{payout}"), **more,
        )  # fmt: skip

    try:
        reasons = LABELS.get(act, {})
        if reasons:
            done = asked(reason=one_of(form, "reason", tuple(reasons), "Choose why."))
        else:
            done = asked()
    except (Invalid, Refused, Stale) as error:
        wrong = [_said(error, viewer)]
        if form.value("stage") in STAGES and form.value("stage") != "owed":
            return _page(request, desk, form.value("stage"), wrong=wrong)
        return show_list(request, desk, me=Approver(me.by, me.role), given={}, wrong=wrong)
    _wait(desk, done.position)
    return go(f"/payouts?stage={AFTER[act]}&done={act}")


@router.get("/{payout}/{act}")
def back(me: Supervisor, payout: str, act: str) -> Response:
    """Whoever loads the address of a refused form again gets the list."""
    return go("/payouts")


def _commands(desk: Runtime) -> dict[str, Callable[..., Done]]:
    """What each act of the list does."""
    treasury = Treasury(desk.store)
    return {
        "trust": Doubts(desk.store, desk.policies).trust, "refusal": treasury.decline,
        "instruction": treasury.instruct, "confirmation": treasury.confirm,
        "failure": treasury.fail, "reversal": treasury.reverse,
    }  # fmt: skip


def _page(
    request: Request, desk: Runtime, stage: str, *, after: str = "", wrong: Sequence[str] = ()
) -> Response:
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        found = payouts.in_stage(
            conn, [stage], limit=AT_ONCE + 1, after=seen_last(after), hidden=viewer.hidden
        )
        waiting = payout_report.waiting(conn, today=viewer.today)
    last = found[AT_ONCE - 1] if len(found) > AT_ONCE else None
    return page(
        request, "payouts/list.html", viewer=viewer, status=422 if wrong else 200, stage=stage,
        stages=STAGES, found=shown(found[:AT_ONCE], viewer), waiting=waiting, wrong=wrong,
        first=f"/payouts?stage={stage}" if after else "",
        next=f"/payouts?stage={stage}&after={cursor(last.pay_by, last.payout)}" if last else "",
    )  # fmt: skip


def _wait(desk: Runtime, position: int) -> None:
    if position:
        with reader(desk) as conn:
            wait_for(conn, position)


def _said(error: RecoveryError, viewer: Viewer) -> str:
    if isinstance(error, Stale):
        return viewer.say("Somebody decided on one of these meanwhile. Look again.")
    return translated(str(error), viewer)
