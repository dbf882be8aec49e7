"""Which rows does a CSV or TSV file hold?

A quotation mark that is never closed would swallow the rows after it. When a record cannot be
parsed, only its first line is refused and the lines after it are read again on their own.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from web.importing.lines import OVERLONG, Lines
from web.importing.readers import LONGEST_LINE, BadRow, Row, Unreadable, unique
from web.spreadsheets import as_written

DELIMITERS = (",", ";", "\t", "|")
_PLAIN = (
    ("field larger than", "a cell has more than 131,072 characters"),
    ("unexpected end of data", "a quotation mark is never closed"),
    ("expected after", "text follows the quotation mark that closes a cell"),
    ("new-line character", "a line ends in the middle of a cell"),
)


class _OverlongLine(Exception):
    pass


class _Feed:
    """Lines for the csv module, remembered while a record is read so that they can come again."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._again: deque[tuple[str, bool]] = deque()
        self.taken: list[tuple[str, bool]] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._again:
            found = self._again.popleft()
        else:
            line = self._lines.next()
            if not line:
                raise StopIteration
            found = (line, self._lines.guessed)
        self.taken.append(found)
        if found[0] is OVERLONG:
            raise _OverlongLine
        return found[0]

    def read_again(self, after: int) -> None:
        """Give the lines of this record again, but for the first `after` of them."""
        self._again.extendleft(reversed(self.taken[after:]))

    @property
    def guessed(self) -> bool:
        return any(guessed for _, guessed in self.taken)

    @property
    def has_nul(self) -> bool:
        return any("\0" in line for line, _ in self.taken)


class Delimited:
    """A text file with one delimiter, told from its first line."""

    def __init__(self, path: Path, head: bytes) -> None:
        self._path = path
        self._head = head
        self._lines = Lines(path, head)
        self._delimiter = ","
        first = next(self._records(), None)
        if not isinstance(first, list):
            why = first.reason if isinstance(first, BadRow) else "there is none"
            raise Unreadable(f"The first row of {path.name} should name the columns: {why}.")
        self.columns = tuple(cell.strip() for cell in first)
        self._names = unique(first, path)

    @property
    def notes(self) -> tuple[str, ...]:
        name = {"\t": "tab", ",": "comma"}.get(self._delimiter, self._delimiter)
        return () if self._delimiter == "," else (f"Cells are separated by {name}.",)

    def bytes_read(self) -> int | None:
        return self._lines.bytes_read()

    def rows(self) -> Iterator[Row | BadRow]:
        names, width = self._names, len(self._names)
        records = self._records()
        next(records)
        for number, cells, flags in self._numbered(records):
            if isinstance(cells, BadRow):
                yield cells
            elif len(cells) == width:
                yield Row(number, dict(zip(names, cells, strict=True)), flags)
            elif len(cells) < width:
                filled = dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))
                yield Row(number, filled, (*flags, "short_row"))
            elif any(cells[width:]):
                yield BadRow(number, f"it has {len(cells)} cells, the first row has {width}")
            else:
                yield Row(number, dict(zip(names, cells, strict=False)), flags)

    def _numbered(
        self, records: Iterator[list[str] | BadRow]
    ) -> Iterator[tuple[int, list[str] | BadRow, tuple[str, ...]]]:
        for record in records:
            if isinstance(record, BadRow) or any(record):
                flags = ("guessed_encoding",) if self._feed.guessed else ()
                yield self._number, record, flags

    def _records(self) -> Iterator[list[str] | BadRow]:
        """Records from the beginning; `_number` and `_feed` tell about the last one."""
        self._lines.close()
        self._lines = Lines(self._path, self._head)
        self._delimiter, self._feed = self._sniff()
        self._number = 0
        reader = csv.reader(self._feed, delimiter=self._delimiter, strict=True)
        while True:
            self._feed.taken.clear()
            self._number += 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except (csv.Error, _OverlongLine) as error:
                yield BadRow(self._number, _plain(error))
                self._feed.read_again(after=1)
                continue
            if self._feed.has_nul:
                yield BadRow(self._number, "it holds a NUL character")
            else:
                yield [as_written(cell) for cell in record]

    def _sniff(self) -> tuple[str, _Feed]:
        """The delimiter that gives the first line most cells ("sep=;" names it outright)."""
        feed = _Feed(self._lines)
        try:
            line = next(feed, "")
        except _OverlongLine:
            line = ""
        if line.startswith("sep=") and len(line.rstrip()) == 5:
            return line[4], feed
        feed.read_again(after=0)
        return max(DELIMITERS, key=lambda d: _width(line, d)), feed


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _plain(error: Exception) -> str:
    if isinstance(error, _OverlongLine):
        return f"a line has more than {LONGEST_LINE:,} bytes"
    said = str(error)
    return next((plain for part, plain in _PLAIN if part in said), said)
