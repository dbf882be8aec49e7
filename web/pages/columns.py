"""Which columns can the queue have, and which does somebody who never chose see?"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from web.i18n import mark


class Column(msgspec.Struct, frozen=True):
    """One column of the queue, besides what the complaint is about."""

    name: str
    words: str
    look: str
    """The class of its cells and heading."""
    sort: tuple[str, ...] = ()
    """How the queue can be sorted by it; the first is chosen first."""
    besides: str = ""
    """Further classes of its cells."""

    @property
    def cell(self) -> str:
        return f"cell-{self.look} {self.besides}".rstrip()


COLUMNS: tuple[Column, ...] = (
    Column("who", mark("Complainant"), "who", besides="cut"),
    Column("due", mark("Next due"), "due", ("due",)),
    Column("steps", mark("Stage"), "steps"),
    Column("wants", mark("Wants"), "wants"),
    Column("category", mark("Category"), "category", besides="cut"),
    Column("tier", mark("Tier"), "tier"),
    Column("channel", mark("Channel"), "channel"),
    Column("agent", mark("Agent"), "agent"),
    Column("at", mark("Received"), "at", ("newest", "oldest"), "at nowrap soft"),
    Column("ref", mark("Reference"), "ref", besides="ref mono"),
)
USUAL = ("who", "due", "steps", "wants", "agent", "at", "ref")


def chosen(names: Iterable[str] | None) -> tuple[Column, ...]:
    """The columns with these names, in our order; the usual ones where nothing was chosen."""
    wanted = set(USUAL if names is None else names)
    return tuple(column for column in COLUMNS if column.name in wanted)
