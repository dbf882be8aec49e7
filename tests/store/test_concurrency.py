"""Is the order of positions the order of commits, and is it the lock that makes it so?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from recovery.database import Database
from recovery.events import Recorded, complaint_stream
from recovery.reference import draw
from recovery.store import APPEND_LOCK, Conflict, Done, Store
from tests.store.test_store import received

BOUND = 60.0


@pytest.fixture
def slow(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """Somebody whose transaction stays open for as long as a test wants."""
    with database.dedicated() as conn:
        yield conn


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as found:
        yield found


def one() -> list[Recorded]:
    return [Recorded(complaint_stream(draw()), 1, received())]


def tail(store: Store, after: int = 0) -> list[int]:
    """What a reader sees that has read up to `after`."""
    found = store.recorder.select_notifications(after, 50, inclusive_of_start=False)
    return [each.id for each in found]


def wait_until_it_waits(database: Database, what: str, second: Future[Done]) -> None:
    """Until a backend of this database waits for the lock; fails if the append does not wait."""
    deadline = time.monotonic() + BOUND
    with database.dedicated() as conn:
        while not conn.execute(
            "select 1 from pg_stat_activity where datname = current_database()"
            " and wait_event_type = 'Lock' and wait_event = %s",
            (what,),
        ).fetchone():
            assert not second.done(), "it did not wait for the one before it"
            assert time.monotonic() < deadline, "nobody waits"


def test_an_append_waits_for_the_one_that_has_a_position_and_not_yet_committed(
    store: Store, slow: psycopg.Connection[Any], pool: ThreadPoolExecutor
) -> None:
    with slow.transaction():
        first = store.append(one(), within=slow)
        second = pool.submit(store.append, one())
        wait_until_it_waits(store.database, "advisory", second)
        assert tail(store) == []  # nothing that a reader could run ahead with

    assert second.result(BOUND).position == first.position + 1
    assert tail(store) == [1, 2]


def test_an_append_that_was_undone_leaves_no_gap(
    store: Store, slow: psycopg.Connection[Any], pool: ThreadPoolExecutor
) -> None:
    with slow.transaction(force_rollback=True):
        assert store.append(one(), within=slow).position == 1
        second = pool.submit(store.append, one())
        wait_until_it_waits(store.database, "advisory", second)

    assert second.result(BOUND).position == 1
    assert tail(store) == [1]


def test_without_the_lock_two_would_be_given_the_same_position(
    store: Store, slow: psycopg.Connection[Any], pool: ThreadPoolExecutor
) -> None:
    """So that the tests above, and the one under load, are known to rest on that one line."""
    remove_the_lock(store.database)

    with slow.transaction():
        store.append(one(), within=slow)
        second = pool.submit(store.append, one())
        wait_until_it_waits(store.database, "transactionid", second)  # at the index, too late

    with pytest.raises(Conflict, match="events_pkey"):
        second.result(BOUND)


def remove_the_lock(database: Database) -> None:
    line = f"perform pg_advisory_xact_lock({APPEND_LOCK});"
    with database.connection() as conn:
        row = conn.execute("select pg_get_functiondef('desk.append'::regproc)").fetchone()
        assert row is not None
        assert line in row[0]
        conn.execute(row[0].replace(line, ""))
