"""How does a letter leave that a program writes, and how is it taken back?

At once, and what the check of the words finds is kept with the act and told with the answer. A
program that asks for care is treated like an agent: its letter waits for the usual pause, and what
is wrong for certain (a phrase, blame, a gap, somebody else's name) is refused until it says why it
stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response

from recovery import reference as references
from recovery import text as texts
from recovery.complaint_state import State
from recovery.events import CompensationProposed, Letter, LetterKind
from recovery.files import sendable
from recovery.recalling import Recall
from recovery.sending import Sending, planned
from recovery.store import Done
from recovery.vault import Contact, read
from recovery.words import Finding, Given, check
from web.api import bodies
from web.api.calls import Call, Calling, Reference, changed
from web.errors import BadBody, FieldError
from web.mail.files import new_file

router = APIRouter(prefix="/complaints/{reference}", tags=["acts"])
TOLD = frozenset({"no_cause", "no_consequence", "promise_without_date", "other_language"})
"""What the answer mentions and nothing waits for: it is a guess from what is not there."""


@router.delete("/letters/{act}")
def cancel(call: Calling, reference: Reference, act: int) -> Response:
    """Take back the letter of the act with this version, before it leaves."""
    desk = call.runtime
    done = Recall(desk.store, desk.vault).cancel(reference, act, by=call.by, at=call.now)
    return changed(done)


def sending(
    call: Call, reference: str, body: bodies.Writing, kind: LetterKind, *, cause: str = ""
) -> Sending:
    """How the letter of an act leaves; raises BadBody where its words are to be looked at again."""
    text, field = (body.text, "text") if isinstance(body, bodies.Message) else _message(body)
    files = sendable([new_file(file.name, file.content, declared=file.type) for file in body.files])
    leaves_at = _leaves_at(call, body, text)
    if not text.strip():
        return Sending(leaves_at=leaves_at, files=files)
    state, _ = call.runtime.desk.state(reference)
    found = check(text, _given(call, reference, state, kind, cause))
    why = body.overruled.strip()
    if body.careful and not why:
        _require_none([each for each in found if each.code not in TOLD], text, field)
    codes = tuple(dict.fromkeys(each.code for each in found))
    return Sending(leaves_at=leaves_at, warned=codes, overruled=why if codes else "", files=files)


def told(call: Call, done: Done) -> dict[str, Any] | None:
    """What the answer says of the act's letter; it follows from the stream."""
    records = call.runtime.store.records(done.stream)
    event = next(record.event for record in records if record.version == done.version)
    letter: Letter | None = getattr(event, "letter", None)
    if letter is None or isinstance(event, CompensationProposed):
        return None
    said: dict[str, Any] = {"act": done.version, "warned": letter.warned}
    return {**said, "leaves_at": letter.leaves_at} if letter.leaves_at else said


def _message(body: bodies.Writing) -> tuple[str, str]:
    found: str = getattr(body, "message", "")
    return found, "message"


def _leaves_at(call: Call, body: bodies.Writing, text: str) -> datetime | None:
    """When it was planned for, or after the pause where the program asked for care; else at once.

    So does what has no words, and where `at` tells of something that was done before.
    """
    if body.leaves_at:
        due = texts.instant(body.leaves_at, field="leaves_at")
        return planned(due, now=call.now) if due > call.now else None
    pause = call.runtime.settings.mail_pause
    waits = body.careful and pause and text.strip() and body.at is None
    return call.now + timedelta(seconds=pause) if waits else None


def _given(call: Call, reference: str, state: State, kind: LetterKind, cause: str) -> Given:
    desk, received = call.runtime, state.received
    with desk.database.connection() as conn:
        ref = received.contact
        papers = desk.vault.open_readable(conn, [ref.paper] if ref else [])[0]
    contact = read(papers, ref, Contact)
    return Given(
        kind=kind, language=received.language, reference=references.parse(reference),
        name=contact.name if contact else "", cause=cause,
        colleagues=tuple(desk.accounts.names().values()),
    )  # fmt: skip


def _require_none(found: list[Finding], text: str, field: str) -> None:
    if found:
        raise BadBody(tuple(
            FieldError(field, f"“{text[each.start : each.end]}” ({each.code}): {each.why} "
                       f"{each.instead} Or give the reason why it stays in `overruled`.")
            for each in found
        ))  # fmt: skip
