"""Is everything in a mailbox on another server fetched, and nothing twice?"""

from __future__ import annotations

import imaplib
from collections.abc import Iterator

import pytest

from recovery.database import Database
from recovery.mailbox import Mailbox
from tests.cast import NINE
from tests.mail.intake import dovecot
from tests.mail.intake.conftest import MailDesk
from tests.mail.intake.dovecot import Dovecot
from tests.mail.reading.samples import raw
from web.mail.receiving.imap import FAILURES, Account, Fetcher

pytestmark = pytest.mark.skipif(not dovecot.installed(), reason="Dovecot is not installed")


@pytest.fixture
def imap() -> Iterator[Dovecot]:
    with dovecot.running() as found:
        yield found


def message(number: int) -> bytes:
    return raw(f"Message-ID: <{number}@example.org>", body=f"Complaint {number}: 我要投诉。")


def fetcher(mail: MailDesk, url: str) -> Fetcher:
    return Fetcher(mail.mailbox, Account.parse(url), clock=lambda: NINE)


def contents(mail: MailDesk) -> list[bytes]:
    return sorted(mail.mailbox.content(m).raw for m in mail.mailbox.take(now=NINE, limit=100))


def test_what_arrived_is_fetched_once_and_marked_only_when_stored(
    mail: MailDesk, imap: Dovecot
) -> None:
    for number in range(5):
        imap.deliver(message(number))
    fetches = fetcher(mail, imap.url)

    assert fetches.step() == 5
    assert len(imap.stored()) == 5
    imap.deliver(message(5))
    assert fetches.step() == 1
    assert fetches.step() == 0
    assert contents(mail) == [message(number) for number in range(6)]


def test_a_message_is_taken_for_arrived_when_the_server_had_it(
    mail: MailDesk, imap: Dovecot
) -> None:
    imap.deliver(message(1))

    fetcher(mail, imap.url).step()

    [stored] = mail.mailbox.take(now=NINE)
    assert stored.channel == "imap"
    assert stored.received_at == NINE  # it arrived after the desk's watch says it is


def test_a_mailbox_that_is_numbered_anew_brings_nothing_twice(
    mail: MailDesk, imap: Dovecot
) -> None:
    imap.deliver(message(1))
    imap.deliver(message(2))
    fetcher(mail, imap.url).step()
    imap.number_anew()
    imap.deliver(message(3))

    assert fetcher(mail, imap.url).step() == 1
    assert contents(mail) == [message(number) for number in (1, 2, 3)]


def test_what_was_stored_can_be_moved_to_a_folder(mail: MailDesk, imap: Dovecot) -> None:
    imap.deliver(message(1))

    assert fetcher(mail, f"{imap.url}?move=Taken%20in").step() == 1

    client = imaplib.IMAP4("127.0.0.1", imap.port)
    client.login("desk", "secret")
    assert client.select('"Taken in"')[1] == [b"1"]
    assert client.select("INBOX")[1] == [b"0"]
    client.logout()


def test_what_could_not_be_stored_is_neither_marked_nor_passed_over(
    mail: MailDesk, imap: Dovecot, database_url: str
) -> None:
    from recovery.errors import StoreUnavailable

    imap.deliver(message(1))
    away = Database(database_url, size=2).open()
    account = Account.parse(imap.url)
    failing = Fetcher(Mailbox(away, mail.desk.vault, key=b"k" * 32), account, clock=lambda: NINE)
    away.close()

    with pytest.raises(StoreUnavailable):
        failing.step()

    assert imap.stored() == []
    assert fetcher(mail, imap.url).step() == 1


def test_a_wrong_password_is_a_failure_that_the_loop_survives(
    mail: MailDesk, imap: Dovecot
) -> None:
    wrong = Fetcher(
        mail.mailbox, Account.parse(imap.url.replace("secret", "wrong")), clock=lambda: NINE
    )

    with pytest.raises(FAILURES):
        wrong.step()
