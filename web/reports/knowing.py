"""What did the report say of an instant, of what was known at another one?

The log is folded up to that instant into tables of its own, which takes as long as a rebuild: on a
page only as far as somebody waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from projections import past, rebuild, sla
from projections.bulkfold import Progress
from projections.rebuild import Busy
from projections.sla import Question, Report
from web.errors import BadBody, FieldError
from web.reports.asking import instant_in
from web.runtime import Runtime

MOST = 150_000
"""Events that a page folds: a few seconds."""
NEEDED = ("cycles", "clocks")


def report(
    desk: Runtime, conn: sa.Connection, question: Question, given: Mapping[str, str], *,
    now: datetime,
) -> Report:  # fmt: skip
    """For a page or a program, as `given` asks; raises BadBody where it takes too long."""
    if not given.get("known_at", "").strip():
        return sla.report(conn, question)
    known_at = instant_in(given, "known_at", now, ZoneInfo(question.zone))
    with desk.database.connection() as raw:
        position = past.position_at(raw, known_at)
    if position > MOST:
        raise _wrong(
            "So many events were known then that folding them takes minutes:"
            " recovery audit sla --known-at tells it."
        )
    try:
        return as_known(desk, conn, question, known_at, wait=False)
    except Busy:
        raise _wrong("Somebody else is asking for a past just now. Try again.") from None


def as_known(
    desk: Runtime, conn: sa.Connection, question: Question, known_at: datetime, *,
    wait: bool = True, progress: Progress = lambda done, total: None,
) -> Report:  # fmt: skip
    """However long it takes; without `wait` raises Busy."""
    with desk.database.connection() as raw:
        position = past.position_at(raw, known_at)
    with rebuild.as_known(
        desk.engine, NEEDED, position, wait=wait, progress=progress
    ) as schema:  # fmt: skip
        return sla.report(conn, question, schema=schema)


def _wrong(says: str) -> BadBody:
    return BadBody((FieldError("known_at", says),))
