"""Which promises run for a complaint, when are they due, and were they kept?

A pure function of what happened and the policy version: nothing is remembered between calls and
no clock on the wall is read. `docs/policies.md` says what each rule means.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from recovery.policy.compiled import InForce
from recovery.policy.marks import UNDELIVERED, Mark, mark_of
from recovery.policy.moments import in_order
from recovery.policy.plans import ClockPlan
from recovery.policy.runner import Acts, Clock, ClockState, Runner
from recovery.policy.stages import with_stages

if TYPE_CHECKING:
    from recovery.policy.story import Story

__all__ = ["Clock", "ClockState", "Mark", "mark_of", "next_due", "run", "runner_of"]


def run(version: InForce, story: Story) -> tuple[Clock, ...]:
    """The clocks of a complaint, by rule and cycle; a promise that never started gives none."""
    edition = version.edition(story)
    clocks: list[Clock] = []
    if edition is not None:
        marks = in_order(story.marks)
        told = story.told()
        lost = _lost_acts(marks)
        for plan in edition.clocks:
            runner = Runner(plan, told, lost_acts=lost, floor=story.reapplied_at)
            runner.live_through(with_stages(marks) if plan.stages else marks)
            clocks += runner.clocks()
    return story.settle(clocks) if story.settled else tuple(clocks)


def runner_of(plan: ClockPlan, story: Story) -> tuple[Runner, list[Mark]]:
    """A clock that has not lived yet, and what it has to live through."""
    marks = in_order(story.marks)
    told, floor = story.told(), story.reapplied_at
    runner = Runner(plan, told, lost_acts=_lost_acts(marks), floor=floor)
    return runner, with_stages(marks) if plan.stages else marks


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """The earliest instant at which a running clock is or was due."""
    dues = [clock.due for clock in clocks if clock.state == "running" and clock.due is not None]
    return min(dues, default=None)


def _lost_acts(marks: Iterable[Mark]) -> Acts:
    """The acts whose letters came back."""
    return frozenset((mark.act, mark.act_at) for mark in marks if mark.kind == UNDELIVERED)
