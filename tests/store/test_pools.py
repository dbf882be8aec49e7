"""Do we notice that the server threw our connections out, and say what that means?"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text

from recovery.carrier import Carrier
from recovery.database import Database
from recovery.errors import Unsure
from recovery.store import Command, Done, Store
from recovery.vault import Vault


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


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        (Command("page:ana:1"), "Send it again: nothing is done twice."),
        (None, "Look whether it was recorded before you send it again."),
    ],
    ids=["with an identity", "without one"],
)
def test_only_a_command_with_an_identity_is_safe_to_send_again(
    store: Store, vault: Vault, command: Command | None, advice: str
) -> None:
    def thrown_out() -> Done:
        with store.database.connection() as conn:
            conn.execute("select pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the connection did not break")

    with pytest.raises(Unsure, match=advice):
        Carrier(store, vault).once(thrown_out, command)
