"""How often does chance alone make a finding, and how often is a planted difference found?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scipy.stats import binomtest

from recovery.fairness import power
from recovery.fairness.comparing import compare
from recovery.fairness.records import Cell, Comparison

STRATA = (("x", 0.1, 0.7), ("y", 0.3, 0.5), ("z", 0.5, 0.2))
"""Name, share, and how many of the stratum are in the first group."""


def runs(count: int, *, seed: int, effect: float = 0.0, n: int = 400) -> Iterator[Comparison]:
    """Comparisons of two groups that differ by nothing but chance, and an effect if planted."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        cells = []
        for name, share, first in STRATA:
            of_first = int(n * first)
            for group, size, rate in (
                ("a", of_first, share - effect), ("b", n - of_first, share)
            ):  # fmt: skip
                cells.append(Cell(group, name, size, int(random.binomial(size, rate))))
        yield compare(cells, reference="b", desired=True, by_strata=True)[0]


def found(comparisons: Iterator[Comparison]) -> int:
    return sum(each.verdict == "difference" for each in comparisons)


def two_groups(count: int, *, seed: int, rate: float, other: float, n: int) -> int:
    random = np.random.default_rng(seed)
    return found(
        compare(
            [Cell("a", "", n, int(random.binomial(n, rate))),
             Cell("b", "", n, int(random.binomial(n, other)))],
            reference="b", desired=True, by_strata=False,
        )[0]
        for _ in range(count)
    )  # fmt: skip


def agrees(times: int, count: int, expected: float) -> bool:
    """Whether so many of so many are what is expected, within the binomial interval of 99.9 %."""
    return binomtest(times, count, expected).pvalue > 0.001


def test_chance_alone_makes_few_findings() -> None:
    assert agrees(found(runs(300, seed=11)), 300, 0.05)


def test_a_planted_difference_is_found_as_often_as_computed() -> None:
    expected = power.power(300, 0.38, 300, 0.5)

    assert agrees(two_groups(300, seed=12, rate=0.38, other=0.5, n=300), 300, expected)


def test_a_planted_paradox_raises_the_alarm() -> None:
    """The first group fares better in each stratum, and worse in all of them together."""
    cells = [Cell("a", "hard", 800, 160), Cell("b", "hard", 200, 24),
             Cell("a", "easy", 200, 172), Cell("b", "easy", 800, 624)]  # fmt: skip
    comparison = compare(cells, reference="b", desired=True, by_strata=True)[0]

    assert comparison.simpson
    assert comparison.difference is not None
    assert comparison.difference.value < 0
    assert comparison.stratified is not None
    assert comparison.stratified.odds_ratio.value > 1


@pytest.mark.soak
def test_two_thousand_runs_without_a_difference_make_five_in_a_hundred_findings() -> None:
    assert agrees(found(runs(2_000, seed=21)), 2_000, 0.05)


@pytest.mark.soak
@pytest.mark.parametrize("rate", [0.47, 0.44, 0.40])
def test_two_thousand_planted_differences_are_found_as_computed(rate: float) -> None:
    expected = power.power(500, rate, 500, 0.5)

    assert agrees(two_groups(2_000, seed=22, rate=rate, other=0.5, n=500), 2_000, expected)


@pytest.mark.soak
def test_an_effect_within_strata_is_found_more_often_than_chance() -> None:
    assert found(runs(500, seed=23, effect=0.08)) > 400
