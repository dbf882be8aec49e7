"""What has time made true of a complaint's promises that the log does not say yet?

A warning, a breach or a step of an escalation follows from the story alone. Recorded are those
that became true while the desk knew of the complaint, once each, stamped with their instant: the
stream's id follows from complaint, clock and cycle, so that a second worker meets the first.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from recovery.events import (
    CLOCK_EVENTS,
    Breached,
    Cleared,
    ClockEvent,
    Event,
    Moved,
    Reapplied,
    Recorded,
    SteppedUp,
    Warned,
    clock_stream,
    complaint_stream,
)  # fmt: skip
from recovery.policy.alarms import Alarm, alarms, key_of, next_alarm
from recovery.policy.clocks import Clock
from recovery.policy.compiled import InForce
from recovery.policy.story import Story

BY = "system:clock"
Key = tuple[str, int, int]
"""Of an alarm, as `key_of` gives it."""
_BREACH: Key = ("breach", 0, 0)
_CLEARED: Key = ("cleared", 0, 0)
NAMESPACE = UUID("0c4f3f52-7d0b-4a0e-9a53-2f6f0f2c9d61")


class Raised(msgspec.Struct, frozen=True, array_like=True):
    """Something that the log says of a clock already."""

    clock: str
    cycle: int
    kind: str
    """"warning", "breach", "escalation", or "cleared"."""
    place: int = 0
    """Percent of a warning, number of a step."""


class Owed(msgspec.Struct, frozen=True):
    """Something that became or will become true of a clock, and is not in the log."""

    clock: str
    cycle: int
    at: datetime
    alarm: Alarm | None
    """None: a breach that was recorded turned out to be none."""


def clock_id(complaint: str, clock: str, cycle: int) -> str:
    """The id of a clock's stream."""
    return str(uuid5(NAMESPACE, f"{complaint}/{clock}/{cycle}"))


def terms_id(complaint: str) -> str:
    """The id of the stream that says which policy version a complaint has followed since."""
    return str(uuid5(NAMESPACE, complaint))


def letters_id(complaint: str) -> str:
    """The id of the stream that says when the letters left that had to wait."""
    return str(uuid5(NAMESPACE, f"{complaint}/letters"))


def history(complaint: str) -> tuple[str, ...]:
    """The streams that a complaint's clocks follow from."""
    others = terms_id(complaint), letters_id(complaint)
    return complaint_stream(complaint), *map(clock_stream, others)


def raised_by(event: Event) -> Raised | None:
    """What an event of a clock's stream says."""
    if type(event) not in CLOCK_EVENTS:
        return None
    match event:
        case Warned():
            return Raised(event.clock, event.cycle, "warning", event.percent)
        case Breached():
            return Raised(event.clock, event.cycle, "breach")
        case SteppedUp():
            return Raised(event.clock, event.cycle, "escalation", event.step)
        case Cleared():
            return Raised(event.clock, event.cycle, "cleared")
        case _:
            return None


def owed(
    version: InForce, story: Story, clocks: Iterable[Clock], raised: Sequence[Raised]
) -> list[Owed]:
    """What the log does not say yet, past and to come, in the order of its instants.

    History that had ended before the desk recorded it (an import) owes nothing.
    """
    found: list[Owed] = []
    for clock in clocks:
        if not is_history(clock, story.recorded_at):
            found += _owed_by(version, story, clock, _said(clock, raised))
    return sorted(found, key=lambda each: each.at)


def next_owed(
    version: InForce, story: Story, clocks: Iterable[Clock], raised: Sequence[Raised]
) -> datetime | None:
    """The instant of the first of these."""
    found: list[datetime] = []
    for clock in clocks:
        if is_history(clock, story.recorded_at):
            continue
        said = _said(clock, raised)
        first = next_alarm(version, story, clock, said)
        if first is not None and not said and _was_known(first, story.recorded_at):
            found.append(first)
        elif first is not None or _BREACH in said:
            found += [each.at for each in _owed_by(version, story, clock, said)]
    return min(found, default=None)


def _said(clock: Clock, raised: Sequence[Raised]) -> frozenset[Key]:
    """What the log says of a clock, by the keys of alarms."""
    return frozenset(
        (r.kind, r.place if r.kind == "warning" else 0, r.place if r.kind == "escalation" else 0)
        for r in raised
        if (r.clock, r.cycle) == (clock.name, clock.cycle)
    )


def is_history(clock: Clock, recorded_at: datetime | None) -> bool:
    if clock.state == "not_known":
        return True
    stopped = clock.stopped_at
    return stopped is not None and recorded_at is not None and stopped <= recorded_at


def _was_known(at: datetime, recorded_at: datetime | None) -> bool:
    """Whether the desk knew of the complaint by then."""
    return recorded_at is None or at >= recorded_at


def _owed_by(version: InForce, story: Story, clock: Clock, said: Container[Key]) -> Iterator[Owed]:
    broken = False
    for alarm in alarms(version, story, clock.name, clock.cycle):
        broken = broken or alarm.kind == "breach"
        wanted = alarm.kind == "breach" or _was_known(alarm.at, story.recorded_at)
        if wanted and key_of(alarm) not in said:
            yield Owed(clock.name, clock.cycle, alarm.at, alarm)
    if _BREACH in said and _CLEARED not in said and not broken:
        at = clock.stopped_at or clock.due or clock.started_at
        assert at is not None
        yield Owed(clock.name, clock.cycle, at, None)


def event_of(complaint: str, story: Story, each: Owed, **effects: object) -> ClockEvent:
    """What to record of something that has become true; `effects` are those of a step."""
    alarm = each.alarm
    common = {
        "at": each.at, "by": BY, "complaint": complaint, "clock": each.clock, "cycle": each.cycle
    }  # fmt: skip
    if alarm is None:
        return Cleared(**common)  # type: ignore[arg-type]
    if alarm.kind == "warning":
        return Warned(**common, percent=int(alarm.percent), due=alarm.due)  # type: ignore[arg-type]
    if alarm.kind == "breach":
        return Breached(
            **common, policy=story.policy, policy_version=_broken_under(story, each)  # type: ignore[arg-type]
        )  # fmt: skip
    return SteppedUp(**common, step=alarm.step, **effects)  # type: ignore[arg-type]


def _broken_under(story: Story, each: Owed) -> str:
    """The version of the promise, however many versions took over before it was recorded."""
    before = story.settled_clock(each.clock, each.cycle)
    clock = before.clock if before else None
    return clock.policy_version if clock else story.policy_version


def record_of(complaint: str, event: ClockEvent, raised: Sequence[Raised]) -> Recorded:
    """The event with its place in its clock's stream, after those that the log has already."""
    mine = (event.clock, event.cycle)
    before = sum(1 for each in raised if (each.clock, each.cycle) == mine)
    return Recorded(clock_stream(clock_id(complaint, *mine)), before + 1, event)


def reapplied(
    complaint: str, story: Story, before: Iterable[Clock], after: Iterable[Clock], *,
    version: str, at: datetime, times: int,
) -> Recorded:  # fmt: skip
    """The record that a complaint follows another version of its policy from `at` on.

    `before` and `after` are its clocks under the two; `times` is how often that happened before.
    """
    left = {(clock.name, clock.cycle): clock for clock in after}
    moved = []
    for clock in before:
        now = left.pop((clock.name, clock.cycle), None)
        if now is None or now.due != clock.due:
            moved.append(Moved(clock.name, clock.cycle, clock.due, now.due if now else None))
    moved += [Moved(clock.name, clock.cycle, None, clock.due) for clock in left.values()]
    event = Reapplied(
        at=at, by=BY, complaint=complaint, policy=story.policy, version_before=story.policy_version,
        policy_version=version, moved=tuple(moved),
    )  # fmt: skip
    return Recorded(clock_stream(terms_id(complaint)), times + 1, event)
