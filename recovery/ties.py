"""Which other complaints does a complaint belong to, and how?"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from recovery.events import Event, GaveBack, Linked, LinkKind, Merged, TookIn, Unlinked, Unmerged


class Link(msgspec.Struct, frozen=True):
    """Another complaint that has to do with this one."""

    complaint: str
    kind: LinkKind = "related"


class Ties(msgspec.Struct, frozen=True, omit_defaults=True):
    """What ties a complaint to others."""

    into: str = ""
    """The complaint that this one is answered under."""
    since: datetime | None = None
    """When it was merged."""
    holds: tuple[str, ...] = ()
    """Complaints that are answered under this one."""
    links: tuple[Link, ...] = ()

    @property
    def merged(self) -> bool:
        return bool(self.into)

    def linked(self, other: str) -> bool:
        return any(link.complaint == other for link in self.links)

    def without(self, others: frozenset[str]) -> Ties:
        """Without the ties to others that somebody must not see."""
        if not others:
            return self
        return replace(
            self, into="" if self.into in others else self.into,
            holds=tuple(each for each in self.holds if each not in others),
            links=tuple(link for link in self.links if link.complaint not in others),
        )  # fmt: skip

    def after(self, event: Event) -> Ties:
        """The ties after the event; themselves when it ties nothing."""
        match event:
            case Merged():
                return replace(self, into=event.complaint, since=event.at)
            case Unmerged():
                return replace(self, into="", since=None)
            case TookIn():
                return replace(self, holds=(*self.holds, event.complaint))
            case GaveBack():
                return replace(self, holds=_without(self.holds, event.complaint))
            case Linked():
                return replace(self, links=(*self.links, Link(event.complaint, event.kind)))
            case Unlinked():
                others = tuple(k for k in self.links if k.complaint != event.complaint)
                return replace(self, links=others)
            case _:
                return self


FREE = Ties()


def _without(found: tuple[str, ...], other: str) -> tuple[str, ...]:
    return tuple(each for each in found if each != other)
