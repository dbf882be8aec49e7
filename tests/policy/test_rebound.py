"""Clocks of complaints that follow another version of their policy, in odd stories."""

from __future__ import annotations

from recovery.policy import clocks
from recovery.policy.alarms import alarms
from tests.policy.given import REPLY, adopted, at, mark, only, policy, story

MONDAY = mark("received", "2026-03-02T09:00")
DUE = at("2026-03-02T17:00")
IN_HOURS = policy(REPLY + 'within = "8 business hours"\nwarn = ["50 %"]\npauses = true')


def test_a_version_that_rules_from_the_due_instant_on_finds_nothing_broken():
    """An answer at the due instant would have been in time; so is another promise."""
    old, new = adopted(IN_HOURS), adopted(IN_HOURS.replace("8 business", "16 business"))
    applied = story(old, (MONDAY,)).rebound(old, new.version, DUE)

    (clock,) = clocks.run(new, applied.with_mark(mark("explained", "2026-03-03T09:30")))

    given = [alarm.kind for alarm in alarms(new, applied, "reply", 1) if alarm.at <= DUE]
    assert clock.met
    assert given == ["warning"]


def test_an_answer_that_was_waited_for_is_not_late_under_a_version_that_came_meanwhile():
    old, new = adopted(IN_HOURS), adopted(IN_HOURS.replace("8 business", "1 business"))
    waiting = story(old, (MONDAY, mark("paused", "2026-03-02T12:00")))
    applied = waiting.rebound(old, new.version, at("2026-03-03T12:00"))

    (clock,) = clocks.run(new, applied.with_mark(mark("explained", "2026-03-05T12:00")))

    assert only(new, *waiting.marks).state == "running"  # late when the waiting began
    assert (clock.state, clock.met) == ("stopped", True)


def test_what_was_given_stays_given_where_a_clock_goes_and_returns():
    old = adopted(IN_HOURS)
    without = adopted(IN_HOURS.replace('name = "reply"', 'name = "answer"'))
    told = story(old, (MONDAY,)).rebound(old, without.version, at("2026-03-02T15:00"))
    again = told.rebound(without, old.version, at("2026-03-02T16:00"))

    assert [(alarm.kind, alarm.at) for alarm in alarms(old, again, "reply", 1)] == [
        ("warning", at("2026-03-02T13:00")), ("breach", DUE),
    ]  # fmt: skip


def test_an_act_that_the_old_version_took_for_no_answer_ends_a_late_clock_with_the_change():
    old = adopted(IN_HOURS)
    new = adopted(IN_HOURS.replace('stop = ["explained"]', 'stop = ["explained", "acknowledged"]'))
    told = story(old, (MONDAY, mark("acknowledged", "2026-03-02T10:00")))
    change = at("2026-03-03T09:00")

    (clock,) = clocks.run(new, told.rebound(old, new.version, change))

    assert (clock.state, clock.met, clock.due, clock.stopped_at) == ("stopped", False, DUE, change)
