"""How is a table written as CSV, JSON lines or Parquet, a portion of rows after the other?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, Literal, Protocol, get_args

import msgspec

from web.exporting.columns import Column, Kind
from web.spreadsheets import BYTE_ORDER_MARK, disarmed

Format = Literal["csv", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
Rows = Sequence[tuple[Any, ...]]
_encode = msgspec.json.Encoder().encode


class Writer(Protocol):
    """Writes rows in the order of the columns; `close` ends the table, not the file."""

    def write(self, rows: Rows) -> None: ...
    def close(self) -> None: ...


def writer(form: Format, file: BinaryIO, columns: Sequence[Column[Any]]) -> Writer:
    """The writer of a format."""
    match form:
        case "csv":
            return Csv(file, columns)
        case "jsonl":
            return JsonLines(file, columns)
        case "parquet":
            from web.exporting.parquet import Parquet  # pyarrow is heavy

            return Parquet(file, columns)


class Csv:
    """UTF-8, separated by commas; no text is a formula to a spreadsheet."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column[Any]]) -> None:
        self._file = file
        self._cells = [_CELLS[column.kind] for column in columns]
        self._put(lambda table: table.writerow(column.name for column in columns), BYTE_ORDER_MARK)

    def write(self, rows: Rows) -> None:
        self._put(lambda table: table.writerows(map(self._row, rows)))

    def close(self) -> None:
        pass

    def _row(self, row: tuple[Any, ...]) -> list[str]:
        return [
            "" if value is None else cell(value)
            for cell, value in zip(self._cells, row, strict=True)
        ]

    def _put(self, write: Callable[[Any], Any], begin: str = "") -> None:
        text = io.StringIO(newline="")
        text.write(begin)
        write(csv.writer(text))
        self._file.write(text.getvalue().encode())


class JsonLines:
    """One object a row: amounts are text, lists and objects are what they are."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column[Any]]) -> None:
        self._file = file
        self._names = [column.name for column in columns]

    def write(self, rows: Rows) -> None:
        names = self._names
        self._file.write(
            b"".join(_encode(dict(zip(names, row, strict=True))) + b"\n" for row in rows)
        )

    def close(self) -> None:
        pass


def json_text(value: Any) -> str:
    """A list or an object as text."""
    return _encode(value).decode()


def _instant(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _truth(value: bool) -> str:
    return "true" if value else "false"


_CELLS: dict[Kind, Callable[[Any], str]] = {
    "text": disarmed, "whole": str, "money": lambda value: format(value, "f"),
    "instant": _instant, "day": date.isoformat, "truth": _truth, "json": json_text,
}  # fmt: skip
