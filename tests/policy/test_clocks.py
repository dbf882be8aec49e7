"""Clocks: what the house policy promises, and what becomes of a promise in odd stories."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.events import Extended, MilestoneReached, Received
from recovery.policy.clocks import Clock, Mark, mark_of, next_due
from recovery.policy.library import NONE, InForce
from tests.cast import ANA, COMPLAINANT, HOUR, NINE
from tests.policy.given import (
    HOUSE,
    LETTER,
    LONDON,
    PHONE,
    REPLY,
    adopted,
    at,
    mark,
    named,
    only,
    policy,
    run,
)

MONDAY = mark("received", "2026-03-02T09:00")


@pytest.fixture(scope="module")
def house() -> InForce:
    return adopted(HOUSE)


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


@pytest.mark.parametrize(
    ("channel", "target", "due"),
    [
        ("phone", "4 business hours", "2026-03-09T11:30"),
        ("counter", "4 business hours", "2026-03-09T11:30"),
        ("web", "4 business hours", "2026-03-09T11:30"),
        ("email", "4 business hours", "2026-03-09T11:30"),
        ("api", "4 business hours", "2026-03-09T11:30"),
        ("letter", "1 business day", "2026-03-09T23:59:59"),
    ],
)
def test_the_house_acknowledges_by_channel(house: InForce, channel: str, target: str, due: str):
    friday = mark("received", "2026-03-06T16:00")

    clock = named(run(house, [friday], {"channel": channel}), "acknowledge")

    assert (clock.target, clock.due) == (target, at(due))


def test_the_house_explains_in_5_and_resolves_in_10_business_days(house: InForce):
    before_easter = mark("received", "2026-04-01T10:00+01:00")

    clocks = run(house, [before_easter], PHONE)

    assert [(clock.name, clock.due) for clock in clocks[1:]] == [
        ("explain", at("2026-04-10T23:59:59+01:00")),
        ("resolve", at("2026-04-17T23:59:59+01:00")),
    ]
    assert {clock.state for clock in clocks} == {"running"}


@pytest.mark.parametrize(
    ("stop", "met"),
    [("2026-03-02T13:00", True), ("2026-03-02T13:00:00.000001", False)],
)
def test_a_promise_is_kept_up_to_its_due_instant(house: InForce, stop: str, met: bool):
    clocks = run(house, [MONDAY, mark("acknowledged", stop)], PHONE)

    clock = named(clocks, "acknowledge")
    assert (clock.state, clock.stopped_at, clock.met) == ("stopped", at(stop), met)


def test_explaining_acknowledges(house: InForce):
    clocks = run(house, [MONDAY, mark("explained", "2026-03-02T10:00")], LETTER)

    assert named(clocks, "acknowledge").met is True


def test_a_letter_that_arrived_yesterday_counts_from_its_arrival(house: InForce):
    """Marks come in the order in which they were recorded (conformance row 29)."""
    recorded_late = [mark("acknowledged", "2026-03-03T10:00"), MONDAY]

    clock = named(run(house, recorded_late, LETTER), "acknowledge")

    assert (clock.started_at, clock.met) == (MONDAY.at, True)


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


def test_the_house_acknowledges_without_pausing(house: InForce):
    waiting = run(house, [MONDAY, mark("paused", "2026-03-02T10:00")], PHONE)

    assert [clock.state for clock in waiting] == ["running", "paused", "paused"]


def test_an_extension_adds_business_days():
    clock = only(in_days(), MONDAY, mark("extended", "2026-03-04T10:00", 3))

    assert clock.due == at("2026-03-12T23:59:59")


def test_an_extension_after_the_due_instant_rescues_nothing():
    clock = only(in_days(), MONDAY, mark("extended", "2026-03-10T10:00", 3))

    assert clock.due == at("2026-03-09T23:59:59")


def test_closing_stops_every_clock(house: InForce):
    clocks = run(house, [MONDAY, mark("closed", "2026-03-03T10:00")], PHONE)

    assert [(clock.name, clock.state, clock.met) for clock in clocks] == [
        ("acknowledge", "stopped", False),
        ("explain", "stopped", True),
        ("resolve", "stopped", True),
    ]


def test_withdrawing_cancels_what_still_runs_and_keeps_a_breach(house: InForce):
    story = [MONDAY, mark("withdrawn", "2026-03-03T10:00")]

    clocks = run(house, story, PHONE)

    assert [(clock.state, clock.met) for clock in clocks] == [
        ("cancelled", False), ("cancelled", None), ("cancelled", None),
    ]  # fmt: skip


def test_reopening_starts_a_second_cycle_and_keeps_the_first_outcome(house: InForce):
    story = [
        MONDAY,
        mark("acknowledged", "2026-03-02T10:00"),
        mark("explained", "2026-03-20T10:00"),
        mark("closed", "2026-03-20T11:00"),
        mark("reopened", "2026-03-30T10:00+01:00"),
    ]

    clocks = run(house, story, PHONE)

    assert [(clock.name, clock.cycle, clock.state, clock.met) for clock in clocks] == [
        ("acknowledge", 1, "stopped", True),
        ("explain", 1, "stopped", False),
        ("explain", 2, "running", None),
        ("resolve", 1, "stopped", False),
        ("resolve", 2, "running", None),
    ]
    assert named(clocks, "explain", 2).due == at("2026-04-08T23:59:59+01:00")
    assert next_due(clocks) == at("2026-04-08T23:59:59+01:00")


def test_a_complaint_closed_before_it_was_received_is_not_known():
    clock = only(in_hours(), MONDAY, mark("closed", "2026-02-27T10:00"))

    assert (clock.state, clock.met, clock.due) == ("not_known", None, None)
    assert clock.stopped_at == at("2026-02-27T10:00")


@pytest.mark.parametrize(
    "story",
    [
        pytest.param([mark("received", None)], id="the start"),
        pytest.param([MONDAY, mark("explained", None)], id="the stop"),
        pytest.param([MONDAY, mark("paused", None)], id="a pause"),
        pytest.param(
            [MONDAY, mark("paused", "2026-03-02T10:00"), mark("resumed", None)], id="its end"
        ),
        pytest.param([mark("received", "9999-12-31T00:00")], id="an incredible start"),
        pytest.param([MONDAY, mark("explained", "9999-12-31T00:00")], id="an incredible stop"),
    ],
)
def test_an_unknown_date_gives_neither_breach_nor_success(story: list):
    clock = only(in_hours(), *story)

    assert (clock.state, clock.met) == ("not_known", None)
    assert next_due([clock]) is None


def test_an_unknown_explanation_does_not_hide_when_the_complaint_was_resolved(house: InForce):
    story = [MONDAY, mark("explained", None), mark("closed", "2026-03-05T10:00")]

    clocks = run(house, story, PHONE)

    assert [clock.state for clock in clocks] == ["not_known", "not_known", "stopped"]


def test_a_clock_may_start_at_a_milestone():
    bureau = adopted(
        policy(
            'start = ["sent_to_company"]\nstop = ["explained"]\nwithin = "15 days"',
            head='milestones = ["sent_to_company"]',
        )
    )
    received = mark("received", "2015-01-02T12:00-05:00")
    sent = mark("sent_to_company", "2015-01-09T12:00-05:00")

    assert run(bureau, [received], {}) == ()
    assert only(bureau, received, sent).due == at("2015-01-24T23:59:59")


def test_elapsed_hours_ignore_the_clocks_on_the_wall():
    day = adopted(policy(REPLY + 'within = "24 hours"'))

    clock = only(day, mark("received", "2026-03-28T18:00"))

    assert clock.due == at("2026-03-29T19:00+01:00")


def test_elapsed_hours_are_the_same_in_any_zone():
    """A datetime of a zone with rules adds up on the wall unless somebody takes care."""
    version = adopted(policy(REPLY + 'within = "24 hours"'))
    local = datetime(2026, 3, 28, 12, tzinfo=LONDON)

    assert only(version, Mark("received", local)).due == at("2026-03-29T12:00Z")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02T17:00", "2026-03-02T17:00"),
        ("2026-03-02T17:00:01", "2026-03-03T17:00"),
        ("2026-03-06T18:00", "2026-03-09T17:00"),
    ],
)
def test_a_day_that_is_over_when_the_clock_starts_does_not_count(start: str, due: str):
    rule = 'within = "1 business day"\nstarting_day = "counts"\nends = "close of business"'

    assert only(adopted(policy(REPLY + rule)), mark("received", start)).due == at(due)


def test_waiting_that_ends_within_the_last_second_of_a_day_takes_that_day():
    clock = only(in_days(), MONDAY, mark("paused", "2026-03-04T10:00"),
                 mark("resumed", "2026-03-04T23:59:59.500"))  # fmt: skip

    assert clock.due == at("2026-03-10T23:59:59")


def test_the_first_matching_target_counts_and_without_one_there_is_no_clock():
    targets = adopted(
        policy(
            REPLY + '[[version.clock.target]]\nwhen = {tier = ["gold"], severity = ["high"]}\n'
            'within = "1 hour"\n'
            '[[version.clock.target]]\nwhen = {tier = ["gold", "silver"]}\nwithin = "2 hours"\n'
        )
    )

    assert only(targets, MONDAY, tier="gold", severity="high").target == "1 hour"
    assert only(targets, MONDAY, tier="gold", severity="low").target == "2 hours"
    assert run(targets, [MONDAY], {"tier": "bronze"}) == ()


def test_the_version_is_chosen_by_the_day_of_receipt_in_the_policys_zone():
    two = adopted(
        policy(REPLY + 'within = "8 days"')
        + '\n[[version]]\nname = "second"\nfrom = 2026-04-08\n[[version.clock]]\nname = "reply"\n'
        + REPLY + 'within = "6 days"\n'
    )  # fmt: skip

    assert only(two, mark("received", "2026-04-07T23:59:59+01:00")).target == "8 days"
    assert only(two, mark("received", "2026-04-08T00:00:00+01:00")).target == "6 days"
    assert run(two, [mark("received", "1999-12-31T12:00")], {}) == ()


def test_an_imported_complaint_has_no_promises():
    assert run(NONE, [MONDAY], PHONE) == ()


def test_a_mark_remembers_what_clocks_need():
    received = Received(
        at=NINE, by=COMPLAINANT, complainant="c1", channel="phone", language="en",
        policy="house", policy_version="v",
    )  # fmt: skip
    extended = Extended(at=NINE + HOUR, by=ANA, days=5, reason="expert")

    assert mark_of(received) == mark("received", NINE.isoformat())
    assert mark_of(extended) == mark("extended", (NINE + HOUR).isoformat(), 5)


def test_a_milestone_cannot_pose_as_an_act_of_the_desk():
    assert mark_of(MilestoneReached(at=NINE, by=ANA, milestone="explained")) is None
    assert mark_of(MilestoneReached(at=NINE, by=ANA, milestone="sent_to_company")) is not None


def test_clocks_survive_json():
    clocks = run(in_days(), [MONDAY, mark("paused", None)], {})

    assert msgspec.json.decode(msgspec.json.encode(clocks), type=tuple[Clock, ...]) == clocks


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


SECONDS = st.integers(0, 20 * 24 * 3600)


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
