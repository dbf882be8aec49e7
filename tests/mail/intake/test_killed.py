"""Is every message there once, however often the intake is killed?

From a real IMAP server and over LMTP; in the suite with few messages and few deaths, with a
thousand and two hundred of them in `make soak`.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from contextlib import ExitStack

import pytest

from tests.mail.intake import dovecot
from tests.mail.intake.conftest import MailDesk
from tests.mail.intake.killed_intake import message

STEPS = {"before storing", "after storing", "before taking", "after settling"}


@pytest.mark.parametrize("way", ["imap", "lmtp"])
@pytest.mark.parametrize(
    ("messages", "kills"), [(8, 3), pytest.param(1_000, 200, marks=pytest.mark.soak)]
)
def test_killed_at_any_step_nothing_is_lost_and_nothing_is_there_twice(
    mail: MailDesk, database_url: str, way: str, messages: int, kills: int
) -> None:
    if way == "imap" and not dovecot.installed():
        pytest.skip("Dovecot is not installed")
    with ExitStack() as stack:
        place = way
        if way == "imap":
            server = stack.enter_context(dovecot.running())
            for number in range(messages):
                server.deliver(message(number))
            place = server.url
        done = subprocess.run(
            [sys.executable, "-m", "tests.mail.intake.killed_intake", database_url, place,
             str(messages), str(kills)],
            capture_output=True, text=True, timeout=1_800,
        )  # fmt: skip

    assert done.returncode == 0, done.stderr
    deaths = Counter(done.stdout.split("\n")[:-1])
    assert deaths.total() == kills, done.stderr
    if kills > 100:
        assert set(deaths) >= STEPS, deaths
    with mail.desk.store.database.connection() as conn:
        rows = conn.execute("select mail, outcome, reference from desk.mail").fetchall()
        complaints = conn.execute(
            "select count(*), count(distinct originator_id) from desk.events"
            " where topic = 'complaint.received'"
        ).fetchone()
        left = conn.execute(
            "select count(*) from desk.vault_keys where owner like 'mail-%'"
        ).fetchone()
    assert {row[1] for row in rows} == {"complaint"}
    assert len(rows) == len({row[2] for row in rows}) == messages
    assert complaints == (messages, messages)
    assert left == (0,)
    found = {mail.mailbox.content(mail.mailbox.find(row[0])).raw for row in rows}
    assert {_unix(each) for each in found} == {_unix(message(n)) for n in range(messages)}


def _unix(content: bytes) -> bytes:
    """Mail servers write line ends of their own."""
    return content.replace(b"\r\n", b"\n")
