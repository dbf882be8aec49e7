"""How do tests write a message?"""

from __future__ import annotations

import base64
import struct

from web.mail.reading import Envelope, Here, Understood, understand

HERE = Here(
    authserv_ids=("mx.desk.example",), addresses=("desk@desk.example",), id_domain="desk.example"
)


def raw(*lines: str | bytes, body: str | bytes = "Where is my refund?") -> bytes:
    """A message of header lines and a body, from Mr Lee unless the lines say otherwise."""
    head = [line.encode() if isinstance(line, str) else line for line in lines]
    if not any(line.lower().startswith(b"from:") for line in head):
        head.insert(0, b"From: Mr Lee <lee@example.org>")
    words = body.encode() if isinstance(body, str) else body
    return b"\r\n".join([*head, b"", words.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")])


def read(
    *lines: str | bytes, body: str | bytes = "Where is my refund?", sender: str | None = None
) -> Understood:
    """Such a message, understood at a desk that knows who it is."""
    return understand(raw(*lines, body=body), here=HERE, envelope=Envelope(sender=sender))


def attached(content: bytes, *headers: str) -> Understood:
    """A message with one file."""
    lines = "\r\n".join(headers)
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\n"
        f"Content-Transfer-Encoding: base64\r\n{lines}\r\n\r\n"
        f"{base64.encodebytes(content).decode()}\r\n--b--\r\n"
    )
    return read("Content-Type: multipart/mixed; boundary=b", body=body)


def winmail(*attributes: tuple[int, bytes]) -> bytes:
    """The file Outlook sends, of these attributes."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for identifier, value in attributes:
        out += struct.pack("<BII", 1, identifier, len(value)) + value + b"\0\0"
    return out


def properties(*values: tuple[int, int, bytes]) -> bytes:
    """MAPI properties of varying length: type, id, value."""
    out = struct.pack("<I", len(values))
    for kind, identifier, value in values:
        padding = b"\0" * (-len(value) % 4)
        out += struct.pack("<HHII", kind, identifier, 1, len(value)) + value + padding
    return out
