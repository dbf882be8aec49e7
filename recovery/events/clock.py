"""What happens to a promise? Time acts."""

from __future__ import annotations

from datetime import datetime

import msgspec

from recovery.events.base import Event, LetterKind, Severity


class ClockEvent(Event, frozen=True, kw_only=True):
    """Something became true of a promise of this complaint (its reference) because time passed.

    `at` is the instant at which it became true, however much later the desk took note of it.
    """

    complaint: str
    clock: str
    cycle: int


class Warned(ClockEvent, frozen=True, kw_only=True):
    """So much of the promised time was over, and the promise was not kept yet."""

    topic = "clock.warned"
    percent: int
    due: datetime
    """As it was then."""


class Breached(ClockEvent, frozen=True, kw_only=True):
    """The promise was not kept by its due instant, which is `at`."""

    topic = "clock.breached"
    policy: str
    policy_version: str


class SteppedUp(ClockEvent, frozen=True, kw_only=True):
    """A step of the policy's escalation was taken."""

    topic = "clock.stepped_up"
    step: int
    """From 1, in the order of the policy's text."""
    assigned: str = ""
    notified: tuple[str, ...] = ()
    """The colleagues who are owed a notice."""
    severity: Severity | None = None


class Cleared(ClockEvent, frozen=True, kw_only=True):
    """It came to light that the promise had been kept in time: the breach recorded was none."""

    topic = "clock.cleared"


class LetterLeft(Event, frozen=True, kw_only=True):
    """The letter of an act left after its pause, so from here on the act counts for clocks."""

    topic = "clock.letter_left"
    complaint: str
    kind: LetterKind
    act: int
    """Version of the act in the complaint's stream."""
    act_at: datetime | None


class Moved(msgspec.Struct, frozen=True):
    """A running clock, and when it was due before and after."""

    clock: str
    cycle: int
    before: datetime | None
    after: datetime | None


class Reapplied(Event, frozen=True, kw_only=True):
    """The running clocks of a complaint follow another version of their policy from here on."""

    topic = "clock.reapplied"
    complaint: str
    policy: str
    version_before: str
    policy_version: str
    moved: tuple[Moved, ...] = ()
