"""Do the audits find in public data what others found there?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from projections import fairness_counts
from projections.areas import lookups
from projections.fairness_names import Known
from recovery.database import Database
from recovery.fairness.records import Answer, LeftOut, Question, ShareAnswer, TimeAnswer
from recovery.policy.library import Policies
from tests.fairness.conftest import BringIn
from web.fairness.running import reckon


@pytest.fixture
def conn(database: Database) -> Iterator[sa.Connection]:
    with database.engine.connect() as found:
        yield found


def audit(conn: sa.Connection, question: Question, *, areas: bool) -> tuple[LeftOut, Answer]:
    known = Known((), tuple(lookups(conn)) if areas else (), ())
    counted, answer = reckon(conn, question, fairness_counts.resolve(question, known), Policies())
    return counted.left_out, answer


@pytest.mark.slow
def test_income_and_money_back_from_american_banks(
    bring_in: BringIn, demographics: None, conn: sa.Connection
) -> None:
    bring_in("cfpb-2011-2016.csv", "cfpb")
    question = Question(
        measure="money_relief", group="income_tercile", strata=("product",),
        as_of=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip

    left_out, answer = audit(conn, question, areas=True)

    assert isinstance(answer, ShareAnswer)
    assert answer.complaints == 41_738
    assert left_out == LeftOut(open=5_135, no_group=45_874 - 41_738)
    assert answer.cuts[0].at == (24_020.0, 33_123.0)
    assert [(g.group, g.yes, g.n) for g in answer.groups] == [
        ("low", 772, 13_913), ("middle", 840, 13_914), ("high", 1_026, 13_911),
    ]  # fmt: skip
    low = answer.comparisons[0]
    assert low.ratio is not None
    assert (round(low.ratio.value, 3), low.four_fifths) == (0.752, False)
    within = low.stratified
    assert within is not None
    ratio = within.odds_ratio
    assert (within.strata, *(round(x, 3) for x in (ratio.value, ratio.low, ratio.high))) == (
        12, 0.867, 0.782, 0.961,
    )  # fmt: skip
    assert (low.simpson, low.verdict, round(within.explained or 0, 2)) == (True, "difference", 0.53)


def test_boroughs_by_the_median_of_everybody(bring_in: BringIn, conn: sa.Connection) -> None:
    bring_in("nyc311-animals-2025.csv", "nyc311")
    question = Question(
        measure="time_to_close", group="attribute.borough",
        as_of=datetime.fromisoformat("2025-03-14T03:00-04:00"),
    )  # fmt: skip

    _, answer = audit(conn, question, areas=False)

    assert isinstance(answer, TimeAnswer)
    medians = {g.group: round((g.median or 0) / 3600, 2) for g in answer.groups}
    assert (medians["MANHATTAN"], medians["QUEENS"]) == (1.75, 12.27)
    assert order(answer, "median") != order(answer, "mean_of_ended")
    assert "means_mislead" in {each.code for each in answer.remarks}


def order(answer: TimeAnswer, by: str) -> list[Any]:
    return [g.group for g in sorted(answer.groups, key=lambda g: getattr(g, by))]
