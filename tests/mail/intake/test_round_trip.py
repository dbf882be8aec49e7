"""Does a complaint go round by mail: to the desk, the answer back, a reply, and a letter lost?

With Postfix between the desk and the complainant, which delivers the desk's mail into a mailbox of
Dovecot's that the desk looks into by IMAP; in `make soak` also handed over to the desk directly.
With an aiosmtpd server in Postfix's place nothing has to be installed: there the test itself writes
the report of the lost letter, as Postfix does of its own accord.
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import parseaddr
from typing import NamedTuple

import msgspec
import pytest

from recovery.delivery import delivery_id
from recovery.events import Bounced, delivery_stream
from tests.cast import ANA, MINUTE
from tests.mail.conftest import SENDER
from tests.mail.intake import dovecot, postfix
from tests.mail.intake.conftest import TOKEN_KEY, MailDesk
from tests.mail.intake.test_bounces import clock, report, ticket
from tests.mail.intake.test_handing_over import listening
from tests.mail.reading.samples import raw
from tests.mail.servers import mail_server
from web.mail.receiving.imap import Account, Fetcher
from web.mail.transport import transport_of

DESK = "desk@desk.example"
LEE = "lee@home.example"
ACKNOWLEDGED = 3
"""Version of the acknowledgement: after the complaint and the answer."""
SIGNING = msgspec.structs.replace(SENDER, address=DESK, reply_key=TOKEN_KEY)


class Ended(NamedTuple):
    """What the desk knows at the end of the story."""

    receipt: str
    """What the receipt says of itself."""
    topics: list[str]
    bounced: bool
    stage: str
    acknowledge: str


NOT_ACKNOWLEDGED = Ended(
    receipt="auto-generated", bounced=True, stage="received", acknowledge="running",
    topics=["received", "message_received", "acknowledged", "letter_returned"],
)  # fmt: skip
"""The letter that was lost counts as not written."""


def written(to: str, body: str, *lines: str) -> bytes:
    return raw(f"From: Mr Lee <{LEE}>", f"To: {to}", *lines, body=body + "\n")


def until(found: Callable[[], object]) -> None:
    """Mail servers take their time."""
    deadline = time.monotonic() + 30
    while not found():
        assert time.monotonic() < deadline, "it did not arrive"
        time.sleep(0.05)


def settle(mail: MailDesk) -> None:
    """The worker's part."""
    mail.now += MINUTE
    while mail.intake.step():
        pass
    mail.desk.engine.catch_up()
    mail.mark_returns()


def post(mail: MailDesk, url: str) -> None:
    mail.now += MINUTE
    mail.post.now = mail.now
    mail.desk.engine.catch_up()
    mail.post.worker(transport_of(url, helo="desk.example"), sender=SIGNING).step()
    mail.desk.engine.catch_up()


def complaint_of(mail: MailDesk) -> str:
    with mail.desk.store.database.connection() as conn:
        [row] = conn.execute("select reference from desk.mail where outcome = 'complaint'")
    return str(row[0])


def goes_round(
    mail: MailDesk, url: str, send: Callable[[str, bytes], None],
    inbox: Callable[[], list[EmailMessage]], move_away: Callable[[], None],
    lost: Callable[[str], None], fetch: Callable[[], object] = lambda: None,
) -> Ended:  # fmt: skip
    """The story, whoever carries the mail. Mr Lee moves away; his next letter is lost."""

    def here(count: int) -> Callable[[], bool]:
        def look() -> bool:
            fetch()
            return stored(mail) == count

        return look

    send(DESK, written(DESK, "My parcel never came.", "Subject: Lost parcel"))
    until(here(1))
    settle(mail)
    reference = complaint_of(mail)
    post(mail, url)
    until(inbox)
    [receipt] = inbox()

    answer = parseaddr(str(receipt["Reply-To"]))[1]
    again = f"In-Reply-To: {receipt['Message-ID']}"
    send(answer, written(answer, "Any news?", "Subject: Re: Lost parcel", again))
    until(here(2))
    settle(mail)

    move_away()
    mail.desk.desk.acknowledge(reference, by=ANA, at=mail.now)
    post(mail, url)
    lost(delivery_id(reference, ACKNOWLEDGED))
    until(here(3))
    settle(mail)
    letters = mail.desk.store.records(delivery_stream(delivery_id(reference, ACKNOWLEDGED)))
    return Ended(
        receipt=str(receipt["Auto-Submitted"]), topics=mail.topics(reference),
        bounced=any(isinstance(record.event, Bounced) for record in letters),
        stage=ticket(mail, reference).stage, acknowledge=clock(mail, reference, "acknowledge"),
    )  # fmt: skip


def stored(mail: MailDesk) -> int:
    with mail.desk.store.database.connection() as conn:
        row = conn.execute("select count(*) from desk.mail").fetchone()
    assert row is not None
    return int(row[0])


def test_round_by_aiosmtpd(mail: MailDesk) -> None:
    with listening(mail.mailbox) as (lmtp, _), mail_server() as carrier:

        def send(to: str, message: bytes) -> None:
            with smtplib.LMTP("127.0.0.1", lmtp) as server:
                server.sendmail(LEE, [to], message)

        def lost(letter: str) -> None:
            send(DESK, report(letter, to=LEE))

        ended = goes_round(
            mail, carrier.url, send, lambda: carrier.messages[:1], lambda: None, lost
        )  # fmt: skip

    assert ended == NOT_ACKNOWLEDGED


@pytest.mark.skipif(
    not (postfix.usable() and dovecot.installed()),
    reason="Postfix or Dovecot is not installed, or we are not root",
)
def test_round_by_postfix_and_dovecot(mail: MailDesk) -> None:
    with dovecot.running() as box, postfix.running(desk=box.lmtp) as carrier:
        fetcher = Fetcher(mail.mailbox, Account.parse(box.url), clock=lambda: mail.now)

        def send(to: str, message: bytes) -> None:
            with smtplib.SMTP("127.0.0.1", carrier.port) as server:
                server.sendmail(LEE, [to], message)

        ended = goes_round(
            mail, carrier.url, send, carrier.inbox, carrier.close_mailbox, lambda _: None,
            fetcher.step,
        )  # fmt: skip

        assert ended == NOT_ACKNOWLEDGED
        assert len(box.stored()) == 3


@pytest.mark.soak
@pytest.mark.skipif(not postfix.usable(), reason="Postfix is not installed, or we are not root")
def test_round_by_postfix(mail: MailDesk) -> None:
    with listening(mail.mailbox) as (lmtp, _), postfix.running(desk=lmtp) as carrier:

        def send(to: str, message: bytes) -> None:
            with smtplib.SMTP("127.0.0.1", carrier.port) as server:
                server.sendmail(LEE, [to], message)

        ended = goes_round(
            mail, carrier.url, send, carrier.inbox, carrier.close_mailbox, lambda _: None
        )  # fmt: skip

    assert ended == NOT_ACKNOWLEDGED
