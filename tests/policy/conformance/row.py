"""What is a row of the conformance list, and how does a check join it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from recovery.policy.alarms import Alarm
from recovery.policy.library import InForce
from recovery.policy.marks import Mark
from recovery.policy.story import Story
from tests.policy.given import REPLY, adopted, mark

MONDAY = mark("received", "2026-03-02T09:00")
EIGHT_HOURS = REPLY + 'within = "8 business hours"\npauses = true\n'


@dataclass(frozen=True)
class Row:
    """One row of the list."""

    number: int
    scenario: str
    expected: str
    peer: str
    """Whose tracker or source shows the failure."""
    check: Callable[[], None]
    also: tuple[str, ...] = ()
    """Tests elsewhere that hold it on pages and in the database."""


FOUND: list[Row] = []


def row(
    number: int, scenario: str, expected: str, peer: str, *, also: tuple[str, ...] = ()
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Add a check to the list."""

    def add(check: Callable[[], None]) -> Callable[[], None]:
        FOUND.append(Row(number, scenario, expected, peer, check, also))
        return check

    return add


def told(version: InForce, *marks: Mark, **attributes: str) -> Story:
    return Story(version.policy, version.version, attributes, marks)


def kinds(found: tuple[Alarm, ...]) -> list[tuple[str, datetime]]:
    """Alarms as their name and instant."""
    return [(f"{a.kind} {a.percent or a.step or ''}".strip(), a.at) for a in found]


def edited(before: str, after: str) -> tuple[InForce, InForce]:
    """Two versions of a policy, the second adopted after the first."""
    return adopted(before), adopted(after)
