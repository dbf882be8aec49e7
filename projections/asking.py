"""How is a question asked that every page asks, without thinking about it anew each time?

SQLAlchemy takes longer to put the query of a page together than PostgreSQL to answer it. So a
question is put together once and kept as text, whose plan each connection keeps too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Question:
    """A query whose named parameters are given when it is asked."""

    def __init__(self, query: sa.SelectBase) -> None:
        self._text = str(query.compile(dialect=_DIALECT)).encode()

    def rows(self, conn: sa.Connection, given: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The rows as psycopg reads them; `given` may hold more than the question needs."""
        raw = cast("psycopg.Connection[tuple[Any, ...]]", conn.connection.driver_connection)
        return raw.execute(self._text, given, prepare=True, binary=True).fetchall()
