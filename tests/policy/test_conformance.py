"""All ways in which other helpdesks get promises of time wrong: ours gets each right."""

from __future__ import annotations

import pytest

from tests.policy.conformance import ROWS, Row
from tests.policy.conformance.page import PAGE, written


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.number}: {row.scenario}. {row.expected}") for row in ROWS]
)
def test_conformance(row: Row):
    row.check()


@pytest.mark.parametrize("test", [test for row in ROWS for test in row.also])
def test_what_a_row_relies_on_is_there(test: str):
    path, _, name = test.partition("::")

    assert f"def {name}(" in (PAGE.parents[1] / path).read_text(encoding="utf-8")


def test_every_row_is_there_once():
    assert [row.number for row in ROWS] == list(range(1, 32))


def test_the_page_lists_the_rows():
    assert PAGE.read_text(encoding="utf-8") == written()
