"""Are agents told apart only where neither their cases nor chance account for it?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from recovery.fairness.funnel import UnitCell, funnel


def test_harder_cases_are_no_fault() -> None:
    """Ana has the hard ones, half of which are disputed whoever has them."""
    found = funnel([
        UnitCell("ana", "hard", 100, 50), UnitCell("ana", "easy", 20, 2),
        UnitCell("bo", "hard", 20, 10), UnitCell("bo", "easy", 100, 10),
    ])  # fmt: skip

    assert {unit.unit: unit.place for unit in found.units} == {"ana": "within", "bo": "within"}
    assert [round(unit.expected, 3) for unit in found.units] == [0.433, 0.167]


def test_what_chance_does_not_explain_is_said() -> None:
    others = [UnitCell(f"agent {n}", "all", 200, 40) for n in range(8)]
    found = funnel([*others, UnitCell("cy", "all", 200, 90)])

    assert {u.place for u in found.units if u.unit != "cy"} == {"within"}
    assert found.units[-1].place == "very_high"


def test_of_few_cases_nothing_is_said() -> None:
    found = funnel([UnitCell("ana", "all", 10, 10), UnitCell("bo", "all", 90, 9)])

    assert [unit.unit for unit in found.units] == ["bo"]
    assert found.left_out == 1


@pytest.mark.parametrize("yes", [0, 60])
def test_where_all_are_the_same_nobody_stands_out(yes: int) -> None:
    found = funnel([UnitCell("ana", "all", 60, yes), UnitCell("bo", "all", 60, yes)])

    assert {unit.place for unit in found.units} == {"within"}


def test_nothing_gives_nothing() -> None:
    assert (funnel([]).share, funnel([]).units) == (None, ())


def test_chance_alone_puts_one_in_twenty_at_most_beyond_the_limits() -> None:
    random = np.random.default_rng(31)
    cells = [UnitCell(f"a{n}", "all", 120, int(random.binomial(120, 0.2))) for n in range(400)]
    beyond = sum(unit.place != "within" for unit in funnel(cells).units)

    assert binomtest(beyond, 400, 0.05, alternative="greater").pvalue > 0.001
    assert beyond > 0
