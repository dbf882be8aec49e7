"""Do the methods give what textbooks and papers printed?"""

from __future__ import annotations

import pytest

from recovery.fairness import power, rates, screening, survival, waiting
from recovery.fairness.records import LeftOut, ShareAnswer, TimeAnswer
from tests.fairness.given import (
    MERCAPTOPURINE,
    PLACEBO,
    answered,
    berkeley,
    question,
    weeks,
)


@pytest.fixture(scope="module")
def admissions() -> ShareAnswer:
    return answered(berkeley(), strata=("department",), reference="women")


@pytest.fixture(scope="module")
def remission() -> TimeAnswer:
    values = [*weeks("6-MP", MERCAPTOPURINE), *weeks("placebo", PLACEBO)]
    asked = question(measure="time_to_close", reference="placebo", limit=20 / 3600)
    return waiting.answer(asked, values, left_out=LeftOut())


def test_berkeley_admitted_men_more_often(admissions: ShareAnswer) -> None:
    assert {g.group: round(100 * (g.rate or 0), 2) for g in admissions.groups} == {
        "men": 44.52, "women": 30.35,
    }  # fmt: skip


def test_within_departments_the_odds_were_those_of_mantel_and_haenszel(
    admissions: ShareAnswer,
) -> None:
    within = admissions.comparisons[0].stratified

    assert within is not None
    assert within.odds_ratio.value == pytest.approx(0.9046968, abs=5e-8)
    assert (within.strata, within.strata_left_out) == (6, 0)


def test_both_conventions_of_the_correction_are_given(admissions: ShareAnswer) -> None:
    within = admissions.comparisons[0].stratified

    assert within is not None
    assert (round(within.statistic, 4), round(within.p, 4)) == (1.5246, 0.2169)
    assert (round(within.statistic_corrected, 4), round(within.p_corrected, 4)) == (1.4269, 0.2323)


def test_breslow_and_day_find_that_departments_differ(admissions: ShareAnswer) -> None:
    within = admissions.comparisons[0].stratified

    assert within is not None
    assert within.homogeneity == pytest.approx(18.8255, abs=5e-5)
    assert within.homogeneity_p == pytest.approx(0.00207, abs=5e-6)
    assert "strata_differ" in {each.code for each in admissions.remarks}


def test_berkeley_raises_the_alarm_of_simpson(admissions: ShareAnswer) -> None:
    comparison = admissions.comparisons[0]

    assert comparison.simpson
    assert comparison.verdict == "no_evidence"


def test_wilsons_interval_is_newcombes_example() -> None:
    found = rates.share(263, 81)

    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (0.2553, 0.3662)


def test_the_interval_of_a_difference_is_newcombes_example() -> None:
    found = rates.difference(70, 56, 80, 48)

    assert found is not None
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (
        0.2, 0.0524, 0.3339,
    )  # fmt: skip


def test_fishers_tea_is_tested_exactly() -> None:
    assert rates.two_groups(4, 3, 4, 1) == ("fisher", pytest.approx(0.4857, abs=5e-5))


def test_holm_and_benjamini_hochberg_order_a_family() -> None:
    ps = [0.01, 0.04, None, 0.03]

    assert screening.adjusted(ps, "holm") == [pytest.approx(0.03), pytest.approx(0.06), None,
                                              pytest.approx(0.06)]  # fmt: skip
    assert screening.adjusted(ps, "fdr_bh") == [pytest.approx(0.03), pytest.approx(0.04), None,
                                                pytest.approx(0.04)]  # fmt: skip


def test_the_smallest_difference_seen_is_seen_in_four_cases_of_five() -> None:
    least = power.detectable(400, 400, 0.5)

    assert least is not None
    assert power.power(400, 0.5 - least, 400, 0.5) == pytest.approx(0.8, abs=0.001)


def test_gehans_curve_is_the_one_in_the_books() -> None:
    curve = survival.Curve(survival.waits(weeks("6-MP", MERCAPTOPURINE)))
    found = {p.seconds: p.waiting for p in curve.points(40)}

    assert curve.half() == 23.0
    printed = {
        6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482,
    }  # fmt: skip
    assert {week: found[week] for week in printed} == pytest.approx(printed, abs=6e-5)


def test_of_nine_ends_no_times_are_told(remission: TimeAnswer) -> None:
    assert {g.group: (g.n, g.happened, g.median) for g in remission.groups} == {
        "6-MP": (21, None, None), "placebo": (21, 21, 8.0),
    }  # fmt: skip


def test_the_log_rank_test_of_gehans_patients(remission: TimeAnswer) -> None:
    assert remission.comparisons[0].statistic == pytest.approx(16.79, abs=0.005)
    assert remission.comparisons[0].verdict == "difference"


def test_the_mean_up_to_a_limit_is_the_area_under_the_curve(remission: TimeAnswer) -> None:
    means = {g.group: g.within for g in remission.groups}
    placebo = PLACEBO[0]

    assert means["placebo"] is not None
    assert means["placebo"].value == pytest.approx(sum(min(w, 20) for w in placebo) / 21)
