"""Calendars, policies and stories for the tests of clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from recovery.policy import clocks
from recovery.policy.adopt import adoption, house_policy
from recovery.policy.calendar import WorkingTime
from recovery.policy.clocks import Clock, Mark
from recovery.policy.library import InForce, Policies
from recovery.policy.story import Story
from recovery.policy.values import Window
from tests.cast import NINE, SUE

LONDON = ZoneInfo("Europe/London")
PHONE = {"channel": "phone"}
LETTER = {"channel": "letter"}


def at(text: str) -> datetime:
    """An instant from ISO text; UTC unless it says otherwise."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def mark(kind: str, instant: str | None, days: int = 0) -> Mark:
    return Mark(kind, at(instant) if instant else None, days)


def week(*windows: str, days: range = range(5)) -> tuple[tuple[Window, ...], ...]:
    """The same windows on each of these weekdays (0 is Monday), none on the others."""
    parsed = tuple(Window.parse(window) for window in windows)
    return tuple(parsed if day in days else () for day in range(7))


def office(*windows: str, zone: ZoneInfo = LONDON, closed: tuple[str, ...] = ()) -> WorkingTime:
    return WorkingTime(
        zone, week(*windows or ("09:00-17:30",)), closed=map(date.fromisoformat, closed)
    )


def adopted(text: str) -> InForce:
    """The policy of this text, adopted by Sue and in force."""
    event = adoption(text, by=SUE, at=NINE, reason="For a test")
    policies = Policies()
    policies.apply(event)
    return policies.in_force(event.policy)


def policy(clock: str, *, head: str = "", calendar: str = "") -> str:
    """A small policy with one clock called "reply" and one calendar."""
    return f"""
id = "small"
title = "A small policy"
source = "A test"
status = "confirmed"
zone = "Europe/London"
{head}
[[calendar]]
name = "office"
{calendar or WEEKDAYS}
[[version]]
name = "first"
from = 2000-01-01
[[version.clock]]
name = "reply"
{clock}
"""


WEEKDAYS = "\n".join(
    f'{day} = ["09:00-17:30"]' for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
)
REPLY = 'start = ["received"]\nstop = ["explained"]\n'


def story(version: InForce, marks: Sequence[Mark], told: Mapping[str, str] = {}) -> Story:
    """A complaint under the version, of which this was known when it was received."""
    return Story(version.policy, version.version, dict(told), tuple(marks))


def run(
    version: InForce,
    marks: Sequence[Mark],
    told: Mapping[str, str] = {},
) -> tuple[Clock, ...]:
    """The clocks that the marks leave."""
    return clocks.run(version, story(version, marks, told))


def only(version: InForce, *marks: Mark, **attributes: str) -> Clock:
    """The one clock of the story."""
    (clock,) = run(version, marks, attributes)
    return clock


def named(clocks: tuple[Clock, ...], name: str, cycle: int = 1) -> Clock:
    return next(clock for clock in clocks if (clock.name, clock.cycle) == (name, cycle))


HOUSE = house_policy()
MONDAY = mark("received", "2026-03-02T09:00")


@cache
def in_hours() -> InForce:
    """A reply within 8 business hours; pauses while waiting."""
    return adopted(policy(REPLY + 'within = "8 business hours"\npauses = true'))


@cache
def in_days() -> InForce:
    """A reply within 5 business days; pauses, extends, runs again after reopening."""
    return adopted(
        policy(
            REPLY + 'within = "5 business days"\npauses = true\nextends = true\n'
            'new_cycle = ["reopened"]'
        )
    )
