"""What was so at a past instant, and what did the desk know of it at another?

Nothing is kept for it: a complaint is folded again from those of its events that had happened, or
had been recorded, by then. The folds are those of the live tables, so that the present is not a
special case.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from projections import history, payouts, queue
from projections.payouts import PayoutRow
from projections.queue import Ticket
from projections.table import Given
from recovery.errors import Refused
from recovery.events import PAYOUT_EVENTS, Recorded

AT_ONCE = 500
"""Complaints whose events are read together."""
MOST = 20_000
"""Complaints that may have been open then: a queue of more is not told."""
_HEAD = "select coalesce(max(notification_id), 0) from desk.events"
_BY = "select recorded_at <= %s from desk.events where notification_id = %s"
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


class Cut(msgspec.Struct, frozen=True):
    """Where the past ends: by when things happened, by when they were recorded, or by both."""

    true_at: datetime | None = None
    known_at: datetime | None = None

    def of(self, records: Iterable[Recorded]) -> list[Recorded]:
        """What had happened, and what the desk knew of it.

        An event whose own time is not published counts from when the one before it happened.
        """
        kept: list[Recorded] = []
        reached: dict[str, datetime] = {}
        for record in records:
            if at := record.event.at or reached.get(record.stream):
                reached[record.stream] = at
            if self.known_at and record.recorded_at and record.recorded_at > self.known_at:
                continue
            if self.true_at and at and at > self.true_at:
                continue
            kept.append(record)
        return kept


class Then(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as it was."""

    ticket: Ticket
    payouts: list[PayoutRow]
    records: list[Recorded]
    """All that it follows from, in the order of the log."""


def complaint(
    conn: psycopg.Connection[Any], reference: str, cut: Cut, given: Given
) -> Then | None:  # fmt: skip
    """The complaint then; None when there was none, or nobody knew."""
    records = cut.of(history.records(conn, [reference]).get(reference, ()))
    ticket = ticket_of(records, given)
    if ticket is None:
        return None
    return Then(ticket=ticket, payouts=payouts_of(records, given), records=records)


def ticket_of(records: Sequence[Recorded], given: Given) -> Ticket | None:
    """The complaint's row in the queue, as these records leave it."""
    rows: tuple[Ticket, ...] = ()
    for record in records:
        if type(record.event) in queue.PROJECTION.events:
            rows = queue.fold(rows, record, given)
    return next(iter(queue.settle(rows, given)), None)


def payouts_of(records: Sequence[Recorded], given: Given) -> list[PayoutRow]:
    """What was owed and paid, oldest first, as these records leave it."""
    rows: dict[str, tuple[PayoutRow, ...]] = {}
    for record in records:
        if type(record.event) in PAYOUT_EVENTS:
            rows[record.stream] = payouts.fold(rows.get(record.stream, ()), record, given)
    found = [payouts.PROJECTION.settle(each, given) for each in rows.values() if each]
    return sorted((row for [row] in found), key=_oldest_first)


def _oldest_first(row: PayoutRow) -> tuple[float, str]:
    """As `payouts.of_complaint` orders them: without an instant last."""
    return (row.due_at.timestamp() if row.due_at else math.inf, row.payout)


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


def position_at(conn: psycopg.Connection[Any], known_at: datetime) -> int:
    """The last position that was recorded by the instant; 0 when nothing was.

    Instants of recording follow the order of the log, so that log n looks find it.
    """
    row = conn.execute(_HEAD).fetchone()
    low, high = 0, row[0] if row else 0
    while low < high:
        middle = (low + high + 1) // 2
        by = conn.execute(_BY, (known_at, middle), prepare=True).fetchone()
        low, high = (middle, high) if by and by[0] else (low, middle - 1)
    return low
