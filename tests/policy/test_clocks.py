"""What does the house policy promise, and what becomes of a promise in odd stories?"""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from recovery.events import Extended, MilestoneReached, Received
from recovery.policy.clocks import Clock, Mark, mark_of, next_due
from recovery.policy.library import NONE, InForce
from tests.cast import ANA, COMPLAINANT, HOUR, NINE
from tests.policy.given import (
    HOUSE,
    LETTER,
    LONDON,
    MONDAY,
    PHONE,
    REPLY,
    adopted,
    at,
    in_days,
    in_hours,
    mark,
    named,
    only,
    policy,
    run,
)


@pytest.fixture(scope="module")
def house() -> InForce:
    return adopted(HOUSE)


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
