"""When does a promise become urgent, when is it broken, and what follows?

What has become true stays true: a warning that was due before a pause, an extension or another
target moved the promise has been given. That follows from the story alone, so a worker that was
down for hours finds the same alarms, at the same instants, as one that never stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from recovery.policy.clocks import run
from recovery.policy.compiled import InForce
from recovery.policy.meters import gauge
from recovery.policy.plans import ClockPlan
from recovery.policy.spans import Span, spans

if TYPE_CHECKING:
    from recovery.policy.story import Story

AlarmKind = Literal["warning", "breach", "escalation"]
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
    given = {_key(alarm): alarm for alarm in before.alarms} if before else {}
    if plan is not None:
        for span in _stretches(version, plan, story, name, cycle):
            for alarm in _within(plan, span, story.reapplied_at):
                given.setdefault(_key(alarm), alarm)
    return tuple(sorted(given.values(), key=lambda a: (a.at, _ORDER[a.kind], a.percent, a.step)))


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
    for rung in _ladder(plan):
        at = max(_instant(plan, span, due, rung), since)
        if span.until is None or at < span.until:
            yield _alarm(plan, rung, at, due)


def _ladder(plan: ClockPlan) -> Iterator[_Rung]:
    for percent in plan.rule.warn:
        yield _Rung("warning", int(percent), 0)
    yield _Rung("breach", 0, 0)
    for step, escalation in enumerate(plan.rule.escalations, 1):
        yield _Rung("escalation", escalation.percent, step)


def _instant(plan: ClockPlan, span: Span, due: datetime, rung: _Rung) -> datetime:
    if rung.kind == "breach":
        return due
    at = _part(span, due, rung.percent) if rung.percent else due
    if rung.kind == "warning":
        return at
    delay = plan.delays[rung.step - 1]
    if delay is not None:
        at = delay.meter.due(due, delay.amount)
    calendar = span.now.promise.calendar
    if calendar is None or plan.rule.escalations[rung.step - 1].any_hour:
        return at
    return calendar.next_open(at)


def _part(span: Span, due: datetime, percent: int) -> datetime:
    """When so much of the working time is over; of all time, where the clock has no calendar."""
    start = span.now.started_at
    meter = gauge(span.now.promise.calendar)
    waited = sum(meter.counted(since, until) for since, until in span.now.pauses)
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


def _key(alarm: Alarm) -> tuple[str, int, int]:
    """What is given once for each clock and cycle."""
    return alarm.kind, alarm.percent if alarm.kind == "warning" else 0, alarm.step
