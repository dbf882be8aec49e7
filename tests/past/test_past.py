"""Is the past what it was, by when things happened and by when the desk heard of them?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections import past, pastqueue, payouts, views
from projections.past import Cut
from projections.payouts import PayoutRow
from projections.queue import Ticket
from projections.table import Given
from projections.whole import ticket as ticket_of
from recovery.errors import Refused
from recovery.events import Received, Recorded
from tests.cast import ANA, BO, DAY, HOUR, MINUTE, NINE
from tests.desks import TestDesk

FAR = NINE + timedelta(days=40_000)
ACTS: dict[str, dict[str, Any]] = {
    "acknowledge": {}, "explain": {"outcome": "upheld", "message": "It was left next door."},
    "close": {"outcome": "upheld"}, "reopen": {"reason": "new_facts"},
    "pause": {"reason": "waiting_for_part"}, "resume": {}, "assign": {"agent": BO}, "release": {},
    "classify": {"severity": "critical"}, "withdraw": {},
}  # fmt: skip


class Seen(NamedTuple):
    """What the desk showed at an instant."""

    true_at: datetime
    known_at: datetime
    tickets: list[Ticket | None]
    payouts: list[list[PayoutRow]]
    queue: list[str]


def look(desk: TestDesk, references: list[str], at: datetime) -> Seen:
    desk.engine.catch_up()
    with desk.store.database.engine.connect() as conn:
        shown = views.page(conn, "open", now=at, limit=200)
        return Seen(
            at, desk.store.now(), [ticket_of(conn, r) for r in references],
            [payouts.of_complaint(conn, r) for r in references],
            [line.reference for line in shown.lines],
        )  # fmt: skip


def then(desk: TestDesk, references: list[str], cut: Cut) -> tuple[Any, ...]:
    """The same, told from the log."""
    known = Given(desk.policies)
    with desk.store.database.connection() as conn:
        found = [past.complaint(conn, r, cut, known) for r in references]
        queue = pastqueue.open_tickets(conn, cut, known)
    return (
        [each and each.ticket for each in found], [each.payouts if each else [] for each in found],
        [ticket.reference for ticket in queue],
    )  # fmt: skip


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 1)), max_size=7))
def test_what_was_shown_once_is_told_again(desk: TestDesk, acts: list[tuple[str, int]]) -> None:
    """As known at each instant, as true at each, and as of now."""
    with desk.store.database.connection() as conn:
        conn.execute("truncate read.queue")  # so that each example has a queue of its own
    at, references, seen = NINE, [], []
    for name, which in [("receive", 0), ("receive", 1), *acts]:
        at += 3 * HOUR
        try:
            if name == "receive":
                references.append(desk.receive(at=at))
            else:
                getattr(desk.desk, name)(references[which], by=ANA, at=at, **ACTS[name])
        except Refused:
            continue
        seen.append(look(desk, references, at))

    for each in seen:
        count = len(each.tickets)
        for cut in (Cut(known_at=each.known_at), Cut(true_at=each.true_at)):
            tickets, money, queue = then(desk, references, cut)
            assert tickets == [*each.tickets, *[None] * (len(references) - count)]
            assert money == [*each.payouts, *[[]] * (len(references) - count)]
            assert queue == each.queue
    last = seen[-1]
    now = last.tickets, last.payouts, last.queue
    assert then(desk, references, Cut(FAR, FAR)) == then(desk, references, Cut()) == now


def test_a_letter_of_yesterday_is_true_before_it_is_known(desk: TestDesk) -> None:
    before = desk.store.now()
    reference = desk.receive(at=NINE - DAY)
    desk.engine.catch_up()

    assert then(desk, [reference], Cut(true_at=NINE))[0][0].received_at == NINE - DAY
    assert then(desk, [reference], Cut(known_at=before)) == ([None], [[]], [])
    assert then(desk, [reference], Cut(true_at=NINE, known_at=before)) == ([None], [[]], [])


def test_what_is_closed_now_was_open_then(desk: TestDesk) -> None:
    reference = desk.receive()
    known = desk.store.now()
    desk.desk.withdraw(reference, by=ANA, at=NINE + HOUR)
    desk.engine.catch_up()

    assert then(desk, [reference], Cut(true_at=NINE + HOUR - MINUTE))[2] == [reference]
    assert then(desk, [reference], Cut(known_at=known))[2] == [reference]
    assert then(desk, [reference], Cut())[2] == []


def test_too_many_are_not_told_one_by_one(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        desk.receive()
    desk.engine.catch_up()
    monkeypatch.setattr(pastqueue, "MOST", 1)

    with pytest.raises(Refused, match="More than 1 complaints"):
        then(desk, [], Cut(true_at=NINE))


def test_a_position_is_found_by_when_it_was_recorded(desk: TestDesk) -> None:
    for _ in range(5):
        desk.receive()
    with desk.store.database.connection() as conn:
        rows = conn.execute("select notification_id, recorded_at from desk.events").fetchall()
        last_of = {at: position for position, at in sorted(rows)}

        assert {at: past.position_at(conn, at) for at in last_of} == last_of
        assert past.position_at(conn, min(last_of) - MINUTE) == 0


def test_an_event_of_no_published_time_counts_from_the_one_before() -> None:
    def record(n: int, at: datetime | None) -> Recorded:
        event = Received(
            at=at, by=ANA, complainant="x", channel="web", language="en", policy="house",
            policy_version="1",
        )  # fmt: skip
        return Recorded("complaint-A", n, event, n, NINE)

    records = [record(1, NINE), record(2, None), record(3, NINE + HOUR), record(4, None)]

    assert Cut(true_at=NINE).of(records) == records[:2]
    assert Cut(true_at=NINE + HOUR).of(records) == records
