"""What is said of awkward questions, and is anything misleading said?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.fairness import amounts, suppression, veiling, waiting
from recovery.fairness.records import Cell, LeftOut, ShareAnswer, Values
from tests.fairness.given import answered, berkeley, question, weeks
from web.fairness import sentences
from web.fairness.stored import is_shown
from web.fairness.tables import tables, told


def same(sentence: str) -> str:
    return sentence


def codes(answer: ShareAnswer) -> set[str]:
    return {each.code for each in answer.remarks}


# ---------------------------------------------------------------- what cannot be compared


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        ([], "nobody"),
        ([Cell("a", "", 50, 0), Cell("b", "", 50, 0)], "never"),
        ([Cell("a", "", 50, 50), Cell("b", "", 50, 50)], "always"),
        ([Cell("a", "", 50, 20)], "one_group"),
        ([Cell("a", "", 50, 20), Cell("b", "", 1, 1)], "small_left_out"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(counted: list[Cell], code: str) -> None:
    answer = answered(counted)

    assert code in codes(answer)
    assert answer.comparisons == ()
    told = sentences.headline(answer, question(), same)
    assert told
    assert all(each.endswith(".") for each in told)


def test_a_reference_that_is_not_there_is_said() -> None:
    answer = answered([Cell("a", "", 50, 20), Cell("b", "", 50, 30)], reference="c")

    assert "small_reference" in codes(answer)


def test_an_empty_stratum_and_one_of_few_are_left_out_and_said() -> None:
    counted = [Cell("a", "x", 60, 30), Cell("b", "x", 60, 20), Cell("a", "y", 5, 2),
               Cell("b", "z", 40, 20)]  # fmt: skip
    answer = answered(counted, strata=("product",))
    within = answer.comparisons[0].stratified

    assert within is not None
    assert (within.strata, within.strata_left_out) == (1, 2)
    assert "strata_left_out" in codes(answer)


def test_strata_in_which_all_fared_alike_do_not_break_the_others() -> None:
    counted = [Cell("a", "x", 60, 30), Cell("b", "x", 60, 20), Cell("a", "y", 50, 0),
               Cell("b", "y", 50, 0)]  # fmt: skip
    within = answered(counted, strata=("product",)).comparisons[0].stratified

    assert within is not None
    assert within.strata == 2


def test_of_a_thousand_groups_the_largest_are_compared() -> None:
    counted = [Cell(f"g{n}", "", 20 + n, 8 + n % 5) for n in range(1000)]
    answer = answered(counted)

    assert len(answer.groups) == 30
    assert "many_groups" in codes(answer)


def test_no_evidence_is_never_called_fair() -> None:
    answer = answered([Cell("a", "", 100, 30), Cell("b", "", 100, 32)])
    told = " ".join(sentences.headline(answer, question(), same))

    assert "no evidence" in told
    assert "does not show that they fare alike" in told
    assert answer.comparisons[0].detectable


def test_what_is_bad_is_best_where_it_is_rare() -> None:
    answer = answered([Cell("a", "", 500, 50), Cell("b", "", 500, 100)], desired=False)

    assert answer.reference == "a"
    assert answer.comparisons[0].four_fifths is False
    assert "five_quarters" in codes(answer)


def test_a_gap_is_told_as_a_person_would() -> None:
    counted = [Cell("low", "", 13_913, 772), Cell("high", "", 13_911, 1_026)]
    told = sentences.headline(answered(counted, measure="money_relief"), question(
        measure="money_relief"), same)  # fmt: skip

    assert told[0] == (
        "Complaints with the channel low got money back in 5.5% of cases, complaints with the"
        " channel high in 7.4%; a quarter less often."
    )


def test_values_that_are_all_the_same_are_not_compared() -> None:
    values = [Values(g, "", True, (3.0,), (20,)) for g in ("a", "b")]
    answer = amounts.answer(question(measure="contacts"), values, less=True, left_out=LeftOut())

    assert [each.code for each in answer.remarks] == ["all_the_same"]


def test_a_bootstrap_says_the_same_each_time() -> None:
    values = [Values("a", "", True, (1.0, 5.0), (20, 20)), Values("b", "", True, (2.0, 9.0),
                                                                  (20, 20))]  # fmt: skip
    first, second = (
        amounts.answer(question(measure="contacts"), values, less=True, left_out=LeftOut())
        for _ in range(2)
    )

    assert first == second
    assert first.comparisons[0].difference


def test_what_has_not_happened_to_anybody_is_said() -> None:
    values = [Values(g, "", False, (3.0,), (20,)) for g in ("a", "b")]
    answer = waiting.answer(question(measure="time_to_close"), values, left_out=LeftOut())

    assert {"not_yet"} <= {each.code for each in answer.remarks}
    assert answer.comparisons == ()


def test_where_more_than_half_wait_there_is_no_median() -> None:
    quick = tuple(range(1, 31))
    values = [*weeks("a", (quick, ())), *weeks("b", ((1,) * 12, (40,) * 30))]
    answer = waiting.answer(question(measure="time_to_close"), values, left_out=LeftOut())

    assert {g.group: g.median for g in answer.groups} == {"a": 15.0, "b": None}
    assert "half_wait" in {each.code for each in answer.remarks}


def test_a_table_leaves_out_what_nobody_asked_for() -> None:
    plain = answered([Cell("a", "", 100, 30), Cell("b", "", 100, 60)])
    whole = {name for name, _ in tables(plain)[1].columns}
    shown = {name for name, _ in told(tables(plain)[1]).columns}

    assert whole - shown >= {"cmh", "breslow_day", "strata", "explained"}
    assert {"difference", "ratio", "verdict"} <= shown


# ---------------------------------------------------------------- small cells


def test_a_single_small_count_takes_the_next_smallest_with_it() -> None:
    assert suppression.hidden([200, 3, 40, 0], [False, True, False, False]) == [
        False, True, True, False,
    ]  # fmt: skip


def test_two_small_counts_hide_each_other() -> None:
    assert suppression.hidden([200, 3, 4], [False, True, True]) == [False, True, True]


def test_no_small_cell_can_be_worked_out_from_the_answer() -> None:
    """Of each group and each stratum, what is shown and the total leave at least two unknown."""
    answer = answered(berkeley(), strata=("department",))
    small = {(g, d) for g in ("men", "women") for d in "AB"}  # 8 women were not admitted to B

    hidden = {(s.group, s.stratum) for s in answer.strata if s.n is None}
    assert hidden == small
    for each in answer.comparisons[0].strata:
        if ("women", each.stratum) in hidden:
            assert (each.odds_ratio, each.p, each.surplus) == (None, None, None)


def test_nobody_looks_behind_what_is_hidden() -> None:
    answer = answered(berkeley(), strata=("department",))

    assert is_shown(answer, "women", "C")
    assert not is_shown(answer, "women", "B")
    assert not is_shown(answer, "women", "")
    assert not is_shown(answered([Cell("a", "", 100, 95), Cell("b", "", 99, 9)]), "a", "")


def test_a_group_with_few_of_either_kind_shows_no_figures() -> None:
    answer = answered([Cell("a", "", 100, 95), Cell("b", "", 100, 50)])
    found = {g.group: g for g in answer.groups}

    assert (found["a"].n, found["a"].yes, found["a"].rate) == (None, None, None)
    assert answer.comparisons[0].difference is None


def test_everybody_that_is_shown_is_a_group_of_eleven_or_more() -> None:
    answer = answered([Cell("a", "", 100, 50), Cell("b", "", 100, 40), Cell("c", "", 10, 5)])

    assert [g.group for g in answer.groups] == ["a", "b"]
    assert answer.complaints == 200


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=12, max_size=12))
def test_no_hidden_cell_is_alone_in_its_group_or_stratum(counts: list[tuple[int, int]]) -> None:
    cells = [
        Cell(f"g{k % 3}", f"s{k // 3}", yes + no, yes) for k, (yes, no) in enumerate(counts)
    ]  # fmt: skip
    hidden = veiling.small_cells(cells, set())

    for axis in (0, 1):
        for name in {place[axis] for place in hidden}:
            assert sum(place[axis] == name for place in hidden) > 1
    assert all((c.group, c.stratum) in hidden for c in cells if suppression.tells(c.n, c.yes))


def test_no_remark_and_no_figure_names_a_group_that_is_hidden() -> None:
    cells = [Cell("a", "", 100, 97), Cell("b", "", 100, 50), Cell("c", "", 400, 190)]
    answer = answered(cells)

    [hidden] = [c for c in answer.comparisons if "a" in (c.group, c.reference) and c.group != "b"]
    assert (hidden.p, hidden.adjusted_p, hidden.detectable) == (None, None, None)
    assert not any("a" in each.given.values() for each in answer.remarks)


def test_a_curve_ends_before_it_tells_of_few() -> None:
    values = weeks("a", (tuple(range(1, 61)), (100,) * 2))
    answer = waiting.answer(question(measure="time_to_close"), values, left_out=LeftOut())

    assert answer.groups[0].curve[-1].seconds == 52


def test_two_groups_of_one_value_each_do_not_break_a_third() -> None:
    values = [Values(g, "", True, (v,), (20,)) for g, v in (("a", 3.0), ("b", 3.0), ("c", 5.0))]
    answer = amounts.answer(question(measure="contacts"), values, less=True, left_out=LeftOut())

    assert {each.group: each.verdict for each in answer.comparisons}["c"] == "difference"
    assert {each.group: each.verdict for each in answer.comparisons}["b"] != "difference"


def test_codes_are_said_in_words() -> None:
    asked = question(strata=("category", "attribute.branch"))

    assert sentences.stratum_name("meter_reading / north", asked, same) == "Meter reading / north"
    assert sentences.stratum_name("all / of / it", asked, same) == "all / of / it"
    assert sentences.measure_name("promise_kept.explain", same) == "Promise kept: Explain"
