"""May what a colleague wrote from their own mail program leave as the desk's letter?

A notice names an address for answers that nobody but its recipient knows. What they write there
goes to the complainant, unless anything stands against it: then it is kept as their draft on the
complaint, and a notice tells them why. Never does it leave with the notice that it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from recovery import text as texts
from recovery.carrier import Carrier
from recovery.complaint_state import State
from recovery.correspondence import Correspondence, Draft
from recovery.errors import Invalid, Refused
from recovery.events import Queued
from recovery.files import NewFile, sendable
from recovery.sending import Sending
from recovery.store import Store
from recovery.vault import Contact, Vault, WrittenLetter, read
from recovery.words import Given, check
from web.accounts import Accounts
from web.mail.intake import contents
from web.mail.intake.looking import Found
from web.mail.reading import Understood
from web.workbench import drafts

if TYPE_CHECKING:
    from web.runtime import Runtime

ACT = "letters"
"""The form on the complaint's page in which the draft stands."""
GARBLED = frozenset({"text_cut", "bad_charset", "bad_encoding", "misread", "too_many_parts"})
"""Troubles after which the words may be others than were written."""
SAME = 20
"""Letters from which on a line that the notice has too is one of the notice."""
_SIGNS = re.compile(r"[\W_]+")


class Replies:
    """Sends on what colleagues answer to notices."""

    def __init__(
        self, store: Store, vault: Vault, accounts: Accounts, correspondence: Correspondence, *,
        pause: timedelta,
    ) -> None:  # fmt: skip
        self._store = store
        self._vault = vault
        self._carrier = Carrier(store, vault)
        self._accounts = accounts
        self._correspondence = correspondence
        self._pause = pause

    @classmethod
    def of(cls, runtime: Runtime) -> Replies:
        return cls(
            runtime.store, runtime.vault, runtime.accounts, runtime.correspondence,
            pause=timedelta(seconds=runtime.settings.mail_pause),
        )  # fmt: skip

    def draft(self, found: Found, *, now: datetime) -> Draft:
        """The letter, or what is kept of it. Raises Invalid, NotFound and Refused."""
        words = texts.clean(found.message.words.reply, field="text")
        reference, state = self._case(found.match.complaint)
        if found.sender.colleague in state.staff:
            raise Refused("The complaint is about this person.")
        files = own_files(found.message)
        if why := tuple(dict.fromkeys(self._against(found, reference, state, words, files))):
            return self._kept(found, reference, state, words, files, why, now)
        leaves_at = now + self._pause if self._pause else None
        return self._correspondence.answer(
            found.letter, reference, words, by=found.sender.colleague,
            sending=Sending(leaves_at=leaves_at, files=files),
        )  # fmt: skip

    def _case(self, reference: str) -> tuple[str, State]:
        """The complaint, or the one that it is answered under."""
        complaint, _ = self._carrier.load(reference)
        if into := complaint.state.ties.into:
            complaint, _ = self._carrier.load(into)
        return complaint.reference, complaint.state

    def _against(
        self, found: Found, reference: str, state: State, words: str, files: Sequence[NewFile]
    ) -> Iterator[str]:
        """Codes of what stands against sending it."""
        contact = self._contact(state)
        if contact is None or not contact.email:
            yield "no_address"
        if not words:
            yield "no_words"
            return
        if GARBLED & {trouble.code for trouble in found.message.troubles}:
            yield "garbled"
        if quotes(words, self._notice(found.match.letter)):
            yield "quotes_notice"
        if not _can_be_sent(files):
            yield "files"
        given = Given(
            kind="message", language=state.received.language, reference=reference,
            name=contact.name if contact else "",
            colleagues=tuple(self._accounts.names().values()),
        )  # fmt: skip
        for finding in check(words, given):
            yield finding.code

    def _kept(
        self, found: Found, reference: str, state: State, words: str,
        files: tuple[NewFile, ...], why: Sequence[str], now: datetime,
    ) -> Draft:  # fmt: skip
        place: dict[str, Any] = {
            "complaint": reference, "complainant": state.received.complainant,
            "user": found.sender.colleague.removeprefix("user:"), "act": ACT, "at": now,
        }  # fmt: skip

        def keep(conn: psycopg.Connection[Any]) -> None:
            if words:
                drafts.add(conn, self._vault, text=words, **place)
            if files and "files" not in why and "no_address" not in why:
                drafts.enclose(conn, self._vault, stays=lambda _: True, new=files, **place)

        return self._correspondence.keep_reply(
            found.letter, reference, why, by=found.sender.colleague, also=keep
        )

    def _contact(self, state: State) -> Contact | None:
        ref = state.received.contact
        if ref is None:
            return None
        with self._store.database.connection() as conn:
            return read(self._vault.open_many(conn, [ref.paper]), ref, Contact)

    def _notice(self, letter: Queued | None) -> str:
        if letter is None:
            return ""
        with self._store.database.connection() as conn:
            papers = self._vault.open_many(conn, [letter.letter.paper])
        written = read(papers, letter.letter, WrittenLetter)
        return written.text if written else ""


def own_files(message: Understood) -> tuple[NewFile, ...]:
    """Without pictures within the text: those are signatures' logos, and stay in the original."""
    return tuple(
        file for file, given in zip(contents.files(message), message.attachments, strict=True)
        if not (given.inline and given.real.startswith("image/"))
    )  # fmt: skip


def quotes(words: str, notice: str) -> bool:
    """Whether a line of the notice stands in the words: it is for colleagues only."""
    said = _SIGNS.sub("", words).casefold()
    lines = [_SIGNS.sub("", line).casefold() for line in notice.split("\n") if line.strip()]
    return any(_weight(line) >= SAME and line in said for line in lines[:-1])  # but our name


def _weight(line: str) -> int:
    """Letters; one of Chinese says as much as two of others."""
    return sum(1 + (letter >= "\u2e80") for letter in line)


def _can_be_sent(files: Sequence[NewFile]) -> bool:
    try:
        sendable(files)
    except Invalid:
        return False
    return True
