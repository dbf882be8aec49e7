"""How much working time of a policy had passed by an instant?

Counted from a day that is the same for everybody, so that the working time between two instants is
a difference, also where only one of them is known yet.
"""

from __future__ import annotations

from datetime import UTC, datetime

from recovery.policy.compiled import InForce

ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)


def worked_by(version: InForce, at: datetime | None) -> int | None:
    """Whole seconds of working time since the origin, in the first calendar of the policy.

    None without an instant, and for a policy without a calendar. Negative before the origin.
    """
    calendar = next(iter(version.calendars.values()), None)
    return None if at is None or calendar is None else int(calendar.elapsed(ORIGIN, at))
