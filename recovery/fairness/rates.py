"""How large is a share, and how far do two shares lie apart?

Intervals of one share: E. B. Wilson, JASA 22 (1927). Of the difference: R. G. Newcombe, Statistics
in Medicine 17 (1998), method 10. Of the ratio: P. Koopman, Biometrics 40 (1984), with Miettinen and
Nurminen's correction. Of the odds ratio: the logarithm's standard error, B. Woolf (1955). All at
95 %.
"""

from __future__ import annotations

import math

from recovery.fairness.numbers import effect, tidy
from recovery.fairness.records import Effect, Share

Z = 1.959963984540054
"""The normal quantile of an interval of 95 %."""


def share(n: int, yes: int) -> Share:
    """The share with Wilson's interval."""
    from statsmodels.stats.proportion import proportion_confint

    if not n:
        return Share(n=0, yes=0, rate=None, low=None, high=None)
    low, high = proportion_confint(yes, n, method="wilson")
    return Share(n=n, yes=yes, rate=tidy(yes / n), low=tidy(low), high=tidy(high))


def difference(n1: int, yes1: int, n2: int, yes2: int) -> Effect | None:
    """The first share less the second."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(yes1, n1, yes2, n2, compare="diff", method="newcomb")
    return effect(yes1 / n1 - yes2 / n2, low, high)


def ratio(n1: int, yes1: int, n2: int, yes2: int) -> Effect | None:
    """The first share as a multiple of the second; None where one of them is nothing."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    if not (yes1 and yes2):
        return None
    low, high = confint_proportions_2indep(yes1, n1, yes2, n2, compare="ratio", method="score")
    return effect((yes1 / n1) / (yes2 / n2), low, high)


def odds_ratio(n1: int, yes1: int, n2: int, yes2: int) -> Effect | None:
    """The first odds as a multiple of the second; None where a cell of the table is empty."""
    cells = (yes1, n1 - yes1, yes2, n2 - yes2)
    if not all(cells):
        return None
    log = math.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    error = math.sqrt(sum(1 / cell for cell in cells))
    return effect(*map(math.exp, (log, log - Z * error, log + Z * error)))


def two_groups(n1: int, yes1: int, n2: int, yes2: int) -> tuple[str, float]:
    """The test of two shares, and its p: chi-square without correction, or Fisher's exact test
    where fewer than five are expected in a cell (W. G. Cochran, Biometrics 10, 1954).
    """
    from scipy.stats import chi2_contingency, fisher_exact

    table = [[yes1, n1 - yes1], [yes2, n2 - yes2]]
    yes, everybody = yes1 + yes2, n1 + n2
    expected = min(n1, n2) * min(yes, everybody - yes) / everybody
    if expected < 5:
        return "fisher", tidy(fisher_exact(table).pvalue)
    return "chi_square", tidy(chi2_contingency(table, correction=False).pvalue)
