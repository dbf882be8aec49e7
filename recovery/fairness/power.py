"""How small a difference would have been seen, had there been one?

The arcsine approximation for two shares: J. Cohen, Statistical Power Analysis (1988), chapter 6.
"No evidence" says something only beside this figure.
"""

from __future__ import annotations

import math

from recovery.fairness import ALPHA
from recovery.fairness.numbers import tidy

WANTED = 0.8
"""In four cases of five."""


def detectable(n: int, n_reference: int, rate: float) -> float | None:
    """The smallest difference from the reference's share that two groups of this size would have
    shown; None where not even the largest would have been.
    """
    from scipy.stats import norm

    total = norm.isf(ALPHA / 2) + norm.ppf(WANTED)
    h = total * math.sqrt(1 / n + 1 / n_reference)
    there = 2 * math.asin(math.sqrt(rate))
    found = [
        abs(math.sin(angle / 2) ** 2 - rate) for angle in (there - h, there + h)
        if 0 <= angle <= math.pi
    ]  # fmt: skip
    return tidy(max(found)) if found else None


def power(n: int, rate: float, n_reference: int, rate_reference: float) -> float:
    """How often a difference of these shares is found by groups of this size."""
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    size = proportion_effectsize(rate, rate_reference)
    return float(NormalIndPower().power(size, n, ALPHA, ratio=n_reference / n))
