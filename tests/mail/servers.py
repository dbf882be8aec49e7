"""Mail servers for the tests: real ones, on this machine, that say what a test wants them to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Takes messages; `answers` are given to the next ones first, one each."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.recipient_answers: list[str] = []
        self.sessions: set[int] = set()
        self.arrived = threading.Event()
        self.url = ""
        self._lock = threading.Lock()

    async def handle_RCPT(
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:
        with self._lock:
            self.sessions.add(id(session))
            if self.answers:
                answer = self.answers.pop(0)
                if not answer.startswith("250"):
                    return answer
            content = cast("bytes", envelope.content)
            self.messages.append(message_from_bytes(content, policy=default))
            self.raw.append(content)
            self.senders.append(envelope.mail_from or "")
            self.recipients += envelope.rcpt_tos
        self.arrived.set()
        return "250 OK"


class _AnyPort(Controller):
    """A server on whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(*, port: int = 0, **options: Any) -> Iterator[MailServer]:
    """A server that runs; port 0 is any that is free."""
    handler = MailServer()
    controller = _AnyPort(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield handler
    finally:
        controller.stop()
