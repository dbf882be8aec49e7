"""Does a wrong setting stop the program with a sentence?"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from web import keys, settings
from web.settings import Settings, SettingsError, load


@pytest.fixture(autouse=True)
def _a_machine_without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in settings.names():
        monkeypatch.delenv(name, raising=False)


def test_nothing_need_be_set() -> None:
    found = load()

    assert found.embedded
    assert found.data == Path("data")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("RECOVERY_COLOUR", "blue", "RECOVERY_COLOUR is not a setting"),
        ("RECOVERY_BODY_LIMIT", "much", "RECOVERY_BODY_LIMIT must be a valid integer"),
        ("RECOVERY_SESSION_HOURS", "0", "RECOVERY_SESSION_HOURS must be greater than"),
        ("RECOVERY_DATABASE_URL", "mysql://x", "must begin with postgresql://"),
        ("RECOVERY_SMTP_URL", "mail.example.org", "must begin with smtp://"),
        ("RECOVERY_BASE_URL", "desk.example.org", "must begin with http://"),
        ("RECOVERY_PROXIES", "*", "RECOVERY_PROXIES must be addresses or networks"),
        ("RECOVERY_TIME_ZONE", "Mars/Olympus", "IANA time zone"),
        ("RECOVERY_CURRENCY", "QUID", "currency code"),
        ("RECOVERY_LANGUAGE", "tlh", "RECOVERY_LANGUAGE must be 'en' or 'zh'"),
        ("RECOVERY_SECRET_KEY", "short", "at least 32 characters"),
    ],
)
def test_a_wrong_setting_is_named_and_explained(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=sentence) as wrong:
        load()

    assert name in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_an_unknown_name_in_the_env_file_is_noticed_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RECOVERY_DATABSE_URL=postgresql://localhost/desk\n")

    with pytest.raises(SettingsError, match="RECOVERY_DATABSE_URL is not a setting"):
        load()


def test_the_env_file_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RECOVERY_ORGANISATION=Northern Water\n")

    assert load().organisation == "Northern Water"


def test_the_first_run_makes_keys_that_only_the_owner_can_read(tmp_path: Path) -> None:
    found = Settings(data=tmp_path / "data")

    first = (keys.secret_key(found), keys.master_key(found))

    assert (keys.secret_key(found), keys.master_key(found)) == first
    assert len(first[1]) == 32
    for file in (tmp_path / "data").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_server_needs_keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_DATABASE_URL", "postgresql://localhost/desk")

    with pytest.raises(SettingsError, match="RECOVERY_MASTER_KEY is required"):
        keys.master_key(load())


@pytest.mark.parametrize("text", ["6d" * 32, "bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0="])
def test_the_master_key_is_hexadecimal_or_base64(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("RECOVERY_MASTER_KEY", text)

    assert keys.master_key(load()) == b"m" * 32


def test_a_master_key_of_another_length_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_MASTER_KEY", "c2hvcnQ=")

    with pytest.raises(SettingsError, match="32 bytes"):
        keys.master_key(load())


def test_secrets_are_not_shown_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_DATABASE_URL", "postgresql://desk:opensesame@localhost/desk")

    assert "opensesame" not in repr(load())
