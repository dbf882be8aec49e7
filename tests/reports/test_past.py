"""Is the report of a past instant the one that the stories told until then would give?"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from projections.sla import Question, Report, report
from projections.story import story_of
from projections.table import Given
from recovery.errors import Refused
from recovery.events import complaint_stream
from recovery.policy.clocks import Clock, run
from tests.cast import ANA, COMPLAINANT, HOUR, NINE
from tests.desks import TestDesk

SEED = 3
Outcomes = Counter[tuple[str, bool, str]]
"""By clock, whether it was made anew, and what became of it."""
OUTCOMES = ("met", "breached", "cancelled", "not_known")


def live(desk: TestDesk, chance: random.Random) -> str:
    """A complaint that a few random things happen to; what the desk refuses does not happen."""
    d = desk.desk
    at = NINE + timedelta(minutes=chance.randrange(4_000))
    reference = desk.receive(at=at, channel=chance.choice(["phone", "letter", "web"]))
    for _ in range(chance.randrange(7)):
        at += timedelta(minutes=chance.randrange(1, 3_000))
        try:
            match chance.choice(["tell", "explain", "pause", "resume", "close", "reopen", "leave"]):
                case "tell":
                    d.acknowledge(reference, by=ANA, at=at)
                case "explain":
                    d.explain(reference, by=ANA, at=at, outcome="upheld", message="Sorry.")
                case "pause":
                    d.pause(reference, by=ANA, at=at, reason="complainant")
                case "resume":
                    d.resume(reference, by=ANA, at=at)
                case "close":
                    d.close(reference, by=ANA, at=at, outcome="upheld")
                case "reopen":
                    d.reopen(reference, by=ANA, at=at, reason="disputed")
                case _:
                    d.withdraw(reference, by=COMPLAINANT, at=at)
        except Refused:
            continue
    return reference


def test_any_past_instant_is_told_as_it_was(desk: TestDesk) -> None:
    chance = random.Random(SEED)
    references = [live(desk, chance) for _ in range(40)]
    desk.engine.catch_up()

    for hours in range(0, 300, 11):
        then = NINE + hours * HOUR + timedelta(minutes=1)
        found = ask(desk, then)

        received, outcomes = as_it_was(desk, references, then)
        assert (found.all.received, told(found)) == (received, outcomes)


def ask(desk: TestDesk, then: datetime) -> Report:
    with desk.store.database.engine.connect() as conn:
        return report(conn, Question(as_of=then, zone="Europe/London"))


def told(found: Report) -> Outcomes:
    counts: Outcomes = Counter()
    for row in found.all.promises:
        counts[row.clock, row.again, "open"] += row.running + row.paused
        for outcome in OUTCOMES:
            counts[row.clock, row.again, outcome] += getattr(row, outcome)
    return +counts


def as_it_was(desk: TestDesk, references: Iterable[str], then: datetime) -> tuple[int, Outcomes]:
    """How many were received, and what the clocks were, by the events until then alone."""
    given, received, counts = Given(desk.policies), 0, Counter[tuple[str, bool, str]]()
    for reference in references:
        records = [
            record for record in desk.store.records(complaint_stream(reference))
            if record.event.at is not None and record.event.at <= then
        ]  # fmt: skip
        if records:
            story = story_of(records, given)
            version = desk.policies.version(story.policy, story.policy_version)
            received += 1
            counts.update((c.name, c.cycle > 1, outcome(c, then)) for c in run(version, story))
    return received, counts


def outcome(clock: Clock, then: datetime) -> str:
    late = clock.state == "running" and clock.due is not None and clock.due < then
    if late or clock.met is False:
        return "breached"
    return {"stopped": "met", "running": "open", "paused": "open"}.get(clock.state, clock.state)
