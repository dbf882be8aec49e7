"""Adopting a policy fixes it: the event alone says what is in force, and since when."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from recovery.errors import Invalid, NotFound
from recovery.events import Adopted, Retired
from recovery.policy.adopt import adoption
from recovery.policy.library import Policies
from recovery.policy.schema import PolicyError
from tests.cast import DAY, HOUR, NINE, SUE
from tests.policy.given import HOUSE, REPLY, at, mark, policy, run

STRICTER = HOUSE.replace("4 business hours", "2 business hours")


def adopt(text: str = HOUSE) -> Adopted:
    return adoption(text, by=SUE, at=NINE, reason="For a test")


def test_adopting_writes_the_holidays_out():
    event = adopt()

    assert event.policy == "house"
    dates = {day[:10] for day in event.holidays["office"]}
    assert {"2000-12-25", "2026-04-06", "2026-12-28", "2031-12-25"} <= set(dates)
    assert "2026-04-06 Easter Monday" in event.holidays["office"]
    assert "2026-11-30" not in dates  # St Andrew's day is Scotland's


def test_adopting_writes_make_up_days_out():
    text = policy(REPLY + 'within = "5 business days"').replace(
        'name = "office"', 'name = "office"\nholidays = { country = "CN" }'
    )

    event = adopt(text.replace("Europe/London", "Asia/Shanghai"))

    assert {"2026-02-14", "2026-02-28", "2026-05-09"} <= set(event.working_days["office"])
    policies = Policies()
    policies.apply(event)
    (clock,) = run(policies.in_force("small"), [mark("received", "2026-04-29T10:00+08:00")], {})
    assert clock.due == at("2026-05-09T23:59:59+08:00")


def test_the_version_names_the_text_and_its_days():
    assert adopt().version == adopt().version
    assert adopt().version != adopt(STRICTER).version


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ('country = "ZZ"', 'holidays.country = "ZZ": unknown country'),
        ('country = "GB", subdivision = "Kent"', 'unknown subdivision (use one of "ENG"'),
    ],
)
def test_an_unknown_holiday_set_is_refused(code: str, sentence: str):
    text = HOUSE.replace('country = "GB", subdivision = "ENG"', code)

    with pytest.raises(PolicyError, match='calendar "office"') as refused:
        adopt(text)

    assert sentence in str(refused.value)


def test_adopting_needs_a_reason():
    with pytest.raises(Invalid, match="Say why") as refused:
        adoption(HOUSE, by=SUE, at=NINE, reason=" ")

    assert refused.value.field == "reason"


def test_the_latest_adopted_is_in_force_and_earlier_ones_stay_known():
    policies = Policies()
    first, second = adopt(), adopt(STRICTER)

    policies.apply(first)
    policies.apply(second)

    assert policies.in_force("house").version == second.version
    (clock, *_) = run(
        policies.version("house", first.version), [mark("received", NINE.isoformat())], {}
    )
    assert clock.due == NINE + 4 * HOUR


def test_adopting_an_earlier_text_again_puts_it_back_in_force():
    policies = Policies()
    for event in (adopt(), adopt(STRICTER), adopt()):
        policies.apply(event)

    assert policies.in_force("house").version == adopt().version


def test_a_retired_policy_is_not_in_force_but_its_complaints_keep_it():
    policies = Policies()
    event = adopt()
    policies.apply(event)

    policies.apply(Retired(at=NINE + DAY, by=SUE, policy="house", reason="replaced"))

    assert policies.version("house", event.version).version == event.version
    with pytest.raises(NotFound, match='No policy "house" is in force'):
        policies.in_force("house")


def test_an_unknown_version_is_not_found():
    with pytest.raises(NotFound, match='Version "abc" of policy "house"'):
        Policies().version("house", "abc")


def test_only_what_was_adopted_decides():
    """A holiday taken out of the event is worked, whatever the holiday package says today."""
    event = adopt()
    days = tuple(day for day in event.holidays["office"] if not day.startswith("2026-04-06"))
    policies = Policies()
    policies.apply(msgspec.structs.replace(event, holidays={"office": days}, version="other"))

    clocks = run(policies.in_force("house"), [mark("received", "2026-04-01T10:00+01:00")], {})

    assert clocks[1].due == at("2026-04-10T23:59:59+01:00") - timedelta(days=1)
