"""How often may one address knock, before it has to wait?

A bucket for each address, filled again as time passes. It is kept in the process: several web
processes are as many times as patient, which still ends a flood. Nothing of it is ever stored.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

import msgspec

REMEMBERED = 50_000
"""Buckets; those that were seen longest ago are forgotten first."""


class Allowance(msgspec.Struct, frozen=True):
    """So many knocks at once, and so many seconds until another is granted."""

    of: str
    at_once: int
    seconds: float


class Bucket(msgspec.Struct):
    """What is left for an address, as of an instant."""

    left: float
    at: datetime


class Patience:
    """What is left of each allowance for each address."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[tuple[str, str], Bucket] = OrderedDict()
        self._mutex = threading.Lock()

    def has_for(self, allowance: Allowance, address: str, *, now: datetime) -> bool:
        """Whether this knock is heard; it counts when it is."""
        most, key = float(allowance.at_once), (allowance.of, address)
        with self._mutex:
            found = self._buckets.pop(key, None) or Bucket(most, now)
            passed = max(0.0, (now - found.at).total_seconds())
            left = min(most, found.left + passed / allowance.seconds)
            heard = left >= 1
            self._buckets[key] = Bucket(left - 1 if heard else left, now)
            while len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return heard

    def forgive(self, allowance: Allowance, address: str) -> None:
        """The knock that was heard last led to nothing: it does not count."""
        with self._mutex:
            if found := self._buckets.get((allowance.of, address)):
                found.left = min(float(allowance.at_once), found.left + 1)
