"""What does an XML file from outside say, and what do we refuse to swallow?

The file is read piece by piece and never becomes a tree, so that memory follows what is kept, not
what was sent. Document types (and with them entities) are refused, depth and numbers are bounded,
nothing is ever fetched. Elements of another namespace than the root's are passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from recovery.errors import Invalid

ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252")
DEEPEST = 40
MOST_ELEMENTS = 8_000_000
MOST_VALUES = 1_000
"""Values within one element that is kept."""
LONGEST = 1_000
"""Characters of a value; the rest is cut off."""
_PIECE = 256 * 1024


class Element:
    """The texts within an element, by their path from it; attributes as "path@name"."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._repeated: set[str] = set()
        self.parts: list[Element] = []
        """Elements within it that are kept apart."""

    def text(self, *paths: str) -> str:
        """At the first path that has one; empty where none has."""
        return next((self._values[path] for path in paths if self._values.get(path)), "")

    def has(self, prefix: str) -> bool:
        return any(path.startswith(prefix) for path in self._values)

    def repeats(self, path: str) -> bool:
        """Whether it stands there with two different texts."""
        return path in self._repeated

    def put(self, path: str, text: str) -> None:
        before = self._values.setdefault(path, text)
        if before != text:
            self._repeated.add(path)
        if len(self._values) > MOST_VALUES:
            raise Invalid("One entry of this file holds more than any bank writes.", field="file")


class Root:
    """The file's outermost elements, as they are met."""

    def __init__(self, space: str, name: str) -> None:
        self.space = space
        self.name = name


Begin = Callable[[Root], None]
End = Callable[[tuple[str, ...], Element], None]
"""Told each kept element when it ends, by its path from the root."""


def read(path: Path, *, kept: frozenset[tuple[str, ...]], begin: Begin, end: End) -> None:
    """Read the file; raises Invalid where it is no XML, or more of it than we take.

    `kept` names the elements that `end` is told of; one within another is also a part of it.
    """
    reader = _Reader(kept, begin, end)
    parser = reader.parser()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Invalid(
            f"This file breaks off or is no XML, in line {error.lineno}.", field="file"
        ) from None


class _Reader:
    """Keeps the path to where we are, and the kept elements that are open."""

    def __init__(self, kept: frozenset[tuple[str, ...]], begin: Begin, end: End) -> None:
        self._kept = kept
        self._names = frozenset(path[-1] for path in kept)
        self._begin = begin
        self._end = end
        self._root: Root | None = None
        self._path: list[str] = []
        self._count = 0
        self._open: list[tuple[int, Element]] = []
        self._text: list[str] = []
        self._length = 0

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._finish
        parser.CharacterDataHandler = self._data
        return parser

    def _declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ENCODINGS:
            raise Invalid(f"We cannot read files in {encoding[:30]}: use UTF-8.", field="file")

    def _refuse(self, *_: object) -> None:
        raise Invalid("This file declares a document type, which no bank does.", field="file")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if self._root is None:
            self._root = Root(space, name)
            self._begin(self._root)
        self._path.append(name if space == self._root.space else f"?{name}")
        self._count += 1
        if len(self._path) > DEEPEST or self._count > MOST_ELEMENTS:
            raise Invalid("This file has more, or deeper, elements than we take.", field="file")
        if name in self._names and tuple(self._path) in self._kept:
            self._open.append((len(self._path), Element()))
        self._text, self._length = [], 0
        if self._open:
            for key, value in attributes.items():
                self._put(f"@{key}", value)

    def _data(self, text: str) -> None:
        if self._open and self._length < LONGEST:
            self._text.append(text)
            self._length += len(text)

    def _finish(self, tag: str) -> None:
        if self._open:
            text = "".join(self._text)[:LONGEST].strip()
            if text:
                self._put("", text)
            self._close()
        self._text, self._length = [], 0
        self._path.pop()

    def _put(self, suffix: str, text: str) -> None:
        depth, element = self._open[-1]
        element.put("/".join(self._path[depth:]) + suffix, text)

    def _close(self) -> None:
        """End the kept element that ends here, if one does."""
        depth, element = self._open[-1]
        if depth != len(self._path):
            return
        self._open.pop()
        if self._open:
            self._open[-1][1].parts.append(element)
        self._end(tuple(self._path), element)
