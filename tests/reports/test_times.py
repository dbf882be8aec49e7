"""Are the quantiles those of Kaplan and Meier, worked out one complaint after the other?"""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from projections import sla_times
from projections.sla_times import Taken, Times, quantile


def one_by_one(took: list[int], waited: list[int], share: Fraction) -> int | None:
    left, at_risk = Fraction(1), len(took) + len(waited)
    for seconds, still_waits in sorted([(t, False) for t in took] + [(t, True) for t in waited]):
        if not still_waits:
            left *= Fraction(at_risk - 1, at_risk)
            if left <= share:
                return seconds
        at_risk -= 1
    return None


@pytest.mark.parametrize("share", [Fraction(1, 2), Fraction(1, 10), Fraction(1, 20)])
def test_quantiles_are_those_of_one_complaint_after_the_other(share: Fraction) -> None:
    chance = random.Random(7)

    for _ in range(200):
        took = sorted(chance.choices(range(30), k=chance.randrange(25)))
        waited = sorted(chance.choices(range(40), k=chance.randrange(12)))

        assert quantile(took, waited, float(share)) == one_by_one(took, waited, share)


def test_many_times_are_sorted_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = [n.to_bytes(8) for n in (300, 70_000, 2, 2, 1_000_000)]

    few = Times.of(Taken(step="closed"), b"".join(sent), None)
    monkeypatch.setattr(sla_times, "MANY", 1)
    many = Times.of(Taken(step="closed"), b"".join(sent), None)

    assert few == many
    assert list(many.took) == [2, 2, 300, 70_000, 1_000_000]
    assert list(Times.together("closed", [few, many]).took[-2:]) == [1_000_000, 1_000_000]
