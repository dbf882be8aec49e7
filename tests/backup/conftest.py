"""A desk to be carried away, and an empty database beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from recovery.backup import making, restoring
from recovery.backup.manifest import Manifest
from recovery.backup.parts import parts
from recovery.backup.restoring import Restored
from recovery.database import Database
from recovery.vault import Vault
from tests.cast import NINE
from tests.conftest import fresh_database

Tables = dict[str, tuple[int, str]]


@pytest.fixture
def empty(server_url: str) -> Iterator[Database]:
    """Another database, with nothing in it but the newest schema."""
    with fresh_database(server_url) as url:
        found = Database(url, size=2).open()
        yield found
        found.close()


def make(database: Database, folder: Path, at: datetime = NINE, **more: Any) -> Manifest:
    return making.make(database, folder, at=at, **more)


def restore(
    database: Database, *folders: Path, vault: Vault, keys: Path | None = None,
    passphrase: str = "", check: Callable[[Any], None] = lambda conn: None,
) -> Restored:  # fmt: skip
    found = restoring.look(folders, keys=keys, passphrase=passphrase)
    return restoring.restore(database, vault, found, check=check)


@contextmanager
def refused(says: str) -> Iterator[None]:
    from recovery.errors import Refused

    with pytest.raises(Refused, match=says):
        yield


def tables(database: Database) -> Tables:
    """Of every table that is kept: its rows and a digest of them."""
    found = {}
    with database.connection() as conn:
        for part in parts(conn):
            columns = ", ".join(part.columns)
            row = conn.execute(
                "select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text"
                f" from (select {columns} from desk.{part.table}) t"
            ).fetchone()
            assert row
            found[part.table] = (row[0], row[1])
    return found
