"""How are the bytes of the log read as they are stored, fast enough to hash all of them?

By COPY in PostgreSQL's binary format: one message a row, and the message is what is hashed.
"""

from __future__ import annotations

import struct
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from recovery.copyout import END, HEADER, messages
from recovery.seal import ROW

_POSITION = slice(6, 14)
"""Of the position in a row: after the count of columns and its own length."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
FIRST, LAST = -(2**63), 2**63 - 1
_BETWEEN = sql.SQL(
    "select {row} from desk.events where notification_id >= {first}"
    " and notification_id <= {last} order by notification_id"
)


class Stored(NamedTuple):
    """A row of the log, as it is stored."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    recorded_at: datetime


def rows(
    conn: psycopg.Connection[Any], first: int = FIRST, last: int = LAST
) -> Generator[bytes, None, None]:
    """The bytes of each row from one position to another, in the order of the log."""
    found = messages(conn, _BETWEEN.format(row=sql.SQL(ROW), first=first, last=last))
    with closing(found):
        before_first = len(HEADER)
        for some in found:
            some[:1] = [row for row in (message[before_first:] for message in some[:1]) if row]
            before_first = 0
            if some and some[-1] == END:
                del some[-1]
            yield from some


def position_of(row: bytes) -> int:
    return int.from_bytes(row[_POSITION], signed=True)


def moved(row: bytes, position: int) -> bytes:
    """The bytes that the row would have at another position."""
    return row[: _POSITION.start] + position.to_bytes(8, signed=True) + row[_POSITION.stop :]


def pack(row: Stored) -> bytes:
    """The bytes of a row, for whoever has it in parts."""
    recorded = (row.recorded_at - _EPOCH) // _MICROSECOND
    fields = (
        row.position.to_bytes(8, signed=True), row.stream.encode(), row.version.to_bytes(4),
        row.topic.encode(), row.state, recorded.to_bytes(8, signed=True),
    )  # fmt: skip
    return struct.pack("!h", len(fields)) + b"".join(len(f).to_bytes(4) + f for f in fields)


def unpack(row: bytes) -> Stored:
    """The parts of a row."""
    fields, at = [], 2
    while at < len(row):
        length = int.from_bytes(row[at : at + 4])
        fields.append(row[at + 4 : at + 4 + length])
        at += 4 + length
    position, stream, version, topic, state, recorded = fields
    return Stored(
        int.from_bytes(position, signed=True), stream.decode(), int.from_bytes(version),
        topic.decode(), state, _EPOCH + int.from_bytes(recorded, signed=True) * _MICROSECOND,
    )  # fmt: skip
