"""Which rows does an Excel file hold? Its first sheet, read as a stream; rows as Excel counts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from web.importing.readers import BadRow, Row, Unreadable, unique
from web.importing.values import NotText, text

_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, OSError, EOFError,
    TypeError, IndexError, AttributeError,
)  # fmt: skip
"""What openpyxl raises for a damaged file."""


class Workbook:
    """The first sheet of a workbook; the values that formulas had when it was saved."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            self._sheet = book.worksheets[0]
            self._sheet.reset_dimensions()
        except _BROKEN as error:
            raise Unreadable(f"{path.name} is not an Excel file we can read: {error}.") from None
        self.notes: tuple[str, ...] = ()
        if len(book.worksheets) > 1:
            self.notes = (
                f"Only the first sheet, “{self._sheet.title}”, was read;"
                f" the file has {len(book.worksheets)}.",
            )
        self._header, record = next(self._records(), (0, ()))
        names = [_name(value) for value in record]
        self.columns = tuple(names)
        self._names = unique(names, path)

    def bytes_read(self) -> int | None:
        return None

    def rows(self) -> Iterator[Row | BadRow]:
        width = len(self._names)
        for number, record in self._records():
            if number == self._header:
                continue
            if any(value is not None for value in record[width:]):
                yield BadRow(number, f"it has {len(record)} cells, the first row has {width}")
            else:
                yield self._row(number, record[:width])

    def _row(self, number: int, record: tuple[Any, ...]) -> Row | BadRow:
        try:
            cells = dict.fromkeys(self._names, "")
            cells |= {n: text(v) for n, v in zip(self._names, record, strict=False)}
        except NotText as error:
            return BadRow(number, str(error))
        return Row(number, cells)

    def _records(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Row numbers and values, without the rows that are empty."""
        number = 0
        try:
            for number, record in enumerate(self._sheet.iter_rows(values_only=True), 1):
                if any(value is not None for value in record):
                    yield number, record
        except _BROKEN as error:
            raise Unreadable(f"{self._path.name} breaks off after row {number}: {error}.") from None


def _name(value: Any) -> str:
    try:
        return text(value).strip()
    except NotText:
        return ""
