"""How do the projections come up with the log after a long load, and how far are they?"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from projections.engine import LEADER_LOCK, Raced
from projections.health import health
from projections.rebuild import far_behind, rebuild
from projections.table import LIVE
from web.runtime import Runtime

log = logging.getLogger("recovery.worker")
BATCH = 5_000
LOOK = 0.2
"""Seconds between two looks at the worker that is doing it."""
Progress = Callable[[int, int], None]
"""Called with the position reached and the head of the log."""


def catch_up(runtime: Runtime, progress: Progress = lambda reached, head: None) -> None:
    """Bring every projection that is not stopped up to the log, then tell the planner.

    Where a worker is doing it already, only wait for it: two would do the same work twice.
    """
    renew(runtime)
    rebuilt = False
    with runtime.database.dedicated() as conn:
        while True:
            reached, head = _place(runtime)
            progress(reached, head)
            if reached >= head:
                break
            row = conn.execute("select pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
            if row is None or not row[0]:
                time.sleep(LOOK)
                continue
            if far_behind(runtime.engine):
                rebuild(runtime.engine, progress=progress)
                rebuilt = True  # and the planner knows it
                continue
            try:
                runtime.engine.advance(conn, BATCH)
            except Raced:
                continue
        for projection in () if rebuilt else runtime.engine.projections:
            conn.execute(f"analyze {LIVE}.{projection.table.name}")
        conn.execute("analyze desk.events")


def renew(runtime: Runtime) -> None:
    """Rebuild the projections whose rows are older than this software; `outdated` is empty then."""
    if runtime.outdated:
        log.warning("rebuilding what is older than this software: %s", ", ".join(runtime.outdated))
        rebuild(runtime.engine, runtime.outdated)
        runtime.outdated = []


def _place(runtime: Runtime) -> tuple[int, int]:
    with runtime.database.engine.connect() as conn:
        places = [place for place in health(conn) if place.stopped_reason is None]
    if not places:
        return 0, 0
    return min(place.position for place in places), max(place.head for place in places)
