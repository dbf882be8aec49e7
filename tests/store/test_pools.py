"""Do the pools notice that the server threw their connections out?"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text

from recovery.database import Database


def by_the_store(database: Database) -> int:
    with database.connection() as conn:
        row = conn.execute("select pg_backend_pid()").fetchone()
    assert row is not None
    return int(row[0])


def by_the_read_models(database: Database) -> int:
    with database.engine.connect() as conn:
        return int(conn.execute(text("select pg_backend_pid()")).scalar_one())


@pytest.mark.parametrize("ask", [by_the_store, by_the_read_models])
def test_a_lost_connection_is_replaced_before_anybody_uses_it(
    database: Database, server_url: str, ask: Callable[[Database], int]
) -> None:
    lost = ask(database)
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute("select pg_terminate_backend(%s, 5000)", (lost,))

    assert ask(database) != lost
