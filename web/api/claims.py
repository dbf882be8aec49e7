"""How does a program claim a guarantee, and what is it told?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from recovery import reference as references
from recovery.policy.guarantees.trace import Entitled, Refusal
from web import claiming
from web.api import bodies
from web.api.calls import Calling, Reference, answer
from web.api.reading import Reads
from web.api.schema import asks
from web.claiming import Claimed
from web.deps import Desk, Now, reads

router = APIRouter(prefix="/complaints/{reference}/claims", tags=["claims"])


@router.post("", openapi_extra=asks(bodies.Claim))
def claim(
    call: Calling, reference: Reference, body: Annotated[bodies.Claim, Depends(Reads(bodies.Claim))]
) -> Response:
    """Ask for what a guarantee promises: the answer is what is owed, or why nothing is."""
    done = call.runtime.claims.claim(reference, guarantee=body.guarantee, **call.asked(body))
    found = references.parse(reference)
    standing = claiming.standing_of(call.runtime, found)
    [last] = [
        each for each in claiming.claims_in(standing, call.now)
        if each.answer.guarantee == body.guarantee.strip()
    ]  # fmt: skip
    place = {
        "reference": references.show(found), "version": done.version, "position": done.position,
    }  # fmt: skip
    return answer(place | told(last), version=done.version)


@router.get("", dependencies=[Depends(reads)])
def listed(desk: Desk, now: Now, reference: Reference) -> Response:
    """Every claim of a complaint, and what it comes to now."""
    standing = claiming.standing_of(desk, references.parse(reference))
    return answer({"claims": [told(each) for each in claiming.claims_in(standing, now)]})


def told(found: Claimed) -> dict[str, Any]:
    """A claim for a program: amounts are decimal text, refusals are sentences too."""
    return {
        "guarantee": found.answer.guarantee, "claimed_at": found.at,
        "owed": [_owed(each) for each in found.answer.owed],
        "refused": [_refused(each) for each in found.answer.refused],
    }  # fmt: skip


def _owed(each: Entitled) -> dict[str, Any]:
    return {
        "occurrence": each.occurrence, "amount": str(each.money.amount),
        "currency": each.money.currency, "pay_by": each.pay_by,
        "accrues_until": each.accrues_until or None, "trace": each.trace,
    }  # fmt: skip


def _refused(each: Refusal) -> dict[str, Any]:
    return {
        "occurrence": each.occurrence or None, "reason": each.reason, "about": each.about,
        "day": each.day, "sentence": claiming.in_english(each),
    }  # fmt: skip
