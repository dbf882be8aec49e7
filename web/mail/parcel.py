"""What is handed to a mail server: the message as bytes, signed, and the envelope around it?"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path

import msgspec

from recovery.errors import Invalid

SIGNED = (
    b"from", b"reply-to", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references",
    b"auto-submitted", b"mime-version", b"content-type",
)  # fmt: skip
"""Headers that nobody may change or add on the way (RFC 6376, 5.4)."""


class Parcel(msgspec.Struct, frozen=True):
    """One message on its way to one person."""

    content: bytes
    sender: str
    """Where mail servers say that it was lost."""
    to: str


class Signer(msgspec.Struct, frozen=True):
    """A key that receivers can look up at `selector._domainkey.domain`."""

    domain: str
    selector: str
    key: bytes

    def __repr__(self) -> str:
        return f"Signer({self.selector}._domainkey.{self.domain})"

    @classmethod
    def of(cls, file: Path | None, selector: str, domain: str) -> Signer | None:
        """From the settings; None where no key is set. Raises Invalid for one that is no key."""
        if file is None:
            return None
        from dkim.crypto import UnparsableKeyError, parse_pem_private_key

        try:
            key = file.read_bytes()
            parse_pem_private_key(key)
        except OSError:
            raise _wrong("names a file that cannot be read") from None
        except (UnparsableKeyError, ValueError, IndexError):
            raise _wrong("names a file that is no RSA private key in PEM form") from None
        return cls(domain, selector, key)

    def signature(self, content: bytes) -> bytes:
        """The header line to put before the message."""
        import dkim

        line: bytes = dkim.sign(
            content, self.selector.encode(), self.domain.encode(), self.key,
            canonicalize=(b"relaxed", b"relaxed"), include_headers=list(SIGNED),
        )  # fmt: skip
        return line


def wrap(message: EmailMessage, *, sender: str, signer: Signer | None) -> Parcel:
    """The message ready to be handed over."""
    to: str = message["To"].addresses[0].addr_spec
    content = message.as_bytes() if to.isascii() else message.as_bytes(policy=SMTPUTF8)
    if signer:
        content = signer.signature(content) + content
    return Parcel(content, sender, to)


def _wrong(why: str) -> Invalid:
    return Invalid(f"RECOVERY_MAIL_DKIM_KEY {why}.", field="RECOVERY_MAIL_DKIM_KEY")
