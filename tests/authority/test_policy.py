"""Does a policy say who may approve what, and is a text that cannot work refused?"""

from __future__ import annotations

import re

import pytest

from recovery.policy.adopt import adoption
from recovery.policy.authority import PLAIN, Authority
from recovery.policy.compiled import compile_policy
from recovery.policy.schema import PolicyError, parse
from tests.cast import NINE, SUE
from tests.payouts.conftest import POLICY

AUTHORITY = """
[[authority]]
role = "agent"
for = ["goodwill", "redress"]
currency = "GBP"
per_complaint = "50.00"
per_day = "200.00"

[[authority]]
person = "ana"
for = ["goodwill"]
currency = "GBP"
per_complaint = "80.00"

[[authority]]
person = "bo"
for = ["goodwill"]
nothing = true

[[authority]]
role = "supervisor"
currency = "GBP"
per_complaint = "1000.00"

[[authority]]
role = "administrator"

[[budget]]
guarantee = "late_acknowledgement"
currency = "GBP"
per_month = "500.00"

[[budget]]
currency = "GBP"
per_month = "100.00"
"""


AGENT = '[[authority]]\nrole = "agent"\n'


def said(tables: str) -> Authority:
    return parse(POLICY + tables).authority


def amount(authority: Authority, person: str, role: str, basis: str, currency: str = "GBP") -> str:
    """What somebody may approve on one complaint, in a word."""
    limit = authority.limit(person=person, role=role, basis=basis, currency=currency)  # type: ignore[arg-type]
    if limit is None:
        return "nothing"
    return "anything" if limit.per_complaint is None else str(limit.per_complaint)


@pytest.mark.parametrize(
    ("person", "role", "basis", "currency", "may"),
    [
        ("cy", "agent", "goodwill", "GBP", "50.00"),
        ("cy", "agent", "redress", "GBP", "50.00"),
        ("cy", "agent", "guarantee", "GBP", "nothing"),
        ("cy", "agent", "goodwill", "EUR", "nothing"),
        ("ana", "agent", "goodwill", "GBP", "80.00"),
        ("ana", "agent", "redress", "GBP", "50.00"),
        ("bo", "agent", "goodwill", "GBP", "nothing"),
        ("sue", "supervisor", "guarantee", "GBP", "1000.00"),
        ("sue", "supervisor", "guarantee", "EUR", "nothing"),
        ("ada", "administrator", "goodwill", "GBP", "anything"),
        ("ada", "administrator", "goodwill", "JPY", "anything"),
        ("eve", "cleaner", "goodwill", "GBP", "nothing"),
    ],
)
def test_a_person_goes_before_a_role_and_a_role_before_those_below(
    person: str, role: str, basis: str, currency: str, may: str
) -> None:
    assert amount(said(AUTHORITY), person, role, basis, currency) == may


def test_without_a_word_agents_propose_and_supervisors_approve() -> None:
    assert said("") == Authority()
    assert amount(PLAIN, "ana", "agent", "goodwill") == "nothing"
    assert amount(PLAIN, "sue", "supervisor", "guarantee") == "anything"
    assert amount(PLAIN, "ada", "administrator", "redress", "JPY") == "anything"


def test_a_budget_of_a_guarantees_own_goes_before_that_of_all() -> None:
    authority = said(AUTHORITY)

    own, others = (
        authority.budget("late_acknowledgement", "GBP"),
        authority.budget("cut_off", "GBP"),
    )

    assert [str(each.per_month) for each in (own, others) if each] == ["500.00", "100.00"]
    assert authority.budget("cut_off", "EUR") is None


def test_an_adopted_policy_keeps_what_it_says() -> None:
    event = adoption(POLICY + AUTHORITY, by=SUE, at=NINE, reason="A test.")

    found = compile_policy(parse(event.text), event.version, event.holidays, event.working_days)

    assert found.authority == said(AUTHORITY)


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ("[[authority]]\n", "name a role or a person, one of the two"),
        (AGENT + 'person = "ana"', "name a role or a person, one of the two"),
        ('[[authority]]\nrole = "agnt"', 'did you mean "agent"?'),
        ('[[authority]]\nperson = "ana@desk.test"', "not the id of an account"),
        (AGENT + 'for = []', "leave it out for all"),
        (AGENT + 'for = ["goodwil"]', 'did you mean "goodwill"?'),
        (AGENT + 'per_day = "5.00"', "an amount has a currency"),
        (AGENT + 'currency = "XXQ"\nper_day = "5.00"', "not a currency code"),
        (AGENT + 'currency = "GBP"\nper_day = 5.0', "put it between quotation"),
        (AGENT + 'currency = "GBP"\nper_day = "-5"', "not an amount of money"),
        (
            AGENT + 'currency = "GBP"\nper_complaint = "9"\nper_day = "5"',
            "more than the 5 of a day",
        ),
        (
            AGENT + 'currency = "GBP"\nper_day = "5"\nnothing = true',
            "remove one or the other",
        ),
        (
            AGENT + '[[authority]]\nrole = "agent"\nfor = ["redress"]',
            "a second limit for this in any currency (keep one)",
        ),
        (AGENT + 'per_week = "5"', "unknown key"),
        (
            '[[budget]]\nguarantee = "late_aknowledgement"\ncurrency = "GBP"\nper_month = "5"',
            'did you mean "late_acknowledgement"?',
        ),
        ('[[budget]]\ncurrency = "pounds"\nper_month = "5"', "not a currency code"),
        ('[[budget]]\ncurrency = "GBP"', "per_month"),
        (
            '[[budget]]\ncurrency = "GBP"\nper_month = "5"\n'
            '[[budget]]\ncurrency = "GBP"\nper_month = "6"',
            "a second budget for this (keep one)",
        ),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_with_the_way_out(tables: str, sentence: str) -> None:
    with pytest.raises(PolicyError, match=re.escape(sentence)):
        parse(POLICY + tables)
