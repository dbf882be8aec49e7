"""How does a message leave, and what did the mail server say to it?

Answers are codes, never the server's own words: those may hold addresses. What speaks against the
address or the message bounces it; everything else (no server, no certificate, wrong password, our
own address refused) is for an operator to mend, and the letter waits for that.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Literal, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
import msgspec

from recovery.errors import Invalid
from web.mail.parcel import Parcel

STEP_SECONDS = 20.0
"""Longest wait for one answer of the server."""
SEND_SECONDS = 60.0
"""Longest time one message may take; a lease on a letter must be longer."""

Encryption = Literal["none", "auto", "required", "tls"]
_START_TLS: dict[Encryption, bool | None] = {
    "none": False, "auto": None, "required": True, "tls": False,
}  # fmt: skip
TransportName = Literal["smtp", "caught"]


class Accepted(msgspec.Struct, frozen=True):
    """It is on its way."""


class TryLater(msgspec.Struct, frozen=True):
    """Not now."""

    reason: str


class Rejected(msgspec.Struct, frozen=True):
    """Never."""

    reason: str


Answer = Accepted | TryLater | Rejected
Send = Callable[[Parcel], Answer]


class Transport(Protocol):
    """A way out."""

    @property
    def name(self) -> TransportName: ...

    def session(self) -> AbstractContextManager[Send]:
        """A way to send several messages one after the other."""
        ...


class Caught:
    """No mail server: letters stay here, to be read on a page."""

    name: TransportName = "caught"

    @contextmanager
    def session(self) -> Iterator[Send]:
        yield lambda parcel: Accepted()


class Server(msgspec.Struct, frozen=True):
    """Where the mail server is and how to speak to it."""

    host: str
    port: int
    encryption: Encryption
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port}, {self.encryption})"

    @classmethod
    def parse(cls, url: str) -> Server:
        """From RECOVERY_SMTP_URL; raises Invalid with a sentence that repeats no secret.

        smtps:// is encrypted from the start (port 465). smtp:// (587 with a user, otherwise 25)
        switches to encryption with ?starttls=required, auto or never; a password is sent
        unencrypted only where "never" says so.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
            options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
        except ValueError:
            raise _wrong("is not a URL (write smtp://user:password@host:587)") from None
        if parts.scheme not in ("smtp", "smtps") or not host:
            raise _wrong("must begin with smtp:// or smtps:// and name a host")
        username = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        if unknown := options.keys() - {"starttls"}:
            raise _wrong(f"has an unknown option {sorted(unknown)[0]!r:.30} (there is starttls)")
        if parts.scheme == "smtps":
            return cls(host, port or 465, "tls", username, password)
        default = "required" if username else "auto"
        return cls(
            host,
            port or (587 if username else 25),
            _starttls(options.get("starttls", [default])[-1]),
            username,
            password,
        )


class Smtp:
    """A mail server that takes our letters."""

    name: TransportName = "smtp"

    def __init__(self, server: Server, *, helo: str) -> None:
        self._server = server
        self._helo = helo

    @contextmanager
    def session(self) -> Iterator[Send]:
        """One connection for several messages, made with the first and again when it breaks.

        A server that cannot be reached is tried once in a session, not once for each letter.
        """
        with asyncio.Runner() as runner:
            line = _Line(self._server, self._helo)
            try:
                yield lambda parcel: runner.run(line.send(parcel))
            finally:
                runner.run(line.hang_up())


class _Line:
    """A connection to the server, if there is one."""

    def __init__(self, server: Server, helo: str) -> None:
        self._server = server
        self._helo = helo
        self._client: aiosmtplib.SMTP | None = None
        self._closed: Answer | None = None
        """Why nobody gets through."""

    async def send(self, parcel: Parcel) -> Answer:
        if self._closed:
            return self._closed
        try:
            async with asyncio.timeout(SEND_SECONDS):
                client = await self._connected()
                await _hand_over(client, parcel)
            return Accepted()
        except (OSError, aiosmtplib.SMTPException) as error:
            answer = answer_to(error)
            if self._client is None:
                self._closed = answer
            else:
                self._client.close()
                self._client = None
            return answer

    async def hang_up(self) -> None:
        """Say goodbye; a server that does not answer to it is left alone."""
        if self._client is not None and self._client.is_connected:
            with suppress(OSError, aiosmtplib.SMTPException):
                await self._client.quit(timeout=2)
            self._client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            server = self._server
            client = aiosmtplib.SMTP(
                hostname=server.host, port=server.port,
                username=server.username, password=server.password,
                use_tls=server.encryption == "tls",
                start_tls=_START_TLS[server.encryption],
                local_hostname=self._helo, timeout=STEP_SECONDS,
            )  # fmt: skip
            await client.connect()
            self._client = client
        return self._client


async def _hand_over(client: aiosmtplib.SMTP, parcel: Parcel) -> None:
    options: list[str] = []
    if not parcel.to.isascii():
        if not client.supports_extension("smtputf8"):
            raise aiosmtplib.SMTPNotSupported("an address beyond ASCII")
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    await client.sendmail(
        parcel.sender, [parcel.to], parcel.content, mail_options=options,
        rcpt_options=[],
    )  # fmt: skip


def answer_to(error: Exception) -> Answer:
    """What a failure means for the letter."""
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            return _by_code(error.recipients[0].code)
        case aiosmtplib.SMTPAuthenticationError():
            return TryLater("sign_in_refused")
        case aiosmtplib.SMTPSenderRefused():
            return TryLater(f"sender_refused_{error.code}")
        case aiosmtplib.SMTPDataError():
            return _by_code(error.code)
        case aiosmtplib.SMTPResponseException():
            return TryLater(f"smtp_{error.code}")
        case aiosmtplib.SMTPNotSupported():
            return Rejected("address_not_supported")
        case _ if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
            return TryLater("certificate")
        case TimeoutError():
            return TryLater("timeout")
        case OSError():
            return TryLater("unreachable")
        case _:
            return TryLater("encryption_or_sign_in_not_offered")


def _by_code(code: int) -> Answer:
    return Rejected(f"smtp_{code}") if code >= 500 else TryLater(f"smtp_{code}")


def _starttls(value: str) -> Encryption:
    match value:
        case "required" | "auto":
            return value
        case "never":
            return "none"
    raise _wrong("says starttls= neither required, auto nor never")


def _wrong(why: str) -> Invalid:
    return Invalid(f"RECOVERY_SMTP_URL {why}.", field="RECOVERY_SMTP_URL")


def transport_of(url: str | None, *, helo: str) -> Transport:
    """The way out that RECOVERY_SMTP_URL names; raises Invalid."""
    return Smtp(Server.parse(url), helo=helo) if url else Caught()
