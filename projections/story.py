"""What must be remembered of a complaint for its clocks?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from projections.table import Given
from recovery.events import Classified, Event, Received
from recovery.policy.clocks import Clock, run
from recovery.policy.library import InForce
from recovery.policy.marks import TIMED, Mark, mark_of

TELLING = TIMED | {Classified}
"""The events that a story takes note of."""


class Story(msgspec.Struct, frozen=True, omit_defaults=True):
    """The policy version that rules, the attributes it may ask for, and the marks so far."""

    policy: str
    policy_version: str
    attributes: dict[str, str]
    marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, event: Received) -> Story:
        attributes = {
            **event.attributes,
            "channel": event.channel, "severity": event.severity, "tier": event.tier,
            "category": event.category, "product": event.product, "language": event.language,
        }  # fmt: skip
        return cls(event.policy, event.policy_version, attributes).after(event)

    def after(self, event: Event) -> Story:
        """The story with one more event; itself when the event means nothing to a clock."""
        if isinstance(event, Classified):
            changed = {
                name: value
                for name in ("category", "product", "severity")
                if (value := getattr(event, name)) is not None
            }
            return replace(self, attributes={**self.attributes, **event.attributes, **changed})
        mark = mark_of(event)
        return replace(self, marks=(*self.marks, mark)) if mark else self


def clocks_of(story: Story, given: Given) -> tuple[Clock, ...]:
    """The clocks as the story leaves them."""
    version = given.policies.version(story.policy, story.policy_version)
    return _run(version, story.marks, _Attributes(story.attributes))


class _Attributes(dict[str, str]):
    """Attributes as part of a cache's key."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


@lru_cache(maxsize=8192)
def _run(
    version: InForce, marks: tuple[Mark, ...], attributes: Mapping[str, str]
) -> tuple[Clock, ...]:
    """Two projections ask for the same clocks, one after the other."""
    return run(version, marks, attributes)
