"""What does the page of recovery outcomes say, and the files beside it?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from projections import outcomes
from projections.outcomes import COMPARED, DONE, SPEEDS, UNITS, Outcome, Question
from recovery.errors import Invalid
from recovery.fairness import rates
from recovery.fairness.funnel import Funnel, funnel
from recovery.fairness.records import Share
from recovery.fairness.suppression import SMALLEST
from web.i18n import mark
from web.reports import asking
from web.spreadsheets import disarmed

NAMES = ("from", "to", "period", "zone", "as_of")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Complaints of one kind; without shares of fewer than eleven."""

    done: str = ""
    speed: str = ""
    first: bool | None = None
    closed: int
    contested: Share | None
    content: Share | None
    """Of those who told us how it went."""
    returning: Share | None
    """Of those who said whether they would come back."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What worked, and how agents or teams lie against their cases."""

    question: Question
    closed: int
    first_contact: Share | None
    what: tuple[Row, ...]
    """By what was done and how fast."""
    first: tuple[Row, ...]
    """By whether one contact was enough."""
    units: Funnel


def asked(given: Mapping[str, str], *, now: datetime, zone: str) -> Question:
    """The question; raises BadBody for its times, Invalid for the rest."""
    times = asking.asked({n: given[n] for n in NAMES if given.get(n)}, now=now, zone=zone)
    unit, of = given.get("unit") or "agent", given.get("of") or "contested"
    if unit not in UNITS:
        raise Invalid(mark("Choose agents or teams."), field="unit")
    if of not in COMPARED:
        raise Invalid(mark("Choose what to compare them by."), field="of")
    return Question(
        since=times.since, until=times.until, zone=times.zone, as_of=times.as_of, unit=unit, of=of
    )


def report(conn: sa.Connection, question: Question) -> Report:
    """Two statements, whatever the number of complaints."""
    found = outcomes.kinds(conn, question)
    what = [
        _row(_sum(o for k, o in found.items() if (k.done, k.speed) == (done, speed)), done=done,
             speed=speed)
        for done in DONE for speed in SPEEDS
    ]  # fmt: skip
    by_first = {
        first: _sum(o for k, o in found.items() if k.first is first) for first in (True, False)
    }
    known = by_first[True].closed + by_first[False].closed
    return Report(
        question=question, closed=_sum(found.values()).closed,
        first_contact=_share(known, by_first[True].closed),
        what=tuple(row for row in what if row.closed),
        first=tuple(
            _row(_undisputed(o), first=first) for first, o in by_first.items() if o.closed
        ),
        units=funnel(outcomes.cells(conn, question)),
    )  # fmt: skip


def _undisputed(of: Outcome) -> Outcome:
    """Without disputes: whoever disputes was not settled on first contact, by what that means."""
    return msgspec.structs.replace(of, contest_known=0, contested=0)


def _sum(some: Iterable[Outcome]) -> Outcome:
    return sum(some, Outcome())


def _row(of: Outcome, **kind: Any) -> Row:
    return Row(
        closed=of.closed, contested=_share(of.contest_known, of.contested),
        content=_share(of.surveyed, of.content), returning=_share(of.asked_back, of.returning),
        **kind,
    )  # fmt: skip


def _share(n: int, yes: int) -> Share | None:
    return rates.share(n, yes) if n >= SMALLEST else None


def as_csv(found: Report, table: str) -> str:
    """One of the tables: "what" or "units"; raises Invalid for another name."""
    out = io.StringIO()
    out.write("\ufeff")
    rows = csv.writer(out)
    if table == "what":
        rows.writerow(
            ("done", "speed", "first_contact", "closed", *_columns("contested"),
             *_columns("content"), *_columns("returning"))
        )  # fmt: skip
        for each in (*found.what, *found.first):
            rows.writerow((
                each.done, each.speed, "" if each.first is None else each.first, each.closed,
                *_cells(each.contested), *_cells(each.content), *_cells(each.returning),
            ))  # fmt: skip
        return out.getvalue()
    if table != "units":
        raise Invalid(mark("There are two tables: what and units."), field="table")
    rows.writerow((found.question.unit, "complaints", "share", "expected", "low", "high", "place"))
    for unit in found.units.units:
        rows.writerow(
            (
                disarmed(unit.unit),
                unit.n,
                unit.share,
                unit.expected,
                unit.low,
                unit.high,
                unit.place,
            )
        )
    return out.getvalue()


def _columns(name: str) -> tuple[str, ...]:
    return name, f"{name}_of", f"{name}_from", f"{name}_to"


def _cells(share: Share | None) -> tuple[float | int | None, ...]:
    return (share.rate, share.n, share.low, share.high) if share else (None, None, None, None)
