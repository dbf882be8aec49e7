"""Where is each penny, how late is what is owed, and what may still come?"""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections.ledger import ACCOUNTS
from projections.payout_ageing import AGES
from projections.payout_drill import Behind, Books, Total, of_ageing, of_books
from projections.payout_forecast import AHEAD
from projections.payout_position import Position, position
from recovery.errors import Invalid
from recovery.money import Money
from web.deps import Desk, Supervisor
from web.errors import BadBody
from web.pages.form import Form
from web.pages.instant import back_then, cut_of, ways
from web.pages.render import page
from web.pages.saving import CSV, saved
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.reports.knowing import books
from web.reports.money_tables import TABLES, as_csv, behind_as_csv
from web.runtime import Runtime

SHOWN = 200
PLACES = tuple(name for name in ACCOUNTS if name != "expense")
router = APIRouter(prefix="/paying/ledger")
Text = Annotated[str, Query(max_length=120)]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which number somebody looks behind."""

    account: str = ""
    currency: str = ""
    month: str = ""
    policy: str = ""
    guarantee: str = ""
    age: str = ""
    at: str = ""
    """An instant of the past, by the viewer's clock; empty: now."""
    way: str = ""

    @property
    def query(self) -> str:
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value}
        return urlencode(given)


def _asked(
    account: Text = "", currency: Text = "", month: Text = "", policy: Text = "",
    guarantee: Text = "", age: Text = "", at: Text = "", way: Text = "",
) -> Asked:  # fmt: skip
    return Asked(
        account=account, currency=currency, month=month, policy=policy, guarantee=guarantee,
        age=age, at=at, way=way,
    )  # fmt: skip


@router.get("")
def ledger(
    request: Request, desk: Desk, me: Supervisor, at: Text | None = None, way: Text = "true"
) -> Response:
    """The books, the ageing and the exposure; each number leads to its payouts."""
    viewer = Viewer.of(request)
    form, found, then = Form("past", {"at": at or "", "way": way}), None, viewer
    try:
        found, then = _position(desk, viewer, at, way)
    except (Invalid, BadBody) as wrong:
        form = form.with_errors({"at": translated(_sentence(wrong), viewer)})
    return page(
        request, "paying/ledger.html", viewer=viewer, status=422 if form.failed else 200,
        form=form, ways=ways(viewer), asking=at is not None, found=found, then=then,
        known=way == "known", places=PLACES, ahead=AHEAD,
        money=lambda amount, currency: viewer.money(Money(amount, currency)),
        behind=partial(_behind_it, at=at or "", way=way if at else ""),
        past=f"&{urlencode({'at': at, 'way': way})}" if at else "",
    )  # fmt: skip


@router.get(".csv")
def file(
    request: Request, desk: Desk, me: Supervisor, table: Text = "books", at: Text = "",
    way: Text = "true",
) -> Response:  # fmt: skip
    """One table for a spreadsheet."""
    found, _ = _position(desk, Viewer.of(request), at, way)
    name = f"payouts-{table if table in TABLES else 'books'}.csv"
    return saved(as_csv(found, table), CSV, name)


@router.get("/payouts")
def payouts(
    request: Request, desk: Desk, me: Supervisor, asked: Annotated[Asked, Depends(_asked)],
    after: Text = "",
) -> Response:  # fmt: skip
    """The payouts behind a number."""
    viewer = Viewer.of(request)
    total, rows = _look_behind(desk, viewer, asked, limit=SHOWN + 1, after=after)
    more = rows[SHOWN - 1].payout if len(rows) > SHOWN else ""
    here = f"/paying/ledger/payouts?{asked.query}"
    return page(
        request, "paying/behind.html", viewer=viewer, asked=asked, total=total,
        sum=viewer.money(Money(total.amount, asked.currency)),
        rows=[row for row in rows[:SHOWN] if row.complaint not in me.hidden],
        file=f"/paying/ledger/payouts.csv?{asked.query}", first=here if after else "",
        next=f"{here}&after={more}" if more else "",
        back=f"/paying/ledger?{urlencode({'at': asked.at, 'way': asked.way})}" if asked.at
        else "/paying/ledger",
    )  # fmt: skip


@router.get("/payouts.csv")
def payouts_file(
    request: Request, desk: Desk, me: Supervisor, asked: Annotated[Asked, Depends(_asked)]
) -> Response:
    """The same for a spreadsheet, all of them."""
    _, rows = _look_behind(desk, Viewer.of(request), asked, limit=1_000_000)
    shown = [row for row in rows if row.complaint not in me.hidden]
    return saved(behind_as_csv(shown), CSV, "payouts.csv")


def _position(desk: Runtime, viewer: Viewer, at: str | None, way: str) -> tuple[Position, Viewer]:
    """The books, and the viewer for whom that instant is now; raises Invalid and BadBody."""
    cut = cut_of(at or "", way, viewer)
    then = back_then(viewer, cut) if cut else viewer
    with books(desk, cut, now=viewer.now) as (conn, now):
        return position(conn, desk.policies, now=now, zone=viewer.zone.key), then


def _look_behind(
    desk: Runtime, viewer: Viewer, asked: Asked, *, limit: int, after: str = ""
) -> tuple[Total, list[Behind]]:
    if not asked.currency or (asked.age and asked.age not in AGES):
        raise HTTPException(404)
    if not asked.age and asked.account not in ACCOUNTS:
        raise HTTPException(404)
    cut = cut_of(asked.at, asked.way, viewer)
    with books(desk, cut, now=viewer.now) as (conn, now):
        if asked.age:
            today = now.astimezone(viewer.zone).date()
            return of_ageing(
                conn, asked.age, asked.currency, today=today, limit=limit, after=after
            )  # fmt: skip
        behind = Books(
            account=asked.account, currency=asked.currency, month=asked.month,
            policy=asked.policy, guarantee=asked.guarantee, zone=viewer.zone.key,
        )  # fmt: skip
        return of_books(conn, behind, limit=limit, after=after)


def _sentence(wrong: Invalid | BadBody) -> str:
    return wrong.errors[0].message if isinstance(wrong, BadBody) else str(wrong)


def _behind_it(**asked: str) -> str:
    """The address of the payouts behind a number."""
    return f"/paying/ledger/payouts?{Asked(**asked).query}"
