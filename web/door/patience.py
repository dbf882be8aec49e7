"""How often may one address knock, before it has to wait?

A bucket for each address, filled again as time passes. It is kept in the process: several web
processes are as many times as patient, which still ends a flood. Nothing of it is ever stored.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

import msgspec

REMEMBERED = 20_000
"""Addresses; those that were seen longest ago are forgotten first."""


class Bucket(msgspec.Struct):
    """What is left for an address, as of an instant."""

    left: float
    at: datetime


class Patience:
    """So many knocks at once, and so many seconds until another is granted."""

    def __init__(self, *, at_once: int, seconds: float) -> None:
        self._at_once = at_once
        self._seconds = seconds
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._mutex = threading.Lock()

    def has_for(self, address: str, *, now: datetime) -> bool:
        """Whether this knock is heard; it counts when it is."""
        with self._mutex:
            found = self._buckets.pop(address, None) or Bucket(self._at_once, now)
            passed = max(0.0, (now - found.at).total_seconds())
            left = min(float(self._at_once), found.left + passed / self._seconds)
            heard = left >= 1
            self._buckets[address] = Bucket(left - 1 if heard else left, now)
            while len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return heard

    def forgive(self, address: str) -> None:
        """The knock that was heard last led to nothing: it does not count."""
        with self._mutex:
            if found := self._buckets.get(address):
                found.left = min(float(self._at_once), found.left + 1)
