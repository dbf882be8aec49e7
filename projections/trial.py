"""What would a proposed policy have done over a stretch of history?

Every complaint is looked at as of one instant of the database, whatever the desk does meanwhile,
and nothing is written. A long history is shared between processes.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from msgspec.structs import replace
from psycopg import errors as pg

from projections.stories import Stretch, ranges, recorded_costs, told
from recovery.database import Database
from recovery.errors import Refused
from recovery.events import Adopted
from recovery.policy.clocks import run
from recovery.policy.costs import PaidInTime
from recovery.policy.guarantees.stories import entitlement
from recovery.policy.library import InForce, Policies
from recovery.policy.schema import parse
from recovery.policy.simulate import Outcome, Tally
from recovery.policy.story import Story

PAID_IN_TIME = PaidInTime()
TRIAL_LOCK = 1592524809
WORTH_SHARING = 4
"""Ranges of blocks from which on it pays to start processes."""
PROCESSES = min(os.cpu_count() or 1, 8)


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What is tried: a policy as it would be adopted, on which complaints, as of when."""

    proposed: Adopted
    stretch: Stretch
    as_of: datetime
    """A promise that runs and was due by then counts as breached."""


class Progress(msgspec.Struct, frozen=True):
    """How much of the history has been looked at."""

    share: float
    """From 0 to 1."""
    complaints: int


class Counter:
    """Runs the proposed policy over ranges of the history, on a connection of its own."""

    def __init__(self, conn: psycopg.Connection[Any], trial: Trial) -> None:
        self._conn = conn
        self._trial = trial
        policies = Policies()
        policies.apply(trial.proposed)
        self._version: InForce = policies.version(trial.proposed.policy, trial.proposed.version)
        self._zone = parse(trial.proposed.text).zone
        self._guarantees = [edition.guarantees for edition in self._version.editions]

    def tally(self) -> Tally:
        """An empty one."""
        return Tally(self._trial.as_of, self._zone, self._guarantees)

    def count(self, blocks: tuple[int, int], tally: Tally) -> Tally:
        """Add the complaints of a range."""
        version = self._version
        for one in told(self._conn, self._trial.stretch, blocks):
            story = _afresh(one.story)
            after = run(version, story)
            groups = (one.category, one.channel, one.tier)
            tally.add(one.reference, one.received_at, groups, one.clocks, after)
            owed = entitlement(version, story, self._trial.as_of, clocks=after, paid=PAID_IN_TIME)
            if owed:
                tally.costs.add(one.reference, one.complainant, groups, owed)
        return tally


def _afresh(story: Story) -> Story:
    """As though one version had ruled from the beginning."""
    return replace(story, settled=(), reapplied_at=None) if story.reapplied_at else story


def try_out(
    database: Database, trial: Trial, *, processes: int = PROCESSES
) -> Iterator[Progress | Outcome]:
    """How far it is, again and again, and at last the outcome.

    Raises Refused while another trial is under way, and when a process of this one was killed.
    """
    with _alone(database) as conn:
        blocks = ranges(conn)
        few = len(blocks) < WORTH_SHARING or processes < 2
        steps = (
            _here(conn, trial, blocks)
            if few
            else _shared(conn, database.url, trial, blocks, processes)
        )
        whole = Counter(conn, trial).tally()
        for number, tally in enumerate(steps, 1):
            whole.merge(tally)
            yield Progress(number / len(blocks), whole.complaints)
        recorded = recorded_costs(conn, trial.stretch)
    yield replace(whole.outcome(), recorded=recorded)


@contextmanager
def _alone(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """A connection that sees one instant of the database, and holds the lock of trials."""
    with database.dedicated() as conn:
        try:
            conn.execute("select pg_advisory_lock(%s)", (TRIAL_LOCK,))
        except pg.LockNotAvailable:
            raise Refused(
                "Another policy is being tried at this moment. Wait until that has ended."
            ) from None
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with conn.transaction():
            yield conn


def _here(
    conn: psycopg.Connection[Any], trial: Trial, blocks: list[tuple[int, int]]
) -> Iterator[Tally]:
    counter = Counter(conn, trial)
    for each in blocks:
        yield counter.count(each, counter.tally())


def _shared(
    conn: psycopg.Connection[Any], url: str, trial: Trial, blocks: list[tuple[int, int]],
    processes: int,
) -> Iterator[Tally]:  # fmt: skip
    """The ranges counted by several processes, all of which see what `conn` sees."""
    row = conn.execute("select pg_export_snapshot()").fetchone()
    assert row is not None
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), _begin, (url, trial, row[0])
    )
    try:
        jobs = [pool.submit(_count, each) for each in blocks]
        for job in jobs:
            yield job.result()
    except BrokenProcessPool:
        raise Refused("A process of the trial was ended from outside. Try it again.") from None
    finally:
        pool.shutdown(cancel_futures=True)


_counter: Counter


def _begin(url: str, trial: Trial, snapshot: str) -> None:
    """Make a process ready: its connection is closed when it ends."""
    global _counter
    conn = Database(url, size=1).dedicated()
    conn.execute("begin isolation level repeatable read read only")
    conn.execute(f"set transaction snapshot '{snapshot}'")
    _counter = Counter(conn, trial)


def _count(blocks: tuple[int, int]) -> Tally:
    return _counter.count(blocks, _counter.tally())
