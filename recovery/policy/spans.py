"""Through which stretches, each with one due instant, did a clock live?"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from recovery.policy.clocks import runner_of
from recovery.policy.marks import Mark
from recovery.policy.plans import ClockPlan
from recovery.policy.runner import Situation, known

if TYPE_CHECKING:
    from recovery.policy.story import Story


class Span(NamedTuple):
    """From one mark that moved something to the next."""

    since: datetime
    until: datetime | None
    """None: until further notice."""
    begun_by: Mark
    now: Situation


def spans(plan: ClockPlan, story: Story, cycle: int) -> tuple[Span, ...]:
    """The stretches of one cycle, in order; none where it never ran."""
    runner, marks = runner_of(plan, story)
    found: list[Span] = []
    for mark in marks:
        runner.live_through((mark,))
        now = runner.situation()
        last = found[-1] if found else None
        if last is not None and last.until is None:
            if now == last.now:
                continue
            found[-1] = last._replace(until=known(mark.at) or last.since)
        at = known(mark.at)
        if now is not None and now.cycle == cycle and at is not None:
            found.append(Span(at, None, mark, now))
    return tuple(found)
