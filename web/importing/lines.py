"""What are the lines of a text file, when nobody said how it is encoded?

UTF-8 is taken line by line; a line that is not UTF-8 is read as Windows-1252, what spreadsheets
wrote before, and said to be a guess. UTF-16 is known by its byte order mark.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path
from typing import IO

from web.importing.readers import LONGEST_LINE

OVERLONG = "\0overlong\0"
"""Stands in the place of a line longer than `LONGEST_LINE`; never equal to a line of a file."""
_MARKS_OF_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Lines:
    """One line after the other, with its line end; empty text at the end of the file."""

    def __init__(self, path: Path, head: bytes = b"") -> None:
        self.guessed = False
        """Whether the last line was read as Windows-1252."""
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
        try:
            self.guessed = False
            return line.decode()
        except UnicodeDecodeError:
            self.guessed = True
            return line.decode("cp1252", errors="replace")

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


def _finish_line(file: IO[str] | IO[bytes], end: str | bytes) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(end):  # type: ignore[arg-type]
        pass
