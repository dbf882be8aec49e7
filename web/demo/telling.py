"""How does a story go on?

A `Telling` has a clock of its own, in which working hours or days pass. When that clock passes
`until`, the story stops where it is: the complaint is still open today.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import msgspec

from recovery.events import Event, Letter, LetterKind, PaperRef
from recovery.vault import Contact, Words
from web.demo import phrases
from web.demo.cases import BOOKS, Case
from web.demo.hours import DAY, Office, Waves

Seal = Callable[[Contact | Words], PaperRef]
"""Puts a paper into the vault, or wherever the listener wants it."""

_HASTE = {"vip": 0.75, "premium": 0.88, "plus": 0.95, "standard": 1.08}
"""Fairness audits are meant to find this: tiers are not served alike, nor are languages."""
_SLOWER_IN = {"en": 1.0, "zh": 1.15}
_NEGLECT = 6.0


class World(msgspec.Struct, frozen=True):
    """What every story is told in."""

    until: float
    office: Office
    waves: Waves
    policy: str
    policy_version: str


class StillGoingOn(Exception):
    """The story has come to today."""


class Telling:
    """A story while it is told: its clock, its events so far."""

    def __init__(self, world: World, case: Case, rng: Random, seal: Seal, *, letters: bool) -> None:
        self.world = world
        self.case = case
        self.rng = rng
        self.seal = seal
        self.letters = letters
        self.book = BOOKS[case.person.language]
        self.events: list[Event] = []
        self.now = case.at
        self.by = case.agent
        self.pace = world.waves.backlog(case.at) * _HASTE[case.person.tier]
        self.pace *= _SLOWER_IN[case.person.language]
        if case.plot == "neglected":
            self.pace *= _NEGLECT

    def add(self, event: Event) -> None:
        self.events.append(event)

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(int(self.now), UTC)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def work(self, median: float, spread: float = 0.9) -> None:
        """Let working hours pass, about `median` of them, as the firm is busy."""
        hours = median * self.pace * self.rng.lognormvariate(0.0, spread)
        self._reach(self.world.office.later(self.now, hours))

    def days(self, least: float, most: float) -> None:
        """Let days on the calendar pass: the complainant keeps no office hours."""
        self._reach(self.now + self.rng.uniform(least, most) * DAY)

    def minutes(self, least: float, most: float) -> None:
        self._reach(self.now + self.rng.uniform(least, most) * 60)

    def paper(self, lines: phrases.Lines) -> PaperRef:
        return self.seal(phrases.line(self.rng, lines, self.case.slots))

    def letter(self, kind: LetterKind, lines: phrases.Lines = ()) -> Letter | None:
        if not self.letters:
            return None
        return Letter(kind, self.case.person.language, self.paper(lines) if lines else None)

    def _reach(self, moment: float) -> None:
        if moment > self.world.until:
            raise StillGoingOn
        self.now = moment
