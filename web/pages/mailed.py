"""Which message is behind an entry of the timeline, and has anybody to decide on it?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from projections.case import Entry
from recovery import reference as references
from recovery.events import subject
from recovery.parties import NOBODY, Parties


class Mailed(msgspec.Struct, frozen=True):
    """A message on a complaint."""

    address: str
    """Of the message; what can be done with it lies below."""
    awaits: bool
    """Whether somebody has to decide if its writer may speak in the complaint."""


def mailed(entries: Sequence[Entry]) -> dict[int, Mailed]:
    """By the position of the entry."""
    parties: dict[str, Parties] = {}
    for entry in entries:
        parties[entry.stream] = parties.get(entry.stream, NOBODY).after(entry.event)
    return {
        entry.position: Mailed(
            f"/complaints/{references.show(subject(entry.stream))}/mail/{mail}",
            parties[entry.stream].stranger(entry.event.cause) is not None,
        )
        for entry in entries
        if (mail := entry.event.cause.partition("mail:")[2])
        and entry.stream.startswith("complaint-")
    }
