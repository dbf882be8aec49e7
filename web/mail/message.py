"""How does a letter become a mail message?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from recovery import envelope, text
from recovery.errors import Invalid
from recovery.events import DeliveryKind
from recovery.vault import KeptFile, WrittenLetter
from web.mail.facts import Undeliverable
from web.mail.parcel import Parcel, Signer, wrap
from web.mail.teams import Team

if TYPE_CHECKING:
    from web.settings import Settings

_POLICY = SMTP.clone(cte_type="7bit")
"""Seven bits, so that no relay on the way has to re-encode the message."""

AUTOMATIC: tuple[DeliveryKind, ...] = ("received", "notice", "daily")
"""What nobody's act led to; programs that answer for somebody who is away leave it alone."""


class Sender(msgspec.Struct, frozen=True):
    """Who letters come from."""

    organisation: str
    address: str
    name: str
    """As mail programs show it."""
    reply_key: bytes = b""
    """What addresses for answers are signed with; empty: answers come to the plain address."""
    signer: Signer | None = None
    """Signs what leaves (DKIM), where a key is set."""
    teams: Mapping[str, Team] = {}
    """Who letters about a category come from, in place of the desk."""

    @classmethod
    def of(cls, mail_from: str, organisation: str) -> Sender:
        """From the settings; raises Invalid when `mail_from` is no address."""
        name, found = parseaddr(mail_from)
        if not found or not mail_from.isprintable():
            raise Invalid(f"{mail_from!r} is not an email address.", field="RECOVERY_MAIL_FROM")
        text.email(found, field="RECOVERY_MAIL_FROM")
        return cls(organisation, found, name or organisation)

    def of_category(self, category: str) -> Sender:
        """The team that answers for it; the desk itself where there is none."""
        team = self.teams.get(category)
        if team is None:
            return self
        return msgspec.structs.replace(self, address=team.address, name=team.name or self.name)

    @property
    def shown(self) -> str:
        """As people read it."""
        return f"{self.name} <{self.address}>"

    @property
    def host(self) -> str:
        """The domain that Message-IDs are made in."""
        return self.address.rpartition("@")[2].encode("idna").decode()

    def parcel(self, message: EmailMessage, delivery: str) -> Parcel:
        """The message ready to be handed over; what is said of its loss names the delivery."""
        returns = self.address
        if self.reply_key:
            returns = envelope.address(returns, delivery, key=self.reply_key, purpose="bounce")
        local, _, _ = returns.rpartition("@")
        return wrap(message, sender=f"{local}@{self.host}", signer=self.signer)


def sender_of(settings: Settings) -> Sender:
    """Who letters come from, as the settings say; raises Invalid."""
    sender = _sender(settings.mail_from, settings.organisation)
    return msgspec.structs.replace(sender, teams=settings.teams)


@lru_cache(16)
def _sender(mail_from: str, organisation: str) -> Sender:
    """Parsed once: each complaint's page says who its letters come from."""
    return Sender.of(mail_from, organisation)


def compose(
    letter: WrittenLetter, *, kind: DeliveryKind, sender: Sender, message_id: str, thread: str,
    at: datetime, reply_to: str = "", files: Sequence[tuple[KeptFile, bytes]] = (),
) -> EmailMessage:  # fmt: skip
    """The letter as a message with a text and an HTML part that say the same, and what goes along.

    `thread` is the Message-ID of the complaint's first letter, empty for that one itself and for
    what goes to colleagues.
    Raises Undeliverable when the address cannot be written.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(sender.name, sender.address)
    if reply_to:
        message["Reply-To"] = _address(sender.name, reply_to)
    message["To"] = _address(letter.name, letter.to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    if thread:
        message["In-Reply-To"] = thread
        message["References"] = thread
    if kind in AUTOMATIC:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for file, content in files:
        _enclose(message, file, content)
    return message


def _enclose(message: EmailMessage, file: KeptFile, content: bytes) -> None:
    """A message within a message goes as a file too: servers would rewrite it."""
    main, _, sub = file.type.partition("/")
    if main in ("message", "multipart") or not sub:
        main, sub = "application", "octet-stream"
    message.add_attachment(content, maintype=main, subtype=sub, filename=file.name or "file")


def _address(name: str, email: str) -> Address:
    """Raises Undeliverable for what is not exactly one address."""
    try:
        if text.email(email) != email or not email:
            raise Undeliverable("bad_address")
        local, _, domain = email.rpartition("@")
        return Address(" ".join(name.split()), local, domain.encode("idna").decode())
    except (Invalid, ValueError, HeaderParseError):
        raise Undeliverable("bad_address") from None
