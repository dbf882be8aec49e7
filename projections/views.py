"""Which tickets does a view of the queue show, and how many are in each view?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

import msgspec
import sqlalchemy as sa

from projections import search
from projections.queue import Ticket, ended, table
from recovery import reference as references
from recovery.complaint import Stage
from recovery.errors import Invalid
from recovery.policy.clocks import Clock

View = Literal[
    "open", "mine", "unassigned", "overdue", "waiting", "unanswered", "closed", "all"
]  # fmt: skip
VIEWS: tuple[View, ...] = get_args(View)
FILTERS = (
    "stage", "assignee", "channel", "language", "tier", "category", "product", "severity",
    "outcome", "source", "complainant",
)  # fmt: skip
_c = table.c


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What a row of the queue shows; times are instants in UTC."""

    reference: str
    version: int
    stage: Stage
    open: bool
    cycle: int
    assignee: str | None
    complainant: str
    contact: str | None
    words: str | None
    channel: str
    language: str
    tier: str
    category: str
    product: str
    severity: str
    flags: tuple[str, ...]
    outcome: str
    received_at: datetime | None
    recorded_at: datetime | None
    closed_at: datetime | None
    paused: bool
    pause_reason: str
    paused_until: datetime | None
    unanswered_since: datetime | None
    clocks: tuple[Clock, ...]
    next_due: datetime | None
    urgency: datetime


class Page(msgspec.Struct, frozen=True):
    """Some lines, and the cursor of the next page if there is one."""

    lines: list[Line]
    cursor: str | None


_LINE = tuple(f.name for f in msgspec.structs.fields(Line))
_decode_lines = msgspec.json.Decoder(list[Line]).decode
_decode_tickets = msgspec.json.Decoder(list[Ticket]).decode


def page(
    conn: sa.Connection, view: View, *, now: datetime, me: str = "", text: str = "",
    filters: Mapping[str, str] | None = None, cursor: str = "", limit: int = 50,
) -> Page:  # fmt: skip
    """A page of the view: the most urgent first, the closed ones latest first.

    `filters` maps names of FILTERS to the value wanted. Raises Invalid for an unknown view, filter
    or cursor.
    """
    condition = _condition(view, now=now, me=me)
    for name, value in (filters or {}).items():
        if name not in FILTERS:
            raise Invalid(f"There is no filter {name!r} (there are {', '.join(FILTERS)}).")
        condition &= _c[name] == value
    latest_first = view == "closed"
    sort = ended if latest_first else _c.urgency
    query = sa.select(*[_c[name] for name in _LINE], sort.label("sort")).where(condition)
    if text.strip():
        query = query.where(_c.reference.in_(sa.select(_hits(text).c.reference)))
    if cursor:
        at, reference = _parse_cursor(cursor)
        place = sa.tuple_(sort, _c.reference)
        edge = sa.tuple_(sa.literal(at), sa.literal(reference))
        query = query.where(place < edge if latest_first else place > edge)
    order = (sort.desc(), _c.reference.desc()) if latest_first else (sort, _c.reference)
    lines = _decode_lines(_as_json(conn, query.order_by(*order).limit(limit + 1)))
    last = lines[limit - 1] if len(lines) > limit else None
    return Page(lines[:limit], _cursor(last, view) if last else None)


def _hits(text: str) -> sa.CTE:
    """What the text finds, before anything else is looked at.

    Left to itself the planner walks the whole queue in its order and asks of each row whether it
    fits, which takes a second where little does.
    """
    found = sa.select(search.table.c.reference).where(search.matches(text))
    return found.cte("hits").prefix_with("MATERIALIZED")


def counts(conn: sa.Connection, *, now: datetime, me: str = "") -> dict[str, int]:
    """How many open tickets each view holds; the closed ones are not counted."""
    every = sa.func.count()
    columns = [
        every.filter(_among_open(view, now=now, me=me)).label(view)
        for view in VIEWS
        if view not in ("open", "closed", "all")
    ]
    query = sa.select(every.label("open"), *columns).select_from(table).where(_c.open)
    return dict(conn.execute(query).one()._mapping)


def ticket(conn: sa.Connection, reference: str) -> Ticket | None:
    """One complaint's row, whole."""
    columns = [_c[f.name] for f in msgspec.structs.fields(Ticket)]
    query = sa.select(*columns).where(_c.reference == reference)
    return next(iter(_decode_tickets(_as_json(conn, query))), None)


def of_complainant(conn: sa.Connection, complainant: str, *, limit: int = 20) -> list[Line]:
    """The complainant's complaints, latest first."""
    query = (
        sa.select(*[_c[name] for name in _LINE])
        .where(_c.complainant == complainant)
        .order_by(_c.received_at.desc().nulls_last(), _c.reference)
        .limit(limit)
    )
    return _decode_lines(_as_json(conn, query))


def _condition(view: View, *, now: datetime, me: str) -> sa.ColumnElement[bool]:
    match view:
        case "closed":
            return ~_c.open
        case "all":
            return sa.true()
        case "open":
            return _c.open
        case _:
            return _c.open & _among_open(view, now=now, me=me)


def _among_open(view: View, *, now: datetime, me: str) -> sa.ColumnElement[bool]:
    """Which of the open tickets; names only columns of the index, so that it alone is read."""
    match view:
        case "mine":
            return _c.assignee == me
        case "unassigned":
            return _c.assignee.is_(None)
        case "overdue":
            return _c.urgency <= now
        case "waiting":
            return _c.paused
        case "unanswered":
            return _c.unanswered_since.is_not(None)
        case _:
            raise Invalid(f"There is no view {view!r} (there are {', '.join(VIEWS)}).")


def _as_json(conn: sa.Connection, query: sa.Select[tuple[object, ...]]) -> str:
    """The rows as one JSON text, in their order: one value to fetch, decoded at C speed."""
    rows = query.subquery("r")
    aggregate = sa.func.json_agg(sa.literal_column("r"))
    found = conn.execute(sa.select(sa.cast(aggregate, sa.Text)).select_from(rows)).scalar_one()
    return found or "[]"


def _cursor(line: Line, view: View) -> str:
    at = (line.closed_at or line.recorded_at) if view == "closed" else line.urgency
    return f"{at.isoformat()}~{line.reference}" if at else ""


def _parse_cursor(cursor: str) -> tuple[datetime, str]:
    at, _, reference = cursor.partition("~")
    try:
        found = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError:
        raise Invalid("This cursor is not one of ours.", field="cursor") from None
    if found.tzinfo is None:
        raise Invalid("This cursor is not one of ours.", field="cursor")
    return found, references.parse(reference)
