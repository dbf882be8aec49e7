"""What is known of every complaint, payout and event, now or at a past instant?

One portion after the other, so that a history of any length takes the memory of one. All of it is
of one instant of the database where the caller holds a transaction that sees one. What was is
folded again (`projections.past`); what is stands in the live tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
import psycopg

from projections import history, past, payouts, queue
from projections.past import Cut, position_at
from projections.payouts import PayoutRow
from projections.queue import Ticket
from projections.table import Given, Rows
from recovery.errors import Refused
from recovery.events import Compensated, Event, Recorded, complaint_stream, payout_stream, subject
from recovery.mapper import decode, stored_topic

AT_ONCE = 500
"""Complaints or payouts of a portion."""
EVENTS_AT_ONCE = 2_000
FOLLOWS = ("queue", "payouts", "case")
"""Projections that complaints and payouts are read from or found by."""
T = TypeVar("T")
_HOLD = "lock table read.queue, read.payouts, read.case in access share mode"
_REFERENCES = "select reference from read.queue where reference > %s order by 1 limit %s"
_PAYOUTS = "select payout from read.payouts where payout > %s order by 1 limit %s"
_OF_COMPLAINTS = "select payout from read.payouts where complaint = any(%s)"
_GRANTED = (
    "select originator_id, topic, state from desk.events"
    " where originator_id = any(%s) and topic = any(%s) order by notification_id"
)
_COLUMNS = "notification_id, originator_id, originator_version, topic, state, recorded_at"
_LOG = (
    f"select {_COLUMNS} from desk.events where notification_id > %s and notification_id <= %s"  # noqa: S608
    " order by notification_id limit %s"
)
_STREAMS = (
    f"select {_COLUMNS} from desk.events where originator_id = any(%s) and notification_id <= %s"  # noqa: S608
    " order by notification_id"
)
_HEAD = "select coalesce(max(notification_id), 0) from desk.events"
_PLACES = (
    "select name, position, stopped_reason from read.projections where name = any(%s)"
    " order by position"
)
_COMPENSATED = [stored_topic(Compensated.topic, n + 1) for n in range(Compensated.schema)]
_common = msgspec.json.Decoder(Event).decode


class Portion(NamedTuple, Generic[T]):
    """What was found, and among how many it was looked for."""

    rows: list[T]
    looked_at: int


class Whole(msgspec.Struct, frozen=True):
    """A complaint, what it is owed and was paid, and what was granted on it, oldest first."""

    ticket: Ticket
    payouts: list[PayoutRow]
    granted: list[Compensated]


class Logged(msgspec.Struct, frozen=True):
    """An event as it is stored; `record` has of it what every event has."""

    record: Recorded
    topic: str
    state: bytes

    @classmethod
    def of(cls, row: Sequence[Any]) -> Logged:
        position, stream, version, topic, state, stamp = row
        state = bytes(state)
        return cls(Recorded(stream, version, _common(state), position, stamp), topic, state)


def hold(conn: psycopg.Connection[Any]) -> None:
    """Keep a rebuild from putting other tables in place of these until the transaction ends.

    Before anything is read: rows that are put there later are none to an instant before.
    """
    conn.execute(_HOLD)


def position(conn: psycopg.Connection[Any]) -> int:
    """Up to which position of the log complaints and payouts are known.

    Raises Refused where a projection has stopped, as they would not be all.
    """
    places = conn.execute(_PLACES, (list(FOLLOWS),)).fetchall()
    for name, _, stopped in places:
        if stopped:
            raise Refused(f"The projection {name} has stopped: see what recovery doctor says.")
    return int(places[0][1])


def complaints(
    conn: psycopg.Connection[Any], given: Given, cut: Cut | None = None
) -> Iterator[Portion[Whole]]:
    """Every complaint, by reference; of a cut those that there were then."""
    tickets, money = Rows(queue.PROJECTION), Rows(payouts.PROJECTION)
    for references in _portions(conn, _REFERENCES):
        if cut is None:
            found = _now(conn, references, tickets, money)
        else:
            found = _then(history.records(conn, references), given, cut)
        yield Portion(found, len(references))


def every_payout(
    conn: psycopg.Connection[Any], given: Given, cut: Cut | None = None
) -> Iterator[Portion[PayoutRow]]:
    """Every payout, by id; of a cut those that there were then."""
    rows = Rows(payouts.PROJECTION)
    for ids in _portions(conn, _PAYOUTS):
        if cut is None:
            found = rows.load(conn, ids)
        else:
            streams = [payout_stream(each) for each in ids]
            stored = conn.execute(_STREAMS, (streams, _head(conn)), binary=True).fetchall()
            then = past.payouts_of(cut.of(map(_read, stored)), given)
            found = sorted(then, key=attrgetter("payout"))
        yield Portion(found, len(ids))


def events(conn: psycopg.Connection[Any], cut: Cut | None = None) -> Iterator[Portion[Logged]]:
    """Every event in the order of the log; of a cut those that had happened and were known."""
    after, last = 0, end(conn, cut)
    while rows := conn.execute(_LOG, (after, last, EVENTS_AT_ONCE), binary=True).fetchall():
        found = [Logged.of(row) for row in rows]
        after = found[-1].record.position
        yield Portion(_happened(conn, found, cut, last), len(found))


def end(conn: psycopg.Connection[Any], cut: Cut | None) -> int:
    """The last position of the log that was known."""
    return position_at(conn, cut.known_at) if cut and cut.known_at else _head(conn)


def _portions(conn: psycopg.Connection[Any], query: str) -> Iterator[list[str]]:
    after = ""
    while found := [row[0] for row in conn.execute(query.encode(), (after, AT_ONCE)).fetchall()]:
        yield found
        after = found[-1]


def _now(
    conn: psycopg.Connection[Any], references: Sequence[str], tickets: Rows[Ticket],
    money: Rows[PayoutRow],
) -> list[Whole]:  # fmt: skip
    owed: dict[str, list[PayoutRow]] = {}
    ids = [row[0] for row in conn.execute(_OF_COMPLAINTS, (list(references),)).fetchall()]
    for row in sorted(money.load(conn, ids), key=past.oldest_first) if ids else ():
        owed.setdefault(row.complaint, []).append(row)
    granted = _granted(conn, references)
    return [
        Whole(each, owed.get(each.reference, []), granted.get(each.reference, []))
        for each in tickets.load(conn, references)
    ]


def _granted(
    conn: psycopg.Connection[Any], references: Sequence[str]
) -> dict[str, list[Compensated]]:  # fmt: skip
    streams = [complaint_stream(each) for each in references]
    found: dict[str, list[Compensated]] = {}
    for stream, topic, state in conn.execute(_GRANTED, (streams, _COMPENSATED), binary=True):
        event = decode(topic, state)
        assert isinstance(event, Compensated)
        found.setdefault(subject(stream), []).append(event)
    return found


def _then(records: dict[str, list[Recorded]], given: Given, cut: Cut) -> list[Whole]:
    found: list[Whole] = []
    for reference in sorted(records):
        known = cut.of(records[reference])
        if ticket := past.ticket_of(known, given):
            granted = [each.event for each in known if isinstance(each.event, Compensated)]
            found.append(Whole(ticket, past.payouts_of(known, given), granted))
    return found


def _happened(
    conn: psycopg.Connection[Any], found: list[Logged], cut: Cut | None, last: int
) -> list[Logged]:
    """Without what happened later; an undated event happened with the one before in its stream."""
    if cut is None or cut.true_at is None:
        return found
    undated = {each.record.stream for each in found if each.record.event.at is None}
    rows = conn.execute(_STREAMS, (list(undated), last), binary=True) if undated else ()
    told = cut.of([*_common_of(rows), *(e.record for e in found if e.record.stream not in undated)])
    kept = {record.position for record in told}
    return [each for each in found if each.record.position in kept]


def _common_of(rows: Iterable[Sequence[Any]]) -> Iterator[Recorded]:
    return (Logged.of(row).record for row in rows)


def _read(row: Sequence[Any]) -> Recorded:
    place, stream, version, topic, state, stamp = row
    return Recorded(stream, version, decode(topic, state), place, stamp)


def _head(conn: psycopg.Connection[Any]) -> int:
    row = conn.execute(_HEAD).fetchone()
    assert row is not None
    return int(row[0])
