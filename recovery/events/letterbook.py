"""What happens to the organisation's own letters? Supervisors act."""

from __future__ import annotations

from typing import Literal

from recovery.events.base import Event, LetterKind


class TemplateWritten(Event, frozen=True, kw_only=True):
    """From here on letters of this kind and language are written from this text."""

    topic = "letterbook.template_written"
    kind: LetterKind
    language: Literal["en", "zh"]
    subject: str
    text: str


class TemplateReverted(Event, frozen=True, kw_only=True):
    """From here on letters of this kind and language are written from an earlier text again."""

    topic = "letterbook.template_reverted"
    kind: LetterKind
    language: Literal["en", "zh"]
    version: int
    """0: the one we ship."""


class ModuleWritten(Event, frozen=True, kw_only=True):
    """A piece of text that agents put into letters by its name was written or changed."""

    topic = "letterbook.module_written"
    name: str
    english: str = ""
    chinese: str = ""


class ModuleDropped(Event, frozen=True, kw_only=True):
    """A piece of text is no longer offered."""

    topic = "letterbook.module_dropped"
    name: str
