"""What must a clock remember of an event?"""

from __future__ import annotations

from datetime import datetime

import msgspec

from recovery.events import (
    Acknowledged,
    Assigned,
    Closed,
    Compensated,
    Escalated,
    Event,
    Explained,
    Extended,
    MessageReceived,
    MessageSent,
    MilestoneReached,
    Paused,
    Received,
    Reopened,
    Resumed,
    Withdrawn,
)

_TIMED: tuple[type[Event], ...] = (
    Received, Acknowledged, Explained, Compensated, Closed, Assigned, MessageReceived,
    MessageSent, Paused, Resumed, Extended, Escalated, Withdrawn, Reopened,
)  # fmt: skip
_KIND_OF = {event: event.topic.partition(".")[2] for event in _TIMED}
TIMED: frozenset[type[Event]] = frozenset(_TIMED) | {MilestoneReached}
"""Events that leave a mark."""
KINDS: tuple[str, ...] = tuple(_KIND_OF.values())
"""The core events that a policy may name."""


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """An event as clocks see it: its topic after the dot or the milestone's name, and when."""

    kind: str
    at: datetime | None
    """None: the source does not publish it."""
    days: int = 0
    """How far an extension goes."""


def mark_of(event: Event) -> Mark | None:
    """None for events that no clock can name, and for milestones that pose as core events."""
    kind = _KIND_OF.get(type(event))
    if kind is not None:
        return Mark(kind, event.at, event.days if type(event) is Extended else 0)
    if isinstance(event, MilestoneReached) and event.milestone not in KINDS:
        return Mark(event.milestone, event.at)
    return None
