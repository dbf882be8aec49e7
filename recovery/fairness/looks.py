"""How small must p be at one of many looks, so that all of them together err in five of a hundred?

K. K. G. Lan and D. L. DeMets, Biometrika 70 (1983): the error that may be spent up to the share t
of the looks is alpha ln(1 + (e - 1) t), which treats early and late looks nearly alike (as S. J.
Pocock's boundaries do). Each look gets what is newly spent, whatever the others saw: by
Bonferroni's inequality that holds however much the looks share their complaints, and costs some
power.
"""

from __future__ import annotations

import math

from recovery.fairness import ALPHA
from recovery.fairness.numbers import tidy
from recovery.fairness.records import Answer

MOST_LOOKS = 60


def spent(look: int, looks: int) -> float:
    """What may have been spent after so many of the looks."""
    return ALPHA * math.log(1 + (math.e - 1) * look / looks)


def level(look: int, looks: int) -> float:
    """The p below which the look (the first is 1) makes a finding."""
    return tidy(spent(look, looks) - spent(look - 1, looks))


def smallest(answer: Answer) -> float | None:
    """The p of the comparison that stands out most, adjusted for their number; None: no telling."""
    return min((c.adjusted_p for c in answer.comparisons if c.adjusted_p is not None), default=None)
