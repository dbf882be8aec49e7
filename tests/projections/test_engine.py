"""Does every projection see every event once, whatever goes wrong?"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from msgspec.structs import replace as replace_fields

from projections import case, deliveries, queue, search
from projections.all import PROJECTIONS
from projections.engine import Engine
from projections.health import health, wait_for
from projections.rebuild import check
from projections.table import Given
from projections.whole import ticket
from recovery.events import Acknowledged, Recorded
from tests.cast import ANA, DAY, HOUR, NINE
from tests.desks import TestDesk
from tests.projections.days import a_busy_day, read


def test_a_ticket_tells_where_the_complaint_stands(desk: TestDesk) -> None:
    reference = a_busy_day(desk)

    desk.engine.catch_up()

    with read(desk) as conn:
        found = ticket(conn, reference)
        entries = case.timeline(conn, reference)
    assert found is not None
    assert (found.stage, found.open, found.outcome) == ("closed", False, "upheld")
    assert (found.category, found.severity, found.assignee) == ("lost", "high", ANA)
    assert (found.acknowledged_at, found.closed_at) == (NINE + HOUR, NINE + 2 * DAY)
    assert {c.name: c.met for c in found.clocks} == {
        "acknowledge": True, "explain": True, "resolve": True,
    }  # fmt: skip
    assert [e.topic.partition(".")[2] for e in entries] == [
        "received", "assigned", "acknowledged", "note_added", "paused", "message_received",
        "classified", "explained", "compensated", "closed", "queued", "sent",
    ]  # fmt: skip
    assert isinstance(entries[2].event, Acknowledged)


def test_every_act_towards_the_complainant_owes_a_letter(desk: TestDesk) -> None:
    a_busy_day(desk)
    desk.engine.catch_up()

    with read(desk) as conn:
        owed = deliveries.to_do(conn, now=NINE + 3 * DAY)

    assert [d.kind for d in owed] == [  # the letter of receipt has left
        "acknowledged", "explained", "compensated", "closed",
    ]  # fmt: skip


def test_two_workers_apply_every_event_once(desk: TestDesk) -> None:
    other = Engine(desk.store.database, desk.vault, desk.policies, PROJECTIONS)
    stopping = threading.Event()

    def work(engine: Engine) -> None:
        while not stopping.is_set():
            engine.catch_up(limit=4)

    threads = [threading.Thread(target=work, args=(e,)) for e in (desk.engine, other)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        a_busy_day(desk)
    stopping.set()
    for thread in threads:
        thread.join()
    desk.engine.catch_up()

    with read(desk) as conn:
        appended = conn.execute(sa.select(sa.func.count()).select_from(case.table)).scalar_one()
    assert appended == 5 * 2  # a letter of each day was queued and sent
    assert all(c.identical for c in check(desk.engine))


def test_a_projection_stops_loudly_at_what_it_cannot_fold_and_the_others_go_on(
    desk: TestDesk,
) -> None:
    def fold(
        rows: tuple[queue.Ticket, ...], record: Recorded, given: Given
    ) -> tuple[queue.Ticket, ...]:
        if isinstance(record.event, Acknowledged):
            raise ValueError("a surprise")
        return queue.fold(rows, record, given)

    broken = replace(queue.PROJECTION, fold=fold)
    engine = Engine(desk.store.database, desk.vault, desk.policies, [broken, case.PROJECTION])
    reference = a_busy_day(desk)

    engine.catch_up()

    with read(desk) as conn:
        places = {h.name: h for h in health(conn)}
        found = ticket(conn, reference)
    assert places["queue"].stopped_topic == "complaint.acknowledged"
    assert places["queue"].stopped_reason == "ValueError: a surprise"
    assert places["queue"].position == 4  # policy, complainant, received, assigned
    assert found is not None
    assert (found.stage, found.assignee) == ("received", ANA)
    assert places["case"].lag == 0

    with desk.store.database.connection() as conn:
        Engine.retry_stopped(conn)
    desk.engine.catch_up()
    assert all(c.identical for c in check(desk.engine))


@pytest.mark.parametrize(
    ("impossible", "reason"),
    [
        ({"version": 2**31}, "NumericValueOutOfRange (22003)"),
        ({"category": "Mr Lee\0"}, "UntranslatableCharacter (22P05)"),
        ({"stage": None}, "NotNullViolation (23502)"),
    ],
    ids=["too large", "not text", "missing"],
)
def test_a_projection_whose_rows_the_database_does_not_take_stops_alone(
    desk: TestDesk, impossible: dict[str, Any], reason: str
) -> None:
    def fold(
        rows: tuple[queue.Ticket, ...], record: Recorded, given: Given
    ) -> tuple[queue.Ticket, ...]:
        folded = queue.fold(rows, record, given)
        if isinstance(record.event, Acknowledged):
            return tuple(replace_fields(row, **impossible) for row in folded)
        return folded

    broken = replace(queue.PROJECTION, fold=fold, settle=lambda rows, _: rows)
    engine = Engine(desk.store.database, desk.vault, desk.policies, [broken, case.PROJECTION])
    reference = desk.receive()
    desk.desk.assign(reference, by=ANA, at=NINE + HOUR, agent=ANA)
    desk.desk.acknowledge(reference, by=ANA, at=NINE + HOUR)
    desk.receive(at=NINE + HOUR)

    engine.catch_up()

    with read(desk) as conn:
        places = {h.name: h for h in health(conn)}
        found = ticket(conn, reference)
    assert (places["queue"].stopped_topic, places["queue"].stopped_reason) == (
        "complaint.acknowledged", reason,
    )  # fmt: skip
    assert places["queue"].position == 4  # policy, complainant, received, assigned
    assert found is not None
    assert (found.stage, found.assignee) == ("received", ANA)
    assert places["case"].lag == 0


def test_the_reason_of_a_stop_repeats_nobodys_words(desk: TestDesk) -> None:
    def fold(
        rows: tuple[search.Found, ...], record: Recorded, given: Given
    ) -> tuple[search.Found, ...]:
        raise ValueError(f"cannot be cut into words: {given.papers}")

    broken = replace(search.PROJECTION, fold=fold)
    engine = Engine(desk.store.database, desk.vault, desk.policies, [broken])
    desk.receive()

    engine.catch_up()

    with read(desk) as conn:
        places = {h.name: h for h in health(conn)}
    assert places["search"].stopped_reason == "ValueError"


def test_an_altered_paper_stops_the_projection_that_reads_it(desk: TestDesk) -> None:
    desk.receive()
    with desk.store.database.connection() as conn:
        conn.execute(
            "update desk.papers set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))"
        )

    desk.engine.catch_up()

    with read(desk) as conn:
        places = {h.name: h for h in health(conn)}
    assert "was altered in the database" in str(places["search"].stopped_reason)
    assert {name for name, h in places.items() if h.stopped_reason} == {"search"}


def test_an_event_of_a_newer_version_stops_the_reader_at_it(desk: TestDesk) -> None:
    desk.receive()
    with desk.store.database.connection() as conn:
        conn.execute("update desk.events set topic = topic || '@9' where notification_id = 3")

    desk.engine.catch_up()

    with read(desk) as conn:
        places = health(conn)
    assert {h.position for h in places} == {2}
    assert all("newer version" in str(h.stopped_reason) for h in places)


def test_following_shows_a_command_within_moments(desk: TestDesk) -> None:
    stopping = threading.Event()
    worker = threading.Thread(target=desk.engine.follow, args=(stopping,))
    worker.start()
    try:
        reference = desk.receive()
        with read(desk) as conn:
            assert wait_for(conn, desk.store.head(), timeout=10)
            assert ticket(conn, reference) is not None
    finally:
        stopping.set()
        worker.join(timeout=10)
    assert not worker.is_alive()


def test_a_worker_whose_connection_is_cut_says_so_and_nothing_is_lost(desk: TestDesk) -> None:
    failures: list[BaseException] = []
    ready = threading.Event()

    def work() -> None:
        ready.set()
        try:
            desk.engine.follow(threading.Event())
        except psycopg.OperationalError as error:
            failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    ready.wait()
    with desk.store.database.dedicated() as conn:
        while not conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where query ilike 'listen%%' and pid <> pg_backend_pid()"
            " and datname = current_database()"
        ).fetchall():
            pass
    worker.join(timeout=10)

    assert failures
    a_busy_day(desk)
    desk.engine.catch_up()
    assert all(c.identical for c in check(desk.engine))
