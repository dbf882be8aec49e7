"""When does a letter leave that somebody writes on a complaint's page, and what of its words?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from projections.queue import Ticket
from projections.whole import whole
from recovery.errors import Invalid
from recovery.events import LetterKind
from recovery.files import NewFile
from recovery.sending import Sending, planned
from recovery.vault import Contact
from recovery.words import Finding, Given, check
from web.pages.form import Form
from web.pages.reading import names, opened, papers, reader
from web.pages.viewer import Viewer
from web.runtime import Runtime

LETTERS: dict[str, tuple[LetterKind, str]] = {
    "acknowledgement": ("acknowledged", "message"),
    "explanation": ("explained", "message"),
    "compensation": ("compensated", "message"),
    "closure": ("closed", "message"),
    "letters": ("message", "text"),
}
"""The acts whose form holds words for a letter: its kind, and the field they stand in."""
_OUR_FAULT = ("upheld", "partly_upheld")
_LONGEST_QUOTE = 60


class Remark(msgspec.Struct, frozen=True):
    """Findings of one kind in the viewer's words: why they matter is said once."""

    quotes: list[str]
    """The words they are about; none where something is missing."""
    why: str
    instead: str


def remarks(
    form: Form, ticket: Ticket, contact: Contact | None, people: Iterable[str], viewer: Viewer
) -> list[Remark]:
    """What to say beside the words that were typed; nothing of a form that writes no letter."""
    if form.name not in LETTERS:
        return []
    text = form.value(LETTERS[form.name][1])
    found = check(text, _given(form, ticket, contact, people))
    quotes: dict[str, dict[str, None]] = {}
    for each in found:
        quotes.setdefault(each.code, {})[_quote(text, each)] = None
    kinds = {each.code: each for each in found}
    return [
        Remark([quote for quote in quotes[code] if quote], viewer.say(kind.why),
               viewer.say(kind.instead))
        for code, kind in kinds.items()
    ]  # fmt: skip


def sending(
    desk: Runtime, reference: str, form: Form, viewer: Viewer, files: tuple[NewFile, ...] = ()
) -> Sending:
    """How the letter of this form leaves; raises Invalid where its words need a second look."""
    pause = timedelta(seconds=desk.settings.mail_pause)
    leaves_at = _planned(form, viewer) or (viewer.now + pause if pause else None)
    text, why = form.value(LETTERS[form.name][1]), form.value("overruled").strip()
    if not text.strip():
        return Sending(leaves_at=leaves_at, files=files)
    with reader(desk) as conn:
        found = whole(conn, reference)
        if found is None:
            return Sending(leaves_at=leaves_at, files=files)
        ticket = found.ticket
        contact = opened(papers(conn, desk, [ticket.contact], viewer), ticket.contact, Contact)
    against = check(text, _given(form, ticket, contact, names(desk).values()))
    codes = tuple(dict.fromkeys(finding.code for finding in against))
    if codes and not why:
        raise Invalid(
            "Nothing was sent yet. Change the words that are marked, or say why they stay.",
            field="overruled",
        )
    return Sending(leaves_at=leaves_at, warned=codes, overruled=why if codes else "", files=files)


def again(values: Mapping[str, str], kind: LetterKind, words: str) -> Form:
    """The form that a letter's words go back into; `values` are what else its act said.

    What was granted or closed stays so: its words become those of a message.
    """
    act = act_of(kind)
    return Form(act, {**(values if act != "letters" else {}), LETTERS[act][1]: words})


def act_of(kind: LetterKind) -> str:
    """The form in which a letter that was taken back can be written again."""
    for act, (known, _) in LETTERS.items():
        if known == kind and act not in ("compensation", "closure"):
            return act
    return "letters"


def _given(form: Form, ticket: Ticket, contact: Contact | None, people: Iterable[str]) -> Given:
    told = form.value("cause") if form.value("outcome") in _OUR_FAULT else ""
    return Given(
        kind=LETTERS[form.name][0], language=ticket.language, reference=ticket.reference,
        name=contact.name if contact else "", colleagues=tuple(people), cause=told,
    )  # fmt: skip


def _quote(text: str, finding: Finding) -> str:
    said = " ".join(text[finding.start : finding.end].split())
    return said if len(said) <= _LONGEST_QUOTE else said[: _LONGEST_QUOTE - 1] + "…"


def _planned(form: Form, viewer: Viewer) -> datetime | None:
    """The instant that was typed, in the viewer's zone; None: as soon as may be."""
    typed = form.value("leaves_at").strip()
    if not typed:
        return None
    try:
        there = datetime.fromisoformat(typed).replace(tzinfo=viewer.zone)
    except ValueError:
        raise Invalid(
            "This is not a time (write it like 2026-03-31 09:00).", field="leaves_at"
        ) from None
    at = there.astimezone(UTC)
    if at.astimezone(viewer.zone).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise Invalid(
            "The clocks go forward then, so this time does not exist. Choose another.",
            field="leaves_at",
        )
    return planned(at, now=viewer.now)
