"""Which promises run for a complaint, when are they due, and were they kept?

A pure function of what happened and the policy version: nothing is remembered between calls and
no clock on the wall is read. `docs/policies.md` says what each rule means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Literal

import msgspec

from recovery.policy.compiled import ClockPlan, InForce, Promise, Role
from recovery.policy.marks import Mark, mark_of

__all__ = ["Clock", "Mark", "mark_of", "next_due", "run"]

ClockState = Literal["running", "paused", "stopped", "cancelled", "not_known"]
CREDIBLE_YEARS = (1900, 2200)
"""An instant outside these is a mistake of its source; a clock that needs it is not known."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class Clock(msgspec.Struct, frozen=True):
    """One promise in one cycle of a complaint, as of its last event."""

    name: str
    cycle: int
    state: ClockState
    started_at: datetime | None
    due: datetime | None
    """None while it is paused, and where it is not known."""
    stopped_at: datetime | None
    met: bool | None
    """None while nothing is decided, and where it is not known."""
    target: str
    """The promise in words: "4 business hours"."""


def run(
    version: InForce, marks: Sequence[Mark], attributes: Mapping[str, str]
) -> tuple[Clock, ...]:
    """The clocks of a complaint, by rule and cycle; a promise that never started gives none."""
    moments = _moments(marks)
    clocks: list[Clock] = []
    for plan in version.plans(_received_at(marks)):
        promise = plan.promise(attributes)
        if promise is not None:
            runner = _Runner(plan, promise)
            for moment in moments:
                runner.live_through(moment)
            clocks += runner.clocks()
    return tuple(clocks)


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """The earliest instant at which a running clock is or was due."""
    dues = [clock.due for clock in clocks if clock.state == "running" and clock.due is not None]
    return min(dues, default=None)


class _Runner:
    """One clock rule living through the story of a complaint."""

    __slots__ = ("_amount", "_due", "_early", "_ended", "_finished", "_paused_at", "_plan",
                 "_promise", "_started_at", "_waiting")  # fmt: skip

    def __init__(self, plan: ClockPlan, promise: Promise) -> None:
        self._plan = plan
        self._promise = promise
        self._finished: list[Clock] = []
        self._early: Mark | None = None
        self._ended = False
        self._started_at: datetime | None = None
        self._due: datetime | None = None
        self._amount = 0.0
        self._waiting = 0
        self._paused_at: datetime | None = None

    def clocks(self) -> list[Clock]:
        if self._started_at is None:
            return self._finished
        return [*self._finished, self._clock("paused" if self._paused_at else "running")]

    def live_through(self, moment: Sequence[Mark]) -> None:
        """Give each mark its effect; of marks of one instant, in whatever order allows it."""
        if len(moment) == 1:
            self._take(moment[0])
            return
        left = sorted(moment, key=self._rank)
        while taken := next((mark for mark in left if self._take(mark)), None):
            left.remove(taken)

    def _rank(self, mark: Mark) -> tuple[int, str, bool, int]:
        role = self._plan.roles.get(mark.kind)
        return (role[0] if role else 0, mark.kind, mark.at is None, mark.days)

    def _take(self, mark: Mark) -> bool:
        """Whether the mark had an effect."""
        role = self._plan.roles.get(mark.kind)
        if role is None:
            return False
        action, pauses = role
        if self._ended:
            return action is Role.NEW_CYCLE and self._start(mark, waiting=0)
        if self._started_at is None:
            return self._take_before_start(mark, action, pauses)
        if action is Role.STOP:
            return self._stop(mark)
        if action is Role.CANCEL:
            return self._cancel(mark)
        if action is Role.PAUSE:
            return self._pause(mark, pauses)
        if action is Role.RESUME:
            return self._resume(mark, pauses)
        return action is Role.EXTEND and self._extend(mark)

    def _take_before_start(self, mark: Mark, action: Role, pauses: int) -> bool:
        if action is Role.START:
            return self._start(mark, waiting=self._waiting)
        before = self._waiting, self._early
        if action is Role.PAUSE:
            self._waiting |= pauses
        elif action is Role.RESUME:
            self._waiting &= ~pauses
        elif action in (Role.STOP, Role.CANCEL):
            self._early = self._early or mark
        return before != (self._waiting, self._early)

    def _start(self, mark: Mark, *, waiting: int) -> bool:
        self._ended = False
        self._waiting = waiting
        self._started_at = at = known(mark.at)
        if at is None or self._early is not None:
            return self._lose(self._early.at if self._early else None)
        self._amount = self._promise.amount
        self._due = self._promise.meter.due(at, self._amount)
        self._paused_at = at if waiting else None
        return True

    def _stop(self, mark: Mark) -> bool:
        at = known(mark.at)
        if at is None:
            return self._lose(None)
        self._end_pause(at)
        return self._end("stopped", at, met=not self._late(at))

    def _cancel(self, mark: Mark) -> bool:
        """What was late already when it was cancelled stays late."""
        at = known(mark.at)
        if at is not None:
            self._end_pause(at)
        return self._end("cancelled", at, met=False if at and self._late(at) else None)

    def _pause(self, mark: Mark, pauses: int) -> bool:
        """Waiting that begins when the clock is late already moves nothing."""
        if self._waiting | pauses == self._waiting:
            return False
        at = known(mark.at)
        if at is None:
            return self._lose(None)
        if not self._waiting and self._due is not None and at < self._due:
            self._paused_at = at
        self._waiting |= pauses
        return True

    def _resume(self, mark: Mark, pauses: int) -> bool:
        if not self._waiting & pauses:
            return False
        at = known(mark.at)
        if at is None:
            return self._lose(None)
        self._waiting &= ~pauses
        if not self._waiting:
            self._end_pause(at)
        return True

    def _extend(self, mark: Mark) -> bool:
        """An extension that is given when the clock is late already moves nothing."""
        at = known(mark.at)
        if at is None:
            return self._lose(None)
        if self._paused_at is None and self._late(at):
            return False
        self._lengthen(mark.days)
        return True

    def _late(self, at: datetime) -> bool:
        return self._due is not None and at > self._due

    def _end_pause(self, at: datetime) -> None:
        if self._paused_at is not None:
            self._lengthen(self._promise.meter.counted(self._paused_at, at))
            self._paused_at = None

    def _lengthen(self, by: float) -> None:
        if by and self._started_at is not None:
            self._amount += by
            self._due = self._promise.meter.due(self._started_at, self._amount)

    def _lose(self, stopped_at: datetime | None) -> bool:
        """An instant that this clock needs is not known, so neither is its outcome."""
        return self._end("not_known", stopped_at, met=None)

    def _end(self, state: ClockState, stopped_at: datetime | None, *, met: bool | None) -> bool:
        self._finished.append(self._clock(state, stopped_at, met))
        self._ended = True
        self._early = self._started_at = self._due = self._paused_at = None
        return True

    def _clock(
        self, state: ClockState, stopped_at: datetime | None = None, met: bool | None = None
    ) -> Clock:
        return Clock(
            self._plan.name, len(self._finished) + 1, state, self._started_at,
            None if self._paused_at else self._due, stopped_at, met, self._promise.words,
        )  # fmt: skip


def known(at: datetime | None) -> datetime | None:
    """The instant, unless its source does not give one or cannot mean it."""
    if at is None or not CREDIBLE_YEARS[0] <= at.year <= CREDIBLE_YEARS[1]:
        return None
    return at


def _received_at(marks: Sequence[Mark]) -> datetime | None:
    return next((mark.at for mark in marks if mark.kind == "received"), None)


def _moments(marks: Sequence[Mark]) -> list[list[Mark]]:
    """The marks by instant; one without an instant stands with the mark recorded before it."""
    keyed: list[tuple[datetime, Mark]] = []
    at = _NEVER
    for mark in marks:
        at = mark.at or at
        keyed.append((at, mark))
    keyed.sort(key=_first)
    moments: list[list[Mark]] = []
    last: datetime | None = None
    for at, mark in keyed:
        if at == last:
            moments[-1].append(mark)
        else:
            moments.append([mark])
            last = at
    return moments


_first = itemgetter(0)
