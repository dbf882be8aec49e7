"""How is a table written as Parquet, a group of rows at a time?"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

import pyarrow as arrow
import pyarrow.parquet as parquet

from web.exporting.columns import Column, Kind
from web.exporting.formats import Rows, json_text

GROUP = 10_000
"""Rows."""
_TYPES: dict[Kind, arrow.DataType] = {
    "text": arrow.string(), "whole": arrow.int64(), "money": arrow.decimal128(38, 4),
    "instant": arrow.timestamp("us", "UTC"), "day": arrow.date32(), "truth": arrow.bool_(),
    "json": arrow.string(),
}  # fmt: skip
"""No currency has more than four decimal places. JSON is text: its shape differs by row."""


class Parquet:
    """A file of row groups; what is not yet a group is held."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column[Any]]) -> None:
        self._kinds = [column.kind for column in columns]
        self._schema = arrow.schema([(column.name, _TYPES[column.kind]) for column in columns])
        self._writer = parquet.ParquetWriter(_Counted(file), self._schema, compression="zstd")
        self._batches: list[arrow.RecordBatch] = []

    def write(self, rows: Rows) -> None:
        if rows:
            self._batches.append(self._batch(rows))
        if sum(len(batch) for batch in self._batches) >= GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _batch(self, rows: Rows) -> arrow.RecordBatch:
        columns = [
            [None if value is None else json_text(value) for value in column]
            if kind == "json"
            else list(column)
            for kind, column in zip(self._kinds, zip(*rows, strict=True), strict=True)
        ]
        arrays = [
            arrow.array(column, type_)
            for column, type_ in zip(columns, self._schema.types, strict=True)
        ]
        return arrow.record_batch(arrays, schema=self._schema)

    def _flush(self) -> None:
        if self._batches:
            self._writer.write_table(arrow.Table.from_batches(self._batches))
        self._batches = []


class _Counted(io.RawIOBase):
    """A file that knows how far it is, also where it is a pipe."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any) -> int:
        whole = bytes(data)
        self._file.write(whole)
        self._at += len(whole)
        return len(whole)
