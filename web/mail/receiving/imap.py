"""How is mail fetched from a mailbox on another server?

Messages are read without marking them, stored, and only then marked as read or moved. How far the
mailbox was read is kept; where the server numbers its messages anew, all are fetched again, and
those that are here are known by their bytes.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from recovery.mailbox import Brought, Mailbox

if TYPE_CHECKING:
    from web.runtime import Runtime

POLL = 20.0
"""Seconds between two looks into the mailbox."""
TIMEOUT = 60.0
"""Seconds that the server has to answer."""
FAILURES = (OSError, imaplib.IMAP4.error, ssl.SSLError)
_NUMBERED = re.compile(rb'INTERNALDATE "([^"]+)"')
log = logging.getLogger("recovery.mail")


class Account(msgspec.Struct, frozen=True):
    """A mailbox on a server."""

    encrypted: bool
    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    move_to: str = ""
    """Folder for what was stored; empty: it stays, marked as read."""

    @classmethod
    def parse(cls, url: str) -> Account:
        """Of imaps://user:password@host:993/INBOX?move=Stored."""
        parts = urlsplit(url)
        encrypted = parts.scheme == "imaps"
        return cls(
            encrypted, parts.hostname or "", parts.port or (993 if encrypted else 143),
            unquote(parts.username or ""), unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
            (parse_qs(parts.query).get("move") or [""])[0],
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What the mailbox is remembered by."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


class Fetcher:
    """Brings in what one mailbox holds."""

    def __init__(
        self, mailbox: Mailbox, account: Account, *, clock: Callable[[], datetime]
    ) -> None:
        self._mailbox = mailbox
        self._account = account
        self._clock = clock

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Fetcher | None:
        """None where no mailbox is set."""
        url = runtime.settings.imap_url
        if url is None:
            return None
        return cls(runtime.mailbox, Account.parse(url.get_secret_value()), clock=clock)

    def follow(self, stopping: threading.Event) -> None:
        """Look again and again until told to stop; a server that fails is tried again."""
        while not stopping.is_set():
            try:
                self.step(stopping)
            except FAILURES as error:
                log.warning("%s: %s", self._account.host, error or type(error).__name__)
            stopping.wait(POLL)

    def step(self, stopping: threading.Event | None = None) -> int:
        """Fetch what is new; returns how many messages were new here. Raises one of FAILURES."""
        fresh = 0
        with self._session() as imap:
            validity = _select(imap, self._account.folder)
            last = self._mailbox.read_up_to(self._account.name, validity)
            for uid in _uids_after(imap, last):
                if stopping and stopping.is_set():
                    break
                fresh += self._bring(imap, uid)
                self._mailbox.remember(self._account.name, validity, uid)
        return fresh

    def _bring(self, imap: imaplib.IMAP4, uid: int) -> bool:
        """Store one message, then mark it; False where it has gone or was here already."""
        fetched = _fetch(imap, uid)
        if fetched is None:
            return False
        raw, arrived = fetched
        now = self._clock()
        at = min(arrived, now) if arrived else now
        _, fresh = self._mailbox.store(raw, brought=Brought(), channel="imap", at=at)
        self._mark(imap, uid)
        return fresh

    def _mark(self, imap: imaplib.IMAP4, uid: int) -> None:
        """What was stored needs no more of the server: if it refuses, nothing is lost."""
        if not self._account.move_to:
            imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
            return
        folder = _quoted(self._account.move_to)
        with suppress(imaplib.IMAP4.error):
            imap.create(folder)
        if b"MOVE" in (imap.capability()[1][0] or b"").split():  # some say so only after login
            imap.uid("MOVE", str(uid), folder)
        elif imap.uid("COPY", str(uid), folder)[0] == "OK":
            imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")

    @contextmanager
    def _session(self) -> Iterator[imaplib.IMAP4]:
        account = self._account
        imap: imaplib.IMAP4
        if account.encrypted:
            imap = imaplib.IMAP4_SSL(
                account.host, account.port, ssl_context=ssl.create_default_context(),
                timeout=TIMEOUT,
            )  # fmt: skip
        else:
            imap = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT)
        try:
            if not account.encrypted and "STARTTLS" in imap.capabilities:
                imap.starttls(ssl.create_default_context())
            imap.login(account.user, account.password)
            yield imap
        finally:
            with suppress(*FAILURES):
                imap.logout()


def _select(imap: imaplib.IMAP4, folder: str) -> int:
    """Open the folder; returns the number that its numbering has."""
    status, answer = imap.select(_quoted(folder))
    if status != "OK":
        raise imaplib.IMAP4.error(f"the folder {folder} cannot be opened: {answer!r}")
    found = imap.response("UIDVALIDITY")[1]
    return int(found[0]) if found and found[0] else 0


def _uids_after(imap: imaplib.IMAP4, last: int) -> list[int]:
    status, answer = imap.uid("SEARCH", "UID", f"{last + 1}:*")
    if status != "OK":
        raise imaplib.IMAP4.error(f"the server does not search: {answer!r}")
    found = (int(uid) for uid in (answer[0] or b"").split())
    return sorted(uid for uid in found if uid > last)  # "*" is the last one, however low


def _fetch(imap: imaplib.IMAP4, uid: int) -> tuple[bytes, datetime | None] | None:
    """The message and when it arrived there; None where it has gone meanwhile."""
    status, answer = imap.uid("FETCH", str(uid), "(INTERNALDATE BODY.PEEK[])")
    if status != "OK":
        raise imaplib.IMAP4.error(f"message {uid} cannot be fetched: {answer!r}")
    parts: list[Any] = list(answer)
    raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
    if raw is None:
        return None
    said = b" ".join(part[0] if isinstance(part, tuple) else part for part in parts if part)
    found = _NUMBERED.search(said)
    return raw, _instant(found[1].decode("ascii", "replace")) if found else None


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return None


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
