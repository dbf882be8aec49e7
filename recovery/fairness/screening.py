"""Which differences deserve a look, and how many of them would chance alone bring up?

Four fifths: 29 CFR 1607.4 D, a screen and no verdict; of what is bad for the complainant the
inverse, five quarters. Of several comparisons one decides by Holm's method (Scand. J. Statist. 6,
1979); among many strata one looks by Benjamini and Hochberg's (JRSS B 57, 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

from msgspec.structs import replace

from recovery.fairness import ALPHA
from recovery.fairness.numbers import tidy
from recovery.fairness.records import Comparison, NumberComparison, TimeComparison

C = TypeVar("C", Comparison, TimeComparison, NumberComparison)

FOUR_FIFTHS = 0.8


def passes(rate: float, best: float, *, desired: bool) -> bool | None:
    """Whether the share is near enough to that of the group that fared best; None: no telling."""
    if desired:
        return rate / best >= FOUR_FIFTHS if best else None
    return best / rate >= FOUR_FIFTHS if rate else True


def adjusted(
    ps: Sequence[float | None], method: Literal["holm", "fdr_bh"]
) -> list[float | None]:  # fmt: skip
    """Each p as it stands in a family of those there are; None stays None."""
    known = [p for p in ps if p is not None]
    if len(known) < 2:
        return list(ps)
    found = iter(_family(known, method))
    return [None if p is None else tidy(next(found)) for p in ps]


def decided(comparisons: Sequence[C], ps: Sequence[float | None]) -> tuple[C, ...]:
    """Each with its p adjusted for their number, and the verdict that follows from it."""
    return tuple(
        found if p is None else replace(
            found, adjusted_p=p, verdict="difference" if p < ALPHA else "no_evidence"
        )
        for found, p in zip(comparisons, adjusted(ps, "holm"), strict=True)
    )  # fmt: skip


def _family(ps: Sequence[float], method: Literal["holm", "fdr_bh"]) -> Sequence[float]:
    if method == "fdr_bh":
        from scipy.stats import false_discovery_control

        return list(false_discovery_control(ps, method="bh"))
    from statsmodels.stats.multitest import multipletests

    return list(multipletests(ps, alpha=ALPHA, method=method)[1])
