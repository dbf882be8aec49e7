"""What is asked of an audit, what was counted, and what is answered?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

import msgspec

Kind = Literal["share", "time", "number"]
Verdict = Literal["difference", "no_evidence", "too_few", "hidden"]
"""Hidden: of a group whose figures are not shown nothing can be said, unless it differs."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which complaints, compared by what, in which groups, within which strata, as of when."""

    measure: str
    group: str
    strata: tuple[str, ...] = ()
    filters: dict[str, str] = {}
    since: date | None = None
    until: date | None = None
    """The last day of receipt, itself included."""
    zone: str = "UTC"
    as_of: datetime
    reference: str = ""
    """The group that the others are compared with; empty: the one that fared best."""
    currency: str = ""
    """Of amounts: they are never added across currencies."""
    limit: float | None = None
    """Hours up to which mean times are compared: the limit that was promised."""


class Cell(msgspec.Struct, frozen=True):
    """The complaints of one group in one stratum, for a measure that is yes or no."""

    group: str
    stratum: str
    n: int
    yes: int


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Complaints of the period that are not compared, each counted once."""

    open: int = 0
    """Not closed by then."""
    does_not_apply: int = 0
    """Withdrawn, or ended otherwise."""
    not_known: int = 0
    """The source does not say what became of them."""
    no_group: int = 0
    """Nothing is known that would put them into a group."""
    no_stratum: int = 0


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share with its interval; without figures where they would tell of too few people."""

    n: int | None
    yes: int | None
    rate: float | None
    low: float | None
    high: float | None


class GroupShare(Share, frozen=True, kw_only=True):
    """One group."""

    group: str
    standardised: float | None = None
    """The share it would have with everybody's mix of strata."""


class StratumShare(Share, frozen=True, kw_only=True):
    """One group in one stratum."""

    group: str
    stratum: str


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A difference or a ratio, with its interval."""

    value: float
    low: float
    high: float


class Stratified(msgspec.Struct, frozen=True, kw_only=True):
    """Two groups compared within strata: like with like."""

    strata: int
    complaints: int
    strata_left_out: int
    """With fewer than ten complaints in one of the two groups."""
    odds_ratio: Effect
    """Mantel and Haenszel's, of the strata together."""
    statistic: float
    """Cochran, Mantel and Haenszel's, without the correction for continuity, and with it."""
    p: float
    statistic_corrected: float
    p_corrected: float
    homogeneity: float | None
    """Breslow and Day's: whether the strata say the same."""
    homogeneity_p: float | None
    explained: float | None
    """The share of the gap, as logarithm of the odds, that the mix of strata accounts for."""
    standardised_difference: Effect
    """Of the shares, both groups having the same mix of strata."""


class InStratum(msgspec.Struct, frozen=True, kw_only=True):
    """Two groups compared in one stratum, to see where a difference comes from."""

    stratum: str
    odds_ratio: Effect | None
    p: float | None
    adjusted_p: float | None
    """By Benjamini and Hochberg, over the strata."""
    surplus: float | None
    """How many more were answered yes than if both groups had been treated alike."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One group against the reference."""

    group: str
    reference: str
    verdict: Verdict
    difference: Effect | None = None
    ratio: Effect | None = None
    four_fifths: bool | None = None
    """Whether the ratio to the group that fared best passes the screen of four fifths."""
    test: str = ""
    """"chi_square" or "fisher"."""
    p: float | None = None
    odds_ratio: Effect | None = None
    stratified: Stratified | None = None
    simpson: bool = False
    """Whether the strata tell another story than everything together."""
    adjusted_p: float | None = None
    """By Holm, over the comparisons; of the test within strata, where there is one."""
    detectable: float | None = None
    """The smallest difference of the shares that would have been seen in four cases of five."""
    strata: tuple[InStratum, ...] = ()
    driver: str = ""
    """The stratum in which most of the difference lies."""


class Remark(msgspec.Struct, frozen=True):
    """What has to be known to read the figures: a code, and what its sentence fills in."""

    code: str
    given: dict[str, str] = {}


class Cut(msgspec.Struct, frozen=True):
    """Where numbers were cut into groups."""

    name: str
    at: tuple[float, ...]


class ShareAnswer(msgspec.Struct, frozen=True, kw_only=True, tag="share", tag_field="kind"):
    """How often something was so, by group."""

    measure: str
    complaints: int
    desired: bool
    """Whether more is better for the complainant."""
    reference: str
    groups: tuple[GroupShare, ...]
    comparisons: tuple[Comparison, ...]
    strata: tuple[StratumShare, ...]
    left_out: LeftOut
    cuts: tuple[Cut, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Point(msgspec.Struct, frozen=True, array_like=True):
    """A step of a survival curve: from this time on, so many still wait, with the band."""

    seconds: float
    waiting: float
    low: float
    high: float


class GroupTime(msgspec.Struct, frozen=True, kw_only=True):
    """How long one group waited; open complaints count with the time they have waited so far.

    Times are seconds. Without figures where they would tell of too few people.
    """

    group: str
    n: int | None
    happened: int | None
    median: float | None = None
    """Half had it by then; None also where more than half still wait."""
    median_low: float | None = None
    median_high: float | None = None
    within: Effect | None = None
    """The mean time waited up to the limit (restricted mean)."""
    mean_of_ended: float | None = None
    """What a mean of the complaints that ended would say; it leaves out whoever waits longest."""
    curve: tuple[Point, ...] = ()
    at_risk: tuple[int | None, ...] = ()
    """How many still waited and were looked at, at each of the answer's `ticks`."""


class TimeComparison(msgspec.Struct, frozen=True, kw_only=True):
    """One group's waiting against the reference's."""

    group: str
    reference: str
    verdict: Verdict
    difference: Effect | None = None
    """Of the mean times up to the limit, in seconds."""
    statistic: float | None = None
    """Of the log-rank test, within strata where there are any."""
    p: float | None = None
    adjusted_p: float | None = None
    """By Holm, over the comparisons."""


class TimeAnswer(msgspec.Struct, frozen=True, kw_only=True, tag="time", tag_field="kind"):
    """How long something took, by group."""

    measure: str
    complaints: int
    reference: str
    """The group that waited least."""
    limit: float | None
    """Seconds up to which mean times are compared."""
    ticks: tuple[float, ...]
    groups: tuple[GroupTime, ...]
    comparisons: tuple[TimeComparison, ...]
    statistic: float | None = None
    """Of the log-rank test of all groups together, within strata where there are any."""
    degrees: int = 0
    p: float | None = None
    left_out: LeftOut
    cuts: tuple[Cut, ...] = ()
    remarks: tuple[Remark, ...] = ()


class GroupNumber(msgspec.Struct, frozen=True, kw_only=True):
    """The amounts or counts of one group."""

    group: str
    n: int | None
    median: float | None = None
    quarter: float | None = None
    three_quarters: float | None = None
    mean: Effect | None = None
    """With its bootstrap interval."""


class NumberComparison(msgspec.Struct, frozen=True, kw_only=True):
    """One group's numbers against the reference's."""

    group: str
    reference: str
    verdict: Verdict
    difference: Effect | None = None
    """Of the means, with its bootstrap interval."""
    p: float | None = None
    """Of the test of ranks by Mann and Whitney."""
    adjusted_p: float | None = None


class NumberAnswer(msgspec.Struct, frozen=True, kw_only=True, tag="number", tag_field="kind"):
    """How much or how many, by group."""

    measure: str
    complaints: int
    currency: str
    reference: str
    groups: tuple[GroupNumber, ...]
    comparisons: tuple[NumberComparison, ...]
    left_out: LeftOut
    cuts: tuple[Cut, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Values(msgspec.Struct, frozen=True):
    """The times or numbers of one group in one stratum."""

    group: str
    stratum: str
    happened: bool
    """False of times that were still running."""
    values: Sequence[float]
    """Each once, from the least up: a NumPy array where there are many."""
    times: Sequence[int]
    """How often each value occurs."""

    @property
    def n(self) -> int:
        import numpy as np

        return int(np.sum(self.times))


Answer = ShareAnswer | TimeAnswer | NumberAnswer
