"""What has been kept for long enough?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from recovery import readings, unsent
from web.runtime import Runtime

EVERY = 3_600.0
"""Seconds from one look to the next."""


def follow(
    runtime: Runtime, stopping: threading.Event, *, clock: Callable[[], datetime]
) -> None:  # fmt: skip
    """Tidy up until told to stop."""
    while True:
        tidy(runtime, clock())
        if stopping.wait(EVERY):
            return


def tidy(runtime: Runtime, now: datetime) -> int:
    """Remove traces of reading older than the rule, and begun complaints whose time is over.

    Returns how many.
    """
    before = now - timedelta(days=runtime.settings.readings_days)
    with runtime.database.connection() as conn:
        return readings.drop(conn, before=before) + unsent.drop_ended(conn, now=now)
