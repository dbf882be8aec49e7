"""Conditions: what they may ask for, what they answer, and what is refused before it runs."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from recovery.policy.conditions import Condition, condition
from recovery.policy.facts import Vocabulary
from recovery.policy.records import FactRule
from recovery.policy.schema import PolicyError, parse
from recovery.policy.sentences import Place
from tests.policy.given import REPLY, policy

KNOWN = Vocabulary(
    {
        "nation": FactRule(type="text", default="ENG"),
        "written": FactRule(type="yes or no", default=False),
        "hours_off": FactRule(type="number"),
        "price": FactRule(type="money"),
        "reported": FactRule(type="date"),
        "slot_start": FactRule(type="instant"),
    },
    attributes=["region"],
)


def holds(text: str, **told: str) -> bool:
    return condition(text, KNOWN, Place("f.toml")).holds(KNOWN.values(told))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nation == 'ENG'", {}),
        ("nation == 'SCT'", {"nation": "SCT"}),
        ("!written", {}),
        ("written", {"written": "true"}),
        ("written", {"written": "yes"}),
        ("hours_off > 12", {"hours_off": "12.5"}),
        ("price >= 500.01", {"price": "500.01"}),
        ("reported < date('2026-04-08')", {"reported": "2026-04-07"}),
        ("slot_start - timestamp('2026-03-28T13:00:00Z') < duration('24h')",
         {"slot_start": "2026-03-29T13:00:00+01:00"}),
        ("channel in ['letter', 'counter'] && region.startsWith('n')",
         {"channel": "letter", "region": "north"}),
        ("['north', 'south'].exists(r, r == region)", {"region": "south"}),
        ("tier == '' && outcome == ''", {}),
    ],
)  # fmt: skip
def test_a_condition_holds(text: str, told: dict[str, str]):
    assert holds(text, **told)


@pytest.mark.parametrize("text", ["hours_off > 1", "hours_off <= 1", "!(hours_off > 1)"])
@pytest.mark.parametrize("told", [{}, {"hours_off": "many"}, {"hours_off": "NaN"}])
def test_a_condition_does_not_hold_without_the_fact_it_needs(text: str, told: dict[str, str]):
    assert not holds(text, **told)


def test_an_alternative_that_is_known_to_hold_is_enough():
    assert holds("written || hours_off > 12", written="true")


def test_it_says_what_it_misses():
    found = condition("hours_off > 12 && written", KNOWN, Place("f.toml"))

    assert found.missing(KNOWN.values({})) == ("hours_off",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nashion == 'SCT'", 'unknown name "nashion" (did you mean "nation"?'),
        ("sise(nation) == 3", 'unknown function "sise" (did you mean "size"?)'),
        ("nation ==", "not a condition"),
        ("nation", "not a question of yes or no"),
        ("hours_off > 'x'", "hours_off is a number"),
        ("nation == 'SCT' && hours_off > 'x'", "hours_off is a number"),
        ("written == 'yes'", '"written" is a yes or no and is compared with a text'),
        ("nation == 3", '"nation" is a text and is compared with a number'),
        ("reported < date('yesterday')", "do not go together"),
        ("nation.getFullYear() == 1", "can never be answered"),
        ("!" * 1_001 + "written", "longer than 1000 characters"),
        ("", "not a condition"),
    ],
)
def test_what_could_not_run_is_refused_when_it_is_checked(text: str, why: str):
    with pytest.raises(PolicyError, match=r"policy f\.toml: condition = ") as refusal:
        condition(text, KNOWN, Place("f.toml"))
    assert why in str(refusal.value)


def test_threads_share_a_condition():
    found = condition("hours_off > 12", KNOWN, Place("f.toml"))

    with ThreadPoolExecutor(4) as threads:
        answers = threads.map(
            lambda n: found.holds(KNOWN.values({"hours_off": str(n)})), range(200)
        )

    assert list(answers) == [n > 12 for n in range(200)]


def test_a_condition_is_pickled_by_its_text():
    found = condition("hours_off > 12", KNOWN, Place("f.toml"))

    assert pickle.loads(pickle.dumps(found)) == found == Condition("hours_off > 12")


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ('attributes = ["Region"]', 'attributes = "Region": not a name'),
        ('attributes = ["tier"]', 'attributes = "tier": this name is known already'),
        ('[facts]\nnation = { type = "word" }', 'facts "nation": type = "word"'),
        ('[facts]\nnation = { kind = "text" }', 'facts "nation": kind = "text": unknown key'),
        (
            '[facts]\nnation = { type = "text", default = 3 }',
            'default = 3: not of its type, "text"',
        ),
        ('[facts]\non = { type = "date", default = "soon" }', 'default = "soon": not of its type'),
        ('[facts]\ntier = { type = "number" }', 'type = "number": an attribute of every complaint'),
    ],
)
def test_a_name_that_cannot_be_asked_for_is_refused(head: str, sentence: str):
    with pytest.raises(PolicyError) as refusal:
        parse(policy(REPLY + 'within = "1 day"', head=head), "f.toml")

    assert sentence in str(refusal.value)
