"""What is there between a letter that is owed and a message that can be sent?"""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

import msgspec

from recovery.events import DeliveryKind, Queued, Recorded
from recovery.vault import SealedKey, SealedPaper, WrittenLetter
from web.mail.parcel import Parcel


class Ready(msgspec.Struct, frozen=True):
    """A message to send; one that is new has to be recorded first, with its paper."""

    message: Parcel
    queued: Queued
    paper: SealedPaper | None = None
    keys: Sequence[SealedKey] = ()
    """That of a colleague who is written to for the first time."""
    held: Recorded | None = None
    """The act, where it counts only when this has left."""


class Composed(msgspec.Struct, frozen=True):
    """The same, before it is packed."""

    message: EmailMessage
    queued: Queued
    paper: SealedPaper | None
    keys: Sequence[SealedKey]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What was written just now, and whose key is to keep it."""

    letter: WrittenLetter
    kind: DeliveryKind
    language: str
    owner: str
    key: bytes
    keys: Sequence[SealedKey] = ()
    template: int = 0
    """Version of the organisation's own words; 0: those we ship."""
