"""Which counts are so small that they would tell of somebody?

Counts from 1 to 10 are not shown, and no figure from which they follow: the rule of the US Centers
for Medicare & Medicaid Services for published tables. Where a total is shown, a single count that
is left out could be worked out, so the next smallest is left out too.
"""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST = 11


def small(count: int) -> bool:
    return 0 < count < SMALLEST


def tells(n: int, yes: int) -> bool:
    """Whether the yes of so many, or the no, are few people."""
    return small(n) or small(yes) or small(n - yes)


def hidden(counts: Sequence[int], too_small: Sequence[bool]) -> list[bool]:
    """Which counts of a line are left out whose sum is known."""
    found = list(too_small)
    if sum(found) == 1:
        others = [(count, place) for place, count in enumerate(counts) if not found[place]]
        telling = [each for each in others if each[0]] or others
        if telling:
            found[min(telling)[1]] = True
    return found
