"""Does every message of the collection end somewhere, for a true reason?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.mail.intake.conftest import MailDesk
from web.pages.words import LABELS


def test_every_message_becomes_something_or_waits_for_a_reason_we_can_say(
    mail: MailDesk, shared: Path
) -> None:
    files = sorted((shared / "data" / "mail").glob("*.eml"))
    found = {}
    for file in files:
        content = file.read_bytes()
        settled = mail.take(content)
        found[file.name] = settled
        assert mail.mailbox.content(settled).raw == content

    assert len(files) > 40
    for name, settled in found.items():
        assert settled.outcome, name
        assert not settled.reason.startswith("error_"), (name, settled.reason)
        assert settled.state == ("waiting" if settled.outcome == "held" else "done"), name
        if settled.outcome == "held":
            assert settled.reason in LABELS["held"], name
        if settled.outcome == "complaint":
            assert mail.topics(settled.reference)[0] == "received", name
    outcomes = Counter(settled.outcome for settled in found.values())
    assert outcomes["complaint"] > 15
    assert outcomes["auto_reply"] >= 3
    # Reports on letters that are none of ours change nothing, and an agent sees them.
    assert outcomes["bounce"] == outcomes["delayed"] == 0
    assert {s.reason for n, s in found.items() if n.startswith("bounce")} <= {"report_on_unknown"}
