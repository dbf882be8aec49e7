"""What happens to a question about fairness that is asked again and again?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from recovery.events.base import Event

Rhythm = Literal["weekly", "monthly", "quarterly"]


class StandingArranged(Event, frozen=True, kw_only=True):
    """A supervisor wants a question asked at set instants, a set number of times."""

    topic = "standing.standing_arranged"
    measure: str
    question: str
    """The question as JSON; the instant of each look takes the place of its as-of."""
    rhythm: Rhythm
    zone: str
    """Whose midnights the looks are at."""
    first: datetime
    """The instant of the first look."""
    looks: int
    """How many there are to be: what chance may bring up is shared out over them."""


class StandingLooked(Event, frozen=True, kw_only=True):
    """The question was asked at one of these instants."""

    topic = "standing.standing_looked"
    due: datetime
    """The instant it was asked as of."""
    audit: str
    """The audit with the answer."""
    level: float
    """Below which p this look makes a finding."""
    p: float | None
    """The smallest of the answer, adjusted for the number of its comparisons."""
    found: bool


class StandingPaused(Event, frozen=True, kw_only=True):
    """A supervisor stopped the looks for now."""

    topic = "standing.standing_paused"


class StandingResumed(Event, frozen=True, kw_only=True):
    """A supervisor let them go on; those that were due meanwhile are left out."""

    topic = "standing.standing_resumed"


class StandingEnded(Event, frozen=True, kw_only=True):
    """A supervisor ended it before the last look."""

    topic = "standing.standing_ended"
