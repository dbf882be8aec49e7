"""Who appears in the tests, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

ANA = "user:ana"
BO = "user:bo"
SUE = "user:sue"
ADA = "user:ada"
COMPLAINANT = "complainant"

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

PASSWORD = "put right what went wrong"
PEOPLE = {"ana": "agent", "bo": "agent", "sue": "supervisor", "ada": "administrator"}
"""Who may sign in, with which role."""
