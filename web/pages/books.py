"""What was done to each policy, by whom, when and why?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

import msgspec

from recovery.database import Database
from recovery.events import Adopted, Retired
from recovery.policy.schema import parse
from recovery.policybook import PolicyEvent, acts


class Heading(msgspec.Struct, frozen=True):
    """What a policy says of itself."""

    title: str
    source: str
    confirmed: bool
    """False: check before relying on it."""
    zone: str


class Book(msgspec.Struct, frozen=True):
    """One policy, and every act on it, oldest first."""

    policy: str
    acts: tuple[PolicyEvent, ...]

    @property
    def adoptions(self) -> dict[str, Adopted]:
        """The texts by version, each as it was adopted last, the newest last."""
        found: dict[str, Adopted] = {}
        for act in self.acts:
            if isinstance(act, Adopted):
                found.pop(act.version, None)
                found[act.version] = act
        return found

    @property
    def newest(self) -> Adopted:
        return list(self.adoptions.values())[-1]

    @property
    def retired(self) -> Retired | None:
        last = [act for act in self.acts if isinstance(act, Adopted | Retired)][-1]
        return last if isinstance(last, Retired) else None

    @property
    def in_force(self) -> Adopted | None:
        return None if self.retired else self.newest

    @property
    def since(self) -> datetime | None:
        """When the newest text was adopted."""
        return self.newest.at

    @property
    def heading(self) -> Heading:
        return heading(self.newest.text)


def books(database: Database) -> dict[str, Book]:
    """Every policy that was ever adopted here, by id."""
    return shelve(act for _, act in acts(database))


def shelve(done: Iterable[PolicyEvent]) -> dict[str, Book]:
    """The acts, each in its policy's book."""
    found: dict[str, tuple[PolicyEvent, ...]] = {}
    for act in done:
        found[act.policy] = (*found.get(act.policy, ()), act)
    return {policy: Book(policy, found[policy]) for policy in sorted(found)}


@lru_cache(maxsize=256)
def heading(text: str) -> Heading:
    """What stands at the head of a text; raises PolicyError."""
    policy = parse(text)
    return Heading(policy.title, policy.source, policy.status == "confirmed", policy.zone.key)
