"""May only those review a case who did not handle it, and does a third one settle?"""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from projections import quality as read_model
from projections.quality import Case
from projections.rebuild import check
from recovery import quality
from recovery.errors import Forbidden, Invalid, NotFound, RecoveryError, Refused
from recovery.events import subject
from recovery.quality import HOUSE_FORM, Draw
from tests.cast import ADA, ANA, BO, HOUR, NINE, SUE
from tests.desks import TestDesk

CODES = [each.code for each in HOUSE_FORM]
ALL_YES = dict.fromkeys(CODES, "yes")
MALLORY = "user:mallory"


@pytest.fixture
def reference(desk: TestDesk) -> str:
    """A complaint that Ana handled from beginning to end."""
    found = desk.receive()
    desk.desk.explain(
        found, by=ANA, at=NINE + HOUR, outcome="upheld", cause_code="delay",
        message="The van broke down. We send it again tomorrow.",
    )  # fmt: skip
    desk.desk.close(found, by=ANA, at=NINE + 2 * HOUR, outcome="upheld")
    return found


def drawn(
    desk: TestDesk, *complaints: str, reviewers: tuple[str, ...] = (BO, SUE, ADA, ANA)
) -> str:
    found = Draw(
        method="random", seed="spring", as_of=NINE, population=9, complaints=complaints,
        reviewers=reviewers,
    )  # fmt: skip
    return subject(quality.draw(desk.store, found, by=SUE, at=NINE).stream)


def mark(desk: TestDesk, sample: str, complaint: str, *, by: str, **marks: str) -> None:
    quality.mark(
        desk.store, desk.vault, sample, complaint, marks=ALL_YES | marks, words="", by=by, at=NINE
    )


def settle(desk: TestDesk, sample: str, complaint: str, *, by: str, **marks: str) -> None:
    quality.settle(
        desk.store, desk.vault, sample, complaint, marks=marks, words="Clear enough.", by=by,
        at=NINE,
    )  # fmt: skip


def case(desk: TestDesk, sample: str) -> Case:
    desk.engine.catch_up()
    with desk.store.database.engine.connect() as conn:
        return read_model.cases(conn, sample)[0]


def test_two_review_and_a_third_settles_what_they_answered_differently(
    desk: TestDesk, reference: str
) -> None:
    sample = drawn(desk, reference)
    mark(desk, sample, reference, by=BO)
    mark(desk, sample, reference, by=SUE, fair="no", follows="partly")
    before = case(desk, sample)
    settle(desk, sample, reference, by=ADA, fair="no", follows="yes")
    after = case(desk, sample)

    assert sorted(before.disputed) == ["fair", "follows"]
    assert "fair" not in before.result
    assert (after.disputed, after.result) == ([], ALL_YES | {"fair": "no", "follows": "yes"})
    assert all(found.identical for found in check(desk.engine, names=["quality"]))


def test_nobody_reviews_a_case_they_handled(desk: TestDesk, reference: str) -> None:
    with pytest.raises(Refused, match="handled this case yourself"):
        mark(desk, drawn(desk, reference), reference, by=ANA)


def test_nobody_reviews_a_case_they_were_only_given(desk: TestDesk, reference: str) -> None:
    desk.desk.reopen(reference, by=ANA, at=NINE + 3 * HOUR, reason="new_facts")
    desk.desk.assign(reference, by=ANA, at=NINE + 3 * HOUR, agent=BO)

    with pytest.raises(Refused, match="handled this case yourself"):
        mark(desk, drawn(desk, reference), reference, by=BO)


def test_who_was_not_asked_does_not_review(desk: TestDesk, reference: str) -> None:
    with pytest.raises(Forbidden, match="not among the reviewers"):
        mark(desk, drawn(desk, reference), reference, by=MALLORY)


def test_nobody_reviews_twice_and_no_third_one_reviews(desk: TestDesk, reference: str) -> None:
    sample = drawn(desk, reference)
    mark(desk, sample, reference, by=BO)
    with pytest.raises(Refused, match="reviewed this case already"):
        mark(desk, sample, reference, by=BO, fair="no")
    mark(desk, sample, reference, by=SUE)
    with pytest.raises(Refused, match="Two colleagues"):
        mark(desk, sample, reference, by=ADA)


def test_where_both_agree_there_is_nothing_to_settle(desk: TestDesk, reference: str) -> None:
    sample = drawn(desk, reference)
    mark(desk, sample, reference, by=BO)
    with pytest.raises(Refused, match="nothing to settle"):
        settle(desk, sample, reference, by=ADA, fair="yes")


def test_who_reviewed_does_not_settle(desk: TestDesk, reference: str) -> None:
    sample = drawn(desk, reference)
    mark(desk, sample, reference, by=BO)
    mark(desk, sample, reference, by=SUE, fair="no")
    with pytest.raises(Refused, match="a third one settles"):
        settle(desk, sample, reference, by=SUE, fair="no")


@pytest.mark.parametrize("wrong", ["", "perhaps", "YES"])
def test_each_question_needs_one_of_the_answers(desk: TestDesk, reference: str, wrong: str) -> None:
    with pytest.raises(Invalid, match="Answer each question") as error:
        mark(desk, drawn(desk, reference), reference, by=BO, fair=wrong)
    assert error.value.field == "fair"


def test_a_case_that_was_not_drawn_is_not_reviewed(desk: TestDesk, reference: str) -> None:
    other = desk.receive()
    with pytest.raises(NotFound):
        mark(desk, drawn(desk, reference), other, by=BO)


def test_of_three_who_press_at_once_two_have_reviewed(desk: TestDesk, reference: str) -> None:
    sample, refused = drawn(desk, reference), []

    def press(by: str) -> None:
        try:
            mark(desk, sample, reference, by=by)
        except RecoveryError as error:
            refused.append(str(error))

    people = [threading.Thread(target=press, args=(by,)) for by in (BO, SUE, ADA)]
    for each in people:
        each.start()
    for each in people:
        each.join()

    assert len(case(desk, sample).reviews) == 2
    assert refused == ["Two colleagues have reviewed this case already."]


def test_one_reviewer_is_too_few_and_nothing_is_no_sample(desk: TestDesk, reference: str) -> None:
    with pytest.raises(Invalid, match="at least two reviewers"):
        drawn(desk, reference, reviewers=(BO, BO))
    with pytest.raises(Invalid, match="No closed complaint"):
        drawn(desk)


def test_samples_keep_the_form_they_were_drawn_with(desk: TestDesk, reference: str) -> None:
    sample = drawn(desk, reference)
    quality.write_form(desk.store, ["Was it kind?", "态度是否友善?"], by=SUE, at=NINE)
    mark(desk, sample, reference, by=BO)

    assert set(case(desk, sample).reviews[0].marks) == set(CODES)
    assert [each.code for each in quality.form(desk.store)] == ["was_it_kind", "question_2"]


def test_a_form_asks_something_and_nothing_twice(desk: TestDesk) -> None:
    for lines, says in ((["", " "], "1 to 20"), (["Kind?", "kind!"], "only once")):
        with pytest.raises(Invalid, match=says):
            quality.write_form(desk.store, lines, by=SUE, at=NINE + timedelta(hours=1))
