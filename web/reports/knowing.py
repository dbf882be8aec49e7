"""What did the report say of an instant, of what was known at another one?

The log is folded up to that instant into tables of its own, which takes as long as a rebuild: on a
page only as far as somebody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from projections import past, rebuild, sla
from projections.bulkfold import Progress
from projections.payout_position import Position, position
from projections.rebuild import Busy
from projections.sla import Question, Report
from projections.table import LIVE
from recovery.errors import Invalid
from web.errors import BadBody, FieldError
from web.reports.asking import instant_in
from web.runtime import Runtime

MOST = 150_000
"""Events that a page folds: a few seconds."""
PROMISES = ("cycles", "clocks")
MONEY = ("payouts", "ledger", "entitlements")


def report(
    desk: Runtime, conn: sa.Connection, question: Question, given: Mapping[str, str], *,
    now: datetime,
) -> Report:  # fmt: skip
    """For a page or a program, as `given` asks; raises BadBody where it takes too long."""
    known_at = _asked(given, now, question.zone)
    if known_at is None:
        return sla.report(conn, question)
    with _soon(desk, known_at):
        return as_known(desk, conn, question, known_at, wait=False)


def as_known(
    desk: Runtime, conn: sa.Connection, question: Question, known_at: datetime, *,
    wait: bool = True, progress: Progress = lambda done, total: None,
) -> Report:  # fmt: skip
    """However long it takes; without `wait` raises Busy."""
    with rebuild.as_known(
        desk.engine, PROMISES, _position(desk, known_at), wait=wait, progress=progress
    ) as schema:  # fmt: skip
        return sla.report(conn, question, schema=schema)


def money(desk: Runtime, given: Mapping[str, str], *, now: datetime, zone: str) -> Position:
    """The report on payouts for a program; raises BadBody where it takes too long."""
    known_at = _asked(given, now, zone)
    if known_at is None:
        with desk.database.engine.connect() as conn:
            return position(conn, desk.policies, now=now, zone=zone)
    with _soon(desk, known_at):
        return money_as_known(desk, known_at, zone=zone, wait=False)


def money_as_known(
    desk: Runtime, known_at: datetime, *, zone: str, wait: bool = True,
    progress: Progress = lambda done, total: None,
) -> Position:  # fmt: skip
    """However long it takes; without `wait` raises Busy."""
    with (
        rebuild.as_known(
            desk.engine, MONEY, _position(desk, known_at), wait=wait, progress=progress
        ) as schema,
        desk.database.engine.connect() as conn,
    ):
        then = conn.execution_options(schema_translate_map={LIVE: schema})
        return position(then, desk.policies, now=known_at, zone=zone)


def _asked(given: Mapping[str, str], now: datetime, zone: str) -> datetime | None:
    """The instant, if one was named; raises BadBody."""
    if not given.get("known_at", "").strip():
        return None
    try:
        return instant_in(given, "known_at", now, ZoneInfo(zone))
    except Invalid as error:
        raise _wrong(str(error)) from None


def _position(desk: Runtime, known_at: datetime) -> int:
    with desk.database.connection() as raw:
        return past.position_at(raw, known_at)


@contextmanager
def _soon(desk: Runtime, known_at: datetime) -> Iterator[None]:
    """Refuse what somebody would wait for too long."""
    if _position(desk, known_at) > MOST:
        raise _wrong(
            "So many events were known then that folding them takes minutes:"
            " the commands recovery audit sla and recovery audit payouts tell it."
        )
    try:
        yield
    except Busy:
        raise _wrong("Somebody else is asking for a past just now. Try again.") from None


def _wrong(says: str) -> BadBody:
    return BadBody((FieldError("known_at", says),))
