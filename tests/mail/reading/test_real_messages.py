"""Is every message of the collection read as what it is?

The collection is real mail from the test data of other programs. The table names the outcome of
each file; what came with it is also compared with the standard library's reading.
"""

from __future__ import annotations

import email
import hashlib
from email.message import Message
from pathlib import Path

import msgspec
import pytest

from web.mail.reading import Understood, understand
from web.mail.reading.records import MessageKind, Why


class Failed(msgspec.Struct, frozen=True):
    """What a report says of one address."""

    address: str
    status: str
    why: Why


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a message is read as. `says` is part of its words, `own` all of the sender's."""

    kind: MessageKind = "human"
    says: str = ""
    own: str | None = None
    subject: str = ""
    sender: str = ""
    files: tuple[tuple[str, str, int, str], ...] = ()
    """Name, type by content, size, start of the SHA-256."""
    about: tuple[Failed, ...] = ()
    original: str = ""
    held: str = ""


def eml(name: str, size: int, digest: str) -> tuple[str, str, int, str]:
    return (f"{name}.eml", "message/rfc822", size, digest)


LONG = "-0123456789-qwertyuiopasdfghjklzxcvbnmopqrstuvz" * 3
HTML = "text/html"

TABLE: dict[str, Expected] = {
    # ---------------------------------------------------------------- people, in all charsets
    "zh-gbk__webklex__gbk_charset": Expected(own="Hi", sender="from@there.com"),
    "zh-big5__mikel__content_transfer_encoding_empty": Expected(
        says="軟體帝國更新迅速", sender="3712f2@msa.hinet.net",
        subject="大家說英語 每日聽MP3 (2004年6月份) 繁體中文光碟版",
    ),
    "charset__mikel__japanese_iso_2022": Expected(own="すみません。", subject="まみむめも"),
    "charset__mikel__ks_c_5601-1987": Expected(own="스티해", subject="test"),
    "charset__mikel__japanese_attachment_long_name": Expected(
        own="", subject="まみむめもまみむめもまみむめも",
        files=(("かきくけこ" * 5 + ".txt", "text/plain", 18, "ce6a091472e8"),),
    ),
    "charset__flanker__russian-attachment-yahoo": Expected(
        own="Hello", sender="mailboxaddr1234567@yahoo.com",
        files=(("Картинка с очень, очень длинным предлинным именем преименем таким чт\ufffd",
                "image/png", 178213, "ac1c65a5a443"),),
    ),
    "charset-utf7__stalwart__001": Expected(
        says="die am Ufer saßen, so sehr, daß sie aufs schnellste untertauchten",
        subject="Die Hasen und die Frösche",
    ),
    "charset-smtputf8__mikel__utf8_headers": Expected(
        own="body", subject="Säying Hello", sender="jdöe@mächine.example",
    ),
    "charset-unknown__enmime__unk-charset-part.raw": Expected(
        own="A text section", files=(("foo_9E5D72.zip", HTML, 7, "b53a55383d2f"),),
    ),
    "charset-wrong__enmime__incorrect-charset.raw": Expected(says="∮ E⋅da = Q,  n → ∞, ∑ f(i)"),
    # ---------------------------------------------------------------- people, in all shapes
    "attachment__mikel__attachment_nonascii_filename": Expected(
        own="This is the first part.", files=(("ciële.txt", "text/plain", 11, "12ad052c11eb"),),
    ),
    "attachment-rfc2231__webklex__attachment_long_filename": Expected(
        own="", held="no_sender",
        files=(
            ("Buchungsbestätigung- Rechnung-Geschäftsbedingungen-Nr.B123-45 - XXXXX "
             "xxxxxxxxxxxxxxxxx XxxX, Lüxxxxxxxxxx - VM Klaus XXXXXX - xxxxxxxx.pdf",
             "text/plain", 3, "ca51ce1fb15a"),
            (f"01_A€àä????@Z{LONG}.txt", "text/plain", 3, "ca51ce1fb15a"),
            (f"02_A€àäąбيد@Z{LONG}.txt", "text/plain", 3, "ca51ce1fb15a"),
        ),
    ),
    "html-only__webklex__html_only": Expected(own="Hi"),
    "malformed__enmime__mime-bad-8bit-filename.raw": Expected(
        own="Text part", files=(("管理.doc", HTML, 7, "b53a55383d2f"),),
    ),
    "malformed__flanker__missing-final-boundary": Expected(own="Some body"),
    "malformed__webklex__missing_date": Expected(own="Hi", subject="Nuu"),
    "malformed__mikel__bad_date_header": Expected(
        kind="list_or_bulk", own="", subject="You may_be Eligible for Legitimate_Cash",
    ),
    "multipart__enmime__mime-mixed-related.raw": Expected(own="html1\n\nhtml2"),
    "multipart-torture__flanker__torture": Expected(
        says="This is a demonstration of multi-part mail with encapsulated messages.",
        sender="mrc@cac.washington.edu",
        files=(
            eml("Re a MIME-Version misfeature", 4800, "f8118a1206ec"),
            eml("Re multipart mail", 554665, "df98d78a9406"),
            ("attachment-3.au", "application/octet-stream", 26476, "8df413c8a364"),
            ("attachment-4.bin", "image/x-portable-bitmap", 1324, "36d359f73bed"),
            eml("message-5", 178315, "e84a77070f62"),
            eml("A cheap digitizer test", 85630, "906cb1da6160"),
            eml("meta-mail", 74039, "4a9a4394c834"),
            eml("An image that went gif->ppm->ps", 391570, "0fcdda22b335"),
            ("attachment-9.gif", "image/gif", 33318, "d2d255741fff"),
            eml("Audio in q-p", 102303, "5d5f62724375"),
            eml("Here's some more", 311553, "862e1f9f8541"),
        ),
    ),
    "nested-rfc822__mikel__attachment_message_rfc822": Expected(
        own="This is the first part.", files=(eml("ForwardedMessage", 3781, "0f2620525dd3"),),
    ),
    "nested-rfc822__nodemailer__nested": Expected(says="Good evening.\n\n\n \n\nThe footer"),
    "nested-rfc822__webklex__pec": Expected(
        own="Signed", subject="Certified",
        files=(
            ("data.xml", "text/plain", 6, "6eb820e0f976"), eml("postacert", 210, "2ccd9ad12162"),
            ("smime.p7s", "text/plain", 1, "6b86b273ff34"),
        ),
    ),
    "winmail.dat__mimekit__ukr": Expected(says="шостий", sender="rrtest1@xink.io"),
    "reply-quote__talon__gmail": Expected(own="Hello", subject="Re: Test"),
    "reply-quote__talon__iphone": Expected(own="Hello", subject="Re: Test"),
    "reply-quote__talon__thunderbird": Expected(own="Hello", subject="Re: Test"),
    "threading__webklex__thread_my_topic": Expected(own="Hi", subject="Nuu"),
    "threading__webklex__references": Expected(own="Hi\nHow are you?", held="no_sender"),
    # ---------------------------------------------------------------- machines
    "auto-reply__sisimai__rfc3834-01": Expected(
        kind="auto_reply", says="I am currently away", subject="Away until May 5",
    ),
    "auto-reply__sisimai__rfc3834-03": Expected(kind="auto_reply", own="I'm only sleeping."),
    "auto-reply__sisimai__rfc3834-05": Expected(kind="auto_reply", own="zukünftig\nkarl@hanz.de"),
    "arf__flanker__aol": Expected(
        kind="abuse_report", original="20101117174130.28884.55421@luna",
        about=(Failed("redacted@aol.com", "", "unknown"),),
        files=(eml("exciting Repair the transmittion", 1600, "0162c5d00ce9"),),
    ),
    "arf__sisimai__arf-01": Expected(
        kind="abuse_report", original="X-000000000000000000000000000000000@YZ",
        about=(Failed("redacted@example.net", "", "unknown"),),
        files=(eml("Kijitora cat family", 578, "34bd5970f8f8"),),
    ),
    "mdn__flanker__disposition-notification": Expected(
        kind="receipt", original="199509192301.23456@example.org",
        about=(Failed("Joe_Recipient@example.com", "", "unknown"),),
        files=(eml("Hi", 21, "6b0724e420ae"),),
    ),
    # ---------------------------------------------------------------- letters that did not arrive
    "bounce__sisimai__rfc3464-01": Expected(
        kind="bounce_hard", original="E1C50F1B-1C83-4820-BC36-AC6FBFBE8568@example.org",
        about=(Failed("userunknown@bouncehammer.jp", "5.1.1", "no_such_mailbox"),),
        files=(eml("バウンスメールのテスト(日本語)", 817, "b503b62231b8"),),
    ),
    "bounce__sisimai__lhost-gmail-01": Expected(
        kind="bounce_hard", original="D992C2C3-F175-4C4D-97E2-53A90E4E5BF5@gmail.com",
        about=(Failed("userunknown@example.jp", "5.1.1", "no_such_mailbox"),),
    ),
    "bounce__sisimai__lhost-office365-04": Expected(
        kind="bounce_hard", subject="Undeliverable: ニャーン",
        original="SLXP216MB0381A8F03A83505296890D11A9950@SLXP216MB0381.KORP216.PROD.OUTLOOK.COM",
        about=(Failed("otsu-sakaba-hunter-neko-nyaaaaaaan@ezweb.ne.jp", "5.1.351",
                      "no_such_mailbox"),),
        files=(eml("ニャーン", 6379, "23a9b92363e7"),),
    ),
    "bounce__sisimai__lhost-qmail-01": Expected(
        kind="bounce_hard", original="000000000.9999999999999.JavaMail.postmaster@mailhub",
        about=(Failed("kijitora@example.ne.jp", "5.5.0", "no_such_mailbox"),),
    ),
    "bounce__sisimai__lhost-amazonses-01": Expected(
        kind="bounce_hard",
        original="000001321defbd2a-788e31c8-2be1-422f-a8d4-cf7765cc9ed7-000000"
        "@email.amazonses.com",
        about=(Failed("shironeko@example.co.jp", "5.1.0", "no_such_mailbox"),),
        files=(eml("TEST", 798, "a03159f104bb"),),
    ),
    "bounce__flanker__gmail-no-dns": Expected(
        kind="bounce_hard", about=(Failed("user@example.comm", "", "no_such_domain"),),
    ),
    "bounce__webklex__example_bounce": Expected(
        kind="bounce_hard", original="UyVznI5nOyYGnv7Ij0hi6ro4gvxwGT999eQAtc4o@127.0.0.1",
        about=(Failed("ding@ding.de", "5.0.0", "refused_by_policy"),),
        files=(eml("Test", 760, "b4d63ab1ca18"),),
    ),
    "bounce__mikel__report_422": Expected(
        kind="delayed",
        original="15655788.13.1200472642578.JavaMail.Administrator@mail.ttttt.com.au",
        about=(Failed("fraser@oooooooo.com.au", "4.2.2", "mailbox_full"),),
        files=(eml("Wanted", 686, "e46aa1318ede"),),
    ),
    "bounce-delayed__flanker__delayed": Expected(
        kind="bounce_soft", about=(Failed("foo@example.com", "4.0.0", "unreachable"),),
        files=(eml("Hello, how are you", 79, "1529cf7c4c9a"),),
    ),
    "bounce-malformed__flanker__broken-mime": Expected(
        kind="bounce_hard", about=(Failed("info@example.net", "", "unknown"),),
    ),
    "zh-gb2312__pmmp__failure": Expected(
        kind="bounce_hard", says="次の受信者またはグループへの配信に失敗しました",
        about=(Failed("", "", "unknown"),),
    ),
}  # fmt: skip


@pytest.fixture
def mail(shared: Path) -> Path:
    return shared / "data" / "mail"


def read(mail: Path, name: str) -> Understood:
    return understand((mail / f"{name}.eml").read_bytes())


def test_the_table_names_every_message(mail: Path) -> None:
    assert sorted(path.stem for path in mail.glob("*.eml")) == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_a_message_is_read_as_what_it_is(mail: Path, name: str) -> None:
    expected, got = TABLE[name], read(mail, name)
    assert got.kind == expected.kind
    assert (got.held.code if got.held else "") == expected.held
    assert expected.says in got.words.plain
    assert expected.own is None or got.words.reply == expected.own
    assert expected.subject in got.identity.subject
    assert not expected.sender or got.identity.sender.address == expected.sender


@pytest.mark.parametrize("name", TABLE)
def test_what_came_with_it_is_exactly_what_was_sent(mail: Path, name: str) -> None:
    files = tuple(
        (file.name, file.real, file.size, hashlib.sha256(file.content).hexdigest()[:12])
        for file in read(mail, name).attachments
    )
    assert files == TABLE[name].files


@pytest.mark.parametrize("name", TABLE)
def test_a_report_names_whom_and_which_letter(mail: Path, name: str) -> None:
    report = read(mail, name).report
    about = report.recipients if report else ()
    assert tuple(Failed(r.address, r.status, r.why) for r in about) == TABLE[name].about
    assert (report.original_id if report else "") == TABLE[name].original


@pytest.mark.parametrize("name", TABLE)
def test_files_are_those_the_standard_library_finds(mail: Path, name: str) -> None:
    ours = [f.content for f in read(mail, name).attachments if f.real != "message/rfc822"]
    theirs = list(payloads(email.message_from_bytes((mail / f"{name}.eml").read_bytes())))
    assert [content for content in ours if content.strip() not in theirs] == []


def payloads(message: Message) -> list[bytes]:
    """The decoded content of each leaf, without the line end that belongs to the boundary."""
    return [
        payload.strip() for part in message.walk()
        if isinstance(payload := part.get_payload(decode=True), bytes)
    ]  # fmt: skip


def test_ids_of_a_thread_come_newest_first(mail: Path) -> None:
    identity = read(mail, "threading__webklex__references").identity
    assert identity.message_id == "123@example.com"
    assert identity.references == (
        "b9e87bd5e661a645ed6e3b832828fcc5@example.com",
        "08F04024-A5B3-4FDE-BF2C-6710DE97D8D9@example.com",
        "231d9ac57aec7d8c1a0eacfeab8af6f3@example.com",
    )
    assert [(p.name, p.address) for p in identity.cc] == [
        ('This one: is "right"', "ding@dong.com"), ("No-address", ""),
    ]  # fmt: skip
