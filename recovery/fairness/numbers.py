"""How is a figure written, so that the same counts give the same bytes anywhere?"""

from __future__ import annotations

import math
from typing import Any

from recovery.fairness.records import Effect

DIGITS = 10
"""That are kept: more would differ between machines."""


def tidy(value: Any) -> float:
    """The figure with the digits that can be relied on; raises ValueError unless it is finite."""
    found = float(f"{float(value):.{DIGITS}g}")
    if not math.isfinite(found):
        raise ValueError("not a finite figure")
    return found + 0.0


def tidy_or_none(value: Any) -> float | None:
    """The same, or None where there is no such figure."""
    try:
        return tidy(value)
    except ValueError:
        return None


def effect(value: Any, low: Any, high: Any) -> Effect | None:
    """An effect with its interval; None unless all three are finite."""
    try:
        return Effect(value=tidy(value), low=tidy(low), high=tidy(high))
    except ValueError:
        return None
