"""What does a mail server hear that hands a message over on a pipe?"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mail.reading.samples import raw


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "RECOVERY_DATA": str(tmp_path),
        "RECOVERY_DATABASE_URL": database_url,
        "RECOVERY_SECRET_KEY": "s" * 32,
        "RECOVERY_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
        "RECOVERY_MAIL_FROM": "desk@desk.example",
    }


def receive(
    message: bytes, settings: dict[str, str], *options: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "web.cli", "mail", "receive", *options],
        input=message, capture_output=True, env=settings, timeout=120,
    )  # fmt: skip


def test_the_command_says_what_became_of_the_message(settings: dict[str, str]) -> None:
    letter = raw("Message-ID: <1@example.org>", body="My parcel never came.")

    first = receive(letter, settings, "--sender", "lee@example.org")
    again = receive(letter, settings)
    machine = receive(raw("Auto-Submitted: auto-replied"), settings, "--sender", "")

    assert (first.returncode, again.returncode, machine.returncode) == (0, 0, 0), first.stderr
    told = json.loads(first.stdout)
    assert told["outcome"] == "complaint"
    assert len(told["reference"]) == 10
    assert json.loads(again.stdout) == {**told, "outcome": "duplicate"}
    assert json.loads(machine.stdout)["outcome"] == "auto_reply"


def test_what_cannot_be_stored_is_left_with_the_mail_server(settings: dict[str, str]) -> None:
    nowhere = settings | {"RECOVERY_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    large = settings | {"RECOVERY_MAIL_LIMIT": "65536"}

    for found in (receive(raw(), nowhere), receive(raw(body="x" * 70_000), large)):
        assert found.returncode == 75
        assert found.stdout == b""
        assert found.stderr.strip()
