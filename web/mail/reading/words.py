"""What does the message say, out of all its parts?

Of alternatives the plain one, unless it is a stub beside real HTML; of parts side by side all, in
order. A message without words of its own that carries another one says what that one says.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from web.mail.reading import html, language, passages
from web.mail.reading.charsets import decode
from web.mail.reading.limits import TEXT_CHARS
from web.mail.reading.parts import Part, Tree
from web.mail.reading.records import Trouble, Words

_Source = Literal["plain", "html", "nested", "tnef", "none"]
_STUB = 15
"""Times longer the HTML's words must be for the plain ones to count as a stub."""
_UNREAD = re.compile(r"\S")


class Body(NamedTuple):
    """Words of one part, or of several put together."""

    plain: str = ""
    html: str = ""
    images: int = 0
    source: _Source = "none"

    def __bool__(self) -> bool:
        return bool(_UNREAD.search(self.plain))


class Gathered(NamedTuple):
    body: Body
    troubles: tuple[Trouble, ...]


class Gatherer:
    """The words of a tree, within one budget of characters."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._left = TEXT_CHARS
        self.troubles: list[Trouble] = []

    def body(self, part: Part) -> Body:
        if not part.children:
            return self._leaf(part) if is_words(part) else Body()
        bodies = [self.body(child) for child in part.children]
        if part.type == "multipart/alternative":
            return _best(bodies)
        return together([body for body in bodies if body or body.html])

    def read(self, raw: bytes, type_: str, charset: str, part: Part | None = None) -> Body:
        """The words of one text, decoded."""
        limit = 4 * self._left + 4
        decoded = decode(raw[:limit], charset or _charset_in(raw, type_))
        if not decoded.faithful:
            self._trouble("bad_charset", charset or decoded.charset)
        text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
        if len(text) > self._left or len(raw) > limit:
            self._trouble("text_cut", str(TEXT_CHARS))
            text = text[: self._left]
        self._left -= len(text)
        if type_ in ("text/html", "text/enriched") or (not part and _looks_like_html(text)):
            return self._marked_up(text)
        return Body(plain=_unflowed(text, part).strip("\n"), source="plain")

    def _leaf(self, part: Part) -> Body:
        raw = self._tree.content(part)
        type_ = part.type
        if (
            type_ == "text/plain"
            and "/" not in part.block.first("content-type")
            and _looks_like_html(raw[:200].decode("latin-1"))
        ):
            type_ = "text/html"
        return self.read(raw, type_, part.charset, part)

    def _marked_up(self, text: str) -> Body:
        shown = html.read(text)
        if shown.cut:
            self._trouble("text_cut", str(TEXT_CHARS))
        return Body(shown.text, shown.html, shown.images_left_out, "html")

    def _trouble(self, code: Literal["bad_charset", "text_cut"], detail: str) -> None:
        self.troubles.append(Trouble(code=code, detail=detail[:100]))


def is_words(part: Part) -> bool:
    """Whether the part is something said rather than a file."""
    return part.type in ("text/plain", "text/html", "text/enriched") and not part.is_attached


def together(bodies: list[Body]) -> Body:
    """Parts side by side as one. Where one is HTML, so is the whole."""
    if len(bodies) < 2:
        return bodies[0] if bodies else Body()
    marked = any(body.html for body in bodies)
    return Body(
        plain="\n\n".join(body.plain for body in bodies if body),
        html="\n<hr>\n".join(b.html or html.from_plain(b.plain) for b in bodies) if marked else "",
        images=sum(body.images for body in bodies),
        source=next((b.source for b in bodies if b.source == "plain"), bodies[0].source),
    )


def _best(bodies: list[Body]) -> Body:
    """One of several forms of the same words."""
    marked = next((body for body in reversed(bodies) if body.html), Body())
    plain = next((body for body in bodies if body and body.source == "plain"), Body())
    if not plain or len(marked.plain) > _STUB * len(plain.plain) + 200:
        return marked if marked.html or not plain else plain
    return plain._replace(html=marked.html, images=marked.images)


def words(body: Body) -> Words:
    """The record, with passages and language."""
    divided = passages.divide(body.plain) if body else ()
    own = "\n".join(passage.text for passage in divided if passage.kind == "own")
    return Words(
        plain=body.plain, html=body.html, passages=divided,
        source=body.source if body else "none", language=language.guess(own or body.plain),
        images_left_out=body.images,
    )  # fmt: skip


def _looks_like_html(text: str) -> bool:
    return bool(re.match(r"\s{0,100}<(?:!doctype html|html|head|body)\b", text, re.IGNORECASE))


def _charset_in(raw: bytes, type_: str) -> str:
    """The charset that markup itself names."""
    if type_ != "text/html":
        return ""
    named = re.search(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", raw[:2048], re.I)
    return named[1].decode("ascii", "replace") if named else ""


def _unflowed(text: str, part: Part | None) -> str:
    """Lines that were broken for the way (RFC 3676) put together again."""
    if part is None or part.parameters.get("format", "").lower() != "flowed":
        return text
    glue = "" if part.parameters.get("delsp", "").lower() == "yes" else " "
    out: list[str] = []
    pieces: list[str] = []
    depth = 0
    for raw_line in text.split("\n"):
        line = raw_line.lstrip(">")
        quoted = len(raw_line) - len(line)
        line = line.removeprefix(" ")
        if pieces and quoted != depth:
            out.append(_flowing(pieces, depth))
            pieces = []
        depth = quoted
        if line.endswith(" ") and line != "-- ":
            pieces.append(line[:-1] + glue)
        else:
            out.append(_flowing([*pieces, line], depth))
            pieces = []
    return "\n".join([*out, _flowing(pieces, depth)] if pieces else out)


def _flowing(pieces: list[str], depth: int) -> str:
    return (">" * depth + " " if depth else "") + "".join(pieces)
