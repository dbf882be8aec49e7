"""Is a message that a mail server hands over stored before the server hears that it was taken?"""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from recovery.database import Database
from recovery.mailbox import Mailbox
from tests.cast import NINE
from tests.mail.intake.conftest import MailDesk
from tests.mail.reading.samples import raw
from web.mail.receiving.server import VISITORS, Doors, Place

LETTER = raw("Subject: No refund", "Message-ID: <1@example.org>", body="Where is it?\n")
TOKEN = "desk+abc@desk.example"


@contextmanager
def listening(mailbox: Mailbox, *, limit: int = 1_000_000) -> Iterator[tuple[int, int]]:
    """The ports of LMTP and SMTP."""
    places = [Place.of("lmtp", "127.0.0.1:0"), Place.of("smtp", "127.0.0.1:0")]
    doors = Doors(
        mailbox, places, addresses=["desk@desk.example"], limit=limit, hostname="desk.example",
        clock=lambda: NINE,
    )  # fmt: skip
    stopping = threading.Event()
    thread = threading.Thread(target=doors.follow, args=(stopping,))
    thread.start()
    assert doors.open.wait(10)
    yield doors.ports[0], doors.ports[1]
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()


def test_lmtp_stores_a_message_with_its_envelope(mail: MailDesk) -> None:
    with listening(mail.mailbox) as (port, _), smtplib.LMTP("127.0.0.1", port) as server:
        refused = server.sendmail("lee@example.org", [TOKEN, "desk@desk.example"], LETTER)
        second = server.getreply()  # LMTP answers for each recipient
        assert server.noop()[0] == 250

    assert refused == {}
    assert second == (250, b"2.0.0 Taken")
    [stored] = mail.mailbox.take(now=NINE)
    assert (stored.channel, stored.received_at) == ("lmtp", NINE)
    content = mail.mailbox.content(stored)
    assert content.raw == LETTER
    assert content.brought.sender == "lee@example.org"
    assert content.brought.recipients == (TOKEN, "desk@desk.example")


def test_the_null_sender_of_reports_is_kept_as_such(mail: MailDesk) -> None:
    with listening(mail.mailbox) as (port, _), smtplib.LMTP("127.0.0.1", port) as server:
        server.sendmail("", ["desk@desk.example"], LETTER)

    [stored] = mail.mailbox.take(now=NINE)
    assert mail.mailbox.content(stored).brought.sender == ""


def test_smtp_takes_mail_for_our_addresses_only(mail: MailDesk) -> None:
    with listening(mail.mailbox) as (_, port), smtplib.SMTP("127.0.0.1", port) as server:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            server.sendmail("x@example.org", ["somebody@else.example"], LETTER)
        assert server.sendmail("x@example.org", ["Desk+abc@DESK.example"], LETTER) == {}

    [stored] = mail.mailbox.take(now=NINE)
    assert stored.channel == "smtp"


def test_a_message_that_cannot_be_stored_stays_with_the_mail_server(
    mail: MailDesk, database_url: str
) -> None:
    away = Database(database_url, size=2).open()
    mailbox = Mailbox(away, mail.desk.vault, key=b"k" * 32)
    with listening(mailbox) as (port, _), smtplib.LMTP("127.0.0.1", port) as server:
        away.close()
        with pytest.raises(smtplib.SMTPDataError) as refused:
            server.sendmail("lee@example.org", ["desk@desk.example"], LETTER)

    assert refused.value.smtp_code == 451
    assert mail.mailbox.take(now=NINE) == []


def test_a_message_that_is_too_large_is_refused_and_one_with_long_lines_is_not(
    mail: MailDesk,
) -> None:
    long = raw(body="x" * 50_000 + "\n")
    with listening(mail.mailbox, limit=100_000) as (port, _):
        with smtplib.LMTP("127.0.0.1", port) as server:
            server.sendmail("lee@example.org", ["desk@desk.example"], long)
        with (
            smtplib.LMTP("127.0.0.1", port) as server,
            pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) as refused,
        ):
            server.sendmail("lee@example.org", ["desk@desk.example"], raw(body="y\n" * 100_000))

    assert getattr(refused.value, "smtp_code", 0) == 552
    [stored] = mail.mailbox.take(now=NINE)
    assert mail.mailbox.content(stored).raw == long


def test_so_many_come_in_at_once_and_the_next_is_asked_to_come_back(mail: MailDesk) -> None:
    with listening(mail.mailbox) as (lmtp, smtp):
        inside = [smtplib.SMTP("127.0.0.1", smtp) for _ in range(VISITORS)]
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", smtp)
        assert refused.value.smtp_code == 421
        with smtplib.LMTP("127.0.0.1", lmtp) as ours:
            ours.sendmail("lee@example.org", ["desk@desk.example"], raw(body="Our own server."))

        inside.pop().quit()
        with smtplib.SMTP("127.0.0.1", smtp) as server:
            server.sendmail("lee@example.org", ["desk@desk.example"], raw(body="Let me in."))
        for each in inside:
            each.close()
    assert len(mail.mailbox.take(now=mail.now)) == 2
