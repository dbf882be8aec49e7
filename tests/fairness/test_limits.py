"""Do pictures of agents and of months show what chance leaves them, and no rank?"""

from __future__ import annotations

from recovery.fairness import control
from recovery.fairness.records import Cell
from tests.fairness.given import answered, question
from web.fairness import charts, limits, sentences

JUICE = (12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9,
         12, 7, 13, 9, 6)  # fmt: skip
"""D. C. Montgomery, Introduction to Statistical Quality Control, table 7.1: cans of fifty that did
not conform. Printed: mean 0.2313, limits 0.0524 and 0.4102, samples 15 and 23 beyond."""


def same(sentence: str) -> str:
    return sentence


def test_the_chart_of_juice_cans_is_the_one_in_the_book() -> None:
    found = control.shares([(str(k), 50, bad) for k, bad in enumerate(JUICE, 1)])

    assert round(found[0].mean, 4) == 0.2313
    assert (round(found[0].low, 3), round(found[0].high, 3)) == (0.052, 0.410)
    assert [p.name for p in found if p.beyond] == ["15", "23"]


def test_eight_in_a_row_on_one_side_are_a_signal() -> None:
    found = control.values([(str(k), v) for k, v in enumerate([9.0] * 8 + [11.0, 11.1, 11.2])])

    assert [p.name for p in found if p.run] == ["7"]


def test_agents_are_not_held_against_the_best() -> None:
    counted = [Cell(f"agent{k}", "", 100, 30) for k in range(9)] + [Cell("zoe", "", 100, 60)]
    asked = question(group="agent")
    answer = answered(counted, group="agent")

    assert (answer.comparisons, answer.reference) == ((), "")
    table = limits.table(answer, asked)
    assert table is not None
    assert [row[0] for row in table.rows] == sorted(row[0] for row in table.rows)
    assert [row[0] for row in table.rows if row[-1] != "within"] == ["zoe"]
    assert sentences.headline(answer, asked, same) == [
        "1 of 10 lie beyond the limits of 95 %; chance alone would put 0.5 there."
    ]


def test_the_pictures_are_drawn_without_names_of_what_is_hidden() -> None:
    people = [Cell("ana", "", 60, 20), Cell("bonnie", "", 60, 55), Cell("zoe", "", 90, 60)]
    asked = question(group="agent")
    drawn = charts.pictures(answered(people, group="agent"), asked, same, digest="f", language="en")
    months = [Cell(f"2026-0{k}", "", 60, 20 + 3 * (k == 5) * 6) for k in range(1, 9)]
    chart = charts.pictures(
        answered(months, group="month"), question(group="month"), same, digest="m", language="en"
    )

    told = sentences.headline(answered(months, group="month"), question(group="month"), same)
    assert told == ["1 of 8 months are more than the usual to and fro."]
    assert drawn.keys() == {"funnel"}
    assert "bonnie" not in drawn["funnel"]
    assert chart.keys() == {"control"}
    assert "2026-05" in chart["control"]
