"""How many due instants a second can one process reckon?

On a calendar with two windows a day and the holidays of a country, for starts at any minute of
three years and amounts from an hour to four weeks; and how many stories a second get their clocks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from recovery.policy.adopt import draft, house_policy
from recovery.policy.clocks import run
from recovery.policy.marks import Mark
from recovery.policy.story import Story
from tests.benchmarks.figures import Figure, at_least
from tests.benchmarks.ground import Ground, Sizes

START = datetime(2024, 1, 2, 9, tzinfo=UTC)
MINUTES = 3 * 365 * 24 * 60
HOURS = 8 * 20
QUESTIONS = 100_000
STORIES = 5_000
REPETITIONS = 5
LUNCH = ('"09:00-17:30"', '"09:00-12:30", "13:30-17:30"')


def measure(_ground: Ground, _sizes: Sizes) -> list[Figure]:
    """Due instants a second, and whole stories a second under the house policy."""
    house = draft(house_policy().replace(*LUNCH), at=START).version
    office = house.calendars["office"]
    random = Random(7)
    starts = [START + timedelta(minutes=random.randrange(MINUTES)) for _ in range(QUESTIONS)]
    amounts = [float(random.randrange(1, HOURS) * 3600) for _ in range(QUESTIONS)]
    stories = [_story(house.version, start) for start in starts[:STORIES]]

    def dues() -> None:
        due = office.due
        for start, amount in zip(starts, amounts, strict=True):
            due(start, amount)

    def clocks() -> None:
        for story in stories:
            run(house, story)

    return [
        Figure.of(
            "due", "due instants, two windows a day and a holiday set, in one process",
            _rates(dues, QUESTIONS), "due instants/s", at_least(150_000),
        ),
        Figure.of(
            "clocks", "stories of six events told their three clocks, in one process",
            _rates(clocks, STORIES), "stories/s",
        ),
    ]  # fmt: skip


def _rates(work: Callable[[], None], count: int) -> list[float]:
    """How many a second, for each repetition."""
    rates = []
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - began))
    return rates


def _story(version: str, received: datetime) -> Story:
    hours = (0, 1, 25, 49, 73, 97)
    kinds = ("received", "acknowledged", "paused", "message_received", "explained", "closed")
    marks = tuple(
        Mark(kind, received + timedelta(hours=after))
        for kind, after in zip(kinds, hours, strict=True)
    )
    return Story("house", version, {"channel": "phone", "severity": "normal"}, marks)
