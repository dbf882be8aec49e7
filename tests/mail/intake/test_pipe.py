"""What does a mail server hear that hands a message over on a pipe?"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.mail.reading.samples import raw
from web.cli import app

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the command; the desk is nobody else's."""
    values = {
        "DATA": str(tmp_path),
        "DATABASE_URL": database_url,
        "SECRET_KEY": "s" * 32,
        "MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
        "MAIL_FROM": "desk@desk.example",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"RECOVERY_{name}", value)


def receive(message: bytes, *options: str) -> Result:
    return CliRunner().invoke(app, ["mail", "receive", *options], input=message)


def test_the_command_says_what_became_of_the_message() -> None:
    letter = raw("Message-ID: <1@example.org>", body="My parcel never came.")

    first = receive(letter, "--sender", "lee@example.org")
    again = receive(letter)
    machine = receive(raw("Auto-Submitted: auto-replied"), "--sender", "")

    assert (first.exit_code, again.exit_code, machine.exit_code) == (0, 0, 0), first.stderr
    told = json.loads(first.stdout)
    assert told["outcome"] == "complaint"
    assert len(told["reference"]) == 10
    assert json.loads(again.stdout) == {**told, "outcome": "duplicate"}
    assert json.loads(machine.stdout)["outcome"] == "auto_reply"


def test_a_mail_server_gets_the_answer_of_a_program_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "web.cli", "mail", "receive"],
        input=raw(), capture_output=True, timeout=120,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["outcome"] == "complaint"


@pytest.mark.parametrize(("setting", "value"), [("DATABASE_URL", NOWHERE), ("MAIL_LIMIT", "65536")])
def test_what_cannot_be_stored_is_left_with_the_mail_server(
    setting: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"RECOVERY_{setting}", value)
    monkeypatch.setattr("recovery.database.RECONNECT", 0.2)  # a command waits ten seconds

    found = receive(raw(body="x" * 70_000))

    assert found.exit_code == 75
    assert found.stdout == ""
    assert found.stderr.strip()
