"""A real PostgreSQL for the tests: one server for the run, a fresh database for each test."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fasteners
import psycopg
import pytest

from recovery.database import Database
from recovery.embedded import EmbeddedServer
from recovery.store import Store
from recovery.vault import Vault
from tests.desks import TestDesk

SHARED = Path(__file__).parents[2] / "shared"
TEMPLATE = "recovery_template"


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server that holds a migrated template database.

    RECOVERY_TEST_DATABASE_URL names another server (its user must be allowed to create databases).
    """
    if url := os.environ.get("RECOVERY_TEST_DATABASE_URL"):
        _make_template(url, Path(tempfile.gettempdir()))
        yield url
        return
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", secrets.token_hex(8))
    folder = Path(tempfile.gettempdir()) / f"recovery-tests-{run[:16]}"
    folder.mkdir(mode=0o755, exist_ok=True)
    server = EmbeddedServer(folder / "pg")
    url = server.start()
    _make_template(url, folder)
    yield url
    server.stop()
    if not (folder / "pg" / "postmaster.pid").exists():
        shutil.rmtree(folder, ignore_errors=True)


def _make_template(url: str, folder: Path) -> None:
    with (
        fasteners.InterProcessLock(folder / "template.lock"),
        psycopg.connect(url, autocommit=True) as conn,
    ):
        if conn.execute("select 1 from pg_database where datname = %s", (TEMPLATE,)).fetchone():
            return
        conn.execute(f"create database {TEMPLATE} template template0 encoding 'UTF8'")
        database = Database(at(url, TEMPLATE), size=1).open()
        database.migrate()
        database.close()


def at(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    base, _, query = url.partition("?")
    return base.rpartition("/")[0] + "/" + name + (f"?{query}" if query else "")


@pytest.fixture
def database_url(server_url: str) -> Iterator[str]:
    """A fresh, migrated, empty database."""
    with fresh_database(server_url) as url:
        yield url


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """The URL of a migrated, empty database that is dropped in the end."""
    name = f"t_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"create database {name} template {TEMPLATE}")
    yield at(server_url, name)
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database(database_url, size=4).open()
    yield found
    found.close()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


@pytest.fixture
def vault() -> Vault:
    return Vault(b"m" * 32)


@pytest.fixture
def desk(database: Database, vault: Vault) -> TestDesk:
    """A whole desk with the house policy in force."""
    return TestDesk.on(database, vault)


@pytest.fixture
def shared() -> Path:
    """The folder of real data beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.exists():
        pytest.skip("real data is not beside this checkout")
    return SHARED
