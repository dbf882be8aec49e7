"""By when had a share of the complaints reached a step, when some still wait for it?

The answer is that of Kaplan and Meier: who still waits counts with the time waited. The database
sends each time as eight bytes, because to sort a million of them takes it several seconds.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

import msgspec
from msgspec.structs import replace

MEDIAN, P90, P95 = 0.5, 0.1, 0.05
"""The shares that still wait then."""
MANY = 50_000
"""Times that NumPy sorts in less time than it takes to load it and to sort them without."""
NEARLY = 1 + 1e-9
"""A share that was worked out in another order may differ in the last digits."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """How long one step took from the receipt, in whole seconds.

    known + open + ended_without + not_known + before_received are the complaints received. The
    quantiles are those of Kaplan and Meier: open complaints count with the time they have waited.
    None means that too many are still open to say.
    """

    step: str
    known: int = 0
    open: int = 0
    ended_without: int = 0
    """Closed or withdrawn without this step."""
    not_known: int = 0
    """It happened at an instant that the source does not publish."""
    before_received: int = 0
    """It is said to have happened before the receipt."""
    median: int | None = None
    p90: int | None = None
    p95: int | None = None


class Times(msgspec.Struct, frozen=True):
    """One step of one group: how many there are, and the seconds, the shortest first."""

    taken: Taken
    took: array[int]
    waited: array[int]

    @classmethod
    def of(cls, taken: Taken, took: bytes | None, waited: bytes | None) -> Times:
        return cls(taken, _seconds(took), _seconds(waited))

    @classmethod
    def together(cls, step: str, parts: Sequence[Times]) -> Times:
        """What several groups have, as of one."""
        counts = ("known", "open", "ended_without", "not_known", "before_received")
        sums = {name: sum(getattr(part.taken, name) for part in parts) for name in counts}
        took, waited = (part.took for part in parts), (part.waited for part in parts)
        return cls(Taken(step=step, **sums), _joined(took), _joined(waited))

    def told(self) -> Taken:
        median, p90, p95 = (quantile(self.took, self.waited, q) for q in (MEDIAN, P90, P95))
        return replace(self.taken, median=median, p90=p90, p95=p95)


def quantile(took: Sequence[int], waited: Sequence[int], share: float) -> int | None:
    """The first time at which at most this share still waits; None if there is none yet.

    Between two who still wait, each who reaches the step takes as much away as the other: so only
    those who wait are walked through.
    """
    left = 1.0
    for first, after, waiting in _stretches(took, waited):
        most = after - first
        enough = max(ceil(waiting * (1 - share * NEARLY / left)), 1)
        if enough <= most:
            return took[first + enough - 1]
        left *= (waiting - most) / waiting
    return None


def _stretches(took: Sequence[int], waited: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Who reached the step between two who still wait, from and to, and how many waited before."""
    first, total = 0, len(took) + len(waited)
    for n, seconds in enumerate(waited):
        after = bisect_right(took, seconds, lo=first)
        if after > first:
            yield first, after, total - first - n
            first = after
    if first < len(took):
        yield first, len(took), len(took) - first


def _seconds(sent: bytes | None) -> array[int]:
    found = array("q", sent or b"")
    if sys.byteorder == "little":
        found.byteswap()
    return _sorted(found)


def _joined(parts: Iterable[array[int]]) -> array[int]:
    found = array("q")
    for part in parts:
        found.extend(part)
    return _sorted(found)


def _sorted(found: array[int]) -> array[int]:
    if len(found) < MANY:
        return array("q", sorted(found))
    import numpy as np

    return array("q", np.sort(np.frombuffer(found, np.int64)).tobytes())
