"""What happens to a policy? Supervisors act."""

from __future__ import annotations

from recovery.events.base import Event, PaperRef


class Adopted(Event, frozen=True, kw_only=True):
    """A policy came into force: its whole text, with the holidays of its calendars written out."""

    topic = "policy.adopted"
    schema = 2
    policy: str
    version: str
    """Digest of `text` and its days: what a complaint's clocks are bound to."""
    text: str
    holidays: dict[str, tuple[str, ...]] = {}
    """By calendar name: ISO dates on which nobody works."""
    working_days: dict[str, tuple[str, ...]] = {}
    """By calendar name: ISO dates worked to make up for a holiday."""
    reason: str = ""
    answers: PaperRef | None = None
    """JSON of `recovery.policy.guarantees.design.Answers`: why its guarantees are offered."""


class Applied(Event, frozen=True, kw_only=True):
    """From here on a policy's version holds for complaints that are open under its earlier ones."""

    topic = "policy.applied"
    policy: str
    version: str
    reason: str = ""


class Retired(Event, frozen=True, kw_only=True):
    """A policy starts no more clocks."""

    topic = "policy.retired"
    policy: str
    reason: str = ""
