"""Does each letter reach its complainant, once, whatever happens on the way?"""

from __future__ import annotations

from recovery.events import Received, complaint_stream
from recovery.forgetter import Forgetter
from recovery.vault import Contact
from tests.cast import ANA, DAY, HOUR, MINUTE, NINE
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from tests.mail.letters import NOWHERE, rows, settle, topics
from tests.mail.servers import MailServer
from web.mail.post import BACK_OFF, PATIENCE
from web.mail.transport import transport_of

# ---------------------------------------------------------------- it arrives


def test_the_letter_arrives_in_both_forms_with_its_headers(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()

    post.work(server.url)

    [message] = server.messages
    [row] = rows(desk)
    assert server.recipients == ["lee@example.org"]
    assert message["From"] == "Northwind Parcels <complaints@desk.example>"
    assert message["To"] == "Mr Lee <lee@example.org>"
    assert message["Message-ID"] == row.message_id == f"<{row.delivery}@desk.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["In-Reply-To"] is None
    assert message["Date"].datetime == NINE
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert text.get_content().startswith("Dear Mr Lee,")
    assert html.get_content_type() == "text/html"
    assert "Dear Mr Lee," in html.get_content()
    assert (row.state, row.transport, row.attempts) == ("sent", "smtp", 1)


def test_the_promises_in_the_letter_are_those_of_the_policy(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()

    post.work(server.url)

    text = server.messages[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "By Monday, 2 March 2026: one of us has read your complaint" in text
    assert "By Monday, 9 March 2026: we tell you what went wrong" in text
    assert "By Monday, 16 March 2026: your complaint is settled." in text


def test_the_five_letters_of_a_complaint_hold_together_as_one_thread(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    reference = desk.receive()
    settle(desk, reference)

    post.work(server.url)

    first, *others = server.messages
    assert [row.kind for row in rows(desk)] == [
        "received", "acknowledged", "explained", "compensated", "closed",
    ]  # fmt: skip
    assert len(server.messages) == len({m["Message-ID"] for m in server.messages}) == 5
    assert {m["References"] for m in others} == {first["Message-ID"]}
    assert {m["Auto-Submitted"] for m in others} == {None}
    assert "£25.00" in others[2].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert len(server.sessions) == 1


def test_a_chinese_speaker_is_written_to_in_chinese(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive(language="zh", contact=Contact(name="李伟", email="li@example.org"))

    post.work(server.url)

    [message] = server.messages
    assert message["Subject"].startswith("我们已收到您的投诉")
    assert message["To"].addresses[0].display_name == "李伟"
    text = message.get_body(("plain",))
    assert text is not None
    assert "李伟，您好！" in text.get_content()
    assert all(ord(c) < 128 for c in text.as_string())


def test_without_a_mail_server_letters_are_caught(desk: TestDesk, post: PostOffice) -> None:
    desk.receive()

    assert post.work(None) == 1

    [row] = rows(desk)
    assert (row.state, row.transport, row.sent_at) == ("sent", "caught", NINE)


def test_what_was_sent_is_never_sent_again(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    post.work(server.url)

    assert post.work(server.url, at=NINE + DAY) == 0
    assert len(server.messages) == 1


def test_a_projection_that_lags_makes_no_second_letter(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    desk.engine.catch_up()
    worker = post.worker(transport_of(server.url, helo="desk.example"))
    worker.step()

    assert worker.step() == 0
    assert len(server.messages) == 1


# ---------------------------------------------------------------- it does not


def test_a_server_that_says_not_now_gets_the_same_letter_later(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    server.answers = ["451 4.7.1 greylisted"]
    post.work(server.url)
    [deferred] = rows(desk)
    too_early = post.work(server.url, at=NINE + MINUTE / 2)

    post.work(server.url, at=NINE + MINUTE)

    [row] = rows(desk)
    assert (deferred.state, deferred.reason) == ("deferred", "smtp_451")
    assert deferred.retry_at == NINE + MINUTE
    assert too_early == 0
    assert row.state == "sent"
    assert row.attempts == 2
    assert [m["Message-ID"] for m in server.messages] == [deferred.message_id]


def test_a_server_that_does_not_know_the_address_bounces_the_letter(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    server.recipient_answers = ["550 5.1.1 lee@example.org is unknown"]

    post.work(server.url)

    [row] = rows(desk)
    assert (row.state, row.reason) == ("bounced", "smtp_550")
    assert topics(desk, row.delivery) == ["delivery.queued", "delivery.bounced"]
    assert post.work(server.url, at=NINE + DAY) == 0


def test_while_the_server_is_down_letters_wait_longer_each_time(
    desk: TestDesk, post: PostOffice
) -> None:
    desk.receive()
    waits, now = [], NINE
    for _ in range(len(BACK_OFF) + 1):
        post.work(NOWHERE, at=now)
        [row] = rows(desk)
        assert row.retry_at is not None
        waits.append(row.retry_at - now)
        now = row.retry_at

    assert waits == [*BACK_OFF, BACK_OFF[-1]]
    assert (row.state, row.reason) == ("deferred", "unreachable")


def test_after_three_days_the_letter_is_given_up(desk: TestDesk, post: PostOffice) -> None:
    desk.receive()
    post.work(NOWHERE)

    post.work(NOWHERE, at=NINE + PATIENCE)

    [row] = rows(desk)
    assert (row.state, row.reason, row.retry_at) == ("abandoned", "unreachable", None)


def test_somebody_without_an_address_has_to_be_reached_another_way(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive(contact=Contact(name="Mr Lee", phone="+44 20 7946 0000"))

    post.work(server.url)

    [row] = rows(desk)
    assert (row.state, row.reason) == ("abandoned", "no_address")
    assert topics(desk, row.delivery) == ["delivery.abandoned"]


def test_who_was_forgotten_meanwhile_gets_no_letter(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    reference = desk.receive()
    server.answers = ["451 later"]
    post.work(server.url)
    desk.desk.acknowledge(reference, by=ANA, at=NINE + MINUTE)
    received = desk.store.records(complaint_stream(reference))[0].event
    assert isinstance(received, Received)
    Forgetter(desk.store, desk.vault).forget(
        received.complainant, by=ANA, at=NINE + MINUTE, reason="asked"
    )

    post.work(server.url, at=NINE + HOUR)

    assert {(row.state, row.reason) for row in rows(desk)} == {("abandoned", "forgotten")}
    assert server.messages == []
