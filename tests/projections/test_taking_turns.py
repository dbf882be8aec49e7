"""Do several processes, of one version or two, work on the same tables without harm?"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from projections import queue
from projections.all import PROJECTIONS
from projections.engine import LEADER_LOCK, Engine, OtherVersion
from projections.health import health, wait_for
from projections.rebuild import check, rebuild
from projections.whole import ticket
from recovery.policy.adopt import house_policy
from recovery.policy.library import Policies
from recovery.policybook import adopt, ensure_house_policy
from tests.cast import ADA, NINE
from tests.desks import TestDesk

SOMEBODY_WAITS = (
    "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
)


def read(desk: TestDesk) -> sa.Connection:
    return desk.store.database.engine.connect()


def until(conn: psycopg.Connection[Any], condition: str) -> None:
    deadline = time.monotonic() + 30
    while not conn.execute(condition).fetchone():
        assert time.monotonic() < deadline


def test_a_process_that_was_second_to_set_up_the_desk_knows_its_policy(desk: TestDesk) -> None:
    policies = Policies()

    ensure_house_policy(desk.store, policies, at=NINE)

    assert policies.in_force("house").version == desk.policies.in_force("house").version


def test_rows_of_another_version_are_left_to_whoever_has_its_code(desk: TestDesk) -> None:
    newer = replace(queue.PROJECTION, version=queue.PROJECTION.version + 1)
    others = tuple(p for p in PROJECTIONS if p.name != "queue")
    upgraded = Engine(desk.store.database, desk.vault, desk.policies, (newer, *others))
    reference = desk.receive()
    assert upgraded.ensure() == ["queue"]
    with pytest.raises(OtherVersion):
        upgraded.catch_up()

    rebuild(upgraded, ["queue"])

    with pytest.raises(OtherVersion):
        desk.engine.catch_up()
    upgraded.catch_up()
    with read(desk) as conn:
        assert ticket(conn, reference) is not None
        assert {h.lag for h in health(conn)} == {0}


def test_a_worker_that_takes_over_knows_the_policies_adopted_while_it_waited(
    desk: TestDesk,
) -> None:
    waiting = Engine(desk.store.database, desk.vault, Policies(), PROJECTIONS)
    stopping = threading.Event()
    with desk.store.database.dedicated() as leader:
        leader.execute("select pg_advisory_lock(%s)", (LEADER_LOCK,))
        worker = threading.Thread(target=waiting.follow, args=(stopping,))
        worker.start()
        adopt(
            desk.store, desk.policies, house_policy() + "\n# second", by=ADA, at=NINE,
            reason="A second version.",
        )  # fmt: skip
        desk.engine.catch_up()
    try:
        desk.receive()
        with read(desk) as conn:
            assert wait_for(conn, desk.store.head(), timeout=10)
            assert [h.stopped_reason for h in health(conn) if h.stopped_reason] == []
    finally:
        stopping.set()
        worker.join(timeout=10)


def test_a_worker_that_never_led_leaves_stopped_projections_as_they_are(desk: TestDesk) -> None:
    stopping = threading.Event()
    with desk.store.database.dedicated() as leader:
        leader.execute("select pg_advisory_lock(%s)", (LEADER_LOCK,))
        leader.execute("update read.projections set stopped_reason = 'a surprise'")
        stopping.set()

        desk.engine.follow(stopping)

    with read(desk) as conn:
        assert {h.stopped_reason for h in health(conn)} == {"a surprise"}


def test_a_check_does_not_hold_up_the_desk(desk: TestDesk) -> None:
    desk.receive()
    desk.engine.catch_up()
    with desk.store.database.dedicated() as elsewhere, elsewhere.transaction():
        elsewhere.execute("select from read.projections for update")

        assert all(c.identical for c in check(desk.engine))


def test_a_swap_that_waits_for_a_long_reader_lets_the_others_read(desk: TestDesk) -> None:
    desk.receive()
    desk.engine.catch_up()
    rebuilding = threading.Thread(target=rebuild, args=(desk.engine,))
    database = desk.store.database
    with database.dedicated() as report, database.dedicated() as page_reader:
        page_reader.execute("set lock_timeout = '5s'")
        with report.transaction():
            report.execute("select from read.queue")
            rebuilding.start()
            until(page_reader, SOMEBODY_WAITS)

            page_reader.execute("select from read.queue")
    rebuilding.join(timeout=30)

    assert not rebuilding.is_alive()
    assert all(c.identical for c in check(desk.engine))
