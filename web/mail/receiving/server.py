"""How does a mail server hand mail over directly, by LMTP or SMTP?

It hears that a message is taken only after the message is committed; before that it is asked to
come back, and keeps it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from recovery.errors import StoreUnavailable
from recovery.mailbox import Brought, Mailbox
from web.faults import told

if TYPE_CHECKING:
    from web.runtime import Runtime

AT_ONCE = 4
"""Messages that are being stored; others wait."""
VISITORS = 20
"""Connections at once, at each place: what somebody hands over is in memory until it is stored."""
LOOK = 0.2
"""Seconds between two looks whether to stop."""
TAKEN = "250 2.0.0 Taken"
COME_BACK = "451 4.3.0 The message could not be stored; please try again later"
BUSY = b"421 4.3.2 Too many connections at once; please try again later\r\n"
NOT_HERE = "550 5.1.1 There is no such mailbox here"
log = logging.getLogger("recovery.mail")


class Place(msgspec.Struct, frozen=True):
    """Where to listen, and which of the two is spoken."""

    protocol: Literal["lmtp", "smtp"]
    host: str
    port: int

    @classmethod
    def of(cls, protocol: Literal["lmtp", "smtp"], listen: str) -> Place:
        host, _, port = listen.rpartition(":")
        return cls(protocol, host.strip("[]"), int(port))


class Door:
    """What happens to what is handed over at one place."""

    def __init__(
        self, mailbox: Mailbox, protocol: Literal["lmtp", "smtp"], *, addresses: Sequence[str],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._mailbox = mailbox
        self._protocol = protocol
        self._addresses = frozenset(addresses)
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        """Our own mail server knows what it hands over; strangers reach our addresses only."""
        if self._protocol == "smtp" and _without_token(address) not in self._addresses:
            return NOT_HERE
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        """LMTP wants an answer for each recipient."""
        sender = (envelope.mail_from or "").strip("<>")  # empty: the null sender of reports
        brought = Brought(sender=sender, recipients=tuple(envelope.rcpt_tos))
        raw = cast("bytes", envelope.content)
        async with self._room:
            answer = await asyncio.to_thread(self._store, raw, brought)
        answers = len(envelope.rcpt_tos) if self._protocol == "lmtp" else 1
        return "\r\n".join([answer] * answers)

    def _store(self, raw: bytes, brought: Brought) -> str:
        try:
            self._mailbox.store(raw, brought=brought, channel=self._protocol, at=self._clock())
        except StoreUnavailable as error:
            log.warning("a message could not be stored: %s", error)
            return COME_BACK
        except Exception as error:
            log.error("a message could not be stored: %s", told(error))
            return COME_BACK
        return TAKEN


class Doors:
    """Every place that is listened at."""

    def __init__(
        self, mailbox: Mailbox, places: Sequence[Place], *, addresses: Sequence[str], limit: int,
        hostname: str, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._mailbox = mailbox
        self._places = places
        self._addresses = addresses
        self._limit = limit
        self._hostname = hostname
        self._clock = clock
        self.ports: list[int] = []
        """The ports that are listened on; port 0 is any that is free."""
        self.open = threading.Event()
        self._visitors: dict[Place, set[SMTP]] = {place: set() for place in places}

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Doors:
        settings = runtime.settings
        places = [
            *([Place.of("lmtp", settings.lmtp_listen)] if settings.lmtp_listen else []),
            *([Place.of("smtp", settings.smtp_listen)] if settings.smtp_listen else []),
        ]
        return cls(
            runtime.mailbox, places, addresses=settings.mail_here, limit=settings.mail_limit,
            hostname=settings.mail_here[0].rpartition("@")[2], clock=clock,
        )  # fmt: skip

    def follow(self, stopping: threading.Event) -> None:
        """Listen until told to stop; returns at once where there is nothing to listen at."""
        if self._places:
            asyncio.run(self._serve(stopping))

    async def _serve(self, stopping: threading.Event) -> None:
        loop = asyncio.get_running_loop()
        servers = [
            await loop.create_server(partial(self._speaker, place), place.host, place.port)
            for place in self._places
        ]
        self.ports = [server.sockets[0].getsockname()[1] for server in servers]
        self.open.set()
        while not stopping.is_set():
            await asyncio.sleep(LOOK)
        for server in servers:
            server.close()

    def _speaker(self, place: Place) -> SMTP:
        door = Door(self._mailbox, place.protocol, addresses=self._addresses, clock=self._clock)
        kind = _Lmtp if place.protocol == "lmtp" else _Smtp
        return kind(
            door, visitors=self._visitors[place], data_size_limit=self._limit,
            enable_SMTPUTF8=True, hostname=self._hostname, ident="Recovery",
            loop=asyncio.get_running_loop(),
        )  # fmt: skip


class _Smtp(SMTP):
    line_length_limit = 10_000_000
    """People's programs write longer lines than they may; we lose nothing by taking them."""

    def __init__(self, door: Door, *, visitors: set[SMTP], **settings: Any) -> None:
        super().__init__(door, **settings)
        self._visitors = visitors

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if len(self._visitors) >= VISITORS:
            cast("asyncio.WriteTransport", transport).write(BUSY)
            transport.close()
            return
        self._visitors.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self._visitors:
            self._visitors.remove(self)
            super().connection_lost(error)


class _Lmtp(_Smtp, LMTP):
    pass


def _without_token(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()
