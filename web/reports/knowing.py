"""What did the report say of an instant, of what was known at another one?

The log is folded up to that instant into tables of its own, which takes as long as a rebuild: on a
page only as far as somebody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from projections import past, rebuild, sla
from projections.bulkfold import Progress
from projections.past import Cut
from projections.payout_position import Position, position
from projections.rebuild import Busy
from projections.sla import Question, Report
from projections.table import LIVE
from recovery.errors import Invalid
from web.errors import BadBody, FieldError
from web.reports import ahead
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
        return ahead.exactly(conn, question) or sla.report(conn, question)
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


def money(
    desk: Runtime, *, as_of: str, known_at: str, now: datetime, zone: str
) -> Position:  # fmt: skip
    """The report on payouts for a program; raises BadBody where it takes too long."""
    cut = cut_of({"as_of": as_of, "known_at": known_at}, now, zone)
    with books(desk, cut, now=now) as (conn, at):
        return position(conn, desk.policies, now=at, zone=zone)


@contextmanager
def books(
    desk: Runtime, cut: Cut | None, *, now: datetime
) -> Iterator[tuple[sa.Connection, datetime]]:  # fmt: skip
    """The tables of money as they are or were, and what counts as now there.

    Raises BadBody where somebody would wait for them too long.
    """
    if cut is None:
        with desk.database.engine.connect() as conn:
            yield conn, now
        return
    with _soon(desk, cut.known_at or now), books_then(desk, cut, now=now, wait=False) as conn:
        yield conn, cut.instant


@contextmanager
def books_then(
    desk: Runtime, cut: Cut, *, now: datetime, wait: bool = True,
    progress: Progress = lambda done, total: None,
) -> Iterator[sa.Connection]:  # fmt: skip
    """As they were, however long it takes; without `wait` raises Busy."""
    reached: dict[str, datetime] = {}
    happened = Cut(true_at=cut.true_at)
    keep = partial(happened.of, reached=reached) if cut.true_at else None
    end = _position(desk, cut.known_at or now)
    with (
        rebuild.as_known(
            desk.engine, MONEY, end, keep=keep, wait=wait, progress=progress
        ) as schema,
        desk.database.engine.connect() as conn,
    ):
        yield conn.execution_options(schema_translate_map={LIVE: schema})


def cut_of(given: Mapping[str, str], now: datetime, zone: str) -> Cut | None:
    """Where the past ends that `as_of` and `known_at` name, if they do; raises BadBody."""
    found: dict[str, datetime] = {}
    wrong: list[FieldError] = []
    for name in ("as_of", "known_at"):
        if given.get(name, "").strip():
            try:
                found[name] = instant_in(given, name, now, ZoneInfo(zone))
            except Invalid as error:
                wrong.append(FieldError(name, str(error)))
    if wrong:
        raise BadBody(tuple(wrong))
    return Cut(found.get("as_of"), found.get("known_at")) if found else None


def _asked(given: Mapping[str, str], now: datetime, zone: str) -> datetime | None:
    """The instant, if one was named; raises BadBody."""
    cut = cut_of({"known_at": given.get("known_at", "")}, now, zone)
    return cut.known_at if cut else None


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
