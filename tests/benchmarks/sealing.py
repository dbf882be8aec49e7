"""How fast is the log verified and a proof read, what does sealing cost, and what the past?

Verification runs over a log of its own with rows as long as real ones and a head for every few
events, as a worker leaves them. The proof is read from a tree of five million leaves (a tenth of
them when quick). What sealing costs is its time over the time that recording the same events took,
as though both had only one core between them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import psycopg

from projections import past, seal, sealcheck
from projections.past import Cut
from projections.table import Given
from recovery import merkle
from recovery.desk import reference_of
from recovery.merkle import Growth
from recovery.seal import Signer
from recovery.vault import Contact
from tests.benchmarks.figures import Figure, at_least, at_most
from tests.benchmarks.ground import QUICK, Ground, Sizes
from web.runtime import Runtime

SIGNER = Signer(b"b" * 32)
PER_HEAD = 500
STATE = 320
"""Bytes of an event, as those of the demonstration have in the mean."""
NOTES = 200
_FILL = (
    "insert into desk.events select p, 'complaint-' || lpad(p::text, 10, '0'), 1,"
    " 'complaint.note_added', decode(repeat(md5(p::text), %s), 'hex'), clock_timestamp()"
    " from generate_series(%s::bigint, %s::bigint) p"
)


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    small = sizes is QUICK or sizes.complaints <= QUICK.complaints
    desk = ground.desk()
    cost = [_cost(desk, 200 if small else 1_000) for _ in range(sizes.repetitions)]
    then = _past(desk, sizes.repetitions)
    ground.drop(desk)
    desk = ground.desk()
    with desk.database.dedicated() as conn:
        verified, alone = _verified(conn, 100_000 if small else 500_000, sizes.repetitions)
        proofs = _proofs(conn, 500_000 if small else 5_000_000, sizes.repetitions)
    ground.drop(desk)
    return [
        Figure.of("seal.verify", "Verifying the log", verified, "events/s", at_least(150_000)),
        Figure.of("seal.verify_alone", "The same, of its own processor time", alone, "events/s"),
        Figure.of("seal.proof", "A proof at 5,000,000 events", proofs, "ms", at_most(10)),
        Figure.of("seal.cost", "Sealing, of the time to record", cost, "%", at_most(5)),
        Figure.of(
            "past.complaint", f"A complaint of {NOTES} events as of an instant", then, "ms",
            at_most(50),
        ),
    ]  # fmt: skip


def _took(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _cost(desk: Runtime, acts: int) -> float:
    """Percent."""
    reference = _received(desk)

    def record() -> None:
        for _ in range(acts):
            desk.desk.add_note(reference, by="user:ana", at=datetime.now(UTC), text="Called back.")

    with desk.database.connection() as conn:
        seal.seal(conn, SIGNER, datetime.now(UTC))
        recorded = _took(record)
        return 100 * _took(lambda: seal.seal(conn, SIGNER, datetime.now(UTC))) / recorded


def _past(desk: Runtime, repetitions: int) -> list[float]:
    """Milliseconds."""
    reference = _received(desk)
    for _ in range(NOTES - 1):
        desk.desk.add_note(reference, by="user:ana", at=datetime.now(UTC), text="Called back.")
    desk.engine.catch_up()
    given, cut = Given(desk.policies), Cut(true_at=datetime.now(UTC))
    with desk.database.connection() as conn:

        def ask() -> None:
            then = past.complaint(conn, reference, cut, given)
            assert then
            assert len(then.records) == NOTES

        ask()
        return [1000 * _took(ask) for _ in range(max(5, repetitions))]


def _received(desk: Runtime) -> str:
    contact = Contact(name="Mr Lee", email=f"{secrets.token_hex(6)}@example.org")
    now = datetime.now(UTC) - timedelta(days=1)
    return reference_of(
        desk.desk.receive(by="user:ana", at=now, description="It never came.", contact=contact)
    )


def _verified(
    conn: psycopg.Connection[Any], events: int, repetitions: int
) -> tuple[list[float], list[float]]:
    """Events a second, and a second of this process's processor time, however busy the machine."""
    row = conn.execute("select coalesce(max(notification_id), 0) from desk.events").fetchone()
    first = row[0] + 1 if row else 1
    for begin in range(first, events, PER_HEAD * 50):
        end = begin + PER_HEAD * 50 - 1
        conn.execute(_FILL, (STATE // 16, begin, end))
        seal.seal(conn, SIGNER, datetime.now(UTC))
    rates, alone = [], []
    for _ in range(repetitions):
        began, busy = time.perf_counter(), time.process_time()
        found = sealcheck.check(conn, {SIGNER.key})
        assert found.offence is None
        rates.append(found.events / (time.perf_counter() - began))
        alone.append(found.events / (time.process_time() - busy))
    return rates, alone


def _proofs(conn: psycopg.Connection[Any], leaves: int, repetitions: int) -> list[float]:
    """Milliseconds; the slowest of many places."""
    conn.execute("truncate desk.seal_tiles")
    growth = Growth()
    while growth.size < leaves:
        begin = growth.size
        end = min(begin + 50_000, leaves)
        seal.keep(
            conn, begin, growth.extend([sha256(b"%d" % n).digest() for n in range(begin, end)])
        )
    times = []
    for n in range(max(20, repetitions)):
        index = (n * 2_654_435_761) % leaves
        spans = merkle.inclusion(index, leaves)
        times.append(1000 * _took(lambda spans=spans: seal.proof(conn, spans)))  # type: ignore[misc]
    return times
