"""What has every event in common?"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

import msgspec

Channel = Literal["email", "phone", "web", "counter", "letter", "social", "third_party", "api"]
Outcome = Literal["upheld", "partly_upheld", "not_upheld", "withdrawn", "out_of_scope", "not_known"]
Severity = Literal["low", "normal", "high", "critical"]
CompensationKind = Literal["goodwill", "redress", "in_kind"]
DesiredOutcome = Literal[
    "taken_seriously", "respect", "immediate_action", "compensation",
    "consequences", "not_again", "listened_to",
]  # fmt: skip
LetterKind = Literal["received", "acknowledged", "explained", "compensated", "closed", "message"]
DeliveryKind = Literal[LetterKind, "notice", "audit", "daily", "payout_approved", "payout_paid"]
"""A notice, an audit and the daily mail go to a colleague; the last two tell the complainant of
money."""


class PaperRef(msgspec.Struct, frozen=True):
    """Where personal words lie in the vault, and the SHA-256 of the paper as it is stored there.

    The digest is of the sealed bytes, so it proves the paper unaltered and says nothing about
    the words once the key is gone.
    """

    paper: str
    digest: str


class Letter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A letter that this act owes the complainant; the post worker writes and sends it."""

    kind: LetterKind
    language: str
    message: PaperRef | None = None
    """What the agent added in their own words."""
    leaves_at: datetime | None = None
    """Not before; until it has left it can be cancelled, and the act stops no clock. None: at once,
    and the act counts from when it was done."""
    warned: tuple[str, ...] = ()
    """Codes of what the check of the words found (`recovery.words`) and the agent sent anyway."""
    overruled: PaperRef | None = None
    """Why they did."""
    files: PaperRef | None = None
    """The files that go along, as a list (`recovery.vault.Files`)."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened.

    `at` is when it happened in the world (UTC); None where the source does not say, never a guess.
    `precision` is "day" where the source gives only a date: then `at` is that day's first instant
    in the source's zone. `by` is who did it: "user:…", "complainant", "system:…". `cause` is the
    command or event that led to it.
    """

    topic: ClassVar[str] = ""
    schema: ClassVar[int] = 1

    at: datetime | None
    by: str
    cause: str = ""
    precision: Literal["instant", "day"] = "instant"


class Recorded(msgspec.Struct, frozen=True):
    """An event and the place the store gave it."""

    stream: str
    version: int
    event: Event
    position: int = 0
    """In the log of all streams; 0 before it is stored."""
    recorded_at: datetime | None = None
    """By the database's clock, UTC."""

    @property
    def originator_id(self) -> str:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version
