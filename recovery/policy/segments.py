"""Into which stretches of time does a promise fall: counted, outside hours, holiday, paused?

They follow each other without a gap, and what they count adds up to the time that has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from recovery.policy.calendar import WorkingTime, day_end, local_day
from recovery.policy.meters import Days
from recovery.policy.runner import Situation

SegmentKind = Literal[
    "counted", "outside_hours", "day_off", "holiday", "closure", "starting_day", "paused",
    "waiting_day", "rolled", "late",
]  # fmt: skip


class Segment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of time, and whether it counts.

    `waiting_day` is the part of a day before a pause that lasted beyond the day's end; `rolled`
    the days to the next business day.
    """

    kind: SegmentKind
    start: datetime
    end: datetime
    counted: float = 0
    """Seconds, or days for a clock that counts days."""
    reason: str = ""
    """The name of a holiday."""


def segments(now: Situation, due: datetime | None, until: datetime) -> tuple[Segment, ...]:
    """The time of a clock from its start to `until`, of which what lies after `due` is late."""
    end = until if due is None or until < due else due
    pauses = [(since, min(to, end)) for since, to in now.pauses if since < end]
    if now.paused_at is not None and now.paused_at < end:
        pauses.append((now.paused_at, end))
    meter = now.promise.meter
    if isinstance(meter, Days):
        found = _in_days(meter, now, end, pauses)
    else:
        found = _in_seconds(meter_calendar(now), now.started_at, end, pauses)
    if until > end:
        found = [*found, Segment("late", end, until)]
    return tuple(_joined(found))


def meter_calendar(now: Situation) -> WorkingTime | None:
    """The calendar whose hours a clock counts; None where it counts all that pass."""
    return getattr(now.promise.meter, "calendar", None)


def _in_seconds(
    calendar: WorkingTime | None, start: datetime, end: datetime,
    pauses: list[tuple[datetime, datetime]],
) -> list[Segment]:  # fmt: skip
    if calendar is None:
        plain: Iterable[Segment] = (Segment("counted", start, end),)
    else:
        plain = _windows(calendar, start, end)
    return [
        msgspec.structs.replace(piece, counted=(piece.end - piece.start).total_seconds())
        if piece.kind == "counted" else piece
        for piece in _with_pauses(plain, pauses)
    ]  # fmt: skip


def _windows(calendar: WorkingTime, start: datetime, end: datetime) -> Iterator[Segment]:
    """Working time, and what lies between by the day and its reason."""
    at = start
    first = local_day(calendar.zone, start) - 1
    for ordinal in range(first, local_day(calendar.zone, end) + 1):
        for opens, closes in calendar.windows(ordinal):
            opens, closes = max(opens, at), min(closes, end)
            if opens < closes:
                yield from _closed(calendar, at, opens)
                yield Segment("counted", opens, closes)
                at = closes
    yield from _closed(calendar, at, end)


def _closed(calendar: WorkingTime, start: datetime, end: datetime) -> Iterator[Segment]:
    for ordinal, since, until in _local_days(calendar.zone, start, end):
        if calendar.business_day_from(ordinal) == ordinal:
            yield Segment("outside_hours", since, until)
        else:
            kind, name = calendar.why_closed(ordinal)
            yield Segment(kind, since, until, reason=name)


def _in_days(
    meter: Days, now: Situation, end: datetime, pauses: list[tuple[datetime, datetime]]
) -> list[Segment]:
    first = meter.starting_day(now.started_at)
    unrolled = Days(
        meter.zone, meter.rule._replace(roll=False), meter.calendar, business=meter.business
    )
    last = local_day(meter.zone, unrolled.due(now.started_at, now.amount))
    found: list[Segment] = []
    for ordinal, since, until in _local_days(meter.zone, now.started_at, end):
        kind, reason = _kind_of_day(meter, ordinal, first, last)
        over = day_end(meter.zone, ordinal, meter.rule.hour)
        waits = any(begun <= over < ended for begun, ended in pauses)
        pieces = list(_with_pauses([Segment(kind, since, until, reason=reason)], pauses))
        if kind == "counted" and waits:
            pieces = [_renamed(piece, "waiting_day") for piece in pieces]
        elif kind == "counted" and now.started_at <= over <= end:
            pieces[-1] = msgspec.structs.replace(pieces[-1], counted=1)
        found += pieces
    return found


def _kind_of_day(meter: Days, ordinal: int, first: int, last: int) -> tuple[SegmentKind, str]:
    if ordinal < first or (ordinal == first and not meter.rule.starting_day_counts):
        return "starting_day", ""
    if meter.business and meter.calendar is not None:
        if meter.calendar.business_day_from(ordinal) != ordinal:
            return meter.calendar.why_closed(ordinal)
    elif ordinal > last:
        return "rolled", ""
    return "counted", ""


def _renamed(piece: Segment, kind: SegmentKind) -> Segment:
    return msgspec.structs.replace(piece, kind=kind) if piece.kind == "counted" else piece


def _with_pauses(
    pieces: Iterable[Segment], pauses: list[tuple[datetime, datetime]]
) -> Iterator[Segment]:
    """The pieces, cut where the clock stood still."""
    for piece in pieces:
        at = piece.start
        for since, until in pauses:
            begun, ended = max(since, at), min(until, piece.end)
            if begun < ended:
                if at < begun:
                    yield msgspec.structs.replace(piece, start=at, end=begun)
                yield Segment("paused", begun, ended)
                at = ended
        if at < piece.end:
            yield msgspec.structs.replace(piece, start=at)


def _local_days(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[int, datetime, datetime]]:
    """The local days between two instants: ordinal, beginning and end (UTC), clipped."""
    at = start
    for ordinal in range(local_day(zone, start), local_day(zone, end) + 1):
        midnight = datetime.combine(date.fromordinal(ordinal) + timedelta(days=1), time(), zone)
        until = min(midnight.astimezone(start.tzinfo), end)
        if at < until:
            yield ordinal, at, until
            at = until


def _joined(pieces: Iterable[Segment]) -> Iterator[Segment]:
    """Neighbours of one kind and reason, as one."""
    last: Segment | None = None
    for piece in pieces:
        if last is not None and (last.kind, last.reason) == (piece.kind, piece.reason):
            last = msgspec.structs.replace(
                last, end=piece.end, counted=last.counted + piece.counted
            )
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
