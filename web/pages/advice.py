"""Before somebody compensates: what may they grant, who else must approve it, what is usual?"""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from typing import Annotated, Any, cast

import msgspec
import psycopg
import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from projections import precedents
from projections.precedents import Precedent
from recovery import allowance
from recovery import reference as references
from recovery.authority import UNUSED, Approver, Room, authority_of, others, room
from recovery.compensating import loss_of, zone_of
from recovery.complaint_state import State
from recovery.errors import Invalid
from recovery.money import Money
from recovery.policy.authority import Basis
from web.deps import Agent, Desk
from web.pages.reading import names, reader
from web.pages.render import page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/complaints/{reference}")
NAMED = 3
"""How many of those who may approve are named."""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to know before an amount is granted."""

    basis: Basis
    money: Money | None
    """As typed; None: nothing that could be read."""
    wrong: str
    room: Room
    theirs: bool
    """Whether the amount goes out at once."""
    approvers: list[str]
    """By name: who else may approve it, where it is not theirs."""
    more: int
    """How many there are besides those named."""
    precedent: Precedent
    away: int | None
    """Percent above the median, or below."""


@router.get("/advice")
def advise(
    request: Request, desk: Desk, me: Agent, reference: str,
    kind: Annotated[str, Query(max_length=20)] = "goodwill",
    amount: Annotated[str, Query(max_length=30)] = "",
    currency: Annotated[str, Query(max_length=10)] = "",
) -> Response:  # fmt: skip
    """The part of the form that says so; a page of its own where there is no script."""
    viewer, found = Viewer.of(request), references.parse(reference)
    state, _ = desk.desk.state(found)
    basis: Basis = "redress" if kind == "redress" else "goodwill"
    code = currency.strip().upper() or desk.settings.currency
    money, wrong = _typed(amount, code, viewer)
    with reader(desk) as conn:
        advice = _advice(
            conn, desk, found, state, Approver(me.by, me.role), basis, code, money, wrong
        )
    part = "hx-request" in request.headers and "hx-boosted" not in request.headers
    return page(
        request, "complaint/advice.html" if part else "complaint/advised.html", viewer=viewer,
        advice=advice, in_kind=kind == "in_kind", reference=references.show(found),
        kind=kind, amount=amount, currency=code,
        shown=lambda value: viewer.money(Money(value, code)),
    )  # fmt: skip


def _typed(amount: str, currency: str, viewer: Viewer) -> tuple[Money | None, str]:
    if not amount.strip():
        return None, ""
    try:
        return Money.parse(amount, currency), ""
    except Invalid as error:
        return None, translated(str(error), viewer)


def _advice(
    conn: sa.Connection, desk: Runtime, reference: str, state: State, me: Approver, basis: Basis,
    currency: str, money: Money | None, wrong: str,
) -> Advice:  # fmt: skip
    authority, policy = authority_of(desk.policies, state.received.policy)
    raw = cast("psycopg.Connection[Any]", conn.connection.driver_connection)
    used = allowance.everybodys(raw, reference, zone_of(desk.policies, policy))
    mine = room(authority, me, basis, currency, used.get(me.by, UNUSED))
    theirs = money is None or mine.holds(money.amount)
    approvers: list[str] = []
    if money is not None and not theirs:
        deciding = [Approver(u.by, u.role) for u in desk.accounts.users() if u.may("supervisor")]
        people = names(desk)
        found = others(authority, deciding, basis, money, used, but=me.by)
        approvers = [people.get(by, by) for by in found]
    usual = precedents.precedent(
        conn, but=reference, kind=basis, category=state.category, severity=state.severity,
        currency=currency, loss=loss_of(state, currency),
    )  # fmt: skip
    share = usual.share(money.amount) if money else None
    return Advice(
        basis=basis, money=money, wrong=wrong, room=mine, theirs=theirs,
        approvers=approvers[:NAMED], more=max(0, len(approvers) - NAMED), precedent=usual,
        away=None if share is None else int((share * 100).to_integral_value(ROUND_HALF_UP)),
    )  # fmt: skip
