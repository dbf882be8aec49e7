"""Which complaints were open at a past instant, and which views showed them?

Each that may have been open is folded again, so the answer takes longer the more there were; the
live queue is a table, and does not wait for this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from projections import history
from projections.filters import FIELDS, SOON
from projections.past import Cut, position_at, ticket_of
from projections.queue import Ticket
from projections.table import Given
from recovery.errors import Invalid, Refused
from recovery.events import Recorded

AT_ONCE = 500
"""Complaints whose events are read together."""
MOST = 20_000
"""Complaints that may have been open then: a queue of more is not told."""
VIEWS: dict[str, Callable[[Ticket, datetime, str], bool]] = {
    "open": lambda ticket, now, me: True,
    "mine": lambda ticket, now, me: ticket.assignee == me,
    "unassigned": lambda ticket, now, me: ticket.assignee is None,
    "soon": lambda ticket, now, me: now < ticket.urgency <= now + SOON,
    "overdue": lambda ticket, now, me: ticket.urgency <= now,
    "waiting": lambda ticket, now, me: ticket.paused,
    "unanswered": lambda ticket, now, me: ticket.unanswered_since is not None,
}
"""What of the live queue can be asked for as it was; all of them show open complaints only."""
_PERHAPS_OPEN = """
select q.reference from read.queue q
where (%(true_at)s::timestamptz is null or q.received_at is null or q.received_at <= %(true_at)s)
  and (%(known_at)s::timestamptz is null or q.recorded_at <= %(known_at)s)
  and (q.open
    or (%(known_at)s::timestamptz is null
      and (q.closed_at is null or q.closed_at > %(true_at)s))
    or (%(known_at)s::timestamptz is not null and q.reference in (
      select substr(originator_id, 11) from desk.events
      where notification_id > %(position)s and originator_id like 'complaint-%%')))
limit %(most)s + 1
"""


class PastPage(msgspec.Struct, frozen=True):
    """Some tickets, the cursor of the next page if there is one, and how many each view showed."""

    tickets: list[Ticket]
    cursor: str | None
    counts: dict[str, int]


def page(
    conn: psycopg.Connection[Any], cut: Cut, given: Given, *, view: str = "open", me: str = "",
    filters: Mapping[str, str] | None = None, cursor: str = "", limit: int = 50,
    hidden: Collection[str] = (),
) -> PastPage:  # fmt: skip
    """A page of a view as it was, the most urgent first; the cursor is the last one that was seen.

    Raises Invalid for a view or filter that there is not, and Refused where there are too many.
    """
    filters, now = filters or {}, cut.instant
    if view not in VIEWS:
        there_are = ", ".join(VIEWS)
        raise Invalid(f"There is no view {view[:40]!r} of the past (there are {there_are}).",
                      field="view")  # fmt: skip
    for name in filters:
        if name not in FIELDS:
            there_are = ", ".join(FIELDS)
            raise Invalid(f"There is no filter {name[:40]!r} (there are {there_are}).")
    tickets = [t for t in open_tickets(conn, cut, given) if t.reference not in hidden]
    shown = [
        ticket
        for ticket in tickets
        if VIEWS[view](ticket, now, me)
        and all(getattr(ticket, name) == value for name, value in filters.items())
    ]
    begin = next((n for n, each in enumerate(shown, 1) if each.reference == cursor), 0)
    found = shown[begin : begin + limit]
    more = begin + limit < len(shown)
    counts = {name: sum(test(t, now, me) for t in tickets) for name, test in VIEWS.items()}
    return PastPage(found, found[-1].reference if more else None, counts)


def open_tickets(conn: psycopg.Connection[Any], cut: Cut, given: Given) -> list[Ticket]:
    """The complaints that were open then, most urgent first.

    Raises Refused where there may be too many to tell.
    """
    found = [
        ticket
        for records in _histories(conn, _perhaps_open(conn, cut))
        if (ticket := ticket_of(cut.of(records), given)) and ticket.open
    ]
    return sorted(found, key=lambda ticket: (ticket.urgency, ticket.reference))


def _histories(
    conn: psycopg.Connection[Any], references: Sequence[str]
) -> Iterator[list[Recorded]]:
    for begin in range(0, len(references), AT_ONCE):
        yield from history.records(conn, references[begin : begin + AT_ONCE]).values()


def _perhaps_open(conn: psycopg.Connection[Any], cut: Cut) -> list[str]:
    """Every complaint that was open then, and some that were not.

    What is closed now and was known by then not to change any more was closed then.
    """
    asked = {
        "true_at": cut.true_at, "known_at": cut.known_at, "most": MOST,
        "position": position_at(conn, cut.known_at) if cut.known_at else 0,
    }  # fmt: skip
    found = [row[0] for row in conn.execute(_PERHAPS_OPEN, asked).fetchall()]
    if len(found) > MOST:
        raise Refused(
            f"More than {MOST:,} complaints may have been open then, too many to tell one by one."
            " Ask the reports as of that instant."
        )
    return found
