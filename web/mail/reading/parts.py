"""Of which parts does a message consist?

The tree is split on the bytes, with bounds on depth and number that the standard library's parser
does not have, and lenient with boundaries that are missing, repeated or never closed. What lies
beyond a bound stays one undivided part, so that nothing is lost.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

import msgspec

from web.mail.reading import headers
from web.mail.reading.headers import Block
from web.mail.reading.limits import DEPTH, PARTS
from web.mail.reading.records import Trouble, TroubleCode

_GUESS = re.compile(rb"(?:\A|\n)--([^\s]{1,70})[ \t]*\r?\n[Cc]ontent-")


class Part(msgspec.Struct, kw_only=True):
    """One node of the tree. `start` and `end` say where its body lies in the raw message."""

    block: Block
    type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    start: int
    end: int
    children: list[Part] = []

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "") or self.parameters.get("charest", "")

    @property
    def is_attached(self) -> bool:
        """Whether the sender meant a file, not words of the message."""
        return self.disposition == "attachment" or bool(self.name)

    def leaves(self) -> Iterator[Part]:
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


class Tree:
    """A message being split: the bytes, the parts left, what went wrong."""

    def __init__(self, raw: bytes, parts: int = PARTS) -> None:
        self.raw = raw
        self.troubles: dict[TroubleCode, str] = {}
        self._left = parts
        self.root = self._part(0, len(raw), 0, "text/plain")

    def content(self, part: Part) -> bytes:
        """The body of a leaf, decoded from its transfer encoding."""
        encoding = part.block.first("content-transfer-encoding").lower().strip(" \"'")
        raw, faithful = transfer(memoryview(self.raw)[part.start : part.end], encoding)
        if not faithful:
            self._trouble("bad_encoding", encoding)
        return raw

    def told(self) -> tuple[Trouble, ...]:
        return tuple(Trouble(code=code, detail=why) for code, why in self.troubles.items())

    def _trouble(self, code: TroubleCode, detail: str = "") -> None:
        self.troubles.setdefault(code, detail[:200])

    def _part(self, start: int, end: int, depth: int, default: str) -> Part:
        self._left -= 1
        block, body = headers.split(self.raw, start, end)
        part = _described(block, body, end, default)
        if block.cut:
            self._trouble("header_cut")
        if part.type.startswith("multipart/") or _is_unnamed_multipart(part):
            self._divide(part, depth)
        return part

    def _divide(self, part: Part, depth: int) -> None:
        if depth >= DEPTH:
            self._trouble("too_deep", str(DEPTH))
            return
        spans = self._spans(part)
        if not spans:
            self._trouble("bad_boundary", part.parameters.get("boundary", ""))
            part.type = "text/plain"
            return
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        part.children = []
        for start, end in spans:
            if self._left <= 0:
                self._trouble("too_many_parts", str(PARTS))
                break
            part.children.append(self._part(start, end, depth + 1, default))

    def _spans(self, part: Part) -> list[tuple[int, int]]:
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        spans = self._between(boundary, part) if boundary else []
        if not spans:
            guess = _GUESS.search(
                self.raw, max(0, part.start - 1), min(part.end, part.start + 65536)
            )
            spans = self._between(guess[1], part) if guess else []
        return spans

    def _between(self, boundary: bytes, part: Part) -> list[tuple[int, int]]:
        """Where the parts lie that `boundary` divides; the last one may never be closed."""
        raw, mark = self.raw, b"--" + boundary
        spans: list[tuple[int, int]] = []
        opened = -1
        at = part.start if raw.startswith(mark, part.start, part.end) else self._next(mark, part)
        while at >= 0 and len(spans) <= PARTS:
            stop = raw.find(b"\n", at, part.end)
            stop = part.end if stop < 0 else stop + 1
            rest = raw[at + len(mark) : min(stop, at + len(mark) + 80)].strip()
            if rest in (b"", b"--"):
                if opened >= 0:
                    spans.append((opened, _before_line(raw, opened, at)))
                opened = stop if rest == b"" else -1
                if rest:
                    break
            at = self._next(mark, part, stop - 1)
        if opened >= 0:
            spans.append((opened, part.end))
        return spans

    def _next(self, mark: bytes, part: Part, after: int = -1) -> int:
        """Where the next line begins that starts with `mark`."""
        found = self.raw.find(b"\n" + mark, max(after, part.start), part.end)
        return found + 1 if found >= 0 else -1


def _before_line(raw: bytes, start: int, at: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if raw[at - 2 : at] == b"\r\n":
        return max(start, at - 2)
    return max(start, at - 1)


def _described(block: Block, start: int, end: int, default: str) -> Part:
    kind = headers.parse(block, "content-type")
    placed = headers.parse(block, "content-disposition")
    given = placed.parameters.get("filename") or kind.parameters.get("name") or ""
    part = Part(
        block=block, type=kind.value.split()[0] if "/" in kind.value else default,
        parameters=kind.parameters, disposition=placed.value, name=given, start=start, end=end,
    )  # fmt: skip
    block.charset = part.charset
    return part


def _is_unnamed_multipart(part: Part) -> bool:
    """A boundary under a type that is none, as some programs write it."""
    return "boundary" in part.parameters and part.type in ("text/plain", "multipart")


def transfer(raw: bytes | memoryview, encoding: str) -> tuple[bytes, bool]:
    """`raw` without its transfer encoding, and whether it was well-formed."""
    if encoding == "base64":
        return _base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw), True
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _unix_to_unix(bytes(raw))
    return bytes(raw), True


def _base64(raw: bytes | memoryview) -> tuple[bytes, bool]:
    try:
        return binascii.a2b_base64(raw), True
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        return binascii.a2b_base64(letters[: len(letters) // 4 * 4]), False


def _unix_to_unix(raw: bytes) -> tuple[bytes, bool]:
    out, faithful, begun = bytearray(), True, False
    for line in raw.splitlines():
        if not begun:
            begun = line.startswith(b"begin ")
        elif line.strip() in (b"end", b"`", b""):
            break
        else:
            try:
                out += binascii.a2b_uu(line)
            except binascii.Error:
                faithful = False
    return (bytes(out), faithful) if begun else (raw, False)
