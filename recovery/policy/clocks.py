"""Which promises run for a complaint, when are they due, and were they kept?

A pure function of what happened and the policy version: nothing is remembered between calls and
no clock on the wall is read. `docs/policies.md` says what each rule means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from recovery.policy.compiled import InForce
from recovery.policy.marks import Mark, mark_of
from recovery.policy.moments import in_order
from recovery.policy.runner import Clock, ClockState, Runner

__all__ = ["Clock", "ClockState", "Mark", "mark_of", "next_due", "run"]


def run(
    version: InForce, marks: Sequence[Mark], attributes: Mapping[str, str]
) -> tuple[Clock, ...]:
    """The clocks of a complaint, by rule and cycle; a promise that never started gives none.

    `marks` come in the order of the stream; `attributes` (channel, severity, tier, category and
    those of the organisation) choose the targets.
    """
    story = in_order(marks)
    clocks: list[Clock] = []
    for plan in version.plans(_received_at(marks)):
        promise = plan.promise(attributes)
        if promise is not None:
            runner = Runner(plan, promise)
            runner.live_through(story)
            clocks += runner.clocks()
    return tuple(clocks)


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """The earliest instant at which a running clock is or was due."""
    dues = [clock.due for clock in clocks if clock.state == "running" and clock.due is not None]
    return min(dues, default=None)


def _received_at(marks: Sequence[Mark]) -> datetime | None:
    return next((mark.at for mark in marks if mark.kind == "received"), None)
