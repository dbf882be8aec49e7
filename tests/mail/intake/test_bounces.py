"""Does an act whose letter did not arrive count as not done, and do its clocks run on?"""

from __future__ import annotations

from datetime import datetime

import pytest

from projections.queue import Ticket
from projections.whole import ticket as ticket_of
from recovery.events import Bounced, Delayed, LetterReturned, delivery_stream
from tests.cast import ANA, DAY, HOUR, MINUTE, NINE
from tests.mail.intake.conftest import MailDesk
from tests.mail.reading.samples import raw
from tests.mail.servers import MailServer

ACK = 2
"""Version of the acknowledgement."""


def report(
    letter: str, *, to: str = "lee@example.org", action: str = "failed", status: str = "5.1.1"
) -> bytes:
    """What another server says became of a letter."""
    return raw(
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>",
        "Subject: Undelivered Mail Returned to Sender",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        body=(
            "--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n"
            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
            f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"
            "--b\nContent-Type: text/rfc822-headers\n\n"
            f"Message-ID: <{letter}@desk.example>\n--b--\n"
        ),
    )


def acknowledged(mail: MailDesk, *, at: datetime = NINE + MINUTE) -> str:
    """Mr Lee's complaint, acknowledged, and the letters sent."""
    reference = mail.desk.receive()
    mail.desk.desk.acknowledge(reference, by=ANA, at=at)
    mail.send_letters(at=at)
    return reference


def ticket(mail: MailDesk, reference: str) -> Ticket:
    with mail.desk.store.database.engine.connect() as conn:
        found = ticket_of(conn, reference)
    assert found is not None
    return found


def clock(mail: MailDesk, reference: str, name: str) -> str:
    return next(c.state for c in ticket(mail, reference).clocks if c.name == name)


def test_an_acknowledgement_that_bounced_reopens_its_clock(mail: MailDesk) -> None:
    reference = acknowledged(mail)
    mail.desk.engine.catch_up()
    assert clock(mail, reference, "acknowledge") == "stopped"
    before = next(c for c in ticket(mail, reference).clocks if c.name == "acknowledge")

    settled = mail.take(report(mail.letter(reference, ACK)), sender="")
    marked = mail.mark_returns()

    assert (settled.outcome, settled.reference, marked) == ("bounce", reference, 1)
    found = ticket(mail, reference)
    assert (found.stage, found.acknowledged_at) == ("received", None)
    now = next(c for c in found.clocks if c.name == "acknowledge")
    assert (now.state, now.due) == ("running", before.due)
    assert found.next_due == before.due


def test_it_can_then_be_acknowledged_another_way(mail: MailDesk) -> None:
    reference = acknowledged(mail)
    mail.take(report(mail.letter(reference, ACK)), sender="")
    mail.mark_returns()

    mail.desk.desk.acknowledge(reference, by=ANA, at=NINE + HOUR, message="By telephone.")
    mail.desk.engine.catch_up()

    assert clock(mail, reference, "acknowledge") == "stopped"
    assert ticket(mail, reference).stage == "acknowledged"


def test_an_explanation_that_bounced_has_to_be_given_again(mail: MailDesk) -> None:
    reference = acknowledged(mail)
    mail.desk.desk.explain(
        reference, by=ANA, at=NINE + 2 * MINUTE, outcome="upheld", message="We lost it."
    )
    mail.send_letters()

    mail.take(report(mail.letter(reference, 3), status="5.2.2"), sender="")
    mail.mark_returns()

    state, _ = mail.desk.desk.state(reference)
    assert (state.stage, state.acknowledged, state.explained) == ("acknowledged", True, False)
    assert clock(mail, reference, "explain") == "running"
    event = mail.records(reference)[-1].event
    assert isinstance(event, LetterReturned)
    assert (event.kind, event.act, event.reason) == ("explained", 3, "mailbox_full")


def test_a_letter_that_was_refused_at_once_counts_likewise(
    mail: MailDesk, server: MailServer
) -> None:
    reference = mail.desk.receive()
    mail.post.work(server.url, at=NINE)
    mail.desk.desk.acknowledge(reference, by=ANA, at=NINE + MINUTE)
    server.recipient_answers.append("550 5.1.1 unknown")
    mail.post.work(server.url, at=NINE + MINUTE)

    assert mail.mark_returns() == 1
    assert mail.mark_returns() == 0
    assert mail.topics(reference) == ["received", "acknowledged", "letter_returned"]
    assert clock(mail, reference, "acknowledge") == "running"


def test_a_complainant_without_an_address_was_told_another_way(mail: MailDesk) -> None:
    from recovery.vault import Contact

    reference = mail.desk.receive(contact=Contact(phone="+44 20 7946 0000"))
    mail.desk.desk.acknowledge(reference, by=ANA, at=NINE + MINUTE)
    mail.send_letters()

    assert mail.mark_returns() == 0
    assert clock(mail, reference, "acknowledge") == "stopped"


def test_a_letter_that_is_delayed_is_still_on_its_way(mail: MailDesk) -> None:
    reference = acknowledged(mail)
    letter = mail.letter(reference, ACK)

    settled = mail.take(report(letter, action="delayed", status="4.4.1"), sender="")

    assert settled.outcome == "delayed"
    last = mail.desk.store.records(delivery_stream(letter))[-1].event
    assert isinstance(last, Delayed)
    assert mail.mark_returns() == 0
    assert clock(mail, reference, "acknowledge") == "stopped"


def test_a_second_report_on_a_letter_changes_nothing(mail: MailDesk) -> None:
    reference = acknowledged(mail)
    letter = mail.letter(reference, ACK)
    mail.take(report(letter), sender="")
    again = mail.take(report(letter, status="5.0.0"), sender="")

    assert again.outcome == "bounce"
    bounces = [
        r for r in mail.desk.store.records(delivery_stream(letter)) if isinstance(r.event, Bounced)
    ]
    assert len(bounces) == 1


@pytest.mark.parametrize(
    ("letter", "to", "reason"),
    [("acknowledgement", "mallory@elsewhere.example", "report_does_not_fit"),
     ("another", "lee@example.org", "report_on_unknown")],
)  # fmt: skip
def test_a_report_that_somebody_made_up_reopens_nothing(
    mail: MailDesk, letter: str, to: str, reason: str
) -> None:
    reference = acknowledged(mail)
    about = mail.letter(reference, ACK if letter == "acknowledgement" else 9)

    settled = mail.take(report(about, to=to), sender="")

    assert (settled.outcome, settled.state, settled.reason) == ("held", "waiting", reason)
    assert mail.mark_returns() == 0
    assert clock(mail, reference, "acknowledge") == "stopped"


def test_a_mailbox_that_is_full_is_tried_again_until_the_letter_is_three_days_old(
    mail: MailDesk,
) -> None:
    reference = acknowledged(mail)
    full = {"status": "4.2.2", "to": "lee@example.org"}

    mail.take(report(mail.letter(reference, ACK), **full), sender="", at=NINE + HOUR)
    again = mail.desk.store.records(delivery_stream(mail.letter(reference, ACK)))
    assert [type(r.event).__name__ for r in again][-2:] == ["Sent", "Deferred"]
    assert mail.mark_returns() == 0

    mail.send_letters(at=NINE + 6 * HOUR)
    resent = mail.desk.store.records(delivery_stream(mail.letter(reference, ACK)))
    assert type(resent[-1].event).__name__ == "Sent"

    later = report(mail.letter(reference, ACK), **full) + b"\nagain"
    mail.take(later, sender="", at=NINE + 4 * DAY)
    assert mail.mark_returns() == 1
    assert ticket(mail, reference).stage == "received"
