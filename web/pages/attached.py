"""Which files came with an entry of the timeline, and where are they to be had?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from projections.case import Entry
from recovery import reference as references
from recovery.events import Event, FilesAdded, Letter, PaperRef, subject
from recovery.vault import Files, KeptFile, read
from web.mail.pictures import TYPES
from web.pages.viewer import Viewer
from web.pages.words import labeller


class File(msgspec.Struct, frozen=True):
    """A file as the page offers it."""

    name: str
    about: str
    """Its kind and size."""
    risks: list[str]
    address: str
    picture: str
    """Where a small picture of it is; empty where there is none."""


def attached(
    entries: Sequence[Entry], papers: Mapping[str, bytes], viewer: Viewer, *, under: str = ""
) -> dict[int, list[File]]:
    """By the position of the entry they came with; else of the one that says they came.

    They are had under the complaint's own address, or under another one, without pictures.
    """
    said: dict[str, int] = {}
    found: dict[int, list[File]] = {}
    for entry in entries:
        event = entry.event
        if not isinstance(event, FilesAdded) and event.cause:
            said.setdefault(event.cause, entry.position)
        listing = read(papers, listing_of(event), Files)
        if listing and listing.files:
            came = isinstance(event, FilesAdded)
            place = said.get(event.cause, entry.position) if came else entry.position
            found.setdefault(place, []).extend(
                _file(file, n, entry, viewer, under)
                for n, file in enumerate(listing.files, start=1)
            )
    return found


def listing_of(event: Event) -> PaperRef | None:
    """The paper that lists the files that came, or went along with a letter."""
    if isinstance(event, FilesAdded):
        return event.listing
    letter = letter_of(event)
    return letter.files if letter else None


def letter_of(event: Event) -> Letter | None:
    """The letter that an act owes, or that waits until somebody approves it."""
    for name in _letter_fields(type(event)):
        letter = getattr(event, name)
        if isinstance(letter, Letter):
            return letter
    return None


@cache
def _letter_fields(event: type[Event]) -> tuple[str, ...]:
    """Where events of a type hold a letter."""
    return tuple(name for name in ("letter", "draft") if name in event.__struct_fields__)


def is_told_elsewhere(entry: Entry, found: Mapping[int, list[File]]) -> bool:
    """Whether its files stand with the words they came with."""
    return isinstance(entry.event, FilesAdded) and entry.position not in found


def size(count: int, viewer: Viewer) -> str:
    """Bytes as people say them."""
    for limit, unit in ((1_000, "B"), (1_000_000, "kB"), (1_000_000_000, "MB")):
        if count < limit:
            return f"{viewer.number(-(-count * 1_000 // limit))} {unit}"
    return f"{viewer.number(count // 1_000_000_000)} GB"


def _file(file: KeptFile, number: int, entry: Entry, viewer: Viewer, under: str) -> File:
    where = under or f"/complaints/{references.show(subject(entry.stream))}"
    return file_at(f"{where}/files/{entry.version}/{number}", file, viewer, pictures=not under)


def file_at(address: str, file: KeptFile, viewer: Viewer, *, pictures: bool = True) -> File:
    """The file as it is offered under an address."""
    label = labeller(viewer.language)
    return File(
        name=file.name or file.type, about=f"{file.type} · {size(file.size, viewer)}",
        risks=[label("risk", risk) for risk in file.risks], address=address,
        picture=f"{address}/picture" if pictures and file.type in TYPES else "",
    )  # fmt: skip
