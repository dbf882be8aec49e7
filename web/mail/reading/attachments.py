"""Which files came along?

Everything that is neither words nor a machine's report. A message within the message is one file;
`winmail.dat` gives up the files in it. Names are for people: no folders, no control characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from web.mail.reading import headers, tnef
from web.mail.reading.contents import UNKNOWN, real_type, risks
from web.mail.reading.limits import NAME_CHARS
from web.mail.reading.parts import Part, Tree
from web.mail.reading.records import Attachment
from web.mail.reading.reports import FIELDS
from web.mail.reading.tnef import Winmail
from web.mail.reading.words import is_words

NESTED = ("message/rfc822", "message/global", "text/rfc822-headers")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\/:\u202a-\u202e\u2066-\u2069]+")
_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp",
    "application/pdf": "pdf", "application/zip": "zip", "application/rtf": "rtf",
    "text/plain": "txt", "text/html": "html", "text/calendar": "ics", "text/vcard": "vcf",
    "audio/basic": "au", "audio/mpeg": "mp3", "audio/wav": "wav", "video/mp4": "mp4",
}  # fmt: skip


class Files(NamedTuple):
    attachments: tuple[Attachment, ...]
    winmail: tuple[Winmail, ...]
    """What Outlook packed, for its words."""


def gather(tree: Tree) -> Files:
    """The files of a message, in order."""
    found: list[Attachment] = []
    packed: list[Winmail] = []
    for part in tree.root.leaves():
        if part.type in FIELDS or is_words(part):
            continue
        content = tree.content(part)
        if part.type in _TNEF or part.name.lower() == "winmail.dat":
            winmail = tnef.unpack(content)
            packed.append(winmail)
            found.extend(_unpacked(winmail))
            if winmail.whole:
                continue
        if content or part.name:
            found.append(_attachment(part, content, len(found) + 1))
    return Files(tuple(found), tuple(packed))


def _attachment(part: Part, content: bytes, number: int) -> Attachment:
    real = real_type(content)
    subject = ""
    if part.type in NESTED:
        subject = headers.split(content, 0, len(content))[0].first("subject")[:NAME_CHARS]
        real = "message/rfc822"
    declared = part.type if "content-type" in part.block else ""
    return Attachment(
        name=_name(part.name, subject, real, declared, number), declared=declared, real=real,
        content=content, subject=subject, risks=risks(part.name, part.type, real, content),
        inline=_is_inline(part),
        content_id=part.block.first("content-id").strip("<> ")[:300],
    )  # fmt: skip


def _is_inline(part: Part) -> bool:
    """Whether it belongs among the words: a picture in them, or text that was not put aside."""
    if part.disposition:
        return part.disposition == "inline"
    return "content-id" in part.block or part.type.startswith("text/")


def _unpacked(winmail: Winmail) -> Iterator[Attachment]:
    for number, file in enumerate(winmail.files, start=1):
        real = real_type(file.content)
        yield Attachment(
            name=_name(file.name, "", real, file.type, number), declared=file.type.lower(),
            real=real, content=file.content, inline=bool(file.content_id),
            content_id=file.content_id.strip("<> ")[:300],
            risks=risks(file.name, file.type, real, file.content),
        )  # fmt: skip
    if winmail.rtf and not (winmail.plain or winmail.html):
        yield Attachment(name="message.rtf", declared="application/rtf", real="application/rtf",
                         content=winmail.rtf)  # fmt: skip


def _name(given: str, subject: str, real: str, declared: str, number: int) -> str:
    """The sender's name for it without folders, or one that says what it is."""
    if plain := safe_name(given):
        return plain
    if real == "message/rfc822":
        base = " ".join(_UNSAFE.sub(" ", subject).split())[:100]
        return f"{base or f'message-{number}'}.eml"
    known = real if real not in (UNKNOWN, "text/plain") else declared or real
    return f"attachment-{number}.{_ENDINGS.get(known, 'bin')}"


def safe_name(given: str) -> str:
    """Without folders and signs that turn it around, within the bound; empty where none is left."""
    last = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = " ".join(_UNSAFE.sub(" ", last).split())
    return _short(plain) if plain.strip(". ") else ""


def _short(name: str) -> str:
    """Within the bound, the ending kept."""
    if len(name) <= NAME_CHARS:
        return name
    base, mark, ending = name.rpartition(".")
    if not mark or len(ending) > 10:
        return name[:NAME_CHARS]
    return f"{base[: NAME_CHARS - len(ending) - 1]}.{ending}"
