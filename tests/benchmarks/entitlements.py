"""How many complaints a second can be told what they are owed?

Three guarantees, as in the house policy: a late acknowledgement, an explanation that is later by
the day, and money back on request. Half of the complaints were answered in time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from recovery.policy.adopt import adoption, house_policy
from recovery.policy.clocks import run
from recovery.policy.guarantees.stories import entitlement
from recovery.policy.library import Policies
from recovery.policy.marks import Mark
from recovery.policy.story import Story
from tests.benchmarks.figures import Figure, at_least
from tests.benchmarks.ground import Ground, Sizes

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
AS_OF = datetime(2026, 12, 31, tzinfo=UTC)
COMPLAINTS = 20_000
REPETITIONS = 5


def measure(_ground: Ground, _sizes: Sizes) -> list[Figure]:
    """Complaints a second in one process, with their clocks known, and with their clocks run."""
    event = adoption(house_policy(), by="user:sue", at=START, reason="A benchmark")
    policies = Policies()
    policies.apply(event)
    version = policies.in_force("house")
    stories = [_story(number, event.version) for number in range(COMPLAINTS)]
    clocks = [run(version, story) for story in stories]

    def known() -> None:
        for story, found in zip(stories, clocks, strict=True):
            entitlement(version, story, AS_OF, clocks=found)

    def with_clocks() -> None:
        for story in stories:
            entitlement(version, story, AS_OF)

    return [
        Figure.of(
            "entitlements", "complaints told what they are owed, their clocks known",
            _rates(known), "complaints/s", at_least(20_000),
        ),
        Figure.of(
            "entitlements_and_clocks", "the same, and their clocks run",
            _rates(with_clocks), "complaints/s",
        ),
    ]  # fmt: skip


def _rates(work: Callable[[], None]) -> list[float]:
    """Complaints a second, for each repetition."""
    rates = []
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        work()
        rates.append(COMPLAINTS / (time.perf_counter() - began))
    return rates


def _story(number: int, version: str) -> Story:
    """Every second one is late with both answers, every fourth asks for its money back."""
    received = START + timedelta(minutes=7 * number)
    late = number % 2
    facts = {"failure": "not_as_described", "price": f"{number % 90 + 10}.99"}
    if number % 4 == 0:
        facts["claimed"] = "true"
    return Story(
        "house", version, {"channel": "phone", "severity": "normal", "tier": "gold"},
        (
            Mark("received", received),
            Mark("acknowledged", received + timedelta(days=5 if late else 0, hours=1)),
            Mark("explained", received + timedelta(days=16 if late else 2)),
            Mark("closed", received + timedelta(days=17 if late else 3)),
        ),
        facts,
    )  # fmt: skip
