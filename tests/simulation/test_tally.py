"""Is each promise counted once, before and after, in each of its groups?"""

from __future__ import annotations

import pickle
from datetime import timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.policy.clocks import Clock
from recovery.policy.simulate import (
    ENDINGS,
    GROUPS,
    MOST_EXAMPLES,
    MOST_VALUES,
    OTHERS,
    Ending,
    Endings,
    Tally,
    ending,
)
from tests.cast import DAY, HOUR, NINE

LONDON = ZoneInfo("Europe/London")
AS_OF = NINE + 30 * DAY
POST = ("Post", "email", "gold")


def clock(how: Ending, name: str = "reply", cycle: int = 1) -> Clock:
    """A promise that ended this way by AS_OF."""
    due = AS_OF + HOUR if how == "open" else NINE + DAY
    state: Any = {"open": "running", "undecided": "cancelled"}.get(how, "stopped")
    met = {"met": True, "breached": False}.get(how)
    return Clock(name, cycle, state, NINE, due, NINE, met, "1 business day")


def tally(*stories: tuple[Ending, Ending], groups: tuple[str, str, str] = POST) -> Tally:
    """Complaints of one promise each, before and after."""
    found = Tally(AS_OF, LONDON)
    for number, (before, after) in enumerate(stories):
        found.add(f"R{number}", NINE + number * DAY, groups, one(before), one(after))
    return found


def one(how: Ending) -> list[Clock]:
    return [] if how == "none" else [clock(how)]


def test_a_promise_past_its_due_instant_is_breached_whoever_noticed() -> None:
    running = Clock("reply", 1, "running", NINE, AS_OF, None, None, "1 business day")

    assert ending(running, AS_OF) == "open"
    assert ending(running, AS_OF + timedelta(microseconds=1)) == "breached"


def test_what_changes_is_counted_in_either_direction() -> None:
    outcome = tally(
        ("met", "breached"), ("breached", "met"), ("breached", "met"), ("met", "met")
    ).outcome()

    [effect] = outcome.clocks
    assert (effect.by, effect.clock, effect.better, effect.worse) == ("all", "reply", 2, 1)
    assert effect.before == Endings(met=2, breached=2)
    assert effect.after == Endings(met=3, breached=1)
    assert effect.before.attainment == 0.5
    assert (outcome.complaints, outcome.changed) == (4, 3)


def test_promises_that_appear_or_go_are_changes_too() -> None:
    outcome = tally(("none", "met"), ("open", "none")).outcome()

    assert {(c.before, c.after, c.examples) for c in outcome.changes} == {
        ("none", "met", ("R0",)), ("open", "none", ("R1",)),
    }  # fmt: skip
    assert outcome.effects[0].before == Endings(open=1)
    assert outcome.effects[0].after == Endings(met=1)


def test_cycles_are_compared_each_with_its_own() -> None:
    found = Tally(AS_OF, LONDON)
    found.add(
        "R", NINE, POST, [clock("met"), clock("breached", cycle=2)],
        [clock("met"), clock("met", cycle=2)],
    )  # fmt: skip

    [change] = found.outcome().changes
    assert (change.before, change.after, change.count) == ("breached", "met", 1)


def test_a_month_is_that_of_the_policys_zone() -> None:
    found = Tally(AS_OF, ZoneInfo("Asia/Shanghai"))
    found.add("R", NINE.replace(month=1, day=31, hour=20), POST, one("met"), one("met"))

    assert [e.value for e in found.outcome().effects if e.by == "month"] == ["2026-02"]


def test_the_latest_complaints_are_the_examples() -> None:
    outcome = tally(*[("met", "breached")] * 12).outcome()

    assert outcome.changes[0].examples == tuple(f"R{n}" for n in range(11, 11 - MOST_EXAMPLES, -1))


def test_memory_is_bounded_by_groups_not_by_what_people_type() -> None:
    found = Tally(AS_OF, LONDON)
    for number in range(MOST_VALUES + 100):
        found.add("R", NINE, (f"c{number}", "email", ""), one("met"), one("met"))

    by_category = [e for e in found.outcome().effects if e.by == "category"]
    assert len(by_category) == MOST_VALUES + 1
    assert next(e for e in by_category if e.value == OTHERS).after.met == 100
    assert sum(e.after.met for e in by_category) == MOST_VALUES + 100


ENDS = st.sampled_from(ENDINGS)
STORY = st.tuples(ENDS, ENDS, st.sampled_from("abc"), st.sampled_from(["email", "phone"]))


@given(st.lists(STORY, max_size=40), st.integers(1, 5))
def test_shares_add_up_to_the_whole_however_they_are_cut(
    stories: list[tuple[Ending, Ending, str, str]], shares: int
) -> None:
    whole, parts = Tally(AS_OF, LONDON), [Tally(AS_OF, LONDON) for _ in range(shares)]
    for number, (before, after, category, channel) in enumerate(stories):
        for each in (whole, parts[number % shares]):
            each.add(
                f"R{number:03}", NINE + number * DAY, (category, channel, ""), one(before),
                one(after),
            )  # fmt: skip
    Random(shares).shuffle(parts)
    first = pickle.loads(pickle.dumps(parts[0]))
    for part in parts[1:]:
        first.merge(pickle.loads(pickle.dumps(part)))

    assert first.outcome() == whole.outcome()


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_holds_every_promise(group: str) -> None:
    outcome = tally(("met", "breached"), ("open", "met"), ("undecided", "none")).outcome()

    assert sum(e.before.promises for e in outcome.effects if e.by == group) == 3
    assert sum(e.after.promises for e in outcome.effects if e.by == group) == 2
