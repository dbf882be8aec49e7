"""Which clocks does a story leave a complaint with, asked for twice in a row?"""

from __future__ import annotations

from functools import lru_cache

from projections.table import Given
from recovery.policy.clocks import Clock, run
from recovery.policy.library import InForce
from recovery.policy.story import TELLING, Story

__all__ = ["TELLING", "Story", "clocks_of"]


def clocks_of(story: Story, given: Given) -> tuple[Clock, ...]:
    """The clocks as the story leaves them."""
    version = given.policies.version(story.policy, story.policy_version)
    return _run(version, _Once(story))


class _Once:
    """A story as a cache's key: quickly hashed, and equal to one that tells the same."""

    __slots__ = ("_hash", "story")

    def __init__(self, story: Story) -> None:
        self.story = story
        self._hash = hash((story.policy_version, story.marks))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and other.story == self.story


@lru_cache(maxsize=8192)
def _run(version: InForce, once: _Once) -> tuple[Clock, ...]:
    """Two projections ask for the same clocks, one after the other."""
    return run(version, once.story)
