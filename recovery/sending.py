"""How is the letter of an act to leave, and was anything said against its words?"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from recovery import text as texts
from recovery.errors import Invalid
from recovery.events import Event, Letter
from recovery.files import NewFile

LONGEST = timedelta(days=90)
"""How far ahead a letter can be planned."""


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever acts says about the letter."""

    leaves_at: datetime | None = None
    """Not before; None: at once."""
    warned: tuple[str, ...] = ()
    """Codes of what the check found in the words."""
    overruled: str = ""
    """Why they are sent anyway."""
    files: tuple[NewFile, ...] = ()
    """What goes along."""


AT_ONCE = Sending()


def is_held(event: Event) -> bool:
    """Whether the act counts only when its letter has left."""
    letter: Letter | None = getattr(event, "letter", None)
    return letter is not None and letter.leaves_at is not None


def planned(leaves_at: datetime, *, now: datetime) -> datetime:
    """The instant, if a letter can be planned for it; raises Invalid."""
    found = texts.instant(leaves_at, field="leaves_at")
    if found <= now:
        raise Invalid("The time to send it must lie ahead.", field="leaves_at")
    if found - now > LONGEST:
        raise Invalid("A letter can be planned at most 90 days ahead.", field="leaves_at")
    return found
