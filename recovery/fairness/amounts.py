"""How much, or how many, did each group get?

Means with bootstrap intervals (B. Efron, Annals of Statistics 7, 1979; percentiles, drawn from a
fixed seed so that a repeat gives the same), the quartiles, and the test of ranks by H. B. Mann and
D. R. Whitney (1947). Beyond 20,000 values the mean's own standard error is as good and quicker.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from recovery.fairness import gate, screening, survival
from recovery.fairness.comparing import FEWEST
from recovery.fairness.numbers import effect, tidy, tidy_or_none
from recovery.fairness.rates import Z
from recovery.fairness.records import (
    Cut,
    Effect,
    GroupNumber,
    LeftOut,
    NumberAnswer,
    NumberComparison,
    Question,
    Remark,
    Values,
)
from recovery.fairness.waiting import by_group

RESAMPLES, SEED = 999, 1979
LARGE = 20_000


def answer(
    question: Question, values: Sequence[Values], *, less: bool, left_out: LeftOut,
    cuts: tuple[Cut, ...] = (), remarks: Sequence[Remark] = (),
) -> NumberAnswer:  # fmt: skip
    """Everything that can be said, without groups too small to be told of.

    `less` where the complainant fares better with less of it.
    """
    said = list(remarks)
    groups = {name: survival.waits(of).times for name, of in by_group(values, said).items()}
    large = {name: each for name, each in groups.items() if len(each) >= FEWEST}
    reference = question.reference or _first(large, less=less)
    comparisons: tuple[NumberComparison, ...] = ()
    alike = _alike(groups)
    if why_not := gate.why_not(groups, large, reference, left_out=left_out, alike=alike):
        said.append(why_not)
    else:
        comparisons = _compared(large, reference)
    return NumberAnswer(
        measure=question.measure, complaints=sum(map(len, groups.values())),
        currency=question.currency, reference=reference,
        groups=tuple(_told(name, each) for name, each in groups.items()),
        comparisons=comparisons, left_out=left_out, cuts=cuts, remarks=tuple(said),
    )  # fmt: skip


def _first(large: Mapping[str, Any], *, less: bool) -> str:
    """The group that fared best: the most money, the fewest contacts."""
    ordered = sorted(large, key=lambda name: (float(large[name].mean()), name))
    return (ordered[0] if less else ordered[-1]) if ordered else ""


def _told(name: str, values: Any) -> GroupNumber:
    import numpy as np

    quarters = [tidy(each) for each in np.quantile(values, [0.25, 0.5, 0.75])]
    return GroupNumber(
        group=name, n=len(values), quarter=quarters[0], median=quarters[1],
        three_quarters=quarters[2], mean=_mean(values),
    )  # fmt: skip


def _mean(values: Any) -> Effect | None:
    from scipy.stats import bootstrap

    value = float(values.mean())
    if len(values) > LARGE:
        error = Z * float(values.std(ddof=1)) / math.sqrt(len(values))
        return effect(value, value - error, value + error)
    found = bootstrap(
        (values,), lambda x, axis: x.mean(axis=axis), n_resamples=RESAMPLES, batch=50,
        method="percentile", rng=SEED, vectorized=True,
    ).confidence_interval  # fmt: skip
    return effect(value, found.low, found.high)


def _difference(mine: Any, reference: Any) -> Effect | None:
    from scipy.stats import bootstrap

    value = float(mine.mean() - reference.mean())
    if max(len(mine), len(reference)) > LARGE:
        error = Z * math.sqrt(sum(float(x.var(ddof=1)) / len(x) for x in (mine, reference)))
        return effect(value, value - error, value + error)
    found = bootstrap(
        (mine, reference), lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        n_resamples=RESAMPLES, batch=50, method="percentile", rng=SEED, vectorized=True,
    ).confidence_interval  # fmt: skip
    return effect(value, found.low, found.high)


def _alike(groups: Mapping[str, Any]) -> str:
    values = {float(x) for each in groups.values() for x in (each.min(), each.max())}
    return "all_the_same" if len(values) == 1 else ""


def _compared(large: Mapping[str, Any], reference: str) -> tuple[NumberComparison, ...]:
    from scipy.stats import mannwhitneyu

    found = [
        NumberComparison(
            group=name, reference=reference, verdict="too_few",
            difference=_difference(each, large[reference]),
            p=tidy_or_none(mannwhitneyu(each, large[reference]).pvalue),
        )
        for name, each in large.items() if name != reference
    ]  # fmt: skip
    return screening.decided(found, [each.p for each in found])
