"""What did this report say a short while ago?

A report walks over the whole history, which takes seconds where that is long, and its figures
hardly change meanwhile. So what was said of a long history is said again for a while, with the
instant it is of; who names an instant gets that one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")
TIMES = 60
"""For how many times as long as it took it is kept …"""
SHORTEST, LONGEST = 5.0, 900.0
"""… but for no fewer and no more seconds than these."""
MOST = 200


class _Said(msgspec.Struct, frozen=True):
    answer: Any
    until: float


class Kept(Generic[T]):
    """Answers by question; two who ask the same at once wait for one answer."""

    def __init__(self, worth: Callable[[T], bool]) -> None:
        """`worth` says whether an answer is worth keeping."""
        self._worth = worth
        self._said: dict[Hashable, _Said] = {}
        self._turns: dict[Hashable, threading.Lock] = {}

    def answer(self, question: Hashable, find: Callable[[], T]) -> T:
        """What `find` said a short while ago, or says now."""
        if len(self._said) > MOST:
            self._said.clear()
            self._turns.clear()
        with self._turns.setdefault(question, threading.Lock()):
            said = self._said.get(question)
            if said and time.monotonic() < said.until:
                found: T = said.answer
                return found
            began = time.monotonic()
            found = find()
            ended = time.monotonic()
            if self._worth(found):
                lasts = min(max(TIMES * (ended - began), SHORTEST), LONGEST)
                self._said[question] = _Said(found, ended + lasts)
            return found
