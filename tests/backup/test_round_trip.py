"""Does everything that was carried away come back, to the byte?"""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

from projections import seal
from recovery import forgotten
from recovery import seal as seals
from recovery.backup import restoring
from recovery.complainant import complainant_id
from recovery.database import Database
from recovery.events import Forgotten, complainant_stream
from recovery.forgetting import forget
from recovery.store import Store
from recovery.vault import Vault
from tests.backup.conftest import make, refused, restore, tables
from tests.cast import ANA, DAY, NINE
from tests.desks import MR_LEE, TestDesk

PASSPHRASE = "a goose walked over the bridge"
SIGNER = seals.Signer(b"s" * 32)


def test_a_backup_and_its_increments_bring_every_table_back(
    desk: TestDesk, database: Database, empty: Database, vault: Vault, tmp_path: Path
) -> None:
    first = desk.receive()
    with database.connection() as conn:
        seal.seal(conn, SIGNER, NINE)
    whole = make(database, tmp_path / "whole")
    desk.desk.add_note(first, by=ANA, at=NINE, text="Called back.")
    desk.receive(description="The second one, 说中文。")
    with database.connection() as conn:
        seal.seal(conn, SIGNER, NINE)
    more = make(database, tmp_path / "more", after=whole)

    done = restore(empty, tmp_path / "whole", tmp_path / "more", vault=vault)

    assert tables(empty) == tables(database)
    assert done.position == desk.store.head()
    assert 0 < sum(k.rows for k in more.files if k.table in ("events", "papers")) < 10
    with empty.connection() as conn:
        assert seal.root(conn, done.position) == seal.last_head(conn).root  # type: ignore[union-attr]


def test_what_is_recorded_while_a_backup_is_made_is_in_the_next_one(
    desk: TestDesk, database: Database, empty: Database, vault: Vault, tmp_path: Path
) -> None:
    """A paper whose transaction was still open has an older number than those that were seen."""
    with database.dedicated() as slow:
        slow.autocommit = False
        key, sealed_key = vault.new_key("slow")
        slow.execute("insert into desk.vault_keys (owner, wrapped) values ('slow', %s)",
                     (sealed_key.wrapped,))  # fmt: skip
        paper = vault.seal(key, "slow", b"words")
        slow.execute("insert into desk.papers (paper, owner, sealed) values (%s, 'slow', %s)",
                     (paper.ref.paper, paper.sealed))  # fmt: skip
        desk.receive()
        whole = make(database, tmp_path / "whole")
        slow.commit()
    make(database, tmp_path / "more", after=whole)

    restore(empty, tmp_path / "whole", tmp_path / "more", vault=vault)

    with empty.connection() as conn:
        assert vault.open_many(conn, [paper.ref.paper]) == {paper.ref.paper: b"words"}


def test_an_encrypted_backup_opens_with_its_passphrase_only(
    desk: TestDesk, database: Database, empty: Database, vault: Vault, tmp_path: Path
) -> None:
    desk.receive()
    make(database, tmp_path / "whole", passphrase=PASSPHRASE)

    with refused("is encrypted"):
        restoring.look([tmp_path / "whole"])
    with refused("does not open"):
        restoring.look([tmp_path / "whole"], passphrase="another one altogether")
    restore(empty, tmp_path / "whole", vault=vault, passphrase=PASSPHRASE)

    assert tables(empty) == tables(database)
    assert all(
        b"complaint-" not in path.read_bytes() for path in (tmp_path / "whole").glob("*.copy*")
    )


def test_newer_keys_open_an_older_backup_but_for_who_was_forgotten_since(
    desk: TestDesk, database: Database, empty: Database, vault: Vault, tmp_path: Path
) -> None:
    desk.receive()
    make(database, tmp_path / "older", keys=tmp_path / "keys-1")
    forget(desk.store, vault, lee(desk), by=ANA, at=NINE, reason="asked")
    make(database, tmp_path / "newer", at=NINE + DAY, keys=tmp_path / "keys-2")

    done = restore(empty, tmp_path / "older", vault=vault, keys=tmp_path / "keys-2")

    assert done.unreadable > 0
    assert tables(empty)["papers"] == tables(database)["papers"]
    with refused("older than the backup"):
        desk.receive(description="Another one.")
        make(database, tmp_path / "newest", at=NINE + 2 * DAY)
        restoring.look([tmp_path / "newest"], keys=tmp_path / "keys-2")


def test_an_older_backup_does_not_bring_back_who_was_forgotten_since(
    desk: TestDesk, database: Database, empty: Database, vault: Vault, tmp_path: Path
) -> None:
    """Even with its own keys, and recorded as it was then."""
    desk.receive()
    make(database, tmp_path / "older")
    forget(desk.store, vault, lee(desk), by=ANA, at=NINE, reason="asked")
    with database.connection() as conn:
        gone = forgotten.since(conn, 0)

    found = restoring.look([tmp_path / "older"])
    done = restoring.restore(empty, vault, found, check=lambda conn: None, gone=gone)

    assert done.forgotten == 1
    assert tables(empty)["papers"] == tables(database)["papers"]
    assert tables(empty)["vault_keys"] == tables(database)["vault_keys"]
    last = Store(empty).records(complainant_stream(gone[0].complainant))[-1].event
    assert isinstance(last, Forgotten)
    assert (last.by, last.at) == (ANA, NINE)


def lee(desk: TestDesk) -> str:
    """Who Mr Lee is."""
    return complainant_id(MR_LEE, salt=b"salt")


def test_its_files_can_be_looked_at_with_what_every_system_has(
    desk: TestDesk, database: Database, tmp_path: Path
) -> None:
    desk.receive()
    make(database, tmp_path / "whole")

    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "whole", capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stdout
    log = gzip.decompress((tmp_path / "whole" / "events.copy.gz").read_bytes())
    assert log.startswith(b"PGCOPY")
    assert b"complaint.received" in log
