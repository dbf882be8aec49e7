"""Does an address that refused letters get no more, until somebody lifts that?"""

from __future__ import annotations

import pytest

from recovery.errors import Refused
from recovery.events import Received, complaint_stream
from recovery.suppression import is_suppressed, readmit, suppress
from recovery.vault import Contact
from tests.cast import ANA, HOUR, MINUTE, NINE
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from tests.mail.letters import rows
from tests.mail.servers import MailServer
from web.mail.intake.returns import Returns
from web.mail.pace import Pace
from web.mail.transport import transport_of


def complainant_of(desk: TestDesk, reference: str) -> str:
    received = desk.store.records(complaint_stream(reference))[0].event
    assert isinstance(received, Received)
    return received.complainant


def test_nothing_more_is_sent_to_an_address_that_refused_for_good_until_it_is_lifted(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    reference = desk.receive()
    server.recipient_answers = ["550 5.1.1 nobody here"]
    post.work(server.url)
    Returns(desk.store, desk.vault, clock=lambda: NINE).step()

    desk.desk.acknowledge(reference, by=ANA, at=NINE + MINUTE)
    post.work(server.url, at=NINE + MINUTE)
    held = rows(desk)[-1]
    Returns(desk.store, desk.vault, clock=lambda: NINE + MINUTE).step()
    acknowledged = desk.desk.state(reference)[0].acknowledged
    readmit(
        desk.store, desk.vault, complainant_of(desk, reference), why="They rang: it works.",
        by=ANA, at=NINE + HOUR,
    )  # fmt: skip
    desk.desk.send_message(reference, by=ANA, at=NINE + HOUR, text="Once more.")
    post.work(server.url, at=NINE + HOUR)

    assert (held.state, held.reason) == ("abandoned", "suppressed")
    assert not acknowledged
    assert len(server.messages) == 1
    assert rows(desk)[-1].state == "sent"


def test_a_full_mailbox_speaks_against_one_letter_only(desk: TestDesk) -> None:
    complainant = complainant_of(desk, desk.receive())

    suppress(desk.store, complainant, reason="mailbox_full", by="system:mail", at=NINE)

    assert not is_suppressed(desk.store, complainant)
    with pytest.raises(Refused, match="already"):
        readmit(desk.store, desk.vault, complainant, why="", by=ANA, at=NINE)


def test_letters_to_one_domain_go_one_after_the_other_and_none_is_lost(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    for name in ("a@one.example", "b@one.example", "c@two.example"):
        desk.receive(contact=Contact(email=name))
    desk.engine.catch_up()
    worker = post.worker(transport_of(server.url, helo="desk.example"), pace=Pace(1))
    worker.step()
    desk.engine.catch_up()
    reasons = sorted((row.state, row.reason) for row in rows(desk))

    post.now = NINE + MINUTE
    worker.step()

    assert reasons == [("deferred", "domain_limit"), ("sent", ""), ("sent", "")]
    assert sorted(server.recipients) == ["a@one.example", "b@one.example", "c@two.example"]
