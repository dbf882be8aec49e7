"""How is one message taken from a pipe, and what became of it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from recovery.mailbox import Brought
from web.mail.intake import Intake

if TYPE_CHECKING:
    from web.runtime import Runtime


class Answer(msgspec.Struct, frozen=True):
    """What the command prints."""

    outcome: str
    reference: str = ""
    reason: str = ""


NOT_YET = Answer("held", reason="not_settled_yet")
"""It is stored, and a worker will settle it."""


def store(runtime: Runtime, raw: bytes, *, brought: Brought, at: datetime) -> tuple[str, bool]:
    """The message's id, and whether it is new; it is safe from here on."""
    return runtime.mailbox.store(raw, brought=brought, channel="pipe", at=at)


def settle(runtime: Runtime, mail: str, *, clock: Callable[[], datetime]) -> Answer:
    """What became of a message that was stored just now, or before."""
    taken = runtime.mailbox.take_up(mail, now=clock())
    if taken:
        Intake.of(runtime, clock=clock).settle(taken)
    found = runtime.mailbox.find(mail)
    if not taken:
        return Answer("duplicate", found.reference)
    return Answer(found.outcome, found.reference, found.reason) if found.outcome else NOT_YET
