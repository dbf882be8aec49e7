"""Two people of whom nothing may be left: what they are called, and what they sent."""

from __future__ import annotations

import base64

from recovery.events import Received, complaint_stream
from recovery.vault import Contact
from tests.mail.intake.conftest import MailDesk
from tests.mail.reading.samples import raw

OTTOLINE = Contact(
    name="Ottoline Quillfeather", email="ottoline@quillfeather.example", phone="+44 20 7946 0937",
    address="7 Marzipan Mews, Ottershaw",
)  # fmt: skip
LONG = Contact(name="龘靐齉", email="dagu@zhongcheng.example", phone="138 0013 7492")
WORDS = "The zymurgist says that my marmoset arrived without its crate."
CHINESE = "麤鱻冰箱送到时已经坏了，客服让我等了三个星期。"
PHOTO = b"\x89PNG\r\n\x1a\n" + b"a photograph of a damaged krummholz" * 20
NEEDLES = (
    "quillfeather", "ottoline", "marzipan", "zymurgist", "marmoset", "krummholz", "79460937",
    "龘靐", "靐齉", "麤鱻", "zhongcheng", "13800137492", "ombudsperson",
)  # fmt: skip
"""Of each word that is theirs, as it would stand in a file."""


def letter(*lines: str, body: str = WORDS, sender: Contact = OTTOLINE) -> bytes:
    """A message of theirs with a photograph."""
    file = base64.encodebytes(PHOTO).decode()
    parts = (
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{body}\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="krummholz.png"\r\n\r\n{file}\r\n--b--\r\n'
    )
    head = (
        f"From: Somebody <{sender.email}>", "MIME-Version: 1.0", *lines,
        "Content-Type: multipart/mixed; boundary=b",
    )  # fmt: skip
    return raw(*head, body=parts)


def complainant_of(mail: MailDesk, reference: str) -> str:
    received = mail.desk.store.records(complaint_stream(reference))[0].event
    assert isinstance(received, Received)
    return received.complainant
