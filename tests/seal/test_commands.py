"""What do the commands on the seal say, and is a changed log exit 1?"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import psycopg
import pytest

from tests.commands import Recovery


@pytest.fixture
def sealed(recovery: Recovery, monkeypatch: pytest.MonkeyPatch) -> Recovery:
    """A desk whose five complaints are sealed."""
    monkeypatch.setenv("RECOVERY_SEAL_KEY", base64.b64encode(b"k" * 32).decode())
    recovery("demo", "--complaints", "5", "--seed", "7", "--until", "2026-03-02")
    assert recovery("seal", "now")[1].startswith("recovery-")
    return recovery


def test_a_desk_is_verified_and_named_where_it_was_changed(
    sealed: Recovery, database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        row = conn.execute(
            "select originator_id from desk.events where topic = 'complaint.received' limit 1"
        ).fetchone()
        assert row
        reference = row[0].partition("-")[2]
        code, told, _ = sealed("verify")
        _, made, _ = sealed("seal", "bundle", reference, str(tmp_path / "bundle.json"))
        _, key, _ = sealed("seal", "key")
        conn.execute(
            "update desk.events set state = set_byte(state, 9, 33) where notification_id = 7"
        )
    changed, found, _ = sealed("verify", "--json")
    bundle = ("verify", "--bundle", str(tmp_path / "bundle.json"), "--key", key.split()[1])

    assert code == 0
    assert "events are what they were when they were sealed, under 1 signed heads." in told
    assert "each with its proof" in made
    assert changed == 1
    offence = json.loads(found)["seal"]["offence"]
    assert (offence["kind"], offence["position"]) == ("changed", 7)
    assert sealed(*bundle)[0] == 0  # made before, it still holds
    assert sealed(*bundle[:3], "--key", base64.b64encode(bytes(32)).decode())[0] == 1


def test_a_desk_without_the_key_is_told_what_to_set(
    sealed: Recovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECOVERY_SEAL_KEY")

    assert sealed("verify")[0] == 1
