"""Which stories does a demonstration consist of?

The same for the same number, days, seed and end: each complaint draws from a chance of its own,
made from the seed and its place in the row, so that one can be told without the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import msgspec
from msgspec.structs import replace

from recovery.events import PaperRef
from web.demo import cases
from web.demo.cases import Case
from web.demo.firm import ZONE
from web.demo.hours import HOUR, Office, Waves
from web.demo.people import Person
from web.demo.stories import Story, tell
from web.demo.telling import Seal, World

LETTERS_FOR_OPEN, LETTERS_FOR_FINISHED = 40, 10
"""How many of the latest complaints owe letters; those of the others left before this desk was."""
_LOOKED_THROUGH = 600
_FRESH, _FRESH_HOURS = 12, 10
_COME_BACK = 0.05
_NOTHING = PaperRef("", "")


class Draft(msgspec.Struct, frozen=True):
    """A complaint that has arrived, and whose story can be told."""

    index: int
    world: World
    case: Case
    chance: Random
    letters: bool
    returning: bool
    """It comes from somebody who complained earlier in the row."""

    def tell(self, seal: Seal) -> Story:
        """The story, once: telling uses up its chance."""
        return tell(self.world, self.case, self.chance, seal, letters=self.letters)


class Chronicle:
    """The complaints of the `days` before `until`, in the order in which they arrived."""

    def __init__(
        self, *, complaints: int, days: int, seed: int, until: datetime, policy: str,
        policy_version: str,
    ) -> None:  # fmt: skip
        self.complaints = complaints
        self._seed = seed
        end = until.timestamp()
        today = until.astimezone(ZONE).date()
        office = Office(today - timedelta(days + 30), today + timedelta(days=30))
        waves = Waves(until=end, days=days)
        self._world = World(end, office, waves, policy, policy_version)
        self._fresh = min(_FRESH, complaints // 20)
        self.storm = waves.storm
        """When the mass incident began, in seconds since 1970."""

    def drafts(self) -> Iterator[Draft]:
        """Every complaint, one at a time."""
        posted = self._that_owe_letters()
        for index in range(self.complaints):
            yield self.draft(index, letters=index in posted)

    def draft(self, index: int, *, letters: bool) -> Draft:
        """The complaint with this place in the row, from 0."""
        chance = Random(f"{self._seed}/{index}")  # noqa: S311 (a story, not a secret)
        world = self._world
        at = self._arrival(index, chance.random())
        known = self._known(index, chance)
        case = cases.draw(chance, at, office=world.office, waves=world.waves, known=known)
        if letters:
            case = _by_email(case)
        return Draft(index, world, case, chance, letters, returning=known is not None)

    def _known(self, index: int, chance: Random) -> Person | None:
        """Now and then somebody who has complained before."""
        comes_back, earlier = chance.random() < _COME_BACK, int(chance.random() * index)
        return self.draft(earlier, letters=False).case.person if comes_back and index else None

    def _arrival(self, index: int, spread: float) -> float:
        """The last few arrive within hours of the end, so that there is something new to do."""
        usual = self.complaints - self._fresh
        if index < usual:
            return self._world.waves.arrival((index + spread) / usual)
        ago = (self.complaints - index - spread) / self._fresh * _FRESH_HOURS * HOUR
        return max(self._world.until - ago, self._world.waves.start)

    def _that_owe_letters(self) -> frozenset[int]:
        """The latest open complaints, and a few finished ones for the letters of the last acts."""
        still_open: list[int] = []
        finished: list[int] = []
        first = max(self.complaints - _LOOKED_THROUGH, 0)
        for index in reversed(range(first, self.complaints)):
            story = self.draft(index, letters=True).tell(lambda _: _NOTHING)
            (still_open if story.is_open else finished).append(index)
            if len(still_open) >= LETTERS_FOR_OPEN and len(finished) >= LETTERS_FOR_FINISHED:
                break
        return frozenset(still_open[:LETTERS_FOR_OPEN] + finished[:LETTERS_FOR_FINISHED])


def _by_email(case: Case) -> Case:
    person = case.person
    if person.contact.email:
        return case
    contact = replace(person.contact, email=f"{person.id[:8]}@example.org")
    return replace(case, person=replace(person, contact=contact))
