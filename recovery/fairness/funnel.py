"""Do agents or teams differ by more than their cases and chance account for?

Each one's cases are set against what everybody's shares in the same strata would have given
(indirect standardisation), and the limits are those of a funnel plot: D. J. Spiegelhalter,
Statistics in Medicine 24 (2005), exact binomial at 95 % and 99.8 %. There is no rank: who lies
within the limits is not told apart, and of fewer than eleven cases nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from recovery.fairness.numbers import tidy
from recovery.fairness.suppression import SMALLEST

Place = Literal["within", "low", "high", "very_low", "very_high"]
"""Within the limits of 95 %, beyond them, or beyond those of 99.8 %."""
WIDE, WIDER = 0.05, 0.002


class UnitCell(NamedTuple):
    """The cases of one agent or team in one stratum."""

    unit: str
    stratum: str
    n: int
    yes: int


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One agent or team against what their cases let expect; shares from 0 to 1."""

    unit: str
    n: int
    share: float
    expected: float
    """What everybody's shares give for these cases."""
    low: float
    high: float
    """Where chance alone leaves the share in nineteen of twenty cases."""
    place: Place


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, by name."""

    share: float | None
    """Of everybody."""
    n: int
    units: tuple[Unit, ...]
    left_out: int
    """How many have too few cases to be told of."""
    by_chance: float
    """How many would lie beyond the limits of 95 % by chance alone."""


def funnel(cells: Sequence[UnitCell]) -> Funnel:
    """Each with enough cases, in the order of their names."""
    strata: dict[str, tuple[int, int]] = {}
    units: dict[str, list[UnitCell]] = {}
    for cell in cells:
        n, yes = strata.get(cell.stratum, (0, 0))
        strata[cell.stratum] = (n + cell.n, yes + cell.yes)
        units.setdefault(cell.unit, []).append(cell)
    everybody = sum(n for n, _ in strata.values())
    yes = sum(yes for _, yes in strata.values())
    large = {
        name: of for name, of in sorted(units.items())
        if sum(cell.n for cell in of) >= SMALLEST
    }  # fmt: skip
    return Funnel(
        share=tidy(yes / everybody) if everybody else None, n=everybody,
        units=tuple(_unit(name, of, strata) for name, of in large.items()),
        left_out=len(units) - len(large), by_chance=tidy(WIDE * len(large)),
    )  # fmt: skip


def _unit(name: str, of: Sequence[UnitCell], strata: dict[str, tuple[int, int]]) -> Unit:
    n, yes = sum(cell.n for cell in of), sum(cell.yes for cell in of)
    expected = sum(cell.n * strata[cell.stratum][1] / strata[cell.stratum][0] for cell in of) / n
    low, high = _limits(n, expected, WIDE)
    lowest, highest = _limits(n, expected, WIDER)
    return Unit(
        unit=name, n=n, share=tidy(yes / n), expected=tidy(expected), low=tidy(low / n),
        high=tidy(high / n), place=_place(yes, (lowest, low, high, highest)),
    )  # fmt: skip


def _limits(n: int, share: float, beyond: float) -> tuple[int, int]:
    """The counts between which chance leaves all but so much."""
    from scipy.stats import binom

    low, high = binom.ppf([beyond / 2, 1 - beyond / 2], n, min(max(share, 0.0), 1.0))
    return max(int(low), 0), int(high)


def _place(yes: int, limits: tuple[int, int, int, int]) -> Place:
    lowest, low, high, highest = limits
    if yes < low:
        return "very_low" if yes < lowest else "low"
    if yes > high:
        return "very_high" if yes > highest else "high"
    return "within"
