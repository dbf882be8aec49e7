"""Which tickets does a view of the queue show, and how many are in each view?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Literal, get_args

import msgspec
import sqlalchemy as sa

from projections import payouts, search
from projections.asking import Question
from projections.payouts import PayoutRow
from projections.queue import Ticket, ended, table
from recovery import reference as references
from recovery.complaint import Stage
from recovery.errors import Invalid
from recovery.policy.clocks import Clock

View = Literal[
    "open", "mine", "unassigned", "overdue", "waiting", "unanswered", "closed", "all"
]  # fmt: skip
VIEWS: tuple[View, ...] = get_args(View)
COUNTED = tuple(view for view in VIEWS if view not in ("closed", "all"))
FILTERS = (
    "stage", "assignee", "channel", "language", "tier", "category", "product", "severity",
    "outcome", "source", "complainant",
)  # fmt: skip
_c = table.c


class Line(msgspec.Struct, frozen=True):
    """What a row of the queue shows; times are instants in UTC. Its fields are columns."""

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
    outcome: str
    received_at: datetime | None
    recorded_at: datetime | None
    closed_at: datetime | None
    paused: bool
    pause_reason: str
    paused_until: datetime | None
    unanswered_since: datetime | None
    next_due: datetime | None
    urgency: datetime
    flags: tuple[str, ...]
    clocks: tuple[Clock, ...]

    @classmethod
    def of(cls, row: Sequence[Any]) -> Line:
        """The last two columns are JSON."""
        return cls(*[*row[:-2], _flags(row[-2]), _clocks(row[-1])])


class Page(msgspec.Struct, frozen=True):
    """Some lines, and the cursor of the next page if there is one."""

    lines: list[Line]
    cursor: str | None


_flags = msgspec.json.Decoder(tuple[str, ...]).decode
_clocks = msgspec.json.Decoder(tuple[Clock, ...]).decode
_ticket = msgspec.json.Decoder(Ticket).decode
_JSON = ("flags", "clocks")
_LINE = tuple(
    sa.cast(_c[f.name], sa.Text) if f.name in _JSON else _c[f.name]
    for f in msgspec.structs.fields(Line)
)


def page(
    conn: sa.Connection, view: View, *, now: datetime, me: str = "", text: str = "",
    filters: Mapping[str, str] | None = None, cursor: str = "", limit: int = 50,
) -> Page:  # fmt: skip
    """A page of the view: the most urgent first, the closed ones latest first.

    `filters` maps names of FILTERS to the value wanted. Raises Invalid for an unknown view, filter
    or cursor.
    """
    filters, text = filters or {}, text.strip()
    asked = {**filters, "now": now, "me": me}
    if text:
        asked["wanted"] = search.wanted(text)
    if cursor:
        asked["at"], asked["after"] = _parse_cursor(cursor)
    question = _page(view, tuple(sorted(filters)), bool(text), bool(cursor), limit)
    lines = [Line.of(row) for row in question.rows(conn, asked)]
    last = lines[limit - 1] if len(lines) > limit else None
    return Page(lines[:limit], _cursor(last, view) if last else None)


@lru_cache(maxsize=256)
def _page(
    view: View, filters: tuple[str, ...], searched: bool, continued: bool, limit: int
) -> Question:
    """Asks for one line more than the limit, to see whether there is a next page."""
    condition = _condition(view)
    for name in filters:
        if name not in FILTERS:
            raise Invalid(f"There is no filter {name!r} (there are {', '.join(FILTERS)}).")
        condition &= _c[name] == sa.bindparam(name)
    latest_first = view == "closed"
    sort = ended if latest_first else _c.urgency
    query = sa.select(*_LINE).where(condition)
    if searched:
        query = query.where(_c.reference.in_(sa.select(_hits().c.reference)))
    if continued:
        place = sa.tuple_(sort, _c.reference)
        edge = sa.tuple_(_given("at", sort), _given("after", _c.reference))
        query = query.where(place < edge if latest_first else place > edge)
    order = (sort.desc(), _c.reference.desc()) if latest_first else (sort, _c.reference)
    return Question(query.order_by(*order).limit(_fixed(limit + 1)))


def _hits() -> sa.CTE:
    """What the words find, before anything else is looked at.

    Left to itself the planner walks the whole queue in its order and asks of each row whether it
    fits, which takes a second where little does.
    """
    found = sa.select(search.table.c.reference).where(search.matches(sa.bindparam("wanted")))
    return found.cte("hits").prefix_with("MATERIALIZED")


def counts(conn: sa.Connection, *, now: datetime, me: str = "") -> dict[str, int]:
    """How many open tickets each view holds; the closed ones are not counted."""
    [found] = _counts().rows(conn, {"now": now, "me": me})
    return dict(zip(COUNTED, found, strict=True))


@cache
def _counts() -> Question:
    every = sa.func.count()
    columns = [every if view == "open" else every.filter(_among_open(view)) for view in COUNTED]
    return Question(sa.select(*columns).select_from(table).where(_c.open))


def ticket(conn: sa.Connection, reference: str) -> Ticket | None:
    """One complaint's row, whole."""
    found = with_payouts(conn, reference)
    return found[0] if found else None


def with_payouts(conn: sa.Connection, reference: str) -> tuple[Ticket, list[PayoutRow]] | None:
    """The same, and what the complaint is owed and was paid, in one statement."""
    [*found] = _whole().rows(conn, {"reference": reference})
    if not found:
        return None
    [[row, owed]] = found
    return _ticket(row), payouts.read_together(owed)


@cache
def _whole() -> Question:
    columns = [_c[f.name] for f in msgspec.structs.fields(Ticket)]
    given: sa.BindParameter[str] = sa.bindparam("reference")
    row = sa.select(*columns).where(_c.reference == given).subquery("r")
    whole = sa.cast(sa.func.row_to_json(sa.literal_column("r")), sa.Text)
    return Question(sa.select(whole, payouts.together(given)).select_from(row))


def of_complainant(conn: sa.Connection, complainant: str, *, limit: int = 20) -> list[Line]:
    """The complainant's complaints, latest first."""
    question = _of_complainant(limit)
    return [Line.of(row) for row in question.rows(conn, {"complainant": complainant})]


@cache
def _of_complainant(limit: int) -> Question:
    return Question(
        sa.select(*_LINE)
        .where(_c.complainant == sa.bindparam("complainant"))
        .order_by(_c.received_at.desc().nulls_last(), _c.reference)
        .limit(_fixed(limit))
    )


def _condition(view: View) -> sa.ColumnElement[bool]:
    match view:
        case "closed":
            return ~_c.open
        case "all":
            return sa.true()
        case "open":
            return _c.open
        case _:
            return _c.open & _among_open(view)


def _among_open(view: View) -> sa.ColumnElement[bool]:
    """Which of the open tickets; names only columns of the index, so that it alone is read."""
    match view:
        case "mine":
            return _c.assignee == sa.bindparam("me")
        case "unassigned":
            return _c.assignee.is_(None)
        case "overdue":
            return _c.urgency <= sa.bindparam("now")
        case "waiting":
            return _c.paused
        case "unanswered":
            return _c.unanswered_since.is_not(None)
        case _:
            raise Invalid(f"There is no view {view!r} (there are {', '.join(VIEWS)}).")


def _fixed(number: int) -> sa.ColumnElement[int]:
    """A number that belongs to the question: the planner does not plan anew for each."""
    return sa.literal_column(str(number), sa.Integer)


def _given(name: str, like: sa.ColumnElement[Any]) -> sa.BindParameter[Any]:
    """A value that is asked for later, of the type of what it is compared with."""
    return sa.bindparam(name, type_=like.type)


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
