"""What was measured, against what, and was it good enough?"""

from __future__ import annotations

import math
import operator
import statistics
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

Sign = Literal[">=", "<=", "<"]
_MEETS = {">=": operator.ge, "<=": operator.le, "<": operator.lt}
DIGITS = 3


class Target(msgspec.Struct, frozen=True):
    """What a figure has to reach."""

    sign: Sign
    bound: float


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number, the repetitions it is the median of, and whether it is good enough."""

    name: str
    says: str
    value: float
    unit: str
    target: Target | None = None
    samples: list[float] = []
    """One for each repetition."""
    met: bool | None = None

    @classmethod
    def of(
        cls, name: str, says: str, samples: Sequence[float], unit: str,
        target: Target | None = None,
    ) -> Figure:  # fmt: skip
        """The median of the samples; compared with the target as it is, not as it is shown."""
        value = statistics.median(samples)
        met = _MEETS[target.sign](value, target.bound) if target else None
        return cls(
            name=name, says=says, value=value, unit=unit, target=target,
            samples=list(samples), met=met,
        )  # fmt: skip

    @property
    def shown(self) -> str:
        """The value to three digits, rounded to our disadvantage."""
        larger_is_better = self.target is not None and self.target.sign == ">="
        return f"{_rounded(self.value, math.floor if larger_is_better else math.ceil)} {self.unit}"


def at_least(bound: float) -> Target:
    return Target(">=", bound)


def at_most(bound: float) -> Target:
    return Target("<=", bound)


def under(bound: float) -> Target:
    return Target("<", bound)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values (0 to 1) do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _rounded(value: float, towards: Callable[[float], int]) -> str:
    if value.is_integer():
        return f"{value:,.0f}"
    places = DIGITS - 1 - math.floor(math.log10(abs(value)))
    scale = 10.0**places
    kept = towards(round(value * scale, 6)) / scale
    return f"{kept:,.{max(places, 0)}f}"
