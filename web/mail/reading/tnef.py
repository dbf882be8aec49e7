"""What did Outlook put into winmail.dat?

The format (MS-OXTNEF) is a list of attributes with a checksum each; what matters are the files, the
body and the subject. The one library for it has had no release since 2021 and reads without bounds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

import compressed_rtf

from web.mail.reading.charsets import decode
from web.mail.reading.limits import RTF_BYTES, TNEF_ATTACHMENTS

_SIGNATURE = 0x223E9F78
_BODY, _CODEPAGE, _MAPI = 0x0002800C, 0x00069007, 0x00069003
_RENDERED, _TITLE, _DATA, _ATTACHED = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_SIZES = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8,
          0x40: 8, 0x48: 16}  # fmt: skip
_VARIABLE = frozenset((0x0D, 0x1E, 0x1F, 0x102))
_UNICODE, _MULTIPLE, _NAMED = 0x1F, 0x1000, 0x8000
_P_BODY, _P_RTF, _P_HTML = 0x1000, 0x1009, 0x1013
_P_LONG_NAME, _P_NAME, _P_TYPE, _P_DATA, _P_ID = 0x3707, 0x3704, 0x370E, 0x3701, 0x3712
_VALUES = 10_000
"""Properties of one list."""


class File(NamedTuple):
    name: str
    content: bytes
    type: str = ""
    content_id: str = ""


class Winmail(NamedTuple):
    plain: str = ""
    html: str = ""
    rtf: bytes = b""
    files: tuple[File, ...] = ()
    whole: bool = True
    """Whether it could be read to its end."""


class _Property(NamedTuple):
    id: int
    type: int
    value: bytes


def unpack(raw: bytes) -> Winmail:
    """What is inside, as far as it can be read. Never raises."""
    reader = _Reader()
    whole = False
    try:
        for identifier, value in _attributes(raw):
            reader.take(identifier, value)
        whole = True
    except (struct.error, ValueError, IndexError):
        pass
    return reader.result(whole=whole)


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    if len(raw) < 6 or int.from_bytes(raw[:4], "little") != _SIGNATURE:
        raise ValueError("no TNEF")
    at = 6
    while at < len(raw):
        _, identifier, length = struct.unpack_from("<BII", raw, at)
        at += 9
        if at + length > len(raw):
            raise ValueError("cut short")
        yield identifier, raw[at : at + length]
        at += length + 2


def _properties(raw: bytes) -> Iterator[_Property]:
    (count,) = struct.unpack_from("<I", raw, 0)
    at = 4
    for _ in range(min(count, _VALUES)):
        kind, identifier = struct.unpack_from("<HH", raw, at)
        at += 4
        if identifier >= _NAMED:
            at = _after_name(raw, at)
        base, times = kind & 0x0FFF, 1
        if kind & _MULTIPLE or base in _VARIABLE:
            (times,) = struct.unpack_from("<I", raw, at)
            at += 4
        for _ in range(min(times, _VALUES)):
            if base in _VARIABLE:
                (size,) = struct.unpack_from("<I", raw, at)
                at += 4
            else:
                size = _SIZES.get(base, 4)
            if at + size > len(raw):
                raise ValueError("cut short")
            yield _Property(identifier, base, raw[at : at + size])
            at += size + -size % 4


def _after_name(raw: bytes, at: int) -> int:
    """Past the name of a named property: a GUID, and a number or a string."""
    (kind,) = struct.unpack_from("<I", raw, at + 16)
    (size,) = struct.unpack_from("<I", raw, at + 20)
    return at + 24 if kind == 0 else at + 24 + size + -size % 4


class _Reader:
    """Attributes in the order they come; each file begins with its rendering data."""

    def __init__(self) -> None:
        self._codepage = ""
        self._plain, self._html, self._rtf = "", "", b""
        self._files: list[dict[str, bytes | str]] = []

    def take(self, identifier: int, value: bytes) -> None:
        if identifier == _CODEPAGE and len(value) >= 4:
            number = int.from_bytes(value[:4], "little")
            self._codepage = "utf-8" if number == 65001 else f"cp{number}"
        elif identifier == _BODY:
            self._plain = self._string(value)
        elif identifier == _MAPI:
            self._message(value)
        elif identifier == _RENDERED and len(self._files) < TNEF_ATTACHMENTS:
            self._files.append({})
        elif identifier in (_TITLE, _DATA, _ATTACHED) and self._files:
            self._file(identifier, value)

    def result(self, *, whole: bool) -> Winmail:
        files = tuple(
            File(
                str(file.get("long") or file.get("name") or file.get("title") or ""),
                content, str(file.get("type", "")), str(file.get("id", "")),
            )
            for file in self._files if isinstance(content := file.get("data"), bytes)
        )  # fmt: skip
        return Winmail(self._plain, self._html, self._rtf, files, whole)

    def _string(self, value: bytes, kind: int = 0x1E) -> str:
        charset = "utf-16-le" if kind == _UNICODE else self._codepage
        return decode(value, charset).text.strip("\0")

    def _message(self, value: bytes) -> None:
        for found in _properties(value):
            if found.id == _P_BODY and found.type in (0x1E, _UNICODE):
                self._plain = self._plain or self._string(found.value, found.type)
            elif found.id == _P_HTML:
                kind = found.type if found.type == _UNICODE else 0x1E
                self._html = self._string(found.value, kind)
            elif found.id == _P_RTF:
                self._rtf = _uncompressed(found.value)

    def _file(self, identifier: int, value: bytes) -> None:
        file = self._files[-1]
        if identifier == _TITLE:
            file["title"] = self._string(value)
        elif identifier == _DATA:
            file["data"] = value
        else:
            names = {_P_LONG_NAME: "long", _P_NAME: "name", _P_TYPE: "type", _P_ID: "id"}
            for found in _properties(value):
                if found.id in names:
                    file[names[found.id]] = self._string(found.value, found.type)
                elif found.id == _P_DATA and "data" not in file:
                    is_object = found.type == 0x0D
                    file["data"] = found.value[16:] if is_object else found.value


def _uncompressed(raw: bytes) -> bytes:
    """Rich text; nothing when it is too long or broken."""
    if len(raw) > RTF_BYTES:
        return b""
    try:
        return bytes(compressed_rtf.decompress(raw))
    except Exception:  # of a library, on bytes of strangers: whatever it is, there is no text
        return b""
