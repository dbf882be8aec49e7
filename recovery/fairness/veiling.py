"""What is left of an answer when nothing in it tells of few people?

Not by subtraction either: neither within a group, whose total is shown, nor within a stratum, whose
total another audit may show. What is hidden is named by no remark and has no figure of its own; the
comparisons count it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from recovery.fairness import ALPHA, suppression
from recovery.fairness.comparing import Totals, driver
from recovery.fairness.records import Cell, Comparison, Remark, ShareAnswer

NOTHING: dict[str, None] = dict.fromkeys(("n", "yes", "rate", "low", "high"))
Place = tuple[str, str]
"""A group and a stratum."""


def veiled(
    whole: ShareAnswer, cells: Sequence[Cell], groups: Totals
) -> tuple[ShareAnswer, list[Remark]]:
    """The answer without what would tell of few people, and what has to be said with it."""
    no_group = {name for name, (n, yes) in groups.items() if suppression.tells(n, yes)}
    no_cell = small_cells(cells, no_group) if whole.strata else set()
    shown = replace(
        whole,
        groups=tuple(
            replace(g, standardised=None, **NOTHING) if g.group in no_group else g
            for g in whole.groups
        ),
        strata=tuple(
            replace(s, **NOTHING) if (s.group, s.stratum) in no_cell else s for s in whole.strata
        ),
        comparisons=tuple(_comparison(c, no_group, no_cell) for c in whole.comparisons),
    )  # fmt: skip
    hidden = [Remark("hidden", {"smallest": str(suppression.SMALLEST)})]
    return shown, [*(hidden if no_group or no_cell else []), *_read_with(shown, no_group)]


def small_cells(cells: Sequence[Cell], no_group: set[str]) -> set[Place]:
    """The cells that are hidden: small ones, those of hidden groups, and those that give one away.

    Each group and each stratum with a hidden cell has another one, or nothing else.
    """
    of: Mapping[Place, Cell] = {(c.group, c.stratum): c for c in cells}
    found = {p for p, c in of.items() if p[0] in no_group or suppression.tells(c.n, c.yes)}
    before = -1
    while before != len(found):
        before = len(found)
        for axis in (0, 1):
            for line in _lines(of, axis):
                out = suppression.hidden([of[p].n for p in line], [p in found for p in line])
                found |= {p for p, hide in zip(line, out, strict=True) if hide}
    return found


def _lines(of: Mapping[Place, Cell], axis: int) -> Iterator[list[Place]]:
    """The places of each group, or those of each stratum."""
    for name in dict.fromkeys(place[axis] for place in of):
        yield [place for place in of if place[axis] == name]


def _comparison(found: Comparison, no_group: set[str], no_cell: set[Place]) -> Comparison:
    both = (found.group, found.reference)
    if no_group.intersection(both):
        return Comparison(
            group=found.group, reference=found.reference,
            verdict=found.verdict if found.verdict == "difference" else "hidden",
        )  # fmt: skip
    strata = tuple(
        replace(each, odds_ratio=None, p=None, adjusted_p=None, surplus=None)
        if any((group, each.stratum) in no_cell for group in both) else each
        for each in found.strata
    )  # fmt: skip
    return replace(found, strata=strata, driver=driver(strata))


def _read_with(shown: ShareAnswer, no_group: set[str]) -> Iterator[Remark]:
    """What the figures that are shown say about how to read them."""
    for each in shown.comparisons:
        given = {"group": each.group, "reference": each.reference}
        within = each.stratified
        if no_group.intersection(given.values()):
            continue
        if each.simpson:
            yield Remark("simpson", given)
        if within and within.homogeneity_p is not None and within.homogeneity_p < ALPHA:
            yield Remark("strata_differ", given)
        if within and within.strata_left_out:
            yield Remark("strata_left_out", given | {"strata": str(within.strata_left_out)})
        if within is None and shown.strata and each.verdict != "too_few":
            yield Remark("not_alike", given)
        if each.four_fifths is False:
            yield Remark("four_fifths" if shown.desired else "five_quarters", given)
        if each.verdict == "too_few":
            yield Remark("too_few", given)
