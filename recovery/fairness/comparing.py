"""How do the groups of a measure that is yes or no compare, with and without regard to strata?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from recovery.fairness import ALPHA, power, rates, screening, stratified
from recovery.fairness.records import Cell, Comparison, InStratum

FEWEST = 10
"""Complaints without which nothing is said of a group."""
MIX_MATTERS = 0.1
"""The share of the gap from which on the mix of strata is spoken of."""
Totals = dict[str, tuple[int, int]]
"""By group: how many complaints, and how many of them yes."""


def totals(cells: Sequence[Cell]) -> Totals:
    """The groups in the order in which they come."""
    found: Totals = {}
    for cell in cells:
        n, yes = found.get(cell.group, (0, 0))
        found[cell.group] = (n + cell.n, yes + cell.yes)
    return found


def best(groups: Totals, *, desired: bool) -> str:
    """The group that fared best, of those large enough; empty where there is none."""
    large = {name: yes / n for name, (n, yes) in groups.items() if n >= FEWEST}
    return (max if desired else min)(large, key=large.__getitem__) if large else ""


def compare(
    cells: Sequence[Cell], *, reference: str, desired: bool, by_strata: bool
) -> tuple[Comparison, ...]:
    """Each group against the reference; one decides by the p adjusted for their number."""
    groups = totals(cells)
    first = best(groups, desired=desired)
    found = [
        _one(cells, groups, name, reference, first, desired=desired, by_strata=by_strata)
        for name in groups if name != reference
    ]  # fmt: skip
    ps = [each.stratified.p if each.stratified else each.p for each in found]
    return screening.decided(found, ps)


def _one(
    cells: Sequence[Cell], groups: Totals, name: str, reference: str, first: str, *,
    desired: bool, by_strata: bool,
) -> Comparison:  # fmt: skip
    (n, yes), (of, theirs) = groups[name], groups[reference]
    plain = Comparison(group=name, reference=reference, verdict="too_few")
    if min(n, of) < FEWEST or not 0 < yes + theirs < n + of:
        return plain
    test, p = rates.two_groups(n, yes, of, theirs)
    best_n, best_yes = groups[first]
    plain = replace(
        plain, difference=rates.difference(n, yes, of, theirs),
        ratio=rates.ratio(n, yes, of, theirs), odds_ratio=rates.odds_ratio(n, yes, of, theirs),
        four_fifths=screening.passes(yes / n, best_yes / best_n, desired=desired),
        test=test, p=p, detectable=power.detectable(n, of, theirs / of),
    )  # fmt: skip
    return _within(plain, cells) if by_strata else plain


def _within(plain: Comparison, cells: Sequence[Cell]) -> Comparison:
    """The comparison with what the strata say."""
    pairs = _pairs(cells, plain.group, plain.reference)
    usable = stratified.usable(pairs)
    found = stratified.together(usable, left_out=len(pairs) - len(usable))
    one_by_one = stratified.one_by_one(usable)
    tells_another = found is not None and _another_story(plain, found.odds_ratio.value, found.p)
    return replace(
        plain, stratified=found, strata=one_by_one, driver=driver(one_by_one),
        simpson=tells_another,
    )  # fmt: skip


def _pairs(cells: Sequence[Cell], group: str, reference: str) -> dict[str, stratified.Pair]:
    by_place: dict[tuple[str, str], Cell] = {(c.group, c.stratum): c for c in cells}
    strata = dict.fromkeys(c.stratum for c in cells if c.group in (group, reference))
    return {
        name: (
            by_place.get((group, name), Cell(group, name, 0, 0)),
            by_place.get((reference, name), Cell(reference, name, 0, 0)),
        )
        for name in strata
    }


def _another_story(plain: Comparison, pooled: float, p: float) -> bool:
    """Whether the effect within strata has another sign than the crude one, or another size.

    Where neither could be told from chance there is no story that could be another.
    """
    if plain.odds_ratio is None or plain.p is None or min(plain.p, p) >= ALPHA:
        return False
    crude, within = math.log(plain.odds_ratio.value), math.log(pooled)
    return crude * within < 0 or abs(crude - within) > MIX_MATTERS * abs(crude)


def driver(strata: Sequence[InStratum]) -> str:
    """The stratum that adds most to the difference they make together, of those that are shown."""
    known: Mapping[str, float] = {s.stratum: s.surplus for s in strata if s.surplus is not None}
    whole = sum(known.values())
    towards = {name: surplus for name, surplus in known.items() if surplus * whole > 0}
    return max(towards, key=lambda name: abs(towards[name])) if towards else ""
