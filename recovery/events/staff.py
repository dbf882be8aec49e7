"""Whom of the staff is a complaint about?"""

from __future__ import annotations

from recovery.events.base import Event


class StaffNamed(Event, frozen=True, kw_only=True):
    """It was said which colleagues the complaint is about, who must not see it; nobody: none."""

    topic = "complaint.staff_named"
    staff: tuple[str, ...] = ()
    """"user:ana"; later ones replace earlier."""
