"""What do we know of a message once it is read?

Plain records, frozen, the same for the same bytes. Codes are for programs; the sentences for people
are in `sentences.py`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

MessageKind = Literal[
    "human", "auto_reply", "bounce_hard", "bounce_soft", "delayed", "abuse_report", "receipt",
    "list_or_bulk",
]  # fmt: skip
"""Who speaks: a person, or which sort of machine."""

Language = Literal["en", "zh", "other", ""]
"""Of the words; empty when there are too few of them to say."""

Risk = Literal[
    "executable", "script", "macro", "archive", "encrypted", "expands", "disguised", "active"
]
"""Why to be careful with an attachment: `expands` for a zip bomb, `disguised` when the name says
another type than the content, `active` for formats that carry scripts (HTML, SVG)."""

TroubleCode = Literal[
    "empty", "no_header", "no_sender", "no_words", "encrypted", "header_cut", "too_many_parts",
    "too_deep", "text_cut", "bad_boundary", "bad_encoding", "bad_charset", "bad_date", "bad_tnef",
    "misread",
]  # fmt: skip

SignCode = Literal[
    "auto_submitted", "auto_reply_header", "auto_reply_subject", "precedence", "list",
    "null_sender", "machine_sender", "suppress", "loop", "own_message", "report", "bounce_text",
]  # fmt: skip

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
"""As in RFC 3464."""

Why = Literal[
    "no_such_mailbox", "mailbox_full", "mailbox_disabled", "no_such_domain", "too_large",
    "refused_as_spam", "refused_by_policy", "unreachable", "try_later", "bad_message", "unknown",
]  # fmt: skip
"""What kept a message from being delivered."""


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody named in a header. The address is empty where there was only a name."""

    name: str = ""
    address: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What our own border found: `method` is spf, dkim, dmarc or arc; `result` as in RFC 8601."""

    method: str
    result: str
    domain: str = ""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who sent what to whom, and in answer to what. Message-IDs are without angle brackets."""

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """Newest first, those of In-Reply-To included."""
    sender: Party = Party()
    """The first author named in From."""
    authors: tuple[Party, ...] = ()
    reply_to: tuple[Party, ...] = ()
    submitted_by: Party = Party()
    """The Sender header."""
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Every address the message is known to have been delivered to, the envelope's first."""
    envelope_sender: str | None = None
    """Empty for the null sender of reports, None when it is not known."""
    subject: str = ""
    date_given: str = ""
    date: datetime | None = None
    """UTC; None when none was given or it cannot be read. May lie in the past or the future."""
    verdicts: tuple[Verdict, ...] = ()


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the words: the sender's own, quoted from before, or a signature."""

    kind: Literal["own", "quoted", "signature"]
    text: str


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What the message says."""

    plain: str = ""
    """All of it, with unix line ends."""
    html: str = ""
    """Safe to show in a page; empty when the message had none. Images are `cid:` or gone."""
    passages: tuple[Passage, ...] = ()
    """The plain words in order, to be shown with the quoted ones folded."""
    source: Literal["plain", "html", "nested", "tnef", "none"] = "none"
    language: Language = ""
    images_left_out: int = 0
    """Pictures that lay elsewhere and would tell their owner that the message was read."""

    @property
    def reply(self) -> str:
        """The sender's own words, without history and signature."""
        return "\n\n".join(p.text for p in self.passages if p.kind == "own")


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came along. `content` is exactly what was sent, decoded."""

    name: str
    declared: str
    """The type the sender gave, lower case; empty when none."""
    real: str
    """The type by content; `application/octet-stream` when nothing is known."""
    content: bytes
    inline: bool = False
    content_id: str = ""
    risks: tuple[Risk, ...] = ()
    subject: str = ""
    """Of a message within the message."""

    @property
    def size(self) -> int:
        return len(self.content)


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message for one address, as a report says."""

    address: str
    action: Action
    status: str = ""
    """RFC 3463, such as 5.1.1."""
    reply: str = ""
    """The other server's code, such as 550."""
    diagnostic: str = ""
    """In the other server's words."""
    why: Why = "unknown"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A machine's report on an earlier message of ours."""

    recipients: tuple[Recipient, ...] = ()
    original_id: str = ""
    """Message-ID of ours that the report is about, without angle brackets."""
    original_envelope: str = ""
    """The envelope id we gave it (RFC 3461 ENVID)."""
    original_subject: str = ""
    feedback: str = ""
    """Of an abuse report: abuse, fraud, not-spam … (RFC 5965)."""
    disposition: str = ""
    """Of a read receipt: displayed, deleted … (RFC 8098)."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """What gave a machine away, with the words that did."""

    code: SignCode
    value: str = ""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be understood, or was left out."""

    code: TroubleCode
    detail: str = ""


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """A message, read."""

    kind: MessageKind
    signs: tuple[Sign, ...]
    """Everything that speaks for a machine, also where the message was found to be a person's."""
    answerable: bool
    """Whether an automatic answer may be sent (RFC 3834 and what the field has added)."""
    identity: Identity
    words: Words
    attachments: tuple[Attachment, ...] = ()
    report: Report | None = None
    troubles: tuple[Trouble, ...] = ()
    held: Trouble | None = None
    """Why a person must look at it before it becomes anything; None when nothing stands in the
    way."""


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are, as far as reading needs it. Addresses in lower case."""

    authserv_ids: tuple[str, ...] = ()
    """The names our own border signs Authentication-Results with. It must strip such headers from
    what comes in (RFC 8601, section 5); of two verdicts by one method the topmost counts."""
    addresses: tuple[str, ...] = ()
    """Our own, to which and from which the desk writes, without tokens after `+`."""
    id_domain: str = ""
    """The right side of our Message-IDs."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What the mail server was told; better than any header."""

    sender: str | None = None
    recipients: tuple[str, ...] = ()
