"""What is recorded when a supervisor adopts a policy?

The whole text, and the holidays of its calendars written out, so that nothing outside the event
can move a deadline later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files
from typing import NamedTuple

import holidays
import msgspec

from recovery.errors import Invalid
from recovery.events import Adopted
from recovery.policy.compiled import InForce, compile_policy
from recovery.policy.examples import check_examples
from recovery.policy.records import HolidaySet, Policy
from recovery.policy.schema import parse
from recovery.policy.sentences import Place
from recovery.policy.values import quoted

FIRST_YEAR = 2000
YEARS_AHEAD = 5
"""Holidays are known this far; adopt again before they run out."""
DIGEST_LENGTH = 16
Written = tuple[tuple[str, ...], tuple[str, ...]]
"""Holidays, each an ISO date and its name, and make-up working days, each an ISO date."""


class Draft(NamedTuple):
    """A text that makes sense, with the days of its calendars written out."""

    policy: Policy
    version: InForce
    """As it would be in force."""
    holidays: dict[str, tuple[str, ...]]
    working_days: dict[str, tuple[str, ...]]


def draft(text: str, *, at: datetime, file: str = "policy") -> Draft:
    """What the text would put in force; its examples are not looked at. Raises PolicyError."""
    policy = parse(text, file)
    found: dict[str, Written] = {}
    for calendar in policy.calendars:
        if calendar.holidays is not None:
            place = Place(file).at("calendar", calendar.name)
            found |= _written(calendar.name, calendar.holidays, place, at.year)
    closed = {name: days for name, (days, _) in found.items()}
    worked = {name: days for name, (_, days) in found.items() if days}
    version = compile_policy(policy, _digest(text, closed, worked), closed, worked)
    return Draft(policy, version, closed, worked)


def adoption(text: str, *, by: str, at: datetime, reason: str, file: str = "policy") -> Adopted:
    """The event that puts the text in force; raises PolicyError where it cannot be used.

    A policy whose own examples come out otherwise than they say cannot be used.
    """
    if not reason.strip():
        raise Invalid("Say why the policy is adopted.", field="reason")
    found = draft(text, at=at, file=file)
    check_examples(found.version, found.policy.examples, Place(file), at)
    return Adopted(
        at=at, by=by, policy=found.policy.id, version=found.version.version, text=text,
        holidays=found.holidays, working_days=found.working_days, reason=reason,
    )  # fmt: skip


def house_policy() -> str:
    """The text of the house policy that comes with the desk."""
    return files("recovery").joinpath("policies", "house.toml").read_text(encoding="utf-8")


def _written(name: str, chosen: HolidaySet, place: Place, year: int) -> dict[str, Written]:
    """The holidays and make-up working days of a calendar, and of each subdivision it may have."""
    supported = holidays.list_supported_countries()
    if chosen.country not in supported:
        raise place.error(
            "holidays.country", chosen.country,
            'unknown country (use an ISO 3166 code: "GB", "CN", "US")',
        )  # fmt: skip
    known = tuple(supported[chosen.country])
    for key, code in (
        ("holidays.subdivision", chosen.subdivision),
        *(("holidays.subdivisions", code) for code in chosen.subdivisions),
    ):
        if code and code not in known:
            way_out = f"use one of {quoted(known)}" if known else "leave it out"
            raise place.error(key, code, f"unknown subdivision ({way_out})")
    found = {name: _days(chosen.country, chosen.subdivision, year)}
    if chosen.subdivision_by:
        for code in chosen.subdivisions or known:
            found[f"{name}/{code}"] = _days(chosen.country, code, year)
    return found


def _days(country: str, subdivision: str, year: int) -> Written:
    days = holidays.country_holidays(
        country, subdiv=subdivision or None, years=range(FIRST_YEAR, year + YEARS_AHEAD + 1)
    )
    closed = tuple(f"{day.isoformat()} {name}" for day, name in sorted(days.items()))
    worked: Iterable[date] = getattr(days, "weekend_workdays", ())
    return closed, tuple(day.isoformat() for day in sorted(worked))


def _digest(text: str, *days: dict[str, tuple[str, ...]]) -> str:
    """Short enough to read aloud, long enough that no two versions ever share it."""
    content = msgspec.json.encode([text, *days], order="deterministic")
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]
