"""What becomes of one promise while a complaint lives through its story?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from recovery.policy.check import FIRST_YEAR, LAST_YEAR
from recovery.policy.marks import Mark
from recovery.policy.plans import ClockPlan, Promise
from recovery.policy.roles import MERGED_BIT, Role

ClockState = Literal["running", "paused", "stopped", "cancelled", "not_known"]
BEFORE, RUNNING, ENDED = 0, 1, 2
"""The phases of a clock: places in `Roles`."""
Acts = frozenset[tuple[str, datetime | None]]
"""Kinds and instants of acts."""


class Clock(msgspec.Struct, frozen=True, omit_defaults=True):
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
    policy_version: str = ""
    """The earlier version of the policy that decided it; empty: the one that rules now."""


class Situation(NamedTuple):
    """How a running clock stands: what its alarms follow from."""

    cycle: int
    started_at: datetime
    due: datetime | None
    """Where it is paused: as if the waiting ended now."""
    paused_at: datetime | None
    pauses: tuple[tuple[datetime, datetime], ...]
    promise: Promise
    amount: float
    """With its pauses and extensions, in the meter's units."""


class Runner:
    """One clock rule, and what has become of it so far."""

    __slots__ = ("_amount", "_armed", "_dropped_at", "_due", "_early", "_extended", "_finished",
                 "_floor", "_lost_acts", "_merged_at", "_paused_at", "_pauses", "_phase", "_plan",
                 "_promise", "_started_at", "_told", "_waiting", "_words")  # fmt: skip

    def __init__(
        self, plan: ClockPlan, told: Mapping[str, str], *, lost_acts: Acts = frozenset(),
        floor: datetime | None = None,
    ) -> None:  # fmt: skip
        """`lost_acts` did not reach the complainant; nothing is due before `floor`."""
        self._plan = plan
        self._told = told
        self._lost_acts = lost_acts
        self._floor = floor
        self._promise: Promise | None = None
        self._finished: list[Clock] = []
        self._phase = BEFORE
        self._started_at: datetime | None = None
        self._amount = 0.0
        self._due: datetime | None = None
        self._waiting = 0
        self._paused_at: datetime | None = None
        self._pauses: list[tuple[datetime, datetime]] = []
        self._extended: list[float] = []
        self._armed = not plan.rule.after
        self._early: Mark | None = None
        self._dropped_at: datetime | None = None
        self._merged_at: datetime | None = None
        self._words = ""

    def clocks(self) -> list[Clock]:
        """Those that have ended, and the one that runs."""
        if self._phase != RUNNING or (self._promise is None and self._dropped_at is None):
            return self._finished
        return [*self._finished, self._now()]

    def situation(self) -> Situation | None:
        """How it stands now; None while it does not run."""
        if self._phase != RUNNING or self._started_at is None or self._promise is None:
            return None
        return Situation(
            len(self._finished) + 1, self._started_at, self._due, self._paused_at,
            tuple(self._pauses), self._promise, self._amount,
        )  # fmt: skip

    def live_through(self, story: Iterable[Mark]) -> None:
        """Take each mark that means something to this clock, in the order of the story."""
        roles = self._plan.roles
        for mark in story:
            found = roles.get(mark.kind)
            if found is not None and (role := found[self._phase]) is not None:
                _DOES[role](self, mark, found.bits)

    def _now(self) -> Clock:
        gone_at = self._dropped_at or self._merged_at
        if gone_at is not None:
            return self._clock("cancelled", gone_at)
        return self._clock("paused" if self._paused_at else "running")

    # ------------------------------------------------------------ before it starts

    def _stop_early(self, mark: Mark, _bits: int) -> None:
        if self._counts(mark):
            self._early = self._early or mark

    def _wait_early(self, _mark: Mark, bits: int) -> None:
        self._waiting |= bits

    def _resume_early(self, _mark: Mark, bits: int) -> None:
        self._waiting &= ~bits

    def _learn(self, mark: Mark, _bits: int) -> None:
        self._told = {**self._told, **dict(mark.changes)}

    def _arm(self, _mark: Mark, _bits: int) -> None:
        self._armed, self._early = True, None

    def _start(self, mark: Mark, _bits: int) -> None:
        if not self._armed:
            return
        early, self._early = self._early, None
        if early is not None and early.at != mark.at and mark.kind != "received":
            early = None  # an act before the start of this promise is not its answer
        self._phase = RUNNING
        self._promise = promise = self._plan.promise(self._told)
        self._started_at = at = known(mark.at)
        if at is None or (early is not None and early.at != at):
            self._lose(early.at if early else None)
            return
        if self._waiting:
            self._paused_at = at
            self._merged_at = at if self._waiting & MERGED_BIT else None
        if promise is not None:
            self._amount = promise.amount
            self._words = promise.words
            self._due = self._reckoned(promise, at)
        if early is not None:
            self.live_through([early])

    def _start_again(self, mark: Mark, bits: int) -> None:
        self._waiting = 0
        self._start(mark, bits)

    # ------------------------------------------------------------ while it runs

    def _stop(self, mark: Mark, _bits: int) -> None:
        if not self._counts(mark):
            return
        at = known(mark.at)
        if at is None:
            self._lose(None)
        elif self._merged_at is not None:
            self._end("cancelled", self._merged_at, met=None)
        else:
            self._end_pause(at)
            self._end("stopped", at, met=not self._late(at))

    def _cancel(self, mark: Mark, _bits: int) -> None:
        """What was late already when it was cancelled stays late."""
        at = known(mark.at)
        if at is not None:
            self._end_pause(at)
        self._end("cancelled", at, met=False if at and self._late(at) else None)

    def _merge(self, mark: Mark, bits: int) -> None:
        """A breach stays; all else stands still until the complaint is one of its own again."""
        at = known(mark.at)
        if at is None or (self._paused_at is None and self._late(at)):
            self._cancel(mark, bits)
            return
        self._merged_at = self._merged_at or at
        self._pause(mark, bits)

    def _pause(self, mark: Mark, bits: int) -> None:
        """Waiting that begins when the clock is late already moves nothing."""
        at = known(mark.at)
        if at is None:
            self._lose(None)
            return
        if not self._waiting and (self._due is None or at < self._due):
            self._paused_at = at
        self._waiting |= bits

    def _resume(self, mark: Mark, bits: int) -> None:
        if not self._waiting & bits:
            return
        at = known(mark.at)
        if at is None:
            self._lose(None)
            return
        self._waiting &= ~bits
        if not self._waiting & MERGED_BIT:
            self._merged_at = None
        if not self._waiting:
            self._end_pause(at)

    def _extend(self, mark: Mark, _bits: int) -> None:
        """An extension that is given when the clock is late already moves nothing."""
        at = known(mark.at)
        if at is None:
            self._lose(None)
        elif self._paused_at or not self._late(at):
            by = mark.days if self._plan.extension is None else self._plan.extension
            allowed = self._plan.rule.extension
            if allowed is None or len(self._extended) < allowed.at_most:
                self._extended.append(by)
                self._lengthen(by)

    def _restart(self, mark: Mark, _bits: int) -> None:
        """From the beginning; but what is late already cannot be saved."""
        at = known(mark.at)
        if at is None:
            self._lose(None)
        elif self._paused_at or not self._late(at):
            self._started_at = at
            self._paused_at = at if self._waiting else None
            self._forget_lengths()
            if self._promise is not None:
                self._amount = self._promise.amount
                self._due = self._reckoned(self._promise, at)

    def _change(self, mark: Mark, bits: int) -> None:
        """What is known now may choose another target: the time that has passed is carried."""
        self._learn(mark, bits)
        promise = self._plan.promise(self._told)
        at = known(mark.at)
        if promise is self._promise or (at and not self._paused_at and self._late(at)):
            return
        if promise is None:
            self._dropped_at = at or self._started_at
            self._due = None
        self._promise = promise
        if promise is not None:
            self._retarget(promise, at)

    def _retarget(self, promise: Promise, at: datetime | None) -> None:
        self._dropped_at = None
        self._words = promise.words
        self._amount = promise.amount + sum(self._extended)
        for since, until in self._pauses:
            self._amount += self._waited(promise, since, until)
        if at is not None and (self._floor is None or self._floor < at):
            self._floor = at
        if self._started_at is not None:
            self._due = self._reckoned(promise, self._started_at)

    # ------------------------------------------------------------ reckoning

    def _counts(self, mark: Mark) -> bool:
        """Whether an act is one: a person's (or a machine's where that is enough), and arrived."""
        if mark.automatic and (mark.kind != "acknowledged" or not self._plan.rule.automatic_counts):
            return False
        return not self._lost_acts or (mark.kind, mark.at) not in self._lost_acts

    def _late(self, at: datetime) -> bool:
        return self._due is not None and at > self._due

    def _end_pause(self, at: datetime) -> None:
        """Where another target or version has moved the due instant, too, nothing is late before
        a wait ends that began in time."""
        if self._paused_at is None:
            return
        since, self._paused_at = self._paused_at, None
        self._pauses.append((since, at))
        if self._floor is not None and self._floor < at:
            self._floor = at
        if self._promise is not None:
            self._lengthen(self._waited(self._promise, since, at))
        if self._due is not None and self._floor is not None:
            self._due = max(self._due, self._floor)

    def _waited(self, promise: Promise, since: datetime, until: datetime) -> float:
        start = self._started_at
        return promise.meter.waited(start, since, until) if start is not None else 0

    def _lengthen(self, by: float) -> None:
        if by and self._promise is not None and self._started_at is not None:
            self._amount += by
            self._due = self._reckoned(self._promise, self._started_at)

    def _reckoned(self, promise: Promise, start: datetime) -> datetime:
        due = promise.meter.due(start, self._amount)
        return due if self._floor is None or due > self._floor else self._floor

    def _lose(self, stopped_at: datetime | None) -> None:
        """An instant that this clock needs is not known, so neither is its outcome."""
        self._end("not_known", stopped_at, met=None)

    def _end(self, state: ClockState, stopped_at: datetime | None, *, met: bool | None) -> None:
        if self._dropped_at is not None:
            state, stopped_at, met = "cancelled", self._dropped_at, None
        if self._promise is not None or self._dropped_at is not None:
            self._finished.append(self._clock(state, stopped_at, met))
        self._phase = ENDED
        self._started_at = self._due = self._paused_at = self._dropped_at = self._merged_at = None
        self._forget_lengths()

    def _forget_lengths(self) -> None:
        if self._pauses or self._extended:
            self._pauses, self._extended = [], []

    def _clock(
        self, state: ClockState, stopped_at: datetime | None = None, met: bool | None = None
    ) -> Clock:
        return Clock(
            self._plan.name, len(self._finished) + 1, state, self._started_at,
            None if self._paused_at else self._due, stopped_at, met, self._words,
        )  # fmt: skip


_DOES = tuple(
    {
        Role.START: Runner._start, Role.STOP_EARLY: Runner._stop_early,
        Role.WAIT_EARLY: Runner._wait_early, Role.RESUME_EARLY: Runner._resume_early,
        Role.STOP: Runner._stop, Role.CANCEL: Runner._cancel, Role.PAUSE: Runner._pause,
        Role.RESUME: Runner._resume, Role.EXTEND: Runner._extend, Role.RESTART: Runner._restart,
        Role.START_AGAIN: Runner._start_again, Role.CHANGE: Runner._change,
        Role.LEARN: Runner._learn, Role.MERGE: Runner._merge, Role.ARM: Runner._arm,
    }[role]
    for role in Role
)  # fmt: skip


def known(at: datetime | None) -> datetime | None:
    """The instant, unless its source does not give one or cannot mean it."""
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    return at
