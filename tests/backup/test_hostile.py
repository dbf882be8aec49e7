"""Is a backup that was cut, changed, mixed up or killed in the middle ever believed?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from recovery import forgotten
from recovery.backup import manifest as manifests
from recovery.backup import restoring
from recovery.database import Database
from recovery.errors import RecoveryError, Refused, StoreUnavailable
from recovery.store import Store
from recovery.vault import Vault, VaultError
from tests.backup.conftest import make, refused, restore, tables
from tests.desks import TestDesk

PASSPHRASE = "a goose walked over the bridge"


@pytest.fixture
def made(desk: TestDesk, database: Database, tmp_path: Path) -> Path:
    desk.receive()
    make(database, tmp_path / "made")
    return tmp_path / "made"


def test_nothing_that_is_there_is_overwritten(database: Database, made: Path) -> None:
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}

    with refused("is there already"):
        make(database, made)

    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


def test_one_that_was_killed_has_no_name_and_nothing_is_left_of_a_failed_one(
    database: Database, tmp_path: Path
) -> None:
    def killed(done: int, total: int) -> None:
        assert [path.name.partition(".draft-")[0] for path in tmp_path.iterdir()] == ["made"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(database, tmp_path / "made", progress=killed)

    assert list(tmp_path.iterdir()) == []


def test_one_whose_place_was_taken_meanwhile_counts_for_none(
    database: Database, tmp_path: Path
) -> None:
    def taken(done: int, total: int) -> None:
        (tmp_path / "made" / "somebody else's").mkdir(parents=True, exist_ok=True)

    with refused("is there already"):
        make(database, tmp_path / "made", progress=taken)

    with database.connection() as conn:
        assert conn.execute("select from desk.backups").rowcount == 0


@pytest.mark.parametrize(
    ("change", "passphrase"),
    [("flipped", ""), ("gone", ""), ("appended", ""), ("flipped", PASSPHRASE), ("cut", PASSPHRASE)],
)
def test_a_file_that_is_not_what_was_written_restores_nothing(
    desk: TestDesk, database: Database, empty: Database, vault: Vault, tmp_path: Path,
    change: str, passphrase: str,
) -> None:  # fmt: skip
    desk.receive()
    make(database, tmp_path / "made", passphrase=passphrase)
    [file] = (tmp_path / "made").glob("papers.copy*")
    content = file.read_bytes()
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    if change == "gone":
        file.unlink()
    else:
        file.write_bytes(
            {"flipped": changed, "cut": content[:-40], "appended": content + b"x"}[change]
        )

    with pytest.raises(Refused):
        restore(empty, tmp_path / "made", vault=vault, passphrase=passphrase)

    assert Store(empty).head() == 0
    assert not any(rows for rows, _ in tables(empty).values())


def test_a_list_that_was_changed_to_fit_is_caught_where_it_is_signed(
    desk: TestDesk, database: Database, tmp_path: Path
) -> None:
    desk.receive()
    made = make(database, tmp_path / "made", passphrase=PASSPHRASE)
    fewer = msgspec.structs.replace(made, files=made.files[1:])
    (tmp_path / "made" / manifests.FILE).write_bytes(msgspec.json.encode(fewer))

    with refused("was changed"):
        manifests.read(tmp_path / "made", PASSPHRASE)


def test_a_list_leads_nowhere_else(made: Path) -> None:
    found, _ = manifests.read(made)
    astray = msgspec.structs.replace(found.files[0], file="../../etc/passwd")
    (made / manifests.FILE).write_bytes(
        msgspec.json.encode(msgspec.structs.replace(found, files=(astray,)))
    )

    with refused("names a file elsewhere"):
        manifests.read(made)


def test_what_does_not_fit_this_software_is_a_sentence(
    empty: Database, vault: Vault, made: Path
) -> None:
    found, _ = manifests.read(made)
    users = next(kept for kept in found.files if kept.table == "users")
    strange = msgspec.structs.replace(users, columns=("nonsense", *users.columns[1:]))
    for changed, says in (
        (msgspec.structs.replace(found, schema="0004"), "newer or other software"),
        (msgspec.structs.replace(found, files=(strange,)), "UndefinedColumn"),
    ):
        (made / manifests.FILE).write_bytes(msgspec.json.encode(changed))
        with refused(says):
            restore(empty, made, vault=vault)

    (made / manifests.APART / forgotten.FILE).unlink()
    with refused("it lacks 'forgotten.jsonl'"):
        restore(empty, made, vault=vault)


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b'{"format": "recovery-backup/9"}', b"\xff"])
def test_a_list_that_is_none_is_a_sentence(made: Path, text: bytes) -> None:
    (made / manifests.FILE).write_bytes(text)

    with pytest.raises(RecoveryError):
        manifests.read(made)


def test_only_an_empty_database_takes_one(database: Database, vault: Vault, made: Path) -> None:
    before = tables(database)

    with refused("There is a desk in this database already"):
        restore(database, made, vault=vault)

    assert tables(database) == before


def test_of_two_restores_at_once_the_second_is_refused(
    empty: Database, vault: Vault, made: Path
) -> None:
    with empty.dedicated() as conn:
        conn.execute("select pg_advisory_lock(%s)", (restoring.RESTORE_LOCK,))
        with refused("being restored into this database already"):
            restore(empty, made, vault=vault)


def test_another_master_key_restores_nothing(empty: Database, made: Path) -> None:
    with pytest.raises(VaultError):
        restore(empty, made, vault=Vault(b"x" * 32))

    assert Store(empty).head() == 0


def test_what_the_seal_refuses_is_not_restored(empty: Database, vault: Vault, made: Path) -> None:
    def look(conn: Any) -> None:
        assert conn.execute("select count(*) from desk.events").fetchone()[0] > 0
        raise Refused("The event at position 2 was changed.")

    with refused("position 2"):
        restore(empty, made, vault=vault, check=look)

    assert Store(empty).head() == 0
    restore(empty, made, vault=vault)  # and the way is free for another one


def test_increments_are_told_in_turn_and_of_one_desk(
    desk: TestDesk, database: Database, empty: Database, vault: Vault, made: Path, tmp_path: Path
) -> None:
    whole, _ = manifests.read(made)
    second = make(database, tmp_path / "second", after=whole)
    make(database, tmp_path / "third", after=second)

    for order in (["second"], ["made", "third"], ["second", "made"], ["made", "made"]):
        with refused("is not"):
            restoring.look([tmp_path / name for name in order])
    restore(empty, made, vault=vault)
    with refused("was not made of this database"):
        make(empty, tmp_path / "astray", after=whole)


def test_nobody_comes_in_before_a_restore_is_whole(
    desk: TestDesk, empty: Database, vault: Vault, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the rows were there and before who was forgotten was forgotten again."""

    def killed(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("recovery.forgotten.carry_out", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(empty, made, vault=vault)

    with pytest.raises(StoreUnavailable, match="restore it again"):
        empty.migrate()
    restore(empty, made, vault=vault)
    empty.migrate()
