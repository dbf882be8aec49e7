"""What does waiting do to a promise?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.policy.clocks import Mark, next_due
from tests.policy.given import (
    MONDAY,
    REPLY,
    adopted,
    at,
    in_days,
    in_hours,
    mark,
    only,
    policy,
)

SECONDS = st.integers(0, 20 * 24 * 3600)


@pytest.mark.parametrize(
    ("pause", "resume", "due"),
    [
        pytest.param("2026-03-02T10:00", "2026-03-02T12:00", "2026-03-03T10:30", id="in a day"),
        pytest.param("2026-03-02T10:00", "2026-03-02T10:00:20", "2026-03-02T17:00:20", id="20 s"),
        pytest.param("2026-03-02T10:00", "2026-03-06T10:00", "2026-03-06T17:00", id="over days"),
        pytest.param("2026-03-02T07:00", "2026-03-02T08:00", "2026-03-02T17:00", id="at night"),
    ],
)
def test_a_pause_moves_the_due_instant_by_its_working_time(pause: str, resume: str, due: str):
    """8 hours from Monday 07:00 are over at 17:00: the desk opens at 09:00 and closes at 17:30."""
    early = mark("received", "2026-03-02T07:00")

    clock = only(in_hours(), early, mark("paused", pause), mark("resumed", resume))

    assert (clock.state, clock.due) == ("running", at(due))


def test_a_pause_over_a_weekend_costs_its_working_hours_only():
    friday = mark("received", "2026-03-06T09:00")
    pause = (mark("paused", "2026-03-06T16:30"), mark("resumed", "2026-03-09T10:00"))

    clock = only(in_hours(), friday, *pause)

    assert clock.due == at("2026-03-09T10:30")


def test_days_pause_where_the_complaint_waits_when_the_day_ends():
    pauses = (
        mark("paused", "2026-03-03T10:00"), mark("resumed", "2026-03-03T15:00"),
        mark("paused", "2026-03-05T16:00"), mark("resumed", "2026-03-09T09:30"),
    )  # fmt: skip

    clock = only(in_days(), MONDAY, *pauses)

    assert clock.due == at("2026-03-11T23:59:59")  # Monday the 9th, plus Thursday and Friday


def test_waiting_on_the_day_of_the_start_costs_only_the_days_that_count():
    waiting = (mark("paused", "2026-03-02T10:00"), mark("resumed", "2026-03-04T10:00"))

    assert only(in_days(), MONDAY, *waiting).due == at("2026-03-10T23:59:59")  # Tuesday alone


def test_while_it_waits_a_clock_is_due_at_no_time():
    clocks = (only(in_hours(), MONDAY, mark("paused", "2026-03-02T10:00")),)

    assert (clocks[0].state, clocks[0].due) == ("paused", None)
    assert next_due(clocks) is None


def test_a_message_from_the_complainant_ends_the_waiting():
    pause = (mark("paused", "2026-03-02T10:00"), mark("message_received", "2026-03-02T11:00"))

    assert only(in_hours(), MONDAY, *pause).due == at("2026-03-03T09:30")


def test_waiting_that_begins_after_the_due_instant_hides_no_breach():
    late = mark("paused", "2026-03-03T10:00")

    clock = only(in_hours(), MONDAY, late)

    assert (clock.state, clock.due) == ("running", at("2026-03-02T17:00"))


def test_a_complaint_may_be_answered_while_it_waits():
    story = (mark("paused", "2026-03-02T16:00"), mark("explained", "2026-03-20T10:00"))

    clock = only(in_hours(), MONDAY, *story)

    assert (clock.state, clock.met) == ("stopped", True)


def test_a_shorter_target_while_it_waits_makes_no_answer_late():
    version = adopted(
        policy(
            REPLY + 'within = "8 business hours"\npauses = true\n'
            '[[version.clock.target]]\nwhen = { severity = ["high"] }\nwithin = "1 business hour"'
        )
    )
    urgent = Mark("classified", at("2026-03-02T12:00"), changes=(("severity", "high"),))
    waiting = (MONDAY, mark("paused", "2026-03-02T11:00"), urgent)

    answered = only(version, *waiting, mark("explained", "2026-03-03T10:00"))
    resumed = only(version, *waiting, mark("resumed", "2026-03-03T10:00"))

    assert answered.met
    assert resumed.due == at("2026-03-03T10:00")


def test_waiting_that_ends_within_the_last_second_of_a_day_takes_that_day():
    clock = only(in_days(), MONDAY, mark("paused", "2026-03-04T10:00"),
                 mark("resumed", "2026-03-04T23:59:59.500"))  # fmt: skip

    assert clock.due == at("2026-03-10T23:59:59")


@given(SECONDS, SECONDS)
def test_a_pause_moves_due_by_exactly_its_counted_length(after: int, length: int):
    start = at("2026-03-26T12:00")
    version = in_hours()
    paused = start + timedelta(seconds=after)
    resumed = paused + timedelta(seconds=length)
    plain = only(version, mark("received", start.isoformat()))

    clock = only(
        version, mark("received", start.isoformat()),
        mark("paused", paused.isoformat()), mark("resumed", resumed.isoformat()),
    )  # fmt: skip

    office = version.calendars["office"]
    counted = office.elapsed(paused, resumed) if paused < plain.due else 0
    assert office.elapsed(plain.due, clock.due) == counted
