"""Where is each penny, how late is what is owed, and what may still come?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections.ledger import ACCOUNTS
from projections.payout_ageing import AGES
from projections.payout_drill import Behind, Books, Total, of_ageing, of_books
from projections.payout_forecast import AHEAD
from projections.payout_position import Position, position
from recovery.money import Money
from web.deps import Desk, Supervisor
from web.pages.reading import reader
from web.pages.render import page
from web.pages.viewer import Viewer
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

    @property
    def query(self) -> str:
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value}
        return urlencode(given)


@router.get("")
def ledger(request: Request, desk: Desk, me: Supervisor) -> Response:
    """The books, the ageing and the exposure; each number leads to its payouts."""
    viewer = Viewer.of(request)
    found = _position(desk, viewer)
    return page(
        request, "paying/ledger.html", viewer=viewer, found=found, places=PLACES, ahead=AHEAD,
        money=lambda amount, currency: viewer.money(Money(amount, currency)), behind=_behind_it,
    )  # fmt: skip


@router.get(".csv")
def file(request: Request, desk: Desk, me: Supervisor, table: Text = "books") -> Response:
    """One table for a spreadsheet."""
    found = _position(desk, Viewer.of(request))
    return _csv(as_csv(found, table), f"payouts-{table if table in TABLES else 'books'}")


@router.get("/payouts")
def payouts(
    request: Request, desk: Desk, me: Supervisor, account: Text = "", currency: Text = "",
    month: Text = "", policy: Text = "", guarantee: Text = "", age: Text = "", after: Text = "",
) -> Response:  # fmt: skip
    """The payouts behind a number."""
    asked = Asked(
        account=account, currency=currency, month=month, policy=policy, guarantee=guarantee,
        age=age,
    )  # fmt: skip
    viewer = Viewer.of(request)
    total, rows = _look_behind(desk, viewer, asked, limit=SHOWN + 1, after=after)
    more = rows[SHOWN - 1].payout if len(rows) > SHOWN else ""
    here = f"/paying/ledger/payouts?{asked.query}"
    return page(
        request, "paying/behind.html", viewer=viewer, asked=asked, total=total,
        sum=viewer.money(Money(total.amount, currency)),
        rows=[row for row in rows[:SHOWN] if row.complaint not in me.hidden],
        file=f"/paying/ledger/payouts.csv?{asked.query}", first=here if after else "",
        next=f"{here}&after={more}" if more else "",
    )  # fmt: skip


@router.get("/payouts.csv")
def payouts_file(
    request: Request, desk: Desk, me: Supervisor, account: Text = "", currency: Text = "",
    month: Text = "", policy: Text = "", guarantee: Text = "", age: Text = "",
) -> Response:  # fmt: skip
    """The same for a spreadsheet, all of them."""
    asked = Asked(
        account=account, currency=currency, month=month, policy=policy, guarantee=guarantee,
        age=age,
    )  # fmt: skip
    _, rows = _look_behind(desk, Viewer.of(request), asked, limit=1_000_000)
    return _csv(behind_as_csv([r for r in rows if r.complaint not in me.hidden]), "payouts")


def _position(desk: Runtime, viewer: Viewer) -> Position:
    with reader(desk) as conn:
        return position(conn, desk.policies, now=viewer.now, zone=viewer.zone.key)


def _look_behind(
    desk: Runtime, viewer: Viewer, asked: Asked, *, limit: int, after: str = ""
) -> tuple[Total, list[Behind]]:
    if not asked.currency or (asked.age and asked.age not in AGES):
        raise HTTPException(404)
    with reader(desk) as conn:
        if asked.age:
            return of_ageing(
                conn, asked.age, asked.currency, today=viewer.today,
                limit=limit, after=after,
            )  # fmt: skip
        if asked.account not in ACCOUNTS:
            raise HTTPException(404)
        books = Books(
            account=asked.account, currency=asked.currency, month=asked.month,
            policy=asked.policy, guarantee=asked.guarantee, zone=viewer.zone.key,
        )  # fmt: skip
        return of_books(conn, books, limit=limit, after=after)


def _behind_it(**asked: str) -> str:
    """The address of the payouts behind a number."""
    return f"/paying/ledger/payouts?{Asked(**asked).query}"


def _csv(content: str, name: str) -> Response:
    return Response(
        content, media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )  # fmt: skip
