"""A real PostgreSQL for the tests: one server for the run, a fresh database for each test."""

from __future__ import annotations

import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from recovery.database import Database
from recovery.embedded import EmbeddedServer
from recovery.store import Store
from recovery.vault import Vault
from tests import templates
from tests.commands import recovery as recovery
from tests.desks import TestDesk
from tests.pool import Pool, Swept

settings.register_profile("suite", max_examples=30, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=500, deadline=None, print_blob=True)
settings.load_profile("suite")  # each run alike; `make soak` searches further, anew each time
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what tests start compiles its modules once
SHARED = Path(__file__).parents[2] / "shared"


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end: nobody need look through them for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server that holds the template databases.

    RECOVERY_TEST_DATABASE_URL names another server (its user must be allowed to create databases).
    What has to survive a crash is tested on servers of their own: this one never waits for a disk.
    """
    if url := os.environ.get("RECOVERY_TEST_DATABASE_URL"):
        templates.make(url)
        yield url
        return
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", secrets.token_hex(8))
    folder = Path(tempfile.gettempdir()) / f"recovery-tests-{run[:16]}"
    folder.mkdir(mode=0o755, exist_ok=True)
    server = EmbeddedServer(folder / "pg")
    url = server.start()
    with psycopg.connect(url, autocommit=True) as conn:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            conn.execute(f"alter system set {setting} = off")
        conn.execute("select pg_reload_conf()")
    templates.make(url)
    yield url
    server.stop()
    if not (folder / "pg" / "postmaster.pid").exists():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(server_url: str) -> Iterator[Pool]:
    found = Pool(server_url)
    yield found
    found.close()


@pytest.fixture
def swept(databases: Pool, request: pytest.FixtureRequest) -> Iterator[Swept]:
    """A migrated database like new; with the house policy in force where a test asks for a desk."""
    with databases.database(templates.chosen(request.fixturenames)) as found:
        yield found


@pytest.fixture
def database_url(swept: Swept) -> str:
    return swept.url


@pytest.fixture
def half_a_year(database_url: str) -> None:
    """Asked for, half a year of the demonstration's complaints is there, up to NINE, caught up."""


@contextmanager
def fresh_database(server_url: str, template: str = templates.EMPTY) -> Iterator[str]:
    """The URL of a migrated database that is dropped in the end."""
    name = f"t_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        templates.copy(conn, template, name)
    yield templates.at(server_url, name)
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")


@pytest.fixture
def database(swept: Swept) -> Database:
    return swept.open()


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
