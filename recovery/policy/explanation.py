"""Why is a promise due when it is?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import msgspec

from recovery.policy.clocks import Clock, run
from recovery.policy.compiled import InForce
from recovery.policy.segments import Segment, segments
from recovery.policy.spans import Span, spans

if TYPE_CHECKING:
    from recovery.policy.story import Story

TurnKind = Literal[
    "started", "restarted", "paused", "resumed", "extended", "retargeted", "moved", "reapplied"
]


class Turn(msgspec.Struct, frozen=True, omit_defaults=True):
    """An instant at which a clock was given another due instant, or another target."""

    kind: TurnKind
    at: datetime
    event: str
    """What happened: "extended", "classified"."""
    before: datetime | None = None
    after: datetime | None = None
    """When it was due; None while it was paused."""
    target_before: str = ""
    target_after: str = ""


class Explanation(msgspec.Struct, frozen=True):
    """A clock, the time it counted and did not count, and the turns it took."""

    clock: Clock
    unit: Literal["seconds", "days"]
    segments: tuple[Segment, ...] = ()
    turns: tuple[Turn, ...] = ()


def explain(
    version: InForce, story: Story, name: str, cycle: int, until: datetime
) -> Explanation | None:
    """The clock from its start to where it ended, or else to its due instant or `until`.

    `version` is the one that decided it (`Clock.policy_version`). None where there is no such
    clock, or its start is not known.
    """
    if version.version != story.policy_version:
        story = story.as_under(version.version)
    plan = version.plan(story, name)
    clock = next((c for c in run(version, story) if (c.name, c.cycle) == (name, cycle)), None)
    lived = spans(plan, story, cycle) if plan is not None else ()
    if clock is None or not lived:
        return None
    now = lived[-1].now
    due = clock.due
    end = clock.stopped_at or (max(due, until) if due else max(until, lived[-1].since))
    found = segments(now, due, end)
    turns = sorted((*_turns(lived), *_reapplied(story, clock)), key=lambda turn: turn.at)
    return Explanation(clock, now.promise.meter.unit, found, tuple(turns))


def _reapplied(story: Story, clock: Clock) -> Iterator[Turn]:
    """The turn to the version that rules now."""
    before = story.settled_clock(clock.name, clock.cycle)
    if before is not None and before.clock is None and story.reapplied_at is not None:
        yield Turn(
            "reapplied", story.reapplied_at, "reapplied", before.due, clock.due, before.target,
            clock.target,
        )  # fmt: skip


def _turns(lived: tuple[Span, ...]) -> Iterator[Turn]:
    first = lived[0]
    yield Turn(
        "started", first.since, first.begun_by.kind, None, _due(first),
        target_after=first.now.promise.words,
    )  # fmt: skip
    for before, after in pairwise(lived):
        yield Turn(
            _kind(before, after), after.since, after.begun_by.kind, _due(before), _due(after),
            before.now.promise.words, after.now.promise.words,
        )  # fmt: skip


def _due(span: Span) -> datetime | None:
    return None if span.now.paused_at is not None else span.now.due


def _kind(before: Span, after: Span) -> TurnKind:
    if after.now.started_at != before.now.started_at:
        return "restarted"
    if after.now.promise is not before.now.promise:
        return "retargeted"
    if (before.now.paused_at is None) != (after.now.paused_at is None):
        return "resumed" if after.now.paused_at is None else "paused"
    return "extended" if after.begun_by.kind == "extended" else "moved"
