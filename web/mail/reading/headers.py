"""What do the header lines say?

Bytes are split leniently and decoded when somebody asks: RFC 2047 words in any charset, raw eight
bit in any charset, RFC 2231 parameters in pieces. A block without any header has no fields, and its
first line is the body's.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from web.mail.reading.charsets import decode
from web.mail.reading.limits import FIELD_BYTES, FIELDS, HEADER_BYTES

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_BLANK = re.compile(rb"\n[ \t]*\r?\n")
_WORD = re.compile(r"=\?([^?\s=]{1,60})\?([bBqQ])\?([^?]{0,4000})\?=")
_FOLD = re.compile(rb"\r?\n[ \t]*|[\r\n]")
_PARAMETER = re.compile(
    r";\s*([^\s=;\"]{1,80})\s*=\s*(?:\"((?:[^\"\\]|\\.)*+)\"|([^;]*))", re.DOTALL
)
_PIECE = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?$")


class Block:
    """The header fields of a message or part, by name in lower case, in order."""

    def __init__(self) -> None:
        self._fields: dict[str, list[bytes]] = {}
        self.names: list[str] = []
        self.charset = ""
        """Of the body: what raw eight bit in the fields is in, if it is not UTF-8."""
        self.cut = False
        """Whether fields were left out because there were too many or too long ones."""

    def add(self, name: bytes, value: bytes) -> None:
        if len(self.names) >= FIELDS:
            self.cut = True
            return
        self.cut = self.cut or len(value) > FIELD_BYTES
        key = name.decode("ascii", "replace").lower()
        self.names.append(key)
        self._fields.setdefault(key, []).append(value[:FIELD_BYTES])

    def __bool__(self) -> bool:
        return bool(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def every(self, name: str) -> list[str]:
        """The values of that name, decoded, topmost first."""
        return [text(value, self.charset) for value in self._fields.get(name, ())]

    def first(self, name: str) -> str:
        values = self._fields.get(name)
        return text(values[0], self.charset) if values else ""

    def plain(self, name: str) -> list[str]:
        """The values with encoded words left as they are: for addresses, whose structure comes
        before their words."""
        return [unfold(value, self.charset) for value in self._fields.get(name, ())]


class Field(NamedTuple):
    """A value with parameters, such as Content-Type."""

    value: str
    parameters: dict[str, str]


def split(raw: bytes, start: int, end: int) -> tuple[Block, int]:
    """The fields from `start`, and where the body begins."""
    block, position = Block(), _skip_blank(raw, start, end)
    limit = min(end, position + HEADER_BYTES)
    name, value = b"", start
    while position < limit:
        stop = raw.find(b"\n", position, end)
        stop = end if stop < 0 else stop + 1
        line = raw[position : min(stop, position + 256)]
        if line[:1] not in (b" ", b"\t") or not line.strip():
            if name:
                block.add(name, raw[value : min(position, value + FIELD_BYTES + 1)])
                name = b""
            if not line.strip():
                return block, stop
            field = _FIELD.match(line)
            if field:
                name, value = field[1], position + field.end()
            elif block or not line.startswith((b"From ", b">From ")):
                return block, position
        position = stop
    if name:
        block.add(name, raw[value : min(position, value + FIELD_BYTES + 1)])
    if position >= end:
        return block, end
    block.cut = True
    blank = _BLANK.search(raw, position - 1, end)
    return block, blank.end() if blank else end


def _skip_blank(raw: bytes, start: int, end: int) -> int:
    """Past empty lines before the first field, which some servers leave."""
    position = start
    while position < min(end, start + 4096):
        stop = raw.find(b"\n", position, end)
        if stop < 0 or raw[position:stop].strip():
            break
        position = stop + 1
    return position if _FIELD.match(raw[position : position + 256]) else start


def unfold(value: bytes, charset: str = "") -> str:
    line = _FOLD.sub(b" ", value)
    return decode(line, "" if line.isascii() else charset).text.strip()


def text(value: bytes, charset: str = "") -> str:
    """A header value for people, on one line."""
    plain = unfold(value, charset)
    return " ".join(words(plain).split()) if "=?" in plain else " ".join(plain.split())


def words(value: str) -> str:
    """RFC 2047 words in `value` decoded; neighbours in one charset are put together first, because
    many programs cut letters of several bytes in two."""
    out: list[str] = []
    pending, charset, last = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[last : match.start()]
        name = match[1].split("*")[0].lower()
        if between.strip() or (pending and name != charset):
            out.append(decode(pending, charset).text)
            out.append("" if pending and not between.strip() else between)
            pending = b""
        elif not last:
            out.append(between)
        pending += _payload(match[2], match[3])
        charset, last = name, match.end()
    return "".join(out) + decode(pending, charset).text + value[last:]


def _payload(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw.replace(b" ", b"_"), header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        whole = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        return base64.b64decode(whole[: len(whole) // 4 * 4])


def parse(block: Block, name: str) -> Field:
    """The first field of that name, with its parameters decoded (RFC 2231, and what is sent
    instead of it)."""
    values = block.plain(name)
    if not values:
        return Field("", {})
    head, _, _ = values[0].partition(";")
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(values[0][:FIELD_BYTES]):
        piece = _PIECE.match(match[1].lower())
        if piece:
            quoted, bare = match[2], match[3]
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare.strip()
            order = pieces.setdefault(piece[1], {})
            place = int(piece[2] or 0) if piece[2] or piece[3] else -1
            order.setdefault(place, (value, bool(piece[3])))
    return Field(head.strip().lower(), {name: _joined(order) for name, order in pieces.items()})


def _joined(order: dict[int, tuple[str, bool]]) -> str:
    """The pieces of one parameter; the encoded form wins over the plain one, as RFC 2231 has it."""
    encoded = any(is_encoded for _, is_encoded in order.values())
    numbered = {n: piece for n, piece in order.items() if n >= 0} if len(order) > 1 else order
    if not encoded:
        return " ".join(words("".join(value for value, _ in _sorted(numbered))).split())
    charset, raw = "", b""
    for index, (value, is_encoded) in enumerate(_sorted(numbered)):
        rest = value
        if index == 0 and is_encoded and value.count("'") >= 2:
            charset, _, rest = value.split("'", 2)
        raw += _percent(rest) if is_encoded else rest.encode("utf-8", "replace")
    return decode(raw, charset).text


def _sorted(order: dict[int, tuple[str, bool]]) -> list[tuple[str, bool]]:
    return [order[n] for n in sorted(order)]


def _percent(value: str) -> bytes:
    return re.sub(
        rb"%([0-9A-Fa-f]{2})",
        lambda match: bytes((int(match[1], 16),)),
        value.encode("utf-8", "replace"),
    )
