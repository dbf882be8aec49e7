"""Is a guarantee that people could not use spoken against, and is each question answered?"""

from __future__ import annotations

import msgspec
import pytest

from recovery.policy.guarantees.design import QUESTIONS, Answers, remarks
from recovery.policy.schema import parse
from tests.guarantees.given import PLAIN, text

GOOD = (
    PLAIN
    + """
title = "£10 when we are late."
pay_by = { within = "10 days", after = "began" }
amount = [{ pays = "10.00" }]
"""
)


def found(guarantee: str) -> list[tuple[str, str]]:
    rules = parse(text(guarantee)).versions[0].guarantees
    return [(each.quality, each.sentence) for each in remarks(rules)]


def exclusions(*conditions: str) -> str:
    return "".join(
        f"[[version.guarantee.exclusion]]\nwhen = '{when}'\nreason = \"Case {number}\"\n"
        for number, when in enumerate(conditions)
    )


def test_nothing_speaks_against_a_good_one() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("guarantee", "quality", "words"),
    [
        (GOOD + exclusions("size > 1", "size > 2", "size > 3", "size > 4"), "few_conditions",
         "4 exclusions"),
        (GOOD + exclusions("urgent", 'note == "x" && size > 1 && claimed && price > 3'),
         "few_conditions", "6 facts (failure, urgent, "),
        (GOOD.replace('pays = "10.00"', 'pays = "5 %", of = "fee"'), "meaningful", "5.0%"),
        (GOOD.replace("pay_by = { within = \"10 days\", after = \"began\" }", ""), "meaningful",
         "by when"),
        (GOOD.replace("£10 when we are late.", ""), "easy_to_understand", "add a title"),
        (GOOD.replace("late.", "late, " * 30), "easy_to_understand", "25 words"),
        (GOOD + 'claim = { within = "7 days", after = "began" }', "easy_to_invoke", "7 days"),
        (GOOD.replace("when = 'failure == \"late\"'", 'clock = "reply"') + "claim = {}",
         "easy_to_invoke", "without a claim"),
    ],
)  # fmt: skip
def test_what_speaks_against_it_is_said(guarantee: str, quality: str, words: str) -> None:
    ((got, sentence),) = found(guarantee)

    assert got == quality
    assert words in sentence


def test_each_of_the_six_situations_is_answered() -> None:
    assert set(QUESTIONS) == {field.name for field in msgspec.structs.fields(Answers)}
    answered = Answers(**dict.fromkeys(QUESTIONS, "Because."))

    assert answered.unanswered == ()
    assert msgspec.structs.replace(answered, costs_more=" ").unanswered == ("costs_more",)
