"""Do two groups differ when like is compared with like?

N. Mantel and W. Haenszel, JNCI 22 (1959); W. G. Cochran (1954); the interval of the common odds
ratio by J. Robins, N. Breslow and S. Greenland, Biometrics 42 (1986); whether the strata agree by
N. E. Breslow and N. E. Day (1980). One comparable difference: direct standardisation with the mix
of both groups together (J. L. Fleiss, Statistical Methods for Rates and Proportions, chapter 19).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from recovery.fairness.numbers import effect, tidy, tidy_or_none
from recovery.fairness.rates import Z, odds_ratio, two_groups
from recovery.fairness.records import Cell, Effect, InStratum, Stratified
from recovery.fairness.screening import adjusted

FEWEST = 10
"""Complaints of each group, without which a stratum is left out."""
Pair = tuple[Cell, Cell]
"""One stratum: the cell of the group, and that of the reference."""


def usable(pairs: Mapping[str, Pair]) -> dict[str, Pair]:
    """The strata in which both groups have enough complaints."""
    return {name: pair for name, pair in pairs.items() if min(c.n for c in pair) >= FEWEST}


def together(pairs: Mapping[str, Pair], *, left_out: int) -> Stratified | None:
    """The strata that are usable as one comparison; None where they cannot tell."""
    import numpy as np
    from statsmodels.stats.contingency_tables import StratifiedTable

    telling = [_table(pair) for pair in pairs.values() if _varies(pair)]
    if not telling or not _connected(telling):
        return None
    found = StratifiedTable([np.array(table) for table in telling])
    pooled = effect(found.oddsratio_pooled, *found.oddsratio_pooled_confint())
    standardised = standard_difference(pairs)
    if pooled is None or standardised is None:
        return None
    plain, corrected = found.test_null_odds(), found.test_null_odds(correction=True)
    with np.errstate(all="ignore"):  # where nobody is expected in a cell there is no statistic
        same = found.test_equal_odds() if len(telling) > 1 else None
    return Stratified(
        strata=len(pairs), complaints=sum(c.n for pair in pairs.values() for c in pair),
        strata_left_out=left_out, odds_ratio=pooled,
        statistic=tidy(plain.statistic), p=tidy(plain.pvalue),
        statistic_corrected=tidy(corrected.statistic), p_corrected=tidy(corrected.pvalue),
        homogeneity=tidy_or_none(same.statistic) if same else None,
        homogeneity_p=tidy_or_none(same.pvalue) if same else None,
        explained=_explained(pairs, pooled), standardised_difference=standardised,
    )  # fmt: skip


def standard_difference(pairs: Mapping[str, Pair]) -> Effect | None:
    """The difference of the shares, had both groups the same mix of strata."""
    total = sum(c.n for pair in pairs.values() for c in pair)
    value = variance = 0.0
    for mine, reference in pairs.values():
        weight = (mine.n + reference.n) / total
        value += weight * (mine.yes / mine.n - reference.yes / reference.n)
        variance += weight**2 * sum(
            cell.yes * (cell.n - cell.yes) / cell.n**3 for cell in (mine, reference)
        )
    error = Z * math.sqrt(variance)
    return effect(value, value - error, value + error)


def one_by_one(pairs: Mapping[str, Pair]) -> tuple[InStratum, ...]:
    """Each stratum on its own, the p adjusted for looking at so many."""
    ps = [two_groups(a.n, a.yes, b.n, b.yes)[1] if _varies((a, b)) else None
          for a, b in pairs.values()]  # fmt: skip
    return tuple(
        InStratum(
            stratum=name, odds_ratio=odds_ratio(a.n, a.yes, b.n, b.yes), p=p, adjusted_p=q,
            surplus=tidy(a.yes - a.n * (a.yes + b.yes) / (a.n + b.n)),
        )
        for (name, (a, b)), p, q in zip(pairs.items(), ps, adjusted(ps, "fdr_bh"), strict=True)
    )  # fmt: skip


def _table(pair: Pair) -> list[list[int]]:
    return [[cell.yes, cell.n - cell.yes] for cell in pair]


def _varies(pair: Pair) -> bool:
    """Whether some were answered yes and some no: otherwise the stratum says nothing."""
    return 0 < sum(c.yes for c in pair) < sum(c.n for c in pair)


def _connected(tables: list[list[list[int]]]) -> bool:
    """Whether there is a finite odds ratio other than nothing."""
    return any(t[0][0] * t[1][1] for t in tables) and any(t[0][1] * t[1][0] for t in tables)


def _explained(pairs: Mapping[str, Pair], pooled: Effect) -> float | None:
    totals: list[Any] = [
        (sum(pair[k].n for pair in pairs.values()), sum(pair[k].yes for pair in pairs.values()))
        for k in (0, 1)
    ]
    crude = odds_ratio(*totals[0], *totals[1])
    if crude is None or abs(math.log(crude.value)) < 1e-9:
        return None
    return tidy(1 - math.log(pooled.value) / math.log(crude.value))
