"""How long did each group wait, when some are waiting still?

E. L. Kaplan and P. Meier, JASA 53 (1958), with the band by the logarithm of the logarithm; the
median's interval by R. Brookmeyer and J. Crowley, Biometrics 38 (1982); the mean up to a limit and
its variance as in J. P. Klein and M. L. Moeschberger, Survival Analysis (2003), 4.5; the log-rank
test by N. Mantel (1966), within strata where there are any. Means of the complaints that ended are
never compared: they leave out whoever waits longest.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import msgspec

from recovery.fairness.numbers import effect, tidy, tidy_or_none
from recovery.fairness.rates import Z
from recovery.fairness.records import Effect, Point, Values

MOST_POINTS = 150
"""Steps of a curve that are kept for its picture."""


class Waits(msgspec.Struct, frozen=True):
    """The times of one group, expanded, and which of them came to an end."""

    times: Any
    """A NumPy array of seconds."""
    ended: Any
    strata: tuple[tuple[str, int], ...]
    """To which stratum so many of the times belong, one after the other."""

    @property
    def n(self) -> int:
        return len(self.times)

    @property
    def happened(self) -> int:
        return int(self.ended.sum())


def waits(values: Sequence[Values]) -> Waits:
    """The times of one group, from how often each occurs."""
    import numpy as np

    sizes = [each.n for each in values]
    return Waits(
        np.concatenate([np.repeat(np.asarray(each.values, float), each.times) for each in values]),
        np.repeat([each.happened for each in values], sizes),
        tuple((each.stratum, n) for each, n in zip(values, sizes, strict=True)),
    )


class Curve:
    """The share that still waits, over time."""

    def __init__(self, of: Waits) -> None:
        import numpy as np
        from scipy.stats import CensoredData, ecdf

        found = ecdf(CensoredData.right_censored(of.times, ~of.ended)).sf
        self.seconds, self.waiting = found.quantiles, found.probabilities
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the band is empty where nobody or everybody waits
            band = found.confidence_interval(confidence_level=0.95, method="log-log")
        self.low = _filled(band.low.probabilities, self.waiting)
        self.high = _filled(band.high.probabilities, self.waiting)
        ordered = np.sort(of.times)
        self._at_risk = of.n - np.searchsorted(ordered, self.seconds, side="left")
        ends = np.sort(of.times[of.ended])
        self._ends = np.searchsorted(ends, self.seconds, side="right") - np.searchsorted(
            ends, self.seconds, side="left"
        )
        self._ordered = ordered

    def half(self, band: str = "waiting") -> float | None:
        """The first time at which at most half still wait; None where there is none."""
        import numpy as np

        reached = np.nonzero(getattr(self, band) <= 0.5 + 1e-12)[0]
        return tidy(self.seconds[reached[0]]) if len(reached) else None

    def mean_up_to(self, limit: float) -> tuple[float, float]:
        """The mean time waited up to the limit, and its variance (Greenwood's)."""
        import numpy as np

        before = self.seconds < limit
        edges = np.concatenate([[0.0], self.seconds[before], [limit]])
        levels = np.concatenate([[1.0], self.waiting[before]])
        areas = np.diff(edges) * levels
        after = areas.sum() - np.cumsum(areas)[:-1]
        ends, risk = self._ends[before], self._at_risk[before]
        left = risk - ends
        terms = np.divide(
            after**2 * ends, risk * left, out=np.zeros(len(after)), where=(left > 0) & (ends > 0)
        )
        return float(areas.sum()), float(terms.sum())

    def at_risk(self, seconds: float) -> int:
        import numpy as np

        return len(self._ordered) - int(np.searchsorted(self._ordered, seconds, side="left"))

    def points(self, upto: float, *, fewest: int = 1) -> tuple[Point, ...]:
        """The curve as a picture needs it; it ends where fewer than `fewest` still waited."""
        import numpy as np

        enough = self._at_risk >= fewest
        inside = np.nonzero((self.seconds <= upto) & (self._ends > 0) & enough)[0]
        if len(inside) > MOST_POINTS:
            chosen = np.linspace(0, len(inside) - 1, MOST_POINTS).round().astype(int)
            inside = inside[chosen]
        found = [
            Point(*(round(float(x), 5) for x in (self.seconds[k], self.waiting[k], self.low[k],
                                                 self.high[k])))
            for k in inside
        ]  # fmt: skip
        return (Point(0.0, 1.0, 1.0, 1.0), *found)


def mean(curve: Curve, limit: float) -> Effect | None:
    value, variance = curve.mean_up_to(limit)
    error = Z * math.sqrt(variance)
    return effect(value, value - error, value + error)


def mean_difference(mine: Curve, reference: Curve, limit: float) -> Effect | None:
    (a, var_a), (b, var_b) = mine.mean_up_to(limit), reference.mean_up_to(limit)
    error = Z * math.sqrt(var_a + var_b)
    return effect(a - b, a - b - error, a - b + error)


def log_rank(groups: Sequence[Waits], *, by_strata: bool) -> tuple[float, float] | None:
    """The statistic and its p, with one degree of freedom fewer than groups; None: no telling."""
    import numpy as np
    from scipy.stats import chi2
    from statsmodels.duration.survfunc import survdiff

    times = np.concatenate([each.times for each in groups])
    ended = np.concatenate([each.ended for each in groups]).astype(int)
    if not ended.any():
        return None
    group = np.repeat(np.arange(len(groups)), [each.n for each in groups])
    strata = _numbered([run for each in groups for run in each.strata]) if by_strata else None
    try:
        statistic, _ = survdiff(times, ended, group, strata=strata)
    except np.linalg.LinAlgError:
        return None
    found = tidy_or_none(statistic)
    if found is None:
        return None
    return found, tidy(chi2.sf(found, len(groups) - 1))


def _numbered(strata: Sequence[tuple[str, int]]) -> Any:
    """The number of each time's stratum, in the order of their names."""
    import numpy as np

    number = {name: n for n, name in enumerate(sorted({name for name, _ in strata}))}
    return np.repeat([number[name] for name, _ in strata], [n for _, n in strata])


def _filled(band: Any, waiting: Any) -> Any:
    """A band has no value where nobody or everybody waits; there it is the curve itself."""
    import numpy as np

    return np.where(np.isnan(band), waiting, band)
