"""What do the commands say, and does a desk that was brought back hold?"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import psycopg
import pytest

from tests.commands import Recovery
from tests.conftest import fresh_database


@pytest.fixture
def sealed(recovery: Recovery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Recovery:
    monkeypatch.setenv("RECOVERY_SEAL_KEY", base64.b64encode(b"k" * 32).decode())
    recovery("demo", "--complaints", "5", "--seed", "7", "--until", "2026-03-02")
    recovery("seal", "now")
    return recovery


def test_a_desk_is_carried_to_another_database_and_holds_there(
    sealed: Recovery, server_url: str, database_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("RECOVERY_BACKUP_PASSPHRASE", "a goose walked over the bridge")
    code, told, _ = sealed("backup", "monday")
    again, _, _ = sealed("backup", "monday")
    more, _, _ = sealed("backup", "tuesday", "--after", "monday", "--json")
    with fresh_database(server_url) as url:
        monkeypatch.setenv("RECOVERY_DATABASE_URL", url)
        restored, found, _ = sealed("restore", "monday", "tuesday", "--json")
        verified, _, _ = sealed("verify")
        with psycopg.connect(url) as there, psycopg.connect(database_url) as here:
            queues = [
                conn.execute("select * from read.queue order by 1").fetchall()
                for conn in (there, here)
            ]

    assert (code, again, more, restored, verified) == (0, 1, 0, 0, 0)
    assert "are in monday" in told
    assert json.loads(found)["holds"] is True
    assert queues[0] == queues[1] != []


def test_a_changed_log_is_not_brought_back_unless_it_is_asked_for(
    sealed: Recovery, server_url: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(
            "update desk.events set recorded_at = recorded_at - interval '1 day'"
            " where notification_id = 7"
        )
    sealed("backup", "monday")
    with fresh_database(server_url) as url:
        monkeypatch.setenv("RECOVERY_DATABASE_URL", url)

        assert sealed("restore", "monday")[0] == 1
        with psycopg.connect(url) as there:
            assert there.execute("select count(*) from desk.events").fetchone() == (0,)
        code, told, _ = sealed("restore", "monday", "--unsound")

    assert code == 1
    assert "position 7 was changed" in told


def test_what_the_disk_refuses_is_a_sentence(sealed: Recovery, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    assert sealed("backup", "file/below")[0] == 1
    assert sealed("backup", "file")[0] == 1
    assert sealed("restore", "nowhere")[0] == 1
    assert sealed("backup", "more", "--after", "nowhere")[0] == 1
