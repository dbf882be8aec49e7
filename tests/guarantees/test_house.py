"""What does the house policy owe for the story of a complaint?"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import pytest

from recovery.policy.compiled import NONE, InForce
from recovery.policy.guarantees.stories import assessment, entitlement
from recovery.policy.marks import Mark
from recovery.policy.story import Story
from tests.policy.given import HOUSE, adopted, at

LATER = at("2026-12-31T12:00")
RECEIVED = ("received", "2026-03-02T10:00")  # a Monday
ACKNOWLEDGED = ("acknowledged", "2026-03-02T11:00")


@cache
def house() -> InForce:
    return adopted(HOUSE)


def story(*marks: tuple[str, str], **facts: str) -> Story:
    lived = tuple(Mark(kind, at(instant)) for kind, instant in marks)
    return Story("house", house().version, {"channel": "phone"}, lived, facts)


def owed(told: Story, as_of: datetime = LATER) -> list[tuple[str, str, str]]:
    return [
        (each.guarantee, str(each.money), str(each.pay_by))
        for each in entitlement(house(), told, as_of)
    ]


@pytest.mark.parametrize(
    ("acknowledged", "wanted"),
    [
        ("2026-03-02T14:00:00", []),
        ("2026-03-02T14:00:01", [("late_acknowledgement", "10.00 GBP", "2026-03-16")]),
    ],
)
def test_an_acknowledgement_after_four_hours_costs_ten_pounds_once(
    acknowledged: str, wanted: list[tuple[str, str, str]]
) -> None:
    told = story(RECEIVED, ("acknowledged", acknowledged), ("explained", "2026-03-03T10:00"))

    assert owed(told) == wanted


@pytest.mark.parametrize(
    ("explained", "wanted"),
    [
        ("2026-03-09T23:59:59", []),  # the fifth business day
        ("2026-03-10T09:00", [("late_explanation", "5.00 GBP", "2026-03-24")]),
        ("2026-03-12T10:00", [("late_explanation", "15.00 GBP", "2026-03-26")]),
        ("2026-03-14T10:00", [("late_explanation", "20.00 GBP", "2026-03-27")]),  # a Saturday
        ("2026-03-23T10:00", [("late_explanation", "50.00 GBP", "2026-04-08")]),
        ("2026-03-31T10:00", [("late_explanation", "50.00 GBP", "2026-04-16")]),
    ],
)
def test_a_late_explanation_costs_five_pounds_for_each_started_business_day(
    explained: str, wanted: list[tuple[str, str, str]]
) -> None:
    assert owed(story(RECEIVED, ACKNOWLEDGED, ("explained", explained))) == wanted


def test_an_explanation_that_is_late_by_a_weekend_costs_nothing() -> None:
    told = story(
        ("received", "2026-03-06T10:00"), ("acknowledged", "2026-03-06T11:00"),
        ("explained", "2026-03-14T10:00"),
    )  # fmt: skip

    assert owed(told) == []


def test_it_grows_while_nothing_is_explained() -> None:
    told = story(RECEIVED, ACKNOWLEDGED)

    (found,) = entitlement(house(), told, at("2026-03-11T12:00"))

    assert (str(found.money), found.pay_by, found.state) == ("10.00 GBP", None, "accruing")
    assert found.accrues_until == "answer"


def test_waiting_for_the_complainant_costs_nothing() -> None:
    told = story(
        RECEIVED, ACKNOWLEDGED, ("paused", "2026-03-03T10:00"), ("resumed", "2026-03-13T10:00"),
        ("explained", "2026-03-16T10:00"),
    )  # fmt: skip

    assert owed(told) == []


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"claimed_on": "2026-03-31", "price": "80.00"}, ["80.00 GBP"]),
        ({"claimed_on": "2026-04-01", "price": "80.00"}, []),
        ({"claimed": "true", "price": "80.00", "currency": "EUR"}, ["80.00 EUR"]),
        ({"claimed": "false", "price": "80.00"}, []),
        ({"claimed": "true"}, []),
    ],
)
def test_whoever_is_not_content_gets_the_price_back_within_30_days(
    facts: dict[str, str], wanted: list[str]
) -> None:
    told = story(
        RECEIVED, ACKNOWLEDGED, ("explained", "2026-03-03T10:00"), occurred_on="2026-03-01", **facts
    )

    found = entitlement(house(), told, LATER)

    assert [str(each.money) for each in found] == wanted


def test_clocks_that_were_run_already_are_not_run_again() -> None:
    told = story(RECEIVED)

    assert entitlement(house(), told, LATER, clocks=()) == ()
    assert len(entitlement(house(), told, LATER)) == 2


def test_a_complaint_of_others_is_owed_nothing() -> None:
    assert assessment(NONE, story(RECEIVED), LATER).owed == ()


def test_facts_that_came_to_light_later_count() -> None:
    told = story(RECEIVED, ACKNOWLEDGED, ("explained", "2026-03-03T10:00"))
    claim = (("claimed_on", "2026-03-20"), ("price", "12.00"))

    told = told.with_mark(Mark("incident_recorded", at("2026-03-20T12:00"), changes=claim))

    assert [(each.occurrence, each.pay_by) for each in entitlement(house(), told, LATER)] == [
        ("incident", date(2026, 4, 7))
    ]
