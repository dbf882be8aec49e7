"""Complaints that live through a day while timekeepers look now and then."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from recovery.events import clock_stream
from tests.cast import ANA
from tests.timekeeping.conftest import NINE, Watch
from web.worker.timekeeper import Timekeeper


class Act(NamedTuple):
    """What somebody does with a complaint, and when."""

    name: str
    at: datetime


EFFECTS = ("assigned", "notified", "severity")
_MORE: dict[str, dict[str, Any]] = {
    "explain": {"outcome": "upheld", "message": "We lost your parcel."},
    "close": {"outcome": "upheld"},
    "pause": {"reason": "awaiting_complainant"},
    "classify": {"severity": "critical"},
}


def live(
    watch: Watch, lives: Sequence[Sequence[Act]], *, until: datetime, looks: Sequence[datetime],
    workers: int = 1,
) -> list[str]:  # fmt: skip
    """Play the lives, with so many timekeepers looking at these instants; the references."""
    watch.people()
    references = [watch.receive(at=NINE) for _ in lives]
    acts = [(act.at, r, act) for r, acts in zip(references, lives, strict=True) for act in acts]
    left = sorted(acts, key=lambda each: each[0])
    for look in (*looks, until):
        while left and left[0][0] <= look:
            _, reference, act = left.pop(0)
            _do(watch, reference, act)
        _keep(watch, look, workers)
    assert not left
    return references


def recorded(watch: Watch, references: Sequence[str]) -> list[list[Any]]:
    """What the log says of each complaint's clocks, without the names of streams.

    Of a step only that it was taken and when it became due: what it could still do depends on
    how late the worker was.
    """
    with watch.desk.store.database.connection() as conn:
        streams = conn.execute(
            "select distinct originator_id from desk.events where topic like 'clock.%'"
        ).fetchall()
    found: dict[str, list[Any]] = {reference: [] for reference in references}
    for (stream,) in streams:
        assert stream.startswith(clock_stream(""))
        for record in watch.desk.store.records(stream):
            told = {
                k: v for k, v in msgspec.structs.asdict(record.event).items() if k not in EFFECTS
            }
            found[told.pop("complaint")].append((record.event.topic, record.version, repr(told)))
    return [sorted(found[reference]) for reference in references]


def _do(watch: Watch, reference: str, act: Act) -> None:
    command = getattr(watch.desk.desk, act.name)
    command(reference, by=ANA, at=act.at, **_MORE.get(act.name, {}))
    watch.desk.engine.catch_up()


def _keep(watch: Watch, now: datetime, workers: int) -> None:
    watch.now = now
    keepers = [watch.keeper() for _ in range(workers)]
    with ThreadPoolExecutor(workers) as threads:
        while any(list(threads.map(Timekeeper.step, keepers))):
            watch.desk.engine.catch_up()
    watch.desk.engine.catch_up()
