"""What was so at a past instant, and what did the desk know of it at another?

Nothing is kept for it: a complaint is folded again from those of its events that had happened, or
had been recorded, by then. The folds are those of the live tables, so that the present is not a
special case.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg

from projections import history, payouts, queue
from projections.payouts import PayoutRow
from projections.queue import Ticket
from projections.table import Given
from recovery.events import PAYOUT_EVENTS, Recorded

_HEAD = "select coalesce(max(notification_id), 0) from desk.events"
_BY = "select recorded_at <= %s from desk.events where notification_id = %s"


class Cut(msgspec.Struct, frozen=True):
    """Where the past ends: by when things happened, by when they were recorded, or by both."""

    true_at: datetime | None = None
    known_at: datetime | None = None

    @property
    def instant(self) -> datetime:
        """What counts as now: what is due by then is late."""
        return self.true_at or self.known_at or datetime.max.replace(tzinfo=UTC)

    def of(
        self, records: Iterable[Recorded], reached: dict[str, datetime] | None = None
    ) -> list[Recorded]:
        """What had happened, and what the desk knew of it.

        An event whose own time is not published counts from when the one before it happened:
        `reached` says when that was in each stream, and is kept up for records to come.
        """
        kept: list[Recorded] = []
        reached = {} if reached is None else reached
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
    return sorted((row for [row] in found), key=oldest_first)


def oldest_first(row: PayoutRow) -> tuple[float, str]:
    """As `payouts.of_complaint` orders them: without an instant last."""
    return (row.due_at.timestamp() if row.due_at else math.inf, row.payout)


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
