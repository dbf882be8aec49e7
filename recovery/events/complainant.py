"""What happens to a complainant? People act."""

from __future__ import annotations

from recovery.events.base import Event, PaperRef


class Known(Event, frozen=True, kw_only=True):
    """A person became known to the desk, or their contact details were renewed."""

    topic = "complainant.known"
    contact: PaperRef | None = None
    language: str = ""
    tier: str = ""


class Forgotten(Event, frozen=True, kw_only=True):
    """The person's key and papers were deleted; `complaints` are the references they stood in."""

    topic = "complainant.forgotten"
    reason: str
    complaints: tuple[str, ...] = ()


class Suppressed(Event, frozen=True, kw_only=True):
    """Their address refused a letter for good, so no more are sent there."""

    topic = "complainant.suppressed"
    reason: str


class Readmitted(Event, frozen=True, kw_only=True):
    """Somebody made sure that letters can be sent to them again."""

    topic = "complainant.readmitted"
