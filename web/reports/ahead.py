"""What does the SLA report say of a long history, without anybody waiting for it?

To read a million complaints takes seconds. So a worker asks ahead: of everything, divided by each
dimension in turn. From that follow the report of everything and those of one value of a dimension;
they say of which instant they are. Every process finds them in the database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections import sla
from projections.health import wait_for
from projections.sla import Group, Kept, Question, Report
from projections.sla_statement import DIMENSIONS
from web.runtime import Runtime

LONG = 10_000
"""Complaints whose report is worth keeping for a while."""
TIMES = 100
"""For how many times as long as it took it is good …"""
SHORTEST = timedelta(minutes=5)
"""… but at least so long; and it is shown for twice as long, should no worker renew it."""
POLL = 20.0
"""Seconds between two looks for what is to be asked."""
BEHIND = 0.5
"""Seconds that the projections have to follow: of a log that is being folded nothing is kept."""
_SOME = sa.text("select count(*) from (select from read.cycles where cycle = 1 limit :long) few")
_AT = "select as_of, report from desk.reports_ahead where divided_by = :by and as_of = :at"
_BEFORE = """
select as_of, report from desk.reports_ahead
where divided_by = :by
  and :at between as_of and as_of + 2 * greatest(took * :times, cast(:shortest as interval))
"""
_NEXT = sa.text("""
select each from unnest(cast(:dimensions as text[])) with ordinality as wanted (each, place)
left join desk.reports_ahead on divided_by = each
where as_of is null or as_of + greatest(took * :times, cast(:shortest as interval)) <= :now
order by as_of nulls first, place limit 1
""")
_KEEP = sa.text("""
insert into desk.reports_ahead (divided_by, as_of, took, report) values (:by, :now, :took, :report)
on conflict (divided_by) do update
set as_of = excluded.as_of, took = excluded.took, report = excluded.report
""")
_encode, _decode = msgspec.json.encode, msgspec.json.Decoder(Report).decode


def recent(conn: sa.Connection, question: Question) -> Report | None:
    """Of a short while before the question's instant, if that was asked ahead."""
    return _from(conn, question, _BEFORE, times=TIMES, shortest=SHORTEST)


def exactly(conn: sa.Connection, question: Question) -> Report | None:
    """Of the question's very instant, as when somebody wants a page's figures as a file."""
    return _from(conn, question, _AT)


def _from(
    conn: sa.Connection, question: Question, text: str, **given: object
) -> Report | None:  # fmt: skip
    if not (by := _divided_by(question)):
        return None
    row = conn.execute(sa.text(text), {"by": by, "at": question.as_of, **given}).one_or_none()
    if row is None:
        return None
    try:
        found = _decode(row.report)
    except msgspec.ValidationError:
        return None  # a release that says other things has kept it
    return _narrowed(found, replace(question, as_of=row.as_of))


def _divided_by(question: Question) -> str:
    """The dimension by which everything has to be divided to answer; empty where none does."""
    if question.since or question.until:
        return ""
    names = [name for name in (question.by, *question.filters) if name]
    if len(names) > 1:
        return ""
    by = next(iter(names), DIMENSIONS[0])
    return by if by in DIMENSIONS else ""


def _narrowed(found: Report, question: Question) -> Report | None:
    """What the question wants of a report that is divided; None where that does not tell."""
    if question.by:
        return replace(found, question=question)
    everything = replace(found, question=question, groups=(), others=None)
    if not question.filters:
        return everything
    [wanted] = question.filters.values()
    of = next((group for group in found.groups if group.name == wanted), None)
    if of is None or found.receipt_not_known or found.received_later:
        return None  # how many of those that are left out fit the filter is not known
    return replace(everything, all=replace(of, name="", promises=_made(of)))


def _made(group: Group) -> tuple[Kept, ...]:
    """Without the clocks that stand there only because they promised something to other groups."""
    clocks = {
        row.clock for row in group.promises if row.again or row.without_promise < group.received
    }
    return tuple(row for row in group.promises if row.clock in clocks)


class Asker:
    """Asks ahead; any number may run at once."""

    def __init__(self, desk: Runtime, *, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._clock = clock

    def follow(self, stopping: threading.Event) -> None:
        """Ask until told to stop."""
        while not stopping.wait(POLL):
            while self.step() and not stopping.is_set():
                pass

    def step(self) -> bool:
        """Ask for what has waited longest, if the history is long and anything is due.

        Says whether it did.
        """
        began = self._clock()
        with self._desk.database.engine.connect() as conn:
            if conn.scalar(_SOME, {"long": LONG}) < LONG:
                return False
            wanted = {"dimensions": list(DIMENSIONS), "times": TIMES, "shortest": SHORTEST}
            by = conn.scalar(_NEXT, {**wanted, "now": began})
            if by is None or not wait_for(conn, self._desk.store.head(), timeout=BEHIND):
                return False
            report = sla.report(conn, Question(as_of=began, zone="UTC", by=by))
            took = self._clock() - began
            kept = {"by": by, "now": began, "took": took, "report": _encode(report)}
            conn.execute(_KEEP, kept)
        return True
