"""What must be kept because of a dispute, whoever asks to be forgotten? Supervisors act."""

from __future__ import annotations

from datetime import date
from typing import Literal

from recovery.events.base import Event, PaperRef

HoldKind = Literal["complaint", "person", "matter"]


class HoldPlaced(Event, frozen=True, kw_only=True):
    """From now on nothing of a complaint, a person or a matter may be forgotten."""

    topic = "hold.hold_placed"
    schema = 2
    kind: HoldKind
    subject: str
    """A reference, a complainant's id, or the value of the attribute `matter` of complaints."""
    reason: PaperRef
    until: date | None = None
    """The last day; None until somebody ends it."""
    zone: str = "UTC"
    """Whose day that is."""


class HoldEnded(Event, frozen=True, kw_only=True):
    """The reason for keeping it has gone."""

    topic = "hold.hold_ended"
