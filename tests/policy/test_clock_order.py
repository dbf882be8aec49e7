"""Does a story give the same clocks in whatever order its simultaneous marks come?"""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from tests.policy.given import (
    MONDAY,
    at,
    in_days,
    in_hours,
    mark,
    only,
    run,
)

DAY_STORY = [
    mark(kind, "2026-03-05T00:00")
    for kind in ("received", "explained", "closed", "reopened", "acknowledged")
]


def test_the_order_of_marks_of_one_instant_does_not_matter():
    """A source that gives dates only puts a whole story on one instant."""
    version = in_days()

    outcomes = {run(version, story, {}) for story in permutations(DAY_STORY)}

    (clocks,) = outcomes
    assert [(clock.cycle, clock.state) for clock in clocks] == [(1, "stopped"), (2, "running")]


def test_a_complaint_reopened_and_closed_on_one_date_is_closed():
    story = [MONDAY, mark("closed", "2026-03-03T12:00")]
    once_more = [mark(kind, "2026-03-05T00:00") for kind in ("closed", "explained", "reopened")]

    clocks = run(in_days(), story + once_more, {})

    assert [(clock.cycle, clock.state) for clock in clocks] == [(1, "stopped"), (2, "stopped")]


def test_an_answer_and_waiting_in_one_instant_is_an_answer_first():
    """Conformance row 7: the reply counts, then the pause."""
    both = [mark("paused", "2026-03-02T17:00"), mark("explained", "2026-03-02T17:00")]

    clock = only(in_hours(), MONDAY, *both)

    assert (clock.state, clock.stopped_at, clock.met) == ("stopped", at("2026-03-02T17:00"), True)


KINDS = st.sampled_from(
    ["received", "explained", "closed", "reopened", "paused", "resumed", "extended", "withdrawn"]
)
STORIES = st.lists(st.tuples(KINDS, st.integers(0, 4)), max_size=8)


@given(STORIES, st.randoms(use_true_random=False))
def test_replaying_simultaneous_marks_in_any_order_gives_the_same_clocks(story, random):
    marks = [mark(kind, f"2026-03-0{day + 2}T12:00", 2) for kind, day in story]
    shuffled = list(marks)
    random.shuffle(shuffled)

    assert run(in_days(), shuffled, {}) == run(in_days(), marks, {})


@given(STORIES)
def test_every_story_has_clocks_in_order_and_only_decided_ones_are_met_or_not(story):
    clocks = run(in_days(), [mark(kind, f"2026-03-0{d + 2}T12:00") for kind, d in story], {})

    assert [clock.cycle for clock in clocks] == list(range(1, len(clocks) + 1))
    for clock in clocks[:-1]:
        assert clock.state in ("stopped", "cancelled", "not_known")
    for clock in clocks:
        assert (clock.met is not None) <= (clock.state in ("stopped", "cancelled"))
