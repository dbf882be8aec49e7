"""Which rows does a Parquet file hold? Read in batches; rows are counted from 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet

from web.importing.readers import BadRow, Row, Unreadable, unique
from web.importing.values import NotText, flat, text

BATCH = 2_000


class Parquet:
    """A file that knows its columns and their types."""

    notes: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = parquet.ParquetFile(path)
        except (arrow.ArrowException, OSError) as error:
            raise Unreadable(f"{path.name} is a broken Parquet file: {error}.") from None
        self.columns = tuple(self._file.schema_arrow.names)
        self._names = unique(list(self.columns), path)

    def bytes_read(self) -> int | None:
        return None

    def rows(self) -> Iterator[Row | BadRow]:
        number = 0
        try:
            for batch in self._file.iter_batches(batch_size=BATCH):
                for record in zip(*(_values(column) for column in batch.columns), strict=True):
                    number += 1
                    if any(value is not None for value in record):
                        yield self._row(number, record)
        except (arrow.ArrowException, OSError) as error:
            raise Unreadable(f"{self._path.name} breaks off after row {number}: {error}.") from None

    def _row(self, number: int, record: tuple[Any, ...]) -> Row | BadRow:
        try:
            cells: dict[str, str] = {}
            for name, value in zip(self._names, record, strict=True):
                cells |= flat(value, name) if isinstance(value, dict) else {name: text(value)}
        except NotText as error:
            return BadRow(number, str(error))
        return Row(number, cells)


def _values(column: Any) -> list[Any]:
    try:
        return column.to_pylist()  # type: ignore[no-any-return]
    except ValueError:  # instants finer than microseconds, or text that is not UTF-8
        return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except ValueError:
        return scalar.as_buffer().to_pybytes() if hasattr(scalar, "as_buffer") else str(scalar)
