"""What are the lines of a text file, when nobody said how it is encoded?

UTF-8 is taken line by line; a line that is not UTF-8 is read as what spreadsheets wrote before:
GB 18030 where that gives common Chinese, else Windows-1252. Either is said to be a guess. UTF-16 is
known by its byte order mark.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path
from typing import IO

from web.importing.readers import LONGEST_LINE

OVERLONG = "\0overlong\0"
"""Stands in the place of a line longer than `LONGEST_LINE`; never equal to a line of a file."""
CHINESE, WESTERN = "gb18030", "cp1252"
_MARKS_OF_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Lines:
    """One line after the other, with its line end; empty text at the end of the file."""

    def __init__(self, path: Path, head: bytes = b"") -> None:
        self.guessed = False
        """Whether the last line was not UTF-8."""
        self._older = "" if _decodes(head, "utf-8") else _guess(head)
        """How all of the file is encoded, where its beginning tells."""
        self._binary = path.open("rb")
        self._next = self._next_of_bytes
        if head.startswith(_MARKS_OF_UTF_16) or (b"\r" in head and b"\n" not in head):
            self._next = self._next_of_text(path, head)
        else:
            self._skip_mark()

    def next(self) -> str:
        return self._next()

    def bytes_read(self) -> int:
        return self._binary.tell()

    def close(self) -> None:
        self._binary.close()

    def _skip_mark(self) -> None:
        if self._binary.read(3) != codecs.BOM_UTF8:
            self._binary.seek(0)

    def _next_of_bytes(self) -> str:
        line = self._binary.readline(LONGEST_LINE)
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _finish_line(self._binary, b"\n")
            return OVERLONG
        older = self._older
        self.guessed = not _decodes(line, "utf-8") or (older == CHINESE and not line.isascii())
        if not self.guessed:
            return line.decode(errors="replace")
        return line.decode(older or _guess(line), errors="replace")

    def _next_of_text(self, path: Path, head: bytes) -> Callable[[], str]:
        encoding = "utf-16" if head.startswith(_MARKS_OF_UTF_16) else "utf-8-sig"
        self._binary.close()
        text = path.open(encoding=encoding, errors="replace", newline=None)
        self._binary = text.buffer  # type: ignore[assignment]

        def next_line() -> str:
            line = text.readline(LONGEST_LINE)
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                _finish_line(text, "\n")
                return OVERLONG
            self.guessed = "\ufffd" in line
            return line

        return next_line


def _guess(raw: bytes) -> str:
    """GB 18030 where hardly anything is there but what GB 2312 already had; else Windows-1252.

    The letters of western Europe would make pairs with what follows them that GB 2312 has not.
    """
    if not _decodes(raw, CHINESE):
        return WESTERN
    told = raw.decode(CHINESE, errors="ignore")
    pairs = [c.encode("gb2312", "ignore") for c in told if not c.isascii()]
    known, common = sum(map(bool, pairs)), sum(b"\xb0" <= pair[:1] <= b"\xd7" for pair in pairs)
    return CHINESE if 10 * known >= 9 * len(pairs) and 2 * common >= len(pairs) else WESTERN


def _decodes(raw: bytes, encoding: str) -> bool:
    """Whether it is that, but for a letter that is cut in two at its end."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def _finish_line(file: IO[str] | IO[bytes], end: str | bytes) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(end):  # type: ignore[arg-type]
        pass
