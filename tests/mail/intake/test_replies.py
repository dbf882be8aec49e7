"""Does what a colleague answers to a notice reach the complainant, and nothing else by that way?"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import parseaddr

import msgspec
import pytest

from recovery.clock import clock_id
from recovery.events import MessageSent, Recorded, ReplyKept, SteppedUp, clock_stream
from recovery.staff import Staff
from recovery.vault import Files, Words, read
from tests.cast import ANA, NINE, SUE
from tests.mail.conftest import SENDER
from tests.mail.intake.conftest import TOKEN_KEY, MailDesk
from tests.mail.reading.samples import raw
from tests.mail.servers import MailServer
from web.mail.transport import transport_of
from web.workbench import drafts

FROM_ANA = "From: Ana <ana@desk.example>"
SIGNING = msgspec.structs.replace(SENDER, address="desk@desk.example", reply_key=TOKEN_KEY)
NEWS = "We found your parcel. It reaches you on 6 March 2026."


class Notified:
    """Ana has a notice that Mr Lee's complaint is late."""

    def __init__(self, mail: MailDesk, server: MailServer) -> None:
        self.mail, self.server = mail, server
        for name in ("ana", "bo"):
            mail.accounts.add_user(
                id=name, email=f"{name}@desk.example", name=name.title(), role="agent",
                password="a long password",
            )  # fmt: skip
        self.reference = mail.desk.receive()
        step = SteppedUp(
            at=NINE, by="system:clock", complaint=self.reference, clock="explain", cycle=1, step=1,
            notified=(ANA,),
        )  # fmt: skip
        stream = clock_stream(clock_id(self.reference, "explain", 1))
        mail.desk.store.append([Recorded(stream, 1, step)])
        self.post()
        [self.notice] = self.mail_to("ana@desk.example")
        self.address = parseaddr(str(self.notice["Reply-To"]))[1]

    def post(self) -> None:
        self.mail.desk.engine.catch_up()
        transport = transport_of(self.server.url, helo="desk.example")
        self.mail.post.now = self.mail.now
        self.mail.post.worker(transport, sender=SIGNING).step()
        self.mail.desk.engine.catch_up()

    def mail_to(self, address: str) -> list[EmailMessage]:
        return [each for each in self.server.messages if address in str(each["To"])]

    def text_of(self, message: EmailMessage) -> str:
        body = message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def draft_of(self, user: str) -> Files:
        with self.mail.desk.store.database.connection() as conn:
            [found] = [each for each in drafts.drafts(conn, self.reference) if each.user == user]
            papers = self.mail.desk.vault.open_many(conn, [found.paper])
        return msgspec.json.decode(papers[found.paper], type=Files)


@pytest.fixture
def ana(mail: MailDesk, server: MailServer) -> Notified:
    return Notified(mail, server)


def quoted(ana: Notified) -> str:
    """The notice as mail programs put it below an answer."""
    lines = ana.text_of(ana.notice).splitlines()
    return "\n".join(
        ["On 2 March 2026 at 09:00, the desk wrote:", *(f"> {line}" for line in lines)]
    )


def test_a_colleagues_answer_to_a_notice_leaves_as_the_desks_letter(ana: Notified) -> None:
    assert "Answer this mail to write to the complainant" in ana.text_of(ana.notice)
    body = f"{NEWS}\n\n-- \nAna, extension 12\n\n{quoted(ana)}"

    settled = ana.mail.take(raw(FROM_ANA, "Subject: Re: late", body=body), to=(ana.address,))

    assert (settled.outcome, settled.state, settled.by) == ("answered", "done", ANA)
    event = ana.mail.records(ana.reference)[-1].event
    assert isinstance(event, MessageSent)
    assert (event.by, event.letter.warned) == (ANA, ())
    ana.post()
    letter = ana.mail_to("lee@example.org")[-1]
    text = ana.text_of(letter)
    assert NEWS in text
    assert "extension 12" not in text
    assert "“Explain”" not in text
    assert str(letter["References"]) == f"<{ana.mail.letter(ana.reference)}@desk.example>"
    assert "ana@desk.example" not in letter.as_string()


STRANGERS = {
    "a colleague to whom it was passed on": ("From: Bo <bo@desk.example>",),
    "a stranger who found the address": ("From: Mallory <mallory@elsewhere.example>",),
    "a forger": (FROM_ANA, "Authentication-Results: mx.desk.example; dmarc=fail"),
    "a forger with a signature of their own": (
        FROM_ANA, "Authentication-Results: mx.desk.example; dkim=pass header.d=x.example",
    ),
    "two at once": (FROM_ANA, "From: Mallory <mallory@elsewhere.example>"),
    "nobody, with her address to answer to": ("From: Ana", "Reply-To: ana@desk.example"),
}  # fmt: skip


def test_nobody_else_speaks_for_the_desk(ana: Notified) -> None:
    for who, lines in STRANGERS.items():
        settled = ana.mail.take(raw(*lines, body=f"We pay {who} 5,000."), to=(ana.address,))

        assert (settled.state, settled.reason) == ("waiting", "colleague"), who
    assert ana.mail.topics(ana.reference) == ["received"]


def test_her_address_alone_or_a_letters_token_is_not_enough(ana: Notified) -> None:
    to_the_desk = ana.mail.take(raw(FROM_ANA, f"In-Reply-To: {ana.notice['Message-ID']}"))
    to_mr_lees = ana.mail.take(
        raw(FROM_ANA, body="Hello."), to=(ana.mail.token_address(ana.reference),)
    )

    assert {each.reason for each in (to_the_desk, to_mr_lees)} == {"colleague"}
    assert ana.mail.topics(ana.reference) == ["received"]


def test_who_left_the_desk_speaks_for_it_no_more(ana: Notified) -> None:
    with ana.mail.desk.store.database.connection() as conn:
        conn.execute("update desk.users set active = false where id = 'ana'")

    settled = ana.mail.take(raw(FROM_ANA, body=NEWS), to=(ana.address,))

    assert (settled.outcome, settled.reason) == ("held", "colleague")


def test_words_that_the_check_warns_of_are_kept_as_a_draft_and_she_is_told(ana: Notified) -> None:
    settled = ana.mail.take(raw(FROM_ANA, body="You are wrong about that."), to=(ana.address,))

    assert settled.outcome == "answered"
    event = ana.mail.records(ana.reference)[-1].event
    assert isinstance(event, ReplyKept)
    assert event.why == ("you_are_wrong",)
    assert ana.draft_of("ana").text == "You are wrong about that."
    ana.post()
    told = ana.mail_to("ana@desk.example")[-1]
    assert "This tells the complainant that they are wrong." in ana.text_of(told)
    assert "You are wrong about that" not in told.as_string()

    again = parseaddr(str(told["Reply-To"]))[1]
    assert ana.mail.take(raw(FROM_ANA, body=NEWS), to=(again,)).outcome == "answered"
    assert ana.mail.topics(ana.reference)[-1] == "message_sent"


def test_a_draft_that_is_there_already_keeps_its_words(ana: Notified) -> None:
    with ana.mail.desk.store.database.connection() as conn:
        state, _ = ana.mail.desk.desk.state(ana.reference)
        drafts.keep(
            conn, ana.mail.desk.vault, complaint=ana.reference, user="ana", act="letters",
            complainant=state.received.complainant, at=NINE,
            text="You are wrong about that. Or not?",
        )  # fmt: skip

    ana.mail.take(raw(FROM_ANA, body="You are wrong about that."), to=(ana.address,))

    assert ana.draft_of("ana").text == (
        "You are wrong about that. Or not?\n\nYou are wrong about that."
    )


def test_the_notice_itself_never_leaves(ana: Notified) -> None:
    unmarked = f"{NEWS}\n\n*** the desk, 2 March ***\n\n{ana.text_of(ana.notice)}"
    # With no word of hers in it everything counts as hers.
    for body, why in (
        (quoted(ana), "quotes_notice"),
        (unmarked, "quotes_notice"),
        ("", "no_words"),
    ):
        ana.mail.take(raw(FROM_ANA, body=body), to=(ana.address,))

        event = ana.mail.records(ana.reference)[-1].event
        assert isinstance(event, ReplyKept)
        assert event.why[0] == why
    assert "message_sent" not in ana.mail.topics(ana.reference)


def test_files_go_along_but_not_the_logo_of_a_signature(ana: Notified) -> None:
    body = (
        f"--b\r\nContent-Type: text/plain\r\n\r\n{NEWS}\r\n--b\r\n"
        "Content-Type: image/png; name=logo.png\r\nContent-Disposition: inline\r\n"
        "Content-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b\r\n"
        "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=bill.csv\r\n\r\n"
        "a,b\r\n--b--\r\n"
    )

    ana.mail.take(
        raw(FROM_ANA, "Content-Type: multipart/mixed; boundary=b", body=body), to=(ana.address,)
    )

    event = ana.mail.records(ana.reference)[-1].event
    assert isinstance(event, MessageSent)
    with ana.mail.desk.store.database.connection() as conn:
        assert event.letter.files is not None
        assert event.letter.message is not None
        refs = [event.letter.files, event.letter.message]
        papers = ana.mail.desk.vault.open_many(conn, [ref.paper for ref in refs])
    listing, words = read(papers, refs[0], Files), read(papers, refs[1], Words)
    assert listing is not None
    assert [file.name for file in listing.files] == ["bill.csv"]
    assert words is not None
    assert words.text == NEWS


def test_the_same_answer_twice_is_sent_once(ana: Notified) -> None:
    message = raw(FROM_ANA, "Message-ID: <1@desk.example>", body=NEWS)

    first = ana.mail.take(message, to=(ana.address,))
    ana.mail.take(message, to=(ana.address,))
    copy = ana.mail.take(b"Received: by another way\r\n" + message, to=(ana.address,))

    assert (first.outcome, copy.outcome) == ("answered", "duplicate")
    assert ana.mail.topics(ana.reference).count("message_sent") == 1


def test_nobody_answers_in_a_complaint_about_them(ana: Notified) -> None:
    desk = ana.mail.desk
    Staff(desk.store, desk.vault).name(ana.reference, staff=[ANA], by=SUE, at=NINE)

    settled = ana.mail.take(raw(FROM_ANA, body=NEWS), to=(ana.address,))

    assert (settled.state, settled.reason) == ("waiting", "not_possible")
    assert ana.mail.topics(ana.reference) == ["received", "staff_named"]


def test_her_absence_is_no_answer(ana: Notified) -> None:
    settled = ana.mail.take(
        raw(FROM_ANA, "Auto-Submitted: auto-replied", body="I am away."), to=(ana.address,)
    )

    assert settled.outcome == "auto_reply"
    assert ana.mail.topics(ana.reference) == ["received"]
