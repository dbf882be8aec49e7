"""What happens between two complaints? Each event stands in the streams of both, from its side."""

from __future__ import annotations

from typing import Literal

from recovery.events.base import Event

LinkKind = Literal["related", "repeat", "split"]


class Merged(Event, frozen=True, kw_only=True):
    """From now on the complaint is answered under another one."""

    topic = "complaint.merged"
    complaint: str


class Unmerged(Event, frozen=True, kw_only=True):
    """The complaint stands on its own again, as though it had never been merged."""

    topic = "complaint.unmerged"
    complaint: str


class TookIn(Event, frozen=True, kw_only=True):
    """From now on another complaint is answered under this one."""

    topic = "complaint.took_in"
    complaint: str


class GaveBack(Event, frozen=True, kw_only=True):
    """A complaint that was answered under this one stands on its own again."""

    topic = "complaint.gave_back"
    complaint: str


class Linked(Event, frozen=True, kw_only=True):
    """Somebody found that another complaint belongs to this one."""

    topic = "complaint.linked"
    complaint: str
    kind: LinkKind = "related"


class Unlinked(Event, frozen=True, kw_only=True):
    """The other complaint does not belong to this one after all."""

    topic = "complaint.unlinked"
    complaint: str
