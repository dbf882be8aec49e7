"""What happens once a day?"""

from __future__ import annotations

from datetime import date

from recovery.events.base import Event


class DayBegun(Event, frozen=True, kw_only=True):
    """A day began at the desk, and these supervisors are owed its mail."""

    topic = "daily.day_begun"
    day: date
    """In the house's zone."""
    to: tuple[str, ...]
    """Colleagues, as events name people."""
