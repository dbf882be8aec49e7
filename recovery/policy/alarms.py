"""When does a promise become urgent, when is it broken, and what follows?

What has become true stays true: a warning that was due before a pause, an extension or another
target moved the promise has been given. That follows from the story alone, so a worker that was
down for hours finds the same alarms, at the same instants, as one that never stopped.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from recovery.policy.calendar import WorkingTime
from recovery.policy.clocks import Clock, run
from recovery.policy.compiled import InForce
from recovery.policy.meters import gauge
from recovery.policy.plans import ClockPlan
from recovery.policy.roles import Role
from recovery.policy.spans import Span, spans

if TYPE_CHECKING:
    from recovery.policy.story import Story

AlarmKind = Literal["warning", "breach", "escalation"]
_STARTING = (None, Role.START, Role.STOP_EARLY)
_ENDING = (Role.STOP, Role.CANCEL)
_ORDER: dict[AlarmKind, int] = {"warning": 0, "breach": 1, "escalation": 2}


class Alarm(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that became or will become true of a clock, because time passes."""

    kind: AlarmKind
    at: datetime
    due: datetime
    """As it was then."""
    percent: int = 0
    """Of a warning: how much of the working time was over."""
    step: int = 0
    """Of an escalation: from 1, in the order of the policy's text."""
    assign: str = ""
    notify: tuple[str, ...] = ()
    severity: str = ""


class _Rung(NamedTuple):
    """An alarm that has not been given yet: after this part of the time, or this long after."""

    kind: AlarmKind
    percent: int
    step: int


def alarms(version: InForce, story: Story, name: str, cycle: int) -> tuple[Alarm, ...]:
    """Every warning, breach and escalation step of a clock that was given or lies ahead.

    In the order of their instants. One that lies ahead is given if nothing happens before.
    """
    plan = version.plan(story, name)
    before = story.settled_clock(name, cycle)
    given = {key_of(alarm): alarm for alarm in before.alarms} if before else {}
    if plan is not None:
        for span in _stretches(version, plan, story, name, cycle):
            for alarm in _within(plan, span, story.reapplied_at):
                given.setdefault(key_of(alarm), alarm)
    return tuple(sorted(given.values(), key=lambda a: (a.at, _ORDER[a.kind], a.percent, a.step)))


def next_alarm(
    version: InForce, story: Story, clock: Clock, given: Container[tuple[str, int, int]] = ()
) -> datetime | None:
    """When the first alarm was or is given that is not among `given` (see `key_of`).

    Asked of every complaint after every event, so a clock that nothing has moved is not made to
    live through its story again.
    """
    plan = version.plan(story, clock.name)
    course = _undisturbed(plan, story, clock) if plan is not None else None
    if plan is None or course is None:
        found = alarms(version, story, clock.name, clock.cycle)
        return next((alarm.at for alarm in found if key_of(alarm) not in given), None)
    first = min((_instant(plan, course, rung) for rung in _first_left(plan, given)), default=None)
    if first is not None and story.reapplied_at is not None:
        first = max(first, story.reapplied_at)
    return first if first is None or clock.stopped_at is None or first < clock.stopped_at else None


def _undisturbed(plan: ClockPlan, story: Story, clock: Clock) -> _Course | None:
    """The course of a clock that was only started and, at most, ended once; else None."""
    if plan.stages or clock.cycle != 1 or clock.due is None or clock.started_at is None:
        return None
    if story.reapplied_at is not None:
        before = story.settled_clock(clock.name, clock.cycle)
        if before is None or before.clock is not None or before.alarms:
            return None
    running = (None, Role.STOP, Role.CANCEL) if clock.stopped_at else (None,)
    for mark in story.marks:
        roles = plan.roles.get(mark.kind)
        if roles and (
            roles.before not in _STARTING or roles.running not in running or roles.ended is not None
        ):
            return None
    promise = plan.promise(story.told())
    return _Course(clock.started_at, clock.due, promise.calendar) if promise else None


def _first_left(plan: ClockPlan, given: Container[tuple[str, int, int]]) -> Iterator[_Rung]:
    """The rungs of which one comes first: the others wait for one of these."""
    found = False
    for rung in _ladder(plan):
        if rung.kind != "escalation":
            if not found and (rung.kind, rung.percent, 0) not in given:
                found = True
                yield rung
        elif (rung.percent or not found) and ("escalation", 0, rung.step) not in given:
            yield rung


def _stretches(
    version: InForce, plan: ClockPlan, story: Story, name: str, cycle: int
) -> tuple[Span, ...]:
    """What the clock lived through under the version that rules now."""
    found = spans(plan, story, cycle)
    before = story.settled_clock(name, cycle)
    if before is None or before.clock is None or not found:
        return found
    if before.clock.state != "running":
        return ()
    clock = next(c for c in run(version, story) if (c.name, c.cycle) == (name, cycle))
    now = found[0].now._replace(due=before.clock.due, paused_at=None, pauses=())
    return (found[0]._replace(until=clock.stopped_at, now=now),)


def _within(plan: ClockPlan, span: Span, floor: datetime | None) -> Iterator[Alarm]:
    """The alarms that are given in a stretch, if none was given before."""
    due = span.now.due
    if due is None or span.now.paused_at is not None:
        return
    since = span.since if floor is None or floor < span.since else floor
    now = span.now
    course = _Course(now.started_at, due, now.promise.calendar, now.pauses)
    for rung in _ladder(plan):
        at = max(_instant(plan, course, rung), since)
        if span.until is None or at < span.until:
            yield _alarm(plan, rung, at, due)


@lru_cache(maxsize=512)
def _ladder(plan: ClockPlan) -> tuple[_Rung, ...]:
    return (
        *(_Rung("warning", int(percent), 0) for percent in sorted(plan.rule.warn)),
        _Rung("breach", 0, 0),
        *(
            _Rung("escalation", escalation.percent, step)
            for step, escalation in enumerate(plan.rule.escalations, 1)
        ),
    )


class _Course(NamedTuple):
    """What the instants of a clock's alarms follow from."""

    start: datetime
    due: datetime
    calendar: WorkingTime | None
    pauses: tuple[tuple[datetime, datetime], ...] = ()


def _instant(plan: ClockPlan, course: _Course, rung: _Rung) -> datetime:
    due = course.due
    if rung.kind == "breach":
        return due
    at = _part(course, rung.percent) if rung.percent else due
    if rung.kind == "warning":
        return at
    delay = plan.delays[rung.step - 1]
    if delay is not None:
        at = delay.meter.due(due, delay.amount)
    if course.calendar is None or plan.rule.escalations[rung.step - 1].any_hour:
        return at
    return course.calendar.next_open(at)


def _part(course: _Course, percent: int) -> datetime:
    """When so much of the working time is over; of all time, where the clock has no calendar."""
    start, due = course.start, course.due
    meter = gauge(course.calendar)
    waited = sum(meter.counted(since, until) for since, until in course.pauses)
    whole = meter.counted(start, due) - waited
    if whole <= 0:
        return start + (due - start) * percent / 100
    return min(due, meter.due(start, whole * percent / 100 + waited))


def _alarm(plan: ClockPlan, rung: _Rung, at: datetime, due: datetime) -> Alarm:
    if rung.kind != "escalation":
        return Alarm(rung.kind, at, due, rung.percent)
    step = plan.rule.escalations[rung.step - 1]
    return Alarm(
        rung.kind, at, due, rung.percent, rung.step, step.assign, step.notify, step.severity
    )


def key_of(alarm: Alarm) -> tuple[str, int, int]:
    """What is given once for each clock and cycle."""
    return alarm.kind, alarm.percent if alarm.kind == "warning" else 0, alarm.step
