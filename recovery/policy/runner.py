"""What becomes of one promise while a complaint lives through its story?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from recovery.policy.check import FIRST_YEAR, LAST_YEAR
from recovery.policy.compiled import ClockPlan, Promise, Role
from recovery.policy.marks import Mark

ClockState = Literal["running", "paused", "stopped", "cancelled", "not_known"]


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


_Effect = Callable[["Runner", Mark, int], None]


class Runner:
    """One clock rule, and what has become of it so far."""

    __slots__ = ("_amount", "_due", "_early", "_finished", "_paused_at", "_phase", "_plan",
                 "_promise", "_started_at", "_waiting")  # fmt: skip

    def __init__(self, plan: ClockPlan, promise: Promise) -> None:
        self._plan = plan
        self._promise = promise
        self._finished: list[Clock] = []
        self._phase = _BEFORE
        self._started_at: datetime | None = None
        self._amount = 0.0
        self._due: datetime | None = None
        self._waiting = 0
        self._paused_at: datetime | None = None
        self._early: Mark | None = None

    def clocks(self) -> list[Clock]:
        if self._started_at is None:
            return self._finished
        return [*self._finished, self._clock("paused" if self._paused_at else "running")]

    def live_through(self, story: Iterable[Mark]) -> None:
        """Take each mark that means something to this clock, in the order of the story."""
        roles = self._plan.roles
        for mark in story:
            if role := roles.get(mark.kind):
                action, pauses = role
                self._phase[action](self, mark, pauses)

    def _first_start(self, mark: Mark, _pauses: int) -> None:
        self._start(mark, waiting=self._waiting)

    def _next_start(self, mark: Mark, _pauses: int) -> None:
        self._start(mark, waiting=0)

    def _stop_early(self, mark: Mark, _pauses: int) -> None:
        self._early = self._early or mark

    def _wait_early(self, _mark: Mark, pauses: int) -> None:
        self._waiting |= pauses

    def _resume_early(self, _mark: Mark, pauses: int) -> None:
        self._waiting &= ~pauses

    def _start(self, mark: Mark, *, waiting: int) -> None:
        early, self._early = self._early, None
        self._phase = _RUNNING
        self._waiting = waiting
        self._started_at = at = known(mark.at)
        if at is None or (early is not None and early.at != at):
            self._lose(early.at if early else None)
            return
        self._amount = self._promise.amount
        self._due = self._promise.meter.due(at, self._amount)
        self._paused_at = at if waiting else None
        if early is not None:
            self.live_through([early])

    def _stop(self, mark: Mark, _pauses: int) -> None:
        at = known(mark.at)
        if at is None:
            self._lose(None)
            return
        self._end_pause(at)
        self._end("stopped", at, met=not self._late(at))

    def _cancel(self, mark: Mark, _pauses: int) -> None:
        """What was late already when it was cancelled stays late."""
        at = known(mark.at)
        if at is not None:
            self._end_pause(at)
        self._end("cancelled", at, met=False if at and self._late(at) else None)

    def _pause(self, mark: Mark, pauses: int) -> None:
        """Waiting that begins when the clock is late already moves nothing."""
        at = known(mark.at)
        if at is None:
            self._lose(None)
            return
        if not self._waiting and self._due is not None and at < self._due:
            self._paused_at = at
        self._waiting |= pauses

    def _resume(self, mark: Mark, pauses: int) -> None:
        if not self._waiting & pauses:
            return
        at = known(mark.at)
        if at is None:
            self._lose(None)
            return
        self._waiting &= ~pauses
        if not self._waiting:
            self._end_pause(at)

    def _extend(self, mark: Mark, _pauses: int) -> None:
        """An extension that is given when the clock is late already moves nothing."""
        at = known(mark.at)
        if at is None:
            self._lose(None)
        elif self._paused_at or not self._late(at):
            self._lengthen(mark.days)

    def _ignore(self, _mark: Mark, _pauses: int) -> None:
        """What means nothing in this phase: a second start, an extension of what has ended."""

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

    def _lose(self, stopped_at: datetime | None) -> None:
        """An instant that this clock needs is not known, so neither is its outcome."""
        self._end("not_known", stopped_at, met=None)

    def _end(self, state: ClockState, stopped_at: datetime | None, *, met: bool | None) -> None:
        self._finished.append(self._clock(state, stopped_at, met))
        self._phase = _ENDED
        self._started_at = self._due = self._paused_at = None

    def _clock(
        self, state: ClockState, stopped_at: datetime | None = None, met: bool | None = None
    ) -> Clock:
        return Clock(
            self._plan.name, len(self._finished) + 1, state, self._started_at,
            None if self._paused_at else self._due, stopped_at, met, self._promise.words,
        )  # fmt: skip


def _phase(does: Mapping[Role, _Effect]) -> tuple[_Effect, ...]:
    return tuple(does.get(role, Runner._ignore) for role in Role)


_BEFORE = _phase({
    Role.START: Runner._first_start, Role.STOP: Runner._stop_early,
    Role.CANCEL: Runner._stop_early, Role.PAUSE: Runner._wait_early,
    Role.RESUME: Runner._resume_early,
})  # fmt: skip
_RUNNING = _phase({
    Role.STOP: Runner._stop, Role.CANCEL: Runner._cancel, Role.PAUSE: Runner._pause,
    Role.RESUME: Runner._resume, Role.EXTEND: Runner._extend,
})  # fmt: skip
_ENDED = _phase({Role.NEW_CYCLE: Runner._next_start})
"""What a mark does to the clock in each phase, by `Role`."""


def known(at: datetime | None) -> datetime | None:
    """The instant, unless its source does not give one or cannot mean it."""
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    return at
