"""What is said of groups and strata whose figures are not shown, and where there are none?"""

from __future__ import annotations

import pytest

from recovery.fairness import shares, waiting
from recovery.fairness.records import Cell, LeftOut
from tests.fairness.given import answered, question, weeks
from web.fairness.tables import tables, told


def test_of_a_hidden_group_it_is_not_said_that_there_is_no_evidence() -> None:
    """The third has fewer than eleven who got something, the fourth too, and differs."""
    found = answered([
        Cell("a", "", 400, 200), Cell("b", "", 400, 190), Cell("c", "", 14, 6),
        Cell("d", "", 400, 5),
    ])  # fmt: skip

    assert {c.group: (c.verdict, c.adjusted_p) for c in found.comparisons if c.group != "b"} == {
        "c": ("hidden", None), "d": ("difference", None),
    }  # fmt: skip


def test_of_a_group_whose_waits_are_hidden_neither() -> None:
    asked = question(measure="time_to_close")
    values = [*weeks("a", (range(1, 30), ())), *weeks("b", (range(2, 30, 4), (1,) * 5))]
    [comparison] = waiting.answer(asked, values, left_out=LeftOut()).comparisons

    assert (comparison.verdict, comparison.difference) == ("hidden", None)


@pytest.mark.parametrize(
    ("left_out", "code"),
    [
        (LeftOut(), "nobody"),
        (LeftOut(open=4, no_stratum=9), "nobody_placed"),
        (LeftOut(does_not_apply=2), "nobody_has_it"),
        (LeftOut(open=4, not_known=3), "all_open"),
    ],
)
def test_where_nobody_is_compared_it_is_said_what_most_lack(left_out: LeftOut, code: str) -> None:
    found = shares.answer(question(), [], desired=True, left_out=left_out)

    assert [remark.code for remark in found.remarks] == [code]


def test_strata_that_are_all_hidden_are_no_table_of_dashes() -> None:
    found = answered(
        [Cell(group, f"s{k}", 12, 6) for group in ("a", "b") for k in range(8)],
        strata=("product",),
    )  # fmt: skip

    assert found.groups[0].yes == 48
    assert [t.name for t in map(told, tables(found)) if t.rows] == ["groups", "comparisons"]
