"""Did something change from month to month, or is it the usual to and fro?

Shares: the p chart, with limits at three standard errors of each month's number of complaints
(W. A. Shewhart, 1931; D. C. Montgomery, Introduction to Statistical Quality Control, 7.3). Times
and amounts: the chart of single values and moving ranges, with limits 2.66 mean ranges from the
mean (D. J. Wheeler, Understanding Variation, 1993). A signal is a value beyond its limits, or the
eighth in a row on one side of the mean (Western Electric, 1956).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from recovery.fairness.numbers import tidy

SIGMAS, RANGES = 3.0, 2.66
RUN = 8
FEWEST = 6
"""Values without which there are no limits worth the name."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One month; limits from 0 up."""

    name: str
    value: float
    mean: float
    low: float
    high: float
    beyond: bool
    """Outside its limits."""
    run: bool
    """The eighth or a later one in a row on one side of the mean."""


def shares(of: Sequence[tuple[str, int, int]]) -> tuple[Point, ...]:
    """Of (month, n, yes), in their order; nothing where there are too few months."""
    n = sum(each[1] for each in of)
    if len(of) < FEWEST or not n:
        return ()
    mean = sum(each[2] for each in of) / n
    spread = [SIGMAS * math.sqrt(mean * (1 - mean) / each[1]) for each in of]
    return _points([(name, yes / size) for name, size, yes in of], mean, spread, most=1.0)


def values(of: Sequence[tuple[str, float]]) -> tuple[Point, ...]:
    """Of (month, value), in their order; nothing where there are too few months."""
    if len(of) < FEWEST:
        return ()
    mean = sum(value for _, value in of) / len(of)
    ranges = [abs(b[1] - a[1]) for a, b in pairwise(of)]
    spread = RANGES * sum(ranges) / len(ranges)
    return _points(of, mean, [spread] * len(of), most=math.inf)


def _points(
    of: Sequence[tuple[str, float]], mean: float, spread: Sequence[float], *, most: float
) -> tuple[Point, ...]:
    found, run, side = [], 0, 0
    for (name, value), width in zip(of, spread, strict=True):
        here = (value > mean) - (value < mean)
        run = run + 1 if here and here == side else abs(here)
        side = here
        low, high = max(mean - width, 0.0), min(mean + width, most)
        found.append(Point(
            name=name, value=tidy(value), mean=tidy(mean), low=tidy(low), high=tidy(high),
            beyond=not low <= value <= high, run=run >= RUN,
        ))  # fmt: skip
    return tuple(found)
