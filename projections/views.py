"""Which tickets does a view of the queue show, and how many are in each view?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Literal, get_args

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from projections import filters as filtering
from projections import finding, mentions, payouts, search
from projections.asking import Question
from projections.concerned import seen
from projections.lines import COLUMNS, Line, Page
from projections.queue import ended, received, table
from projections.sifting import sifted
from recovery import reference as references
from recovery.errors import Invalid

View = Literal[
    "open", "mine", "unassigned", "soon", "overdue", "waiting", "unanswered", "closed", "all"
]  # fmt: skip
VIEWS: tuple[View, ...] = get_args(View)
LONG: tuple[View, ...] = ("closed", "all")
"""Views that grow for ever."""
COUNTED = tuple(view for view in VIEWS if view not in LONG)
ELSEWHERE = ("approvals", "mail", "mentions")
"""What waits on other pages, and is counted with the views."""
SORTS = ("due", "newest", "oldest")
GROUPS = ("assignee", "stage", "category", "severity", "tier", "language", "channel")
"""What the tickets of a view may be ordered by before anything else."""
_c = table.c


class Order(msgspec.Struct, frozen=True):
    """In which order a view is shown: by a group where one is wanted, then as it is sorted."""

    sort: str = "due"
    group: str = ""

    @classmethod
    def of(cls, view: View, sort: str, group: str) -> Order:
        """Closed tickets have nothing due: they come latest first instead. Raises Invalid."""
        if sort not in SORTS:
            raise Invalid(f"There is no {sort[:40]!r} (there are {', '.join(SORTS)}).")
        if group and group not in GROUPS:
            raise Invalid(f"There is no {group[:40]!r} (there are {', '.join(GROUPS)}).")
        return cls("ended" if (view, sort) == ("closed", "due") else sort, group)

    @property
    def latest_first(self) -> bool:
        return self.sort in ("ended", "newest")

    @property
    def at(self) -> sa.ColumnElement[Any]:
        if self.sort == "ended":
            return ended
        return _c.urgency if self.sort == "due" else received

    @property
    def first(self) -> sa.ColumnElement[Any] | None:
        return sa.func.coalesce(_c[self.group], sa.literal_column("''")) if self.group else None

    def cursor(self, line: Line) -> str:
        """The place after the line."""
        match self.sort:
            case "ended":
                at = line.closed_at or line.recorded_at
            case "due":
                at = line.urgency
            case _:
                at = line.received_at or line.recorded_at
        group = f"~{getattr(line, self.group) or ''}" if self.group else ""
        return f"{at.isoformat()}~{line.reference}{group}" if at else ""


def page(
    conn: sa.Connection, view: View, *, now: datetime, me: str = "", text: str = "",
    filters: Mapping[str, str] | None = None, sort: str = "due", group: str = "",
    cursor: str = "", limit: int = 50, hidden: Collection[str] = (),
) -> Page:  # fmt: skip
    """A page of the view: the most urgent first, the closed ones latest first.

    What `text` finds among all, with nothing else asked, comes latest first.

    `filters` are those of `projections.filters`, `hidden` is what whoever asks must not see. Raises
    Invalid for an unknown view, filter, sort, group or cursor.
    """
    filters, text = filters or {}, text.strip()
    order = Order.of(view, sort, group)
    if text and view == "all" and not filters and order == Order():
        return finding.page(conn, text, cursor=cursor, limit=limit, hidden=hidden)
    asked = {**filtering.given(filters, now), "me": me, "hidden": list(hidden)}
    if text:
        asked |= search.asked(text)
    if cursor:
        asked["at"], asked["after"], asked["first"] = _parse_cursor(cursor)
    shape = filtering.shape(filters)
    question = _page(view, shape, bool(text), bool(cursor), bool(hidden), order, limit)
    lines = [Line.of(row) for row in question.rows(conn, asked)]
    last = lines[limit - 1] if len(lines) > limit else None
    return Page(lines[:limit], order.cursor(last) if last else None)


@lru_cache(maxsize=256)
def _page(
    view: View, shape: filtering.Shape, searched: bool, continued: bool, hidden: bool, order: Order,
    limit: int,
) -> Question:  # fmt: skip
    """Asks for one line more than the limit, to see whether there is a next page."""
    query = sa.select(_c.reference).where(_condition(view))
    if searched:
        query = query.where(_c.reference.in_(sa.select(search.everywhere().c.reference)))
    if continued:
        query = query.where(_beyond(order))
    if hidden:
        query = query.where(seen(_c.reference))
    places = [order.at, _c.reference]
    if order.latest_first:
        places = [order.at.desc(), _c.reference.desc()]
    if order.first is not None:
        places = [order.first, *places]
    enough, fits = _fixed(limit + 1), filtering.condition(shape)
    found = query.where(fits).order_by(*places).limit(enough)
    if not shape and order.first is None:  # an index has the order, and the rest of the row with it
        return Question(found.with_only_columns(*COLUMNS))
    chosen: sa.SelectBase = found
    if shape and view in LONG and not searched and order.first is None:
        chosen = sifted(
            query, fits, at=order.at, reference=_c.reference, latest_first=order.latest_first,
            enough=enough,
        )  # fmt: skip
    # What is sorted here is sorted without the rest of the row, most of which is thrown away.
    whole = sa.select(*COLUMNS).where(_c.reference.in_(chosen.scalar_subquery()))
    return Question(whole.order_by(*places))


def _beyond(order: Order) -> sa.ColumnElement[bool]:
    """After the place that the cursor names."""
    place = sa.tuple_(order.at, _c.reference)
    edge = sa.tuple_(_given("at", order.at), _given("after", _c.reference))
    further = place < edge if order.latest_first else place > edge
    if order.first is None:
        return further
    first: sa.BindParameter[str] = sa.bindparam("first", type_=sa.Text)
    return (order.first > first) | ((order.first == first) & further)


def counts(
    conn: sa.Connection, *, now: datetime, me: str = "", hidden: Collection[str] = ()
) -> dict[str, int]:
    """How many open tickets each view holds, and what waits ELSEWHERE; closed ones do not count."""
    asked = {"now": now, "soon": now + filtering.SOON, "me": me, "hidden": list(hidden)}
    [found] = _counts(bool(hidden)).rows(conn, asked)
    return dict(zip((*COUNTED, *ELSEWHERE), found, strict=True))


@cache
def _counts(hidden: bool) -> Question:
    every = sa.func.count()
    columns = [every if view == "open" else every.filter(_among_open(view)) for view in COUNTED]
    p = payouts.table.c
    approvals = (
        sa.select(every).select_from(payouts.table).where(p.stage == sa.literal_column("'owed'"))
    )
    if hidden:
        approvals = approvals.where(seen(p.complaint))
    called = sa.select(every).select_from(mentions.table).where(mentions.waiting(hidden))
    mail = sa.select(every).select_from(_mail).where(_MAIL_WAITS)
    if hidden:
        mail = mail.where(seen(_mail.c.reference))
    elsewhere = [each.scalar_subquery() for each in (approvals, mail, called)]
    shown = _c.open & seen(_c.reference) if hidden else _c.open
    return Question(sa.select(*columns, *elsewhere).select_from(table).where(shown))


_mail = sa.table("mail", sa.column("reference", sa.Text), schema="desk")
_MAIL_WAITS = sa.text("(state = 'waiting' or (state = 'new' and reason <> ''))")
"""As the page of mail that waits has it."""


def of_complainant(
    conn: sa.Connection, complainant: str, *, limit: int = 20, hidden: Collection[str] = ()
) -> list[Line]:
    """The complainant's complaints, latest first."""
    asked = {"complainant": complainant}
    found = [Line.of(row) for row in _of_complainant(limit).rows(conn, asked)]
    return [line for line in found if line.reference not in hidden]


@cache
def _of_complainant(limit: int) -> Question:
    return Question(
        sa.select(*COLUMNS)
        .where(_c.complainant == sa.bindparam("complainant"))
        .order_by(_c.received_at.desc().nulls_last(), _c.reference)
        .limit(_fixed(limit))
    )


def lines(conn: sa.Connection, chosen: Sequence[str]) -> list[Line]:
    """The lines of these complaints, most urgent first."""
    return [Line.of(row) for row in _lines().rows(conn, {"chosen": list(chosen)})]


@cache
def _lines() -> Question:
    chosen = sa.bindparam("chosen", type_=ARRAY(sa.Text))
    query = sa.select(*COLUMNS).where(_c.reference == sa.any_(chosen))
    return Question(query.order_by(_c.urgency, _c.reference))


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
        case "soon":
            return (_c.urgency > sa.bindparam("now")) & (_c.urgency <= sa.bindparam("soon"))
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


def _parse_cursor(cursor: str) -> tuple[datetime, str, str]:
    at, _, rest = cursor.partition("~")
    reference, _, first = rest.partition("~")
    try:
        found = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError:
        raise Invalid("This cursor is not one of ours.", field="cursor") from None
    if found.tzinfo is None:
        raise Invalid("This cursor is not one of ours.", field="cursor")
    return found, references.parse(reference), first
