"""Is every message there once, however often the intake is killed?"""

from __future__ import annotations

import subprocess
import sys

from tests.mail.intake.conftest import MailDesk
from tests.mail.intake.killed_intake import MESSAGES, message

KILLS = 12


def test_killed_at_any_step_nothing_is_lost_and_nothing_is_there_twice(
    mail: MailDesk, database_url: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mail.intake.killed_intake", database_url, str(KILLS)],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.split().count("killed") >= KILLS * 3 // 4
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
    assert len(rows) == len({row[2] for row in rows}) == MESSAGES
    assert complaints == (MESSAGES, MESSAGES)
    assert left == (0,)
    found = {mail.mailbox.content(mail.mailbox.find(row[0])).raw for row in rows}
    assert found == {message(number) for number in range(MESSAGES)}
