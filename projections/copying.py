"""How do many rows get into a table at once?

By COPY in PostgreSQL's binary format: neither side writes numbers and instants out as text, and
the lexemes of a text need not be parsed again. What is only ever read whole (a story, its clocks)
is `json` and not `jsonb`: PostgreSQL takes it as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import JSON, JSONB, TSVECTOR

_JSONB_FORMAT = b"\1"
_WITHOUT_POSITIONS = b"\0\0\0"
"""What ends a lexeme: the end of its text, and that it has no positions."""


class Copying:
    """Copies records with the named columns into a table."""

    def __init__(self, table: sa.Table, columns: Sequence[str]) -> None:
        """Raises LookupError for a column of a type that nobody has taught us."""
        self._statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
            sql.Identifier(str(table.schema), table.name),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
        )
        kinds = [type(table.c[column].type) for column in columns]
        self._types = [_TYPES[kind] for kind in kinds]
        self._packed = [(n, _PACKERS[kind]) for n, kind in enumerate(kinds) if kind in _PACKERS]

    def copy(self, conn: psycopg.Connection[Any], rows: Sequence[msgspec.Struct]) -> None:
        with conn.cursor() as cursor, cursor.copy(self._statement) as copy:
            copy.set_types(self._types)
            for row in rows:
                values: list[Any] = list(msgspec.structs.astuple(row))
                for place, pack in self._packed:
                    if values[place] is not None:
                        values[place] = pack(values[place])
                copy.write_row(values)


def _jsonb(value: Any) -> bytes:
    return _JSONB_FORMAT + msgspec.json.encode(value)


def _lexemes(notation: str) -> bytes:
    """The binary form of lexemes without positions, from PostgreSQL's notation of them."""
    if not notation:
        return bytes(4)
    lexemes = notation[1:-1].encode().split(b"' '")
    return len(lexemes).to_bytes(4) + _WITHOUT_POSITIONS.join(lexemes) + _WITHOUT_POSITIONS


_TYPES: dict[type[Any], str] = {
    sa.Text: "text",
    sa.Boolean: "bool",
    sa.Integer: "int4",
    sa.BigInteger: "int8",
    sa.Numeric: "numeric",
    sa.Date: "date",
    sa.DateTime: "timestamptz",
    JSON: "bytea",
    JSONB: "bytea",
    TSVECTOR: "bytea",
}
"""By column type: how a value is sent."""
_PACKERS: dict[type[Any], Callable[[Any], bytes]] = {
    JSON: msgspec.json.encode, JSONB: _jsonb, TSVECTOR: _lexemes
}  # fmt: skip
