"""Which case might this message belong to, and what speaks for it?

Only the log is asked, never a read model, so that an answer that is quicker than the projections
finds its letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal
from uuid import UUID

import msgspec

from recovery import envelope
from recovery import reference as references
from recovery.complainant import Recognised, recognise_all
from recovery.errors import Invalid
from recovery.events import Queued, Received, complaint_stream, delivery_stream
from recovery.parties import NOBODY, Parties
from recovery.store import Store
from recovery.vault import Vault, WrittenLetter, read
from web.mail import replytokens
from web.mail.reading import Understood

_Shown = Literal["token", "colleague", "letter"]
LOOKED_AT = 20
"""References to earlier messages, newest first."""
_NUMBER = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}[-\s]?[0-9A-HJKMNP-TV-Z]{5}\b", re.IGNORECASE)
_FIRST_WORDS = 2_000
"""Characters of the sender's own words in which a reference is looked for."""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """The case a message speaks of, and how; empty when it speaks of none."""

    by: Literal["token", "colleague", "letter", "number", ""] = ""
    complaint: str = ""
    delivery: str = ""
    letter: Queued | None = None
    """The letter of ours that is answered or reported on."""
    is_notice: bool = False
    """Whether that went to a colleague."""
    is_complainants: bool = False
    """Whether the sender's address is the complainant's."""
    is_party: bool = False
    """Whether an agent let them speak in this complaint."""


class Matcher:
    """Looks for the case of a message."""

    def __init__(self, store: Store, vault: Vault, *, salt: bytes, token_key: bytes) -> None:
        self._store = store
        self._vault = vault
        self._salt = salt
        self._token_key = token_key

    def recognise(self, addresses: Iterable[str]) -> dict[str, Recognised]:
        """Who each address would be among the complainants."""
        wanted = {address for address in addresses if address}
        return recognise_all(self._store, wanted, salt=self._salt)

    def match(self, message: Understood, *, sender: str) -> Match:
        """A signed token first, then a letter of ours it refers to, then a reference in words."""
        for by, delivery in self._letters(message):
            if found := self._of_letter(by, delivery, sender):
                return found
        for number in _numbers(message):
            owner, parties = self._people(number)
            if owner:
                return Match(
                    by="number", complaint=number, is_complainants=owner == sender,
                    is_party=sender in parties.admitted,
                )  # fmt: skip
        return Match()

    def went_to(self, letter: Queued) -> str:
        """The address that a letter was sent to, lower case; empty where it was forgotten."""
        with self._store.database.connection() as conn:
            papers = self._vault.open_many(conn, [letter.letter.paper])
        written = read(papers, letter.letter, WrittenLetter)
        return written.to.casefold() if written else ""

    def _letters(self, message: Understood) -> Iterator[tuple[_Shown, str]]:
        who, report = message.identity, message.report
        addressed = (*who.delivered_to, *(party.address for party in (*who.to, *who.cc)))
        if token := replytokens.among(addressed, key=self._token_key):
            yield "token", token
        if notice := replytokens.among(addressed, key=self._token_key, purpose="colleague"):
            yield "colleague", notice
        if report and (lost := envelope.among(addressed, key=self._token_key, purpose="bounce")):
            yield "letter", lost
        about = (report.original_id,) if report else ()
        for each in (*about, *who.references)[:LOOKED_AT]:
            if delivery := _ours(each):
                yield "letter", delivery

    def _of_letter(self, by: _Shown, delivery: str, sender: str) -> Match | None:
        records = self._store.records(delivery_stream(delivery))
        queued = next((r.event for r in records if isinstance(r.event, Queued)), None)
        if queued is None:
            return None
        owner, parties = self._people(queued.complaint)
        return Match(
            by=by, complaint=queued.complaint, delivery=delivery, letter=queued,
            is_notice=queued.kind in ("notice", "audit", "daily"),
            is_complainants=bool(sender) and owner == sender,
            is_party=bool(sender) and sender in parties.admitted,
        )  # fmt: skip

    def _people(self, complaint: str) -> tuple[str, Parties]:
        """The complainant, empty where there is no such complaint, and who else may speak."""
        records = self._store.records(complaint_stream(complaint))
        received = records[0].event if records else None
        parties = NOBODY
        for record in records:
            parties = parties.after(record.event)
        return received.complainant if isinstance(received, Received) else "", parties


def author(message: Understood) -> str:
    """The address that a message comes from, or asks to be answered at where it names none."""
    who = message.identity
    named = (who.sender.address, *(party.address for party in who.reply_to))
    return next((address for address in named if address), "")


def _ours(message_id: str) -> str:
    """The letter that a Message-ID of ours names."""
    try:
        return str(UUID(message_id.partition("@")[0]))
    except ValueError:
        return ""


def _numbers(message: Understood) -> Iterator[str]:
    said = f"{message.identity.subject}\n{message.words.reply[:_FIRST_WORDS]}"
    for found in dict.fromkeys(_NUMBER.findall(said)):
        try:
            yield references.parse(found)
        except Invalid:
            continue
