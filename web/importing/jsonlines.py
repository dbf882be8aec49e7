"""Which rows does a file of JSON lines hold? One object per line; nested names are joined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from web.importing.lines import OVERLONG, Lines
from web.importing.readers import LONGEST_LINE, BadRow, Row
from web.importing.values import NotText, flat

_decode = msgspec.json.Decoder(float_hook=str).decode


class JsonLines:
    """Each line names its own columns."""

    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = Lines(path)

    def bytes_read(self) -> int | None:
        return self._lines.bytes_read()

    def rows(self) -> Iterator[Row | BadRow]:
        self._lines.close()
        self._lines = Lines(self._path)
        number = 0
        while line := self._lines.next():
            number += 1
            if line.strip():
                yield self._row(number, line)

    def _row(self, number: int, line: str) -> Row | BadRow:
        if line is OVERLONG:
            return BadRow(number, f"the line has more than {LONGEST_LINE:,} bytes")
        try:
            found = _decode(line)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return BadRow(number, f"it is not JSON: {error}")
        if not isinstance(found, dict):
            return BadRow(number, "it is not a JSON object")
        try:
            flags = ("guessed_encoding",) if self._lines.guessed else ()
            return Row(number, flat(found), flags)
        except NotText as error:
            return BadRow(number, str(error))
