"""What happens to what a complainant can get in a year? Complaints use it up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from recovery.events.base import Event
from recovery.money import Money


class Share(msgspec.Struct, frozen=True):
    """What one occurrence of a complaint has of it; `on` is the day that chooses the year."""

    complaint: str
    occurrence: str
    on: date
    amount: Decimal


class Used(Event, frozen=True, kw_only=True):
    """So much of what a complainant can get under a guarantee goes to a complaint."""

    topic = "quota.used"
    policy: str
    guarantee: str
    complaint: str
    occurrence: str
    on: date
    money: Money
    """The whole, in place of what was said before; 0: nothing was left, or nothing is owed."""
    others: tuple[Share, ...] = ()
    """What their other complaints had by then, within a year before or after."""
