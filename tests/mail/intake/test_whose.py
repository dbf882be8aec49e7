"""Does a message get to the case it belongs to, and to no other?"""

from __future__ import annotations

import msgspec
import pytest

from recovery.events import MailFiled, MessageReceived, Received
from recovery.reference import show
from recovery.vault import Files, Said, read
from tests.cast import ANA, DAY, HOUR, MINUTE, NINE
from tests.mail.conftest import SENDER
from tests.mail.intake.conftest import TOKEN_KEY, MailDesk
from tests.mail.reading.samples import raw
from tests.mail.servers import MailServer
from web.mail import replytokens
from web.mail.transport import transport_of

MALLORY = "From: Mallory <mallory@elsewhere.example>"


def said(mail: MailDesk, reference: str, version: int) -> Said:
    event = mail.records(reference)[version - 1].event
    ref = event.words if isinstance(event, Received) else event.message  # type: ignore[attr-defined]
    with mail.desk.store.database.connection() as conn:
        found = read(mail.desk.vault.open_many(conn, [ref.paper]), ref, Said)
    assert found is not None
    return found


def test_mail_that_speaks_of_no_case_is_a_new_complaint_with_a_receipt(mail: MailDesk) -> None:
    settled = mail.take(raw("Subject: No refund", body="Where is my refund?"))

    assert (settled.outcome, settled.state) == ("complaint", "done")
    received = mail.records(settled.reference)[0].event
    assert isinstance(received, Received)
    assert received.channel == "email"
    assert received.at == mail.now
    assert received.letter is not None
    assert said(mail, settled.reference, 1).text == "Where is my refund?"
    assert said(mail, settled.reference, 1).subject == "No refund"


def test_the_receipt_speaks_the_language_of_the_mail(mail: MailDesk) -> None:
    words = "我的包裹三个星期都没有到,客服也没有人回复我,请尽快处理我的投诉。"

    settled = mail.take(raw("Content-Type: text/plain; charset=utf-8", body=words))

    received = mail.records(settled.reference)[0].event
    assert isinstance(received, Received)
    assert received.language == "zh"


def test_files_become_papers_of_the_case(mail: MailDesk) -> None:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the bill.\r\n--b\r\n"
        "Content-Type: text/csv; name=bill.csv\r\n"
        "Content-Disposition: attachment; filename=bill.csv\r\n\r\na,b\r\n--b--\r\n"
    )

    settled = mail.take(raw("Content-Type: multipart/mixed; boundary=b", body=body))

    assert mail.topics(settled.reference) == ["received", "files_added"]
    listing = mail.records(settled.reference)[1].event.listing  # type: ignore[attr-defined]
    with mail.desk.store.database.connection() as conn:
        files = read(mail.desk.vault.open_many(conn, [listing.paper]), listing, Files)
        assert files is not None
        [file] = files.files
        content = mail.desk.vault.open_many(conn, [file.content.paper])[file.content.paper]
    assert (file.name, file.size, content) == ("bill.csv", 3, b"a,b")


def test_an_answer_to_the_signed_address_is_the_complainants_message(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    mail.send_letters()

    settled = mail.take(raw(body="Any news?"), to=(mail.token_address(reference),))

    assert (settled.outcome, settled.reference) == ("appended", reference)
    event = mail.records(reference)[-1].event
    assert isinstance(event, MessageReceived)
    assert (event.channel, event.by) == ("email", "complainant")
    assert said(mail, reference, 2).text == "Any news?"


def test_an_answer_to_one_of_our_letters_finds_its_case(mail: MailDesk) -> None:
    reference, _other = mail.desk.receive(), mail.desk.receive()
    mail.send_letters()
    letter = f"<{mail.letter(reference)}@desk.example>"

    settled = mail.take(raw(f"References: <unknown@x.example> {letter}", body="Any news?"))

    assert (settled.outcome, settled.reference) == ("appended", reference)


def test_of_several_letters_the_newest_counts(mail: MailDesk) -> None:
    older, newer = mail.desk.receive(), mail.desk.receive()
    mail.send_letters()
    first, second = (f"<{mail.letter(each)}@desk.example>" for each in (older, newer))

    settled = mail.take(raw(f"References: {first} {second}"))

    assert settled.reference == newer


def test_the_number_is_enough_for_the_complainant(mail: MailDesk) -> None:
    reference = mail.desk.receive()

    settled = mail.take(raw(f"Subject: Complaint {show(reference)}"))

    assert (settled.outcome, settled.reference) == ("appended", reference)


@pytest.mark.parametrize("shape", ["number", "reference"])
def test_nobody_else_gets_into_a_case_by_knowing_its_number(mail: MailDesk, shape: str) -> None:
    reference = mail.desk.receive()
    mail.send_letters()
    hint = {
        "number": f"Subject: About {show(reference)}",
        # Whoever knows the number can work the Message-ID out, too.
        "reference": f"In-Reply-To: <{mail.letter(reference)}@desk.example>",
    }[shape]

    settled = mail.take(raw(MALLORY, hint, body="Send the money to me."))

    assert (settled.outcome, settled.state) == ("proposed", "waiting")
    assert (settled.reference, settled.reason) == (reference, "unknown_sender")
    assert mail.topics(reference) == ["received"]


def test_a_forged_sender_whom_our_border_doubts_does_not_get_in(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    forged = raw(
        "Authentication-Results: mx.desk.example; dmarc=fail header.from=example.org",
        f"Subject: {show(reference)}",
    )

    settled = mail.take(forged)

    assert (settled.outcome, settled.reason) == ("proposed", "doubted")
    assert mail.topics(reference) == ["received"]


def test_a_made_up_token_proves_nothing(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    mail.send_letters()
    address = mail.token_address(reference)
    forged = address.replace("@", "a@") if "a@" not in address else address.replace("a@", "b@")

    settled = mail.take(raw(MALLORY), to=(forged,))

    assert settled.outcome == "complaint"
    assert settled.reference != reference


def test_a_stranger_with_the_token_is_a_third_party(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    mail.send_letters()

    settled = mail.take(
        raw("From: Ms Lee <daughter@example.net>", body="My father asked me to write."),
        to=(mail.token_address(reference).upper(),),
    )

    assert (settled.outcome, settled.reference) == ("third_party", reference)
    event = mail.records(reference)[-1].event
    assert isinstance(event, MailFiled)
    assert event.speaker == "third_party"
    assert said(mail, reference, 2).text.startswith("Ms Lee <daughter@example.net>")


def test_an_automatic_reply_is_kept_and_stops_and_resumes_nothing(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    mail.desk.desk.pause(reference, by=ANA, at=NINE + MINUTE, reason="complainant")
    mail.send_letters()

    settled = mail.take(
        raw("Auto-Submitted: auto-replied", "Subject: Out of office"),
        to=(mail.token_address(reference),),
    )

    assert (settled.outcome, settled.reference) == ("auto_reply", reference)
    assert mail.topics(reference)[-1] == "mail_filed"
    state, _ = mail.desk.desk.state(reference)
    assert state.paused


def test_a_machine_that_speaks_of_nothing_starts_no_complaint(mail: MailDesk) -> None:
    settled = mail.take(raw("Auto-Submitted: auto-replied", "Subject: Out of office"))

    assert (settled.outcome, settled.state, settled.reference) == ("auto_reply", "done", "")


def test_a_reply_to_a_closed_complaint_is_on_it_and_an_agent_is_asked(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    mail.desk.desk.close(reference, by=ANA, at=NINE + MINUTE, outcome="out_of_scope")

    settled = mail.take(raw(f"Subject: {show(reference)}", body="I do not agree."))

    assert mail.topics(reference)[-1] == "message_received"
    assert (settled.outcome, settled.state) == ("appended", "waiting")
    assert settled.reason == "complaint_closed"
    assert not mail.desk.desk.state(reference)[0].is_open


def test_a_colleague_is_not_taken_for_a_complainant(mail: MailDesk) -> None:
    mail.accounts.add_user(
        id="ana", email="ana@desk.example", name="Ana", role="agent", password="a long password"
    )

    settled = mail.take(raw("From: Ana <Ana@desk.example>", body="Please look into this."))

    assert (settled.outcome, settled.reason) == ("held", "colleague")


def test_no_answer_goes_to_somebody_who_must_not_be_answered(mail: MailDesk) -> None:
    settled = mail.take(raw("From: Shop <no-reply@shop.example>", body="No parcel came."))

    assert settled.outcome == "complaint"
    received = mail.records(settled.reference)[0].event
    assert isinstance(received, Received)
    assert received.letter is None


def test_two_desks_that_answer_each_other_stop(mail: MailDesk) -> None:
    found = [
        mail.take(raw(f"Message-ID: <{n}@other.example>", body=f"We got your mail, ticket {n}."))
        for n in range(25)
    ]

    receipts = [
        event.letter is not None
        for each in found if each.outcome == "complaint"
        for event in [mail.records(each.reference)[0].event] if isinstance(event, Received)
    ]  # fmt: skip
    assert (len(receipts), sum(receipts)) == (20, 5)
    assert {(each.outcome, each.reason) for each in found[20:]} == {("held", "too_many")}
    later = mail.take(raw(body="A new day."), at=mail.now + DAY + HOUR)
    assert later.outcome == "complaint"


def test_letters_ask_to_be_answered_at_their_signed_address(
    mail: MailDesk, server: MailServer
) -> None:
    reference = mail.desk.receive()
    mail.desk.engine.catch_up()
    signing = msgspec.structs.replace(SENDER, reply_key=TOKEN_KEY)
    post = mail.post.worker(transport_of(server.url, helo="desk.example"), sender=signing)

    post.step()

    [letter] = server.messages
    answer = str(letter["Reply-To"])
    address = answer.partition("<")[2].rstrip(">")
    assert address.startswith("complaints+")
    assert replytokens.among([address], key=TOKEN_KEY) == mail.letter(reference)
