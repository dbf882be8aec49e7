"""How are the rows of a COPY read as fast as they come?

psycopg's own loop asks before each row whether it has to wait, which takes longer than to hash one.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

import psycopg
from psycopg import sql

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
"""What the binary format begins with, in the message of the first row or in one of its own."""
END = b"\xff\xff"
AT_ONCE = 1_000


def messages(
    conn: psycopg.Connection[Any], query: sql.Composed | sql.SQL
) -> Generator[list[bytes], None, int]:
    """What the server sends for a query, a row a message, many at once.

    Returns how many rows there were.
    """
    statement = sql.SQL("copy ({}) to stdout (format binary)").format(query)
    with conn.cursor() as cursor:
        with cursor.copy(statement) as copy:
            some = [bytes(copy.read())]
            ended = some[0] == HEADER + END
            take = conn.pgconn.get_copy_data
            while not ended:
                length, data = take(1)
                if length > 0:
                    some.append(bytes(data))
                    ended = length == len(END)  # a row is longer
                elif length == 0:
                    select.select([conn], [], [])
                    conn.pgconn.consume_input()
                else:
                    ended = True  # with an error, which is raised by what follows
                if len(some) >= AT_ONCE:
                    yield some
                    some = []
            yield some
            while copy.read():
                pass
        return cursor.rowcount


def pour(
    conn: psycopg.Connection[Any], query: sql.Composed | sql.SQL,
    write: Callable[[list[bytes]], None],
) -> int:  # fmt: skip
    """Hand the messages on; returns how many rows there were."""
    with closing(messages(conn, query)) as found:
        while True:
            try:
                some = next(found)
            except StopIteration as ended:
                return int(ended.value)
            write(some)
