"""What did earlier versions of a policy decide, before another one took over?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from recovery.policy.alarms import Alarm, alarms, next_alarm
from recovery.policy.clocks import Clock
from recovery.policy.compiled import InForce

if TYPE_CHECKING:
    from recovery.policy.story import Story

_ENDINGS = {"closed": "stopped", "withdrawn": "cancelled", "merged": "cancelled"}


class Settled(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clock when another version took over."""

    name: str
    cycle: int
    clock: Clock | None = None
    """As it was, where it had ended or was late: then it never changes, but that it may end."""
    alarms: tuple[Alarm, ...] = ()
    """Those that had been given by then."""
    due: datetime | None = None
    target: str = ""
    """When it was due, and why, before the other version took over."""


def settled_by(
    version: InForce, story: Story, clocks: Iterable[Clock], at: datetime
) -> tuple[Settled, ...]:
    """Every clock that ran under the version, as it leaves it at `at`.

    A clock that the version did not have may return with the next: what was given stays given.
    """
    found = tuple(_settled(version, story, clock, at) for clock in clocks)
    ran = {(each.name, each.cycle) for each in found}
    gone = (each for each in story.settled if (each.name, each.cycle) not in ran)
    return (*found, *(replace(each, due=None, target="") for each in gone))


def merged(story: Story, clocks: Iterable[Clock]) -> tuple[Clock, ...]:
    """The clocks under the version that rules now, with what had been decided before in place."""
    decided = {
        (kept.name, kept.cycle): kept.clock for kept in story.settled if kept.clock is not None
    }
    found = []
    for clock in clocks:
        before = decided.pop((clock.name, clock.cycle), None)
        found.append(clock if before is None else _ended(before, clock, story))
    return (*found, *(_ended(b, _ending(b, story), story) for b in decided.values()))


def _settled(version: InForce, story: Story, clock: Clock, at: datetime) -> Settled:
    given = _given(version, story, clock, at)
    late = clock.state == "running" and clock.due is not None and clock.due < at
    if clock.state in ("running", "paused") and not late:
        return Settled(clock.name, clock.cycle, None, given, clock.due, clock.target)
    kept = replace(clock, policy_version=clock.policy_version or version.version)
    return Settled(clock.name, clock.cycle, kept, given, clock.due, clock.target)


def _given(version: InForce, story: Story, clock: Clock, at: datetime) -> tuple[Alarm, ...]:
    first = next_alarm(version, story, clock)
    if first is None or first >= at:
        return ()
    return tuple(a for a in alarms(version, story, clock.name, clock.cycle) if a.at < at)


def _ended(before: Clock, now: Clock | None, story: Story) -> Clock:
    """A clock that was late and runs on is ended by what ends it now, and stays late.

    What did not end it before the version took over ends it then.
    """
    if before.state != "running" or now is None or now.state in ("running", "paused"):
        return before
    stopped, since = now.stopped_at, story.reapplied_at
    if stopped is not None and since is not None:
        stopped = max(stopped, since)
    return replace(before, state=now.state, stopped_at=stopped, met=False)


def _ending(before: Clock, story: Story) -> Clock | None:
    """What ends a clock that the version no longer has."""
    for mark in story.marks:
        state = _ENDINGS.get(mark.kind)
        if state and mark.at and before.due and mark.at > before.due:
            return replace(before, state=state, stopped_at=mark.at)
    return None
