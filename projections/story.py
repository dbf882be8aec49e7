"""How does a complaint's story go on, and which clocks does it leave?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from msgspec.structs import replace

from projections.table import Given
from recovery.events import CLOCK_EVENTS, Event, Reapplied, Received, Recorded, subject
from recovery.policy.clocks import Clock, run
from recovery.policy.library import InForce
from recovery.policy.story import TELLING, Story

__all__ = [
    "CLOCK_EVENTS", "TELLING", "Story", "clocks_of", "groups", "rebound", "set_aside", "story_of",
    "told",
]  # fmt: skip


def groups(record: Recorded) -> Sequence[str]:
    """The complaint that an event of its own stream, or of its clocks', is about."""
    event = record.event
    if type(event) in CLOCK_EVENTS:
        return (event.complaint,)  # type: ignore[attr-defined]
    return (subject(record.stream),)


def told(story: Story, event: Event, given: Given) -> Story:
    """The story with one more event; itself when the event means nothing to a clock."""
    if isinstance(event, Reapplied):
        assert event.at is not None
        return rebound(story, event.policy_version, event.at, given)
    return story.after(event)


def rebound(story: Story, to: str, at: datetime, given: Given) -> Story:
    """The story under another version of its policy."""
    old = given.policies.version(story.policy, story.policy_version)
    return _rebound(old, _Once(story), to, at)


def story_of(records: Sequence[Recorded], given: Given) -> Story:
    """What the clocks need to know of a complaint, from its records and those of its terms."""
    first = records[0].event
    assert isinstance(first, Received)
    story = Story.of(first, records[0].recorded_at)
    for record in records[1:]:
        story = told(story, record.event, given)
    return story


def clocks_of(story: Story, given: Given) -> tuple[Clock, ...]:
    """The clocks as the story leaves them."""
    version = given.policies.version(story.policy, story.policy_version)
    return _run(version, _Once(story))


def set_aside(clocks: tuple[Clock, ...], since: datetime | None) -> tuple[Clock, ...]:
    """The clocks of a complaint that is answered under another one since then.

    What was late by then stays late; nothing else can become so.
    """
    return clocks if since is None else tuple(_set_aside(clock, since) for clock in clocks)


def _set_aside(clock: Clock, since: datetime) -> Clock:
    if clock.state not in ("running", "paused"):
        return clock
    late = clock.state == "running" and clock.due is not None and clock.due <= since
    if late:
        return replace(clock, state="stopped", stopped_at=since, met=False)
    return replace(clock, state="cancelled", stopped_at=since)


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


@lru_cache(maxsize=8192)
def _rebound(old: InForce, once: _Once, to: str, at: datetime) -> Story:
    """The timekeeper and two projections ask, one after the other."""
    return once.story.rebound(old, to, at, _run(old, once))
