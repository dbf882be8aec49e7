"""What can a program see of money that is owed, and do about it?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Path, Query, Response

from projections import past, payouts
from projections.payouts import STAGES, PayoutRow, Stage
from projections.table import Given
from recovery import reference as references
from recovery import text as texts
from recovery.approval import Approvals
from recovery.doubts import Doubts
from recovery.errors import Forbidden, Invalid
from recovery.events import subject
from recovery.money import Money
from recovery.store import Done
from recovery.treasury import Treasury
from web.api import answers, bodies
from web.api.calls import Call, Calling, Instant, Reference, answer
from web.api.reading import Reads
from web.api.schema import asks
from web.deps import Desk, Now, Reader, Writer, reads
from web.reports import knowing

router = APIRouter(tags=["payouts"])


async def _decides(caller: Writer) -> None:
    """Raises Forbidden."""
    if not caller.user.may("supervisor"):
        raise Forbidden("Money is approved and paid by people with the role of a supervisor.")


DECIDES = [Depends(_decides)]
Id = Annotated[str, Path(description="Of a payout", max_length=36)]
_NO_DAY = "none"


@router.get("/complaints/{reference}/payouts", dependencies=[Depends(reads)])
def of_complaint(
    desk: Desk, reference: Reference, as_of: Instant = None, known_at: Instant = None
) -> Response:
    """What the complaint is owed and was paid, and how each amount came about, now or then."""
    complaint = subject(answers.stream(desk, reference)[0].stream)
    if as_of or known_at:
        given = Given(desk.policies)
        with desk.database.connection() as raw:
            then = past.complaint(raw, complaint, answers.cut(as_of, known_at), given)
        return answer({"payouts": [told(row) for row in (then.payouts if then else ())]})
    with desk.database.engine.connect() as conn:
        found = payouts.of_complaint(conn, complaint)
    return answer({"payouts": [told(row) for row in found]})


@router.get("/payouts")
def listed(
    desk: Desk, caller: Reader,
    state: Annotated[str, Query(description=", ".join(STAGES))] = "owed",
    limit: Annotated[int, Query(ge=1, le=500)] = 50, cursor: str = "",
) -> Response:  # fmt: skip
    """Payouts of a state, the first pay-by day first."""
    if state not in get_args(Stage):
        raise Invalid(
            f"There is no state {state[:40]!r} (there are {', '.join(STAGES)}).", field="state"
        )
    with desk.database.engine.connect() as conn:
        found = payouts.in_stage(
            conn, [state], limit=limit + 1, after=_seen(cursor), hidden=caller.user.hidden
        )
    more = _cursor(found[limit - 1]) if len(found) > limit else None
    return answer({"payouts": [told(row) for row in found[:limit]], "cursor": more})


@router.get("/reports/payouts", dependencies=[Depends(reads)])
def report(
    desk: Desk, now: Now,
    as_of: Annotated[str, Query(description="What happened later has not happened yet")] = "",
    known_at: Annotated[str, Query(description="What was recorded later was not known")] = "",
) -> Response:  # fmt: skip
    """What guarantees cost by month, where the money is, and how much of it is late."""
    zone = desk.settings.time_zone
    return answer(knowing.money(desk, as_of=as_of, known_at=known_at, now=now, zone=zone))


@router.post(
    "/payouts/{payout}/approval", dependencies=DECIDES, openapi_extra=asks(bodies.Approval)
)
def approve(
    call: Calling, payout: Id, body: Annotated[bodies.Approval, Depends(Reads(bodies.Approval))]
) -> Response:
    """Say that it is paid."""
    asked = call.asked(body)
    done = Approvals(call.runtime.store, call.runtime.policies).approve(
        payout, who=call.who, at=asked["at"], command=call.command, seen=call.seen
    )
    return _changed(call, payout, done)


@router.post("/payouts/{payout}/refusal", dependencies=DECIDES, openapi_extra=asks(bodies.Refusal))
def decline(
    call: Calling, payout: Id, body: Annotated[bodies.Refusal, Depends(Reads(bodies.Refusal))]
) -> Response:
    """Say that it is not paid, and why."""
    reason = texts.code(body.reason, field="reason")
    done = _treasury(call).decline(payout, reason=reason, **call.asked(body))
    return _changed(call, payout, done)


@router.post("/payouts/{payout}/trust", dependencies=DECIDES, openapi_extra=asks(bodies.Trust))
def trust(
    call: Calling, payout: Id, body: Annotated[bodies.Trust, Depends(Reads(bodies.Trust))]
) -> Response:
    """Say that the signs of abuse were looked into, and why the claim is honest."""
    reason = texts.code(body.reason, field="reason")
    doubts = Doubts(call.runtime.store, call.runtime.policies)
    return _changed(call, payout, doubts.trust(payout, reason=reason, **call.asked(body)))


@router.post(
    "/payouts/{payout}/instruction", dependencies=DECIDES, openapi_extra=asks(bodies.Instruction)
)
def instruct(
    call: Calling, payout: Id,
    body: Annotated[bodies.Instruction, Depends(Reads(bodies.Instruction))],
) -> Response:  # fmt: skip
    """Take the payment into one's own hands."""
    return _changed(call, payout, _treasury(call).instruct(payout, **call.asked(body)))


@router.post(
    "/payouts/{payout}/confirmation", dependencies=DECIDES, openapi_extra=asks(bodies.Confirmation)
)
def confirm(
    call: Calling, payout: Id,
    body: Annotated[bodies.Confirmation, Depends(Reads(bodies.Confirmation))],
) -> Response:  # fmt: skip
    """The money reached the complainant."""
    done = _treasury(call).confirm(payout, **_meant(body), **call.asked(body))
    return _changed(call, payout, done)


@router.post("/payouts/{payout}/failure", dependencies=DECIDES, openapi_extra=asks(bodies.Failure))
def fail(
    call: Calling, payout: Id, body: Annotated[bodies.Failure, Depends(Reads(bodies.Failure))]
) -> Response:
    """The money did not leave."""
    reason = texts.code(body.reason, field="reason")
    done = _treasury(call).fail(payout, reason=reason, **_meant(body), **call.asked(body))
    return _changed(call, payout, done)


@router.post("/payouts/{payout}/reversal", dependencies=DECIDES, openapi_extra=asks(bodies.Failure))
def reverse(
    call: Calling, payout: Id, body: Annotated[bodies.Failure, Depends(Reads(bodies.Failure))]
) -> Response:
    """The money had been paid and came back."""
    reason = texts.code(body.reason, field="reason")
    done = _treasury(call).reverse(payout, reason=reason, **_meant(body), **call.asked(body))
    return _changed(call, payout, done)


def told(row: PayoutRow) -> dict[str, Any]:
    """A payout for a program: amounts are decimal text."""
    return {
        "id": row.payout, "version": row.version, "reference": references.show(row.complaint),
        "guarantee": row.guarantee, "occurrence": row.occurrence, "policy": row.policy,
        "policy_version": row.policy_version, "state": row.stage, "currency": row.currency,
        "amount": str(row.total),
        **{place: str(getattr(row, place))
           for place in ("owed", "approved", "instructed", "paid", "declined")},
        "pay_by": row.pay_by, "accrues_until": row.accrues_until or None, "due_at": row.due_at,
        "signs": [
            {"kind": each.kind, "complaints": [references.show(one) for one in each.complaints]}
            for each in row.money.signs
        ],
        "changed_at": row.changed_at, "payment": row.payment or None,
        "trace": row.money.due.trace, "basis": row.money.due.basis,
        "waits": row.money.due.waits or None,
        "proposed_by": row.money.due.by if row.money.due.basis != "guarantee" else None,
    }  # fmt: skip


def _changed(call: Call, payout: str, done: Done) -> Response:
    return answer(
        {"id": payout, "version": done.version, "position": done.position}, version=done.version
    )


def _treasury(call: Call) -> Treasury:
    return Treasury(call.runtime.store)


def _meant(body: bodies.Answered) -> dict[str, Any]:
    """Which payment, and how much, an answer speaks of; what it leaves out is understood."""
    if (body.amount is None) != (body.currency is None):
        raise Invalid("Give the amount and its currency, or neither.", field="amount")
    money = Money.parse(body.amount, body.currency or "") if body.amount is not None else None
    return {"payment": body.payment, "money": money}


def _cursor(row: PayoutRow) -> str:
    return f"{row.pay_by.isoformat() if row.pay_by else _NO_DAY}/{row.payout}"


def _seen(cursor: str) -> tuple[date | None, str] | None:
    if not cursor:
        return None
    day, _, payout = cursor.partition("/")
    try:
        return (None if day == _NO_DAY else date.fromisoformat(day)), payout
    except ValueError:
        raise Invalid("This cursor is not one of ours.", field="cursor") from None
