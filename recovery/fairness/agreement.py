"""Do two reviewers say the same of a case, more often than chance would have them?

Kappa of one and the same pair: J. Cohen, Educational and Psychological Measurement 20 (1960), with
its asymptotic interval. Of changing pairs: J. L. Fleiss, Psychological Bulletin 76 (1971), which
has no interval here. Both from statsmodels.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recovery.fairness.comparing import FEWEST
from recovery.fairness.numbers import tidy, tidy_or_none


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far the reviewers of some cases agree."""

    cases: int
    same: int
    """In how many of them both said the same."""
    kappa: float | None = None
    """1: always the same; 0: as often as chance. None of few, and where all said one thing."""
    low: float | None = None
    high: float | None = None


Pair = tuple[tuple[str, str], tuple[str, str]]
"""Who said what, and who said what else: (reviewer, mark) twice."""


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """Of cases that two have reviewed."""
    same = sum(first[1] == second[1] for first, second in pairs)
    found = Agreement(cases=len(pairs), same=same)
    said = sorted({mark for pair in pairs for _, mark in pair})
    if len(pairs) < FEWEST or len(said) < 2:
        return found
    people = {frozenset((first[0], second[0])) for first, second in pairs}
    return _cohen(found, pairs, said) if len(people) == 1 else _fleiss(found, pairs, said)


def _cohen(found: Agreement, pairs: Sequence[Pair], said: Sequence[str]) -> Agreement:
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    table = np.zeros((len(said), len(said)))
    for first, second in (sorted(pair) for pair in pairs):
        table[said.index(first[1]), said.index(second[1])] += 1
    result = cohens_kappa(table)
    low, high = tidy_or_none(result.kappa_low), tidy_or_none(result.kappa_upp)
    return msgspec.structs.replace(
        found,
        kappa=tidy_or_none(result.kappa),
        low=low,
        high=high if high is None else min(high, 1.0),
    )


def _fleiss(found: Agreement, pairs: Sequence[Pair], said: Sequence[str]) -> Agreement:
    import numpy as np
    from statsmodels.stats.inter_rater import fleiss_kappa

    counts = np.array([[sum(mark == each for _, mark in pair) for each in said] for pair in pairs])
    return msgspec.structs.replace(found, kappa=tidy(fleiss_kappa(counts)))
