"""How were promises of time kept, how long did each step take, and how old is what is open?

One statement answers it, so that every figure is of the same moment. What happened after the
instant asked about has not happened yet. The statement is in `sla_statement.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections.cycles import table as cycles
from projections.sla_statement import AGES, ALL, DUES, STEPS, statement
from projections.sla_times import Taken, Times
from projections.table import LIVE

NO_TIMES = tuple(Taken(step=step) for step in STEPS)
MOST_GROUPS = 100
"""Groups told apart; the smaller ones are told together."""
LOOKED_AT = 500
"""Complaints at each end of the history, for the attributes they have."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which complaints, divided by what, as of when; days are days in the zone."""

    as_of: datetime
    zone: str
    since: date | None = None
    until: date | None = None
    """The last day of receipt, itself included."""
    by: str = ""
    """A dimension, a period, or `attribute.NAME`."""
    filters: dict[str, str] = {}
    """Dimension or `attribute.NAME` to the value wanted."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the promises of one clock.

    met + breached + running + paused + cancelled + not_known + without_promise are the complaints
    received; of the later cycles (`again`), the promises made.
    """

    clock: str
    again: bool = False
    met: int = 0
    breached: int = 0
    breached_open: int = 0
    """Of the breached, those that were still open."""
    running: int = 0
    paused: int = 0
    cancelled: int = 0
    not_known: int = 0
    without_promise: int = 0
    attainment: float | None = None
    """met / (met + breached), rounded down to four decimals."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The complaints that share a value of what was divided by; of all, if nothing was."""

    name: str
    received: int
    open: int
    reopened: int
    promises: tuple[Kept, ...]
    times: tuple[Taken, ...]
    ages: dict[str, int]
    """The open ones by how long ago they were received."""
    dues: dict[str, int]
    """The open ones by the next instant at which a running clock is due."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. `groups` and `others` add up to `all`."""

    question: Question
    all: Group
    groups: tuple[Group, ...]
    others: Group | None
    """Of the groups beyond MOST_GROUPS, all together."""
    receipt_not_known: int
    """Left out: nobody knows when they were received."""
    received_later: int
    """Left out: received in the period, but after the instant asked about."""


_T = TypeVar("_T")
_Place = TypeVar("_Place")


class _Found(msgspec.Struct, kw_only=True):
    """What the statement gives: each row after the number of its place."""

    names: list[tuple[int, str]] | None
    sizes: list[tuple[int, int, int, int]] | None
    promises: list[tuple[int, Kept]] | None
    buckets: list[tuple[int, str, int, int]] | None
    receipt_not_known: int
    received_later: int


_decode = msgspec.json.Decoder(_Found).decode
_taken = msgspec.json.Decoder(Taken).decode


def report(conn: sa.Connection, question: Question, *, schema: str = LIVE) -> Report:
    """The whole report, from the tables of this schema."""
    live = statement(question.by, question.filters)
    text = sa.text(live.replace(f" {LIVE}.", f" {schema}."))
    rows = conn.execute(text, _given(question)).all()
    [found] = [_decode(told) for place, told, *_ in rows if place is None]
    times = [(place, Times.of(_taken(told), *seconds)) for place, told, *seconds in rows
             if place is not None]  # fmt: skip
    groups = _groups(found, times)
    return Report(
        question=question,
        all=groups.pop(ALL),
        others=groups.pop(MOST_GROUPS + 1, None),
        groups=tuple(groups.values()),
        receipt_not_known=found.receipt_not_known,
        received_later=found.received_later,
    )


def attributes(conn: sa.Connection) -> list[str]:
    """The names of attributes that complaints have: of the oldest and of the latest."""
    ends = [
        sa.select(cycles.c.attributes).order_by(order).limit(LOOKED_AT).subquery().select()
        for order in (cycles.c.received_at, cycles.c.received_at.desc())
    ]
    some = sa.union_all(*ends).subquery()
    names = sa.select(sa.func.jsonb_object_keys(some.c.attributes)).distinct()
    return sorted(conn.scalars(names))


def _given(question: Question) -> dict[str, object]:
    """The values for the gaps in the statement."""
    zone = ZoneInfo(question.zone)
    since = question.since and _midnight(question.since, zone)
    until = question.until and _midnight(question.until + timedelta(days=1), zone)
    return {
        "as_of": question.as_of, "zone": question.zone, "since": since, "until": until,
        "most": MOST_GROUPS, "attribute": question.by.partition(".")[2],
        **{f"wanted_{n}": value for n, value in enumerate(question.filters.values())},
        **{f"name_{n}": name.partition(".")[2] for n, name in enumerate(question.filters)},
    }  # fmt: skip


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _groups(found: _Found, steps: Sequence[tuple[int, Times]]) -> dict[int, Group]:
    """Each place's group, the largest or latest first; that of everything is always there."""
    names = dict(found.names or ())
    promises, times = _by_place(found.promises or ()), _times(steps)
    buckets = _by_place((place, rest) for place, *rest in found.buckets or ())
    clocks = sorted({row.clock for _, row in found.promises or ()})
    return {
        place: Group(
            name=names.get(place, ""), received=received, open=still_open, reopened=reopened,
            promises=_promises(received, clocks, promises.get(place, ())),
            times=times.get(place, NO_TIMES),
            ages=_counts("age", AGES, buckets.get(place, ())),
            dues=_counts("due", DUES, buckets.get(place, ())),
        )
        for place, received, still_open, reopened in found.sizes or [(ALL, 0, 0, 0)]
    }  # fmt: skip


def _by_place(rows: Iterable[tuple[_Place, _T]]) -> dict[_Place, list[_T]]:
    found: dict[_Place, list[_T]] = {}
    for place, row in rows:
        found.setdefault(place, []).append(row)
    return found


def _promises(received: int, clocks: Sequence[str], rows: Sequence[Kept]) -> tuple[Kept, ...]:
    """A row for each clock there is, also where this group was promised nothing by it."""
    known = {(row.clock, row.again): row for row in rows}
    found = []
    for clock in clocks:
        first = known.get((clock, False), Kept(clock=clock))
        made = first.met + first.breached + first.running + first.paused + first.cancelled
        without = received - made - first.not_known
        found.append(replace(first, without_promise=without, attainment=_attainment(first)))
        if later := known.get((clock, True)):
            found.append(replace(later, attainment=_attainment(later)))
    return tuple(found)


def _attainment(row: Kept) -> float | None:
    decided = row.met + row.breached
    return row.met * 10_000 // decided / 10_000 if decided else None


def _times(rows: Sequence[tuple[int, Times]]) -> dict[int, tuple[Taken, ...]]:
    """Those of each place, and of everything."""
    places = _by_place(rows)
    if places and ALL not in places:
        parts = _by_place((times.taken.step, times) for _, times in rows)
        places[ALL] = [Times.together(step, parts[step]) for step in STEPS]
    return {
        place: tuple(of.told() for of in sorted(found, key=lambda of: STEPS.index(of.taken.step)))
        for place, found in places.items()
    }


def _counts(kind: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, int]:
    known = {bucket: complaints for of, bucket, complaints in rows if of == kind}
    return {name: known.get(n, 0) for n, name in enumerate(names)}
