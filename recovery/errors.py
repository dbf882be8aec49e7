"""What can go wrong that a person can do something about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recovery.events import Recorded


class RecoveryError(Exception):
    """Base of each error whose text is one sentence for the person who caused it."""


class Refused(RecoveryError):
    """The domain declines a command; the text says why, in a sentence an agent can read."""


class Invalid(RecoveryError):
    """A value cannot be used; `field` names the input, so the text can stand beside it."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotFound(RecoveryError):
    """Nothing is stored under this reference."""


class Forbidden(RecoveryError):
    """The person may not do this."""


@dataclass
class Stale(RecoveryError):
    """Somebody was quicker: the stream has moved on since the version the caller saw.

    `since` holds the records the caller has not seen, oldest first.
    """

    seen: int
    current: int
    since: tuple[Recorded, ...] = ()

    def __str__(self) -> str:
        return "Somebody changed this complaint while you were working on it."


class CommandReused(RecoveryError):
    """The same command id came with different content."""


class StoreUnavailable(RecoveryError):
    """The database cannot be reached or cannot write.

    Unless the text says that nothing was recorded, it may have been: sent again under the same
    command id, it is done once.
    """


class Unsure(StoreUnavailable):
    """The connection broke before the database said whether it had recorded what was asked."""
