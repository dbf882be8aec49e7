"""Tables that others published, and ways to ask about counts without a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from recovery.fairness import shares
from recovery.fairness.records import Cell, LeftOut, Question, ShareAnswer, Values
from tests.cast import NINE

BERKELEY = {
    "A": (825, 512, 108, 89), "B": (560, 353, 25, 17), "C": (325, 120, 593, 202),
    "D": (417, 138, 375, 131), "E": (191, 53, 393, 94), "F": (373, 22, 341, 24),
}  # fmt: skip
"""P. J. Bickel, E. A. Hammel, J. W. O'Connell, Science 187 (1975): men and women who applied to a
department, and were admitted."""
MERCAPTOPURINE = (
    (6, 6, 6, 7, 10, 13, 16, 22, 23),
    (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
)
PLACEBO = ((1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23), ())
"""E. A. Gehan, Biometrika 52 (1965): weeks in remission that ended, and that still went on."""


def cells(table: dict[str, tuple[int, int, int, int]], first: str, second: str) -> list[Cell]:
    """(n, yes, n, yes) of two groups by stratum."""
    return [Cell(first, name, row[0], row[1]) for name, row in table.items()] + [
        Cell(second, name, row[2], row[3]) for name, row in table.items()
    ]


def berkeley() -> list[Cell]:
    return cells(BERKELEY, "men", "women")


def question(**more: Any) -> Question:
    return Question(**{"measure": "any_relief", "group": "channel", "as_of": NINE, **more})


def answered(counted: Sequence[Cell], *, desired: bool = True, **more: Any) -> ShareAnswer:
    return shares.answer(question(**more), counted, desired=desired, left_out=LeftOut())


def weeks(group: str, of: tuple[Sequence[int], Sequence[int]]) -> list[Values]:
    """The waits of one group as the database gives them."""
    found = []
    for happened, values in zip((True, False), of, strict=True):
        distinct = sorted(set(values))
        if distinct:
            times = tuple(values.count(v) for v in distinct)
            found.append(Values(group, "", happened, tuple(map(float, distinct)), times))
    return found
