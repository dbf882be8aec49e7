"""What is recorded when a supervisor adopts a policy?

The whole text, and the holidays of its calendars written out, so that nothing outside the event
can move a deadline later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files

import holidays
import msgspec

from recovery.errors import Invalid
from recovery.events import Adopted
from recovery.policy.records import Calendar
from recovery.policy.schema import parse
from recovery.policy.sentences import Place
from recovery.policy.values import quoted

FIRST_YEAR = 2000
YEARS_AHEAD = 5
"""Holidays are known this far; adopt again before they run out."""
DIGEST_LENGTH = 16


def adoption(text: str, *, by: str, at: datetime, reason: str, file: str = "policy") -> Adopted:
    """The event that puts the text in force; raises PolicyError where it cannot be used."""
    if not reason.strip():
        raise Invalid("Say why the policy is adopted.", field="reason")
    policy = parse(text, file)
    found = {
        calendar.name: _days(calendar, Place(file).at("calendar", calendar.name), at.year)
        for calendar in policy.calendars
        if calendar.holidays is not None
    }
    closed = {name: days for name, (days, _) in found.items()}
    worked = {name: days for name, (_, days) in found.items() if days}
    return Adopted(
        at=at, by=by, policy=policy.id, version=_digest(text, closed, worked), text=text,
        holidays=closed, working_days=worked, reason=reason,
    )  # fmt: skip


def house_policy() -> str:
    """The text of the house policy that comes with the desk."""
    return files("recovery").joinpath("policies", "house.toml").read_text(encoding="utf-8")


def _days(calendar: Calendar, place: Place, year: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The public holidays and the make-up working days of a calendar, as ISO dates."""
    assert calendar.holidays is not None
    country, subdivision = calendar.holidays.country, calendar.holidays.subdivision
    supported = holidays.list_supported_countries()
    if country not in supported:
        raise place.error(
            "holidays.country", country, 'unknown country (use an ISO 3166 code: "GB", "CN", "US")'
        )
    if subdivision and subdivision not in supported[country]:
        known = quoted(tuple(supported[country]))
        raise place.error(
            "holidays.subdivision",
            subdivision,
            f"unknown subdivision ({f'use one of {known}' if known else 'leave it out'})",
        )
    days = holidays.country_holidays(
        country, subdiv=subdivision or None, years=range(FIRST_YEAR, year + YEARS_AHEAD + 1)
    )
    worked: Iterable[date] = getattr(days, "weekend_workdays", ())
    return _iso(days), _iso(worked)


def _iso(days: Iterable[date]) -> tuple[str, ...]:
    return tuple(day.isoformat() for day in sorted(days))


def _digest(text: str, *days: dict[str, tuple[str, ...]]) -> str:
    """Short enough to read aloud, long enough that no two versions ever share it."""
    content = msgspec.json.encode([text, *days], order="deterministic")
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]
