"""Is every message stored once, and is none lost?"""

from __future__ import annotations

import base64
import secrets

import pytest

from recovery.errors import NotFound
from recovery.forgetter import Forgetter
from recovery.mailbox import ATTEMPTS, Brought
from recovery.vault import LARGE, Files, read
from tests.cast import ANA, DAY, HOUR, MINUTE
from tests.mail.intake.conftest import MailDesk
from tests.mail.reading.samples import raw

LETTER = raw("Message-ID: <1@example.org>", body="Where is my refund, asks Mr Lee?")


def count(mail: MailDesk, statement: str) -> int:
    with mail.desk.store.database.connection() as conn:
        row = conn.execute(statement).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return int(row[0])


def test_the_same_bytes_are_stored_once(mail: MailDesk) -> None:
    first = mail.mailbox.store(LETTER, brought=Brought(), channel="imap", at=mail.now)
    again = mail.mailbox.store(LETTER, brought=Brought(), channel="lmtp", at=mail.now)

    assert first == (again[0], True)
    assert again[1] is False
    assert count(mail, "select count(*) from desk.papers where owner like 'mail-%'") == 1


def test_a_large_message_is_the_same_to_the_byte_before_and_after_it_is_settled(
    mail: MailDesk,
) -> None:
    """It goes to the database and comes back in pieces."""
    film = secrets.token_bytes(LARGE + 300_000)
    body = (
        "--b\r\n\r\nSee the film.\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(film).decode()}--b--\r\n"
    )
    large = raw("Content-Type: multipart/mixed; boundary=b", body=body)
    stored, _ = mail.mailbox.store(large, brought=Brought(), channel="lmtp", at=mail.now)
    assert mail.mailbox.content(mail.mailbox.find(stored)).raw == large

    settled = mail.take(large)

    assert mail.mailbox.content(settled).raw == large
    listing = mail.records(settled.reference)[1].event.listing  # type: ignore[attr-defined]
    with mail.desk.store.database.connection() as conn:
        files = read(mail.desk.vault.open_many(conn, [listing.paper]), listing, Files)
        assert files is not None
        [file] = files.files
        assert mail.desk.vault.open_many(conn, [file.content.paper])[file.content.paper] == film
    assert count(mail, "select count(*) from desk.papers where owner like 'mail-%'") == 0


def test_a_copy_that_came_another_way_becomes_nothing(mail: MailDesk) -> None:
    first = mail.take(b"Received: by mx1\r\n" + LETTER)

    copy = mail.take(b"Received: by mx2\r\n" + LETTER)

    assert (copy.outcome, copy.reference) == ("duplicate", first.reference)
    assert count(mail, "select count(*) from desk.events where topic = 'complaint.received'") == 1


def test_nothing_of_a_message_can_be_read_in_the_tables(mail: MailDesk) -> None:
    mail.take(LETTER)
    held = mail.take(raw("From: nobody", body="Where is my refund, asks Mr Lee?"))

    assert held.state == "waiting"
    with mail.desk.store.database.connection() as conn:
        for table in ("mail", "papers", "events", "commands"):
            rows = conn.execute(f"select t::text from desk.{table} t").fetchall()
            assert "refund" not in str(rows)
            assert b"refund".hex() not in str(rows)
            assert "example.org" not in str(rows)


def test_on_a_case_a_message_lies_under_the_complainants_key(mail: MailDesk) -> None:
    settled = mail.take(LETTER)

    assert mail.mailbox.content(settled).raw == LETTER
    assert count(mail, "select count(*) from desk.vault_keys where owner like 'mail-%'") == 0


def test_forgetting_reaches_what_is_on_a_case_and_what_waits(mail: MailDesk) -> None:
    taken = mail.take(LETTER)
    waiting = mail.take(raw("List-Id: <news.example.org>", body="Not on any case."))
    assert waiting.state == "waiting"
    other = mail.take(raw("From: Mallory", body="Somebody else's."))

    Forgetter(mail.desk.store, mail.desk.vault).forget(
        mail.complainant("lee@example.org"), by=ANA, at=mail.now + HOUR, reason="asked"
    )

    for gone in (taken, waiting):
        with pytest.raises(NotFound):
            mail.mailbox.content(gone)
    assert mail.mailbox.content(other).raw
    assert [each.mail for each in mail.mailbox.waiting()] == [other.mail]


def test_a_message_that_fails_is_tried_again_and_in_the_end_shown(
    mail: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, _ = mail.mailbox.store(LETTER, brought=Brought(), channel="lmtp", at=mail.now)
    monkeypatch.setattr("web.mail.intake.contents.said", lambda *_: 1 / 0)

    assert mail.intake.step() == 1
    [shown] = mail.mailbox.waiting()
    assert (shown.state, shown.reason) == ("new", "error_ZeroDivisionError")
    assert mail.intake.step() == 0

    for _ in range(ATTEMPTS):
        mail.now += DAY
        mail.intake.step()
    held = mail.mailbox.find(message)
    assert (held.state, held.outcome) == ("waiting", "held")

    monkeypatch.undo()
    mail.mailbox.retry(held, at=mail.now)
    mail.intake.step()
    assert mail.mailbox.find(message).outcome == "complaint"


def test_one_bad_message_does_not_keep_the_others(mail: MailDesk) -> None:
    bad, _ = mail.mailbox.store(LETTER, brought=Brought(), channel="lmtp", at=mail.now)
    good, _ = mail.mailbox.store(
        raw("From: Ms Roe <roe@example.org>"), brought=Brought(), channel="lmtp",
        at=mail.now + MINUTE,
    )  # fmt: skip
    with mail.desk.store.database.connection() as conn:
        conn.execute("update desk.papers set sealed = 'x' where owner = %s", (f"mail-{bad}",))
    mail.now += HOUR

    assert mail.intake.step() == 2

    assert mail.mailbox.find(bad).reason == "not_possible"
    assert mail.mailbox.find(good).outcome == "complaint"


def test_a_message_that_is_being_settled_is_not_taken_up_twice(mail: MailDesk) -> None:
    message, _ = mail.mailbox.store(LETTER, brought=Brought(), channel="lmtp", at=mail.now)

    assert [each.mail for each in mail.mailbox.take(now=mail.now)] == [message]
    assert mail.mailbox.take(now=mail.now) == []
    assert mail.mailbox.take_up(message, now=mail.now) is None


def test_a_person_makes_a_complaint_of_a_message_that_waited(mail: MailDesk) -> None:
    held = mail.take(raw("List-Id: <news.example.org>", body="My parcel never came."))

    settled = mail.intake.make_complaint(held, by=ANA)

    assert settled.outcome == "complaint"
    assert mail.topics(settled.reference) == ["received"]
    assert mail.mailbox.waiting() == []


def test_a_person_attaches_or_discards_a_message_that_waited(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    first = mail.take(raw("List-Id: <news.example.org>", body="Any news?"))
    second = mail.take(raw("List-Id: <news.example.org>", body="Buy now."))

    mail.intake.attach(first, reference, by=ANA)
    mail.intake.discard(second, by=ANA, reason="advertising")

    assert mail.topics(reference) == ["received", "message_received"]
    gone = mail.mailbox.find(second.mail)
    assert (gone.state, gone.reason, gone.by) == ("discarded", "advertising", ANA)
    assert mail.mailbox.content(gone).raw
