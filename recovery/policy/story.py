"""What must be remembered of a complaint for its clocks?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from recovery.events import Event, Received
from recovery.policy.clocks import Clock, run
from recovery.policy.compiled import InForce
from recovery.policy.marks import TIMED, Mark, mark_of
from recovery.policy.settled import Settled, merged, settled_by

TELLING = TIMED
"""The events that a story takes note of."""


class Story(msgspec.Struct, frozen=True, omit_defaults=True):
    """The policy version that rules, what is known of the complaint, and the marks so far.

    `attributes` and `facts` are those of the receipt; what changed later is in the marks.
    """

    policy: str
    policy_version: str
    attributes: dict[str, str]
    marks: tuple[Mark, ...] = ()
    facts: dict[str, str] = {}
    recorded_at: datetime | None = None
    """When the receipt was entered: after it happened, for a letter that arrived yesterday."""
    settled: tuple[Settled, ...] = ()
    """What earlier versions of the policy decided."""
    reapplied_at: datetime | None = None
    """Since when the version rules, where it is not the one of the receipt."""

    @classmethod
    def of(cls, event: Received, recorded_at: datetime | None = None) -> Story:
        attributes = {
            **event.attributes,
            "channel": event.channel, "severity": event.severity, "tier": event.tier,
            "category": event.category, "product": event.product, "language": event.language,
        }  # fmt: skip
        story = cls(event.policy, event.policy_version, attributes, recorded_at=recorded_at)
        return story.after(event)

    def after(self, event: Event) -> Story:
        """The story with one more event; itself when the event means nothing to a clock."""
        mark = mark_of(event)
        return self if mark is None else self.with_mark(mark)

    def with_mark(self, mark: Mark) -> Story:
        return replace(self, marks=(*self.marks, mark))

    @property
    def received_at(self) -> datetime | None:
        return next((mark.at for mark in self.marks if mark.kind == "received"), None)

    def told(self) -> dict[str, str]:
        """What was known at receipt: facts take the place of attributes of their name."""
        return {**self.attributes, **self.facts}

    def told_first(self) -> dict[str, str]:
        """The first that was told of each name: what chooses the version does not change later."""
        told = {name: value for name, value in self.told().items() if value}
        for mark in self.marks:
            told = {**dict(mark.changes), **told}
        return told

    def told_by_now(self) -> dict[str, str]:
        """What is known after the last mark; later facts replace earlier ones."""
        told = self.told()
        for mark in self.marks:
            if mark.changes:
                told.update(mark.changes)
        return told

    def as_under(self, version: str) -> Story:
        """The story as though this version had always ruled."""
        return replace(self, policy_version=version, settled=(), reapplied_at=None)

    def settle(self, clocks: Iterable[Clock]) -> tuple[Clock, ...]:
        """The clocks, with what earlier versions had decided in place of its like."""
        return merged(self, clocks)

    def settled_clock(self, name: str, cycle: int) -> Settled | None:
        """What an earlier version left of a clock, if it ran then."""
        return next((s for s in self.settled if (s.name, s.cycle) == (name, cycle)), None)

    def rebound(
        self, version: InForce, to: str, at: datetime, clocks: Iterable[Clock] | None = None
    ) -> Story:
        """The story under another version of its policy from `at` on.

        `version` is the one that ruled so far. What it had finished or found breached by then is
        kept as it is; the other clocks run under the new version as though it had always ruled,
        except that nothing can be late before `at`. `clocks` are those that the story leaves,
        where they are known already.
        """
        ran = run(version, self) if clocks is None else clocks
        return replace(
            self, policy_version=to, reapplied_at=at, settled=settled_by(version, self, ran, at)
        )
