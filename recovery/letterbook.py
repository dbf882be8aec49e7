"""Which words has the organisation written for its letters, and who changed them when?

One small stream for each kind and language, and one for the pieces of text; each is read whole.
Version 0 is what we ship; the others are the places of their events.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

import msgspec

from recovery import text as texts
from recovery.errors import Invalid, Refused
from recovery.events import (
    Event,
    LetterKind,
    ModuleDropped,
    ModuleWritten,
    Recorded,
    TemplateReverted,
    TemplateWritten,
    letterbook_stream,
)  # fmt: skip
from recovery.store import Conflict, Store

Tongue = Literal["en", "zh"]
MODULES = letterbook_stream("modules")
LONGEST = 20_000
"""Characters of a text."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a letter's words."""

    version: int
    subject: str
    text: str
    by: str
    at: datetime | None


class Book(msgspec.Struct, frozen=True):
    """Every version of one letter, oldest first, and which one is used."""

    versions: tuple[Template, ...] = ()
    current: int = 0
    seen: int = 0
    """How many events the stream has: what a change must have seen."""

    @property
    def template(self) -> Template | None:
        """The one in use; None: the one we ship."""
        return next((each for each in self.versions if each.version == self.current), None)


class Module(msgspec.Struct, frozen=True):
    """A piece of text, offered by its name."""

    name: str
    english: str
    chinese: str


def book(store: Store, kind: LetterKind, tongue: Tongue) -> Book:
    """What was written for letters of this kind and language."""
    versions: list[Template] = []
    current = seen = 0
    for record in store.records(_stream(kind, tongue)):
        event, seen = record.event, record.version
        if isinstance(event, TemplateWritten):
            current = record.version
            versions.append(
                Template(
                    version=current, subject=event.subject, text=event.text, by=event.by,
                    at=event.at,
                )
            )  # fmt: skip
        elif isinstance(event, TemplateReverted):
            current = event.version
    return Book(tuple(versions), current, seen)


def write(
    store: Store, kind: LetterKind, tongue: Tongue, *, subject: str, text: str, by: str,
    at: datetime, seen: int,
) -> int:  # fmt: skip
    """Use these words from here on; returns the version. Whoever calls has checked them."""
    subject = texts.line(subject, field="subject")
    if not subject:
        raise Invalid("Write a subject.", field="subject")
    if not text.strip() or len(text) > LONGEST:
        raise Invalid("Write between 1 and 20,000 characters.", field="text")
    known = book(store, kind, tongue).template
    if known and (known.subject, known.text) == (subject, text):
        raise Refused("Nothing was changed.")
    event = TemplateWritten(at=at, by=by, kind=kind, language=tongue, subject=subject, text=text)
    return _append(store, _stream(kind, tongue), event, seen)


def revert(
    store: Store, kind: LetterKind, tongue: Tongue, *, version: int, by: str, at: datetime,
    seen: int,
) -> int:  # fmt: skip
    """Use an earlier version again; 0 is the one we ship."""
    known = book(store, kind, tongue)
    if version == known.current:
        raise Refused("This version is in use already.")
    if version and all(each.version != version for each in known.versions):
        raise Refused("There is no such version.")
    event = TemplateReverted(at=at, by=by, kind=kind, language=tongue, version=version)
    return _append(store, _stream(kind, tongue), event, seen)


def modules(store: Store) -> list[Module]:
    """The pieces of text, by name."""
    found: dict[str, Module] = {}
    for record in store.records(MODULES):
        event = record.event
        if isinstance(event, ModuleWritten):
            found[event.name] = Module(event.name, event.english, event.chinese)
        elif isinstance(event, ModuleDropped):
            found.pop(event.name, None)
    return sorted(found.values(), key=lambda each: each.name)


def write_module(
    store: Store, *, name: str, english: str, chinese: str, by: str, at: datetime
) -> None:
    """Offer a piece of text, or change it."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            "A name is lower-case letters, digits and _, beginning with a letter.", field="name"
        )
    said = english.strip(), chinese.strip()
    if not any(said) or max(map(len, said)) > LONGEST:
        raise Invalid("Write the text in at least one language.", field="english")
    _append(
        store,
        MODULES,
        ModuleWritten(at=at, by=by, name=name, english=said[0], chinese=said[1]),
        None,
    )


def drop_module(store: Store, *, name: str, by: str, at: datetime) -> None:
    """Offer it no longer."""
    if all(each.name != name for each in modules(store)):
        raise Refused("There is no such piece of text.")
    _append(store, MODULES, ModuleDropped(at=at, by=by, name=name), None)


def _append(store: Store, stream: str, event: Event, seen: int | None) -> int:
    version = len(store.records(stream))
    try:
        if seen not in (None, version):
            raise Conflict("seen")
        return store.append([Recorded(stream, version + 1, event)]).version
    except Conflict:
        raise Refused(
            "Somebody else changed this meanwhile. Look at what is there now first."
        ) from None


def _stream(kind: LetterKind, tongue: Tongue) -> str:
    return letterbook_stream(f"{kind}-{tongue}")
