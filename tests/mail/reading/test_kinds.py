"""Is a machine known for a machine, and a person never taken for one?"""

from __future__ import annotations

import pytest

from tests.mail.reading.samples import read
from web.mail.reading.records import MessageKind, SignCode, Why

OURS = "0f8a4c1e-2b3d-5e6f-8a9b-0c1d2e3f4a5b@desk.example"


@pytest.mark.parametrize(
    ("line", "kind", "sign"),
    [
        ("Auto-Submitted: auto-replied", "auto_reply", "auto_submitted"),
        ("AUTO-SUBMITTED: Auto-Generated (rejected); owner=x", "auto_reply", "auto_submitted"),
        ("Auto-Submitted: auto-notified", "auto_reply", "auto_submitted"),
        ("Precedence: auto_reply", "auto_reply", "auto_reply_header"),
        ("X-Autoreply: yes", "auto_reply", "auto_reply_header"),
        ("X-Autorespond: Away", "auto_reply", "auto_reply_header"),
        ("Subject: Automatic reply: Your complaint", "auto_reply", "auto_reply_subject"),
        ("Subject: Out of Office: back on Monday", "auto_reply", "auto_reply_subject"),
        ("Subject: Re: Out of office until 3 May", "auto_reply", "auto_reply_subject"),
        ("Subject: Abwesenheitsnotiz", "auto_reply", "auto_reply_subject"),
        ("Subject: Réponse automatique : votre courrier", "auto_reply", "auto_reply_subject"),
        ("Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDmipXor4k=?=", "auto_reply", "auto_reply_subject"),
        ("Subject: 自动回复：您的投诉", "auto_reply", "auto_reply_subject"),
        ("Subject: 自動回覆", "auto_reply", "auto_reply_subject"),
        ("Subject: 自動返信: お問い合わせ", "auto_reply", "auto_reply_subject"),
        ("Precedence: bulk", "list_or_bulk", "precedence"),
        ("Precedence: Junk", "list_or_bulk", "precedence"),
        ("List-Unsubscribe: <https://example.org/u>", "list_or_bulk", "list"),
        ("List-Id: Offers <offers.example.org>", "list_or_bulk", "list"),
        ("Return-Path: <>", "auto_reply", "null_sender"),
        ("From: MAILER-DAEMON@example.org", "auto_reply", "machine_sender"),
        (f"Message-ID: <{OURS}>", "auto_reply", "own_message"),
        ("From: desk+abc@desk.example", "auto_reply", "own_message"),
        ("X-Loop: desk@desk.example", "auto_reply", "loop"),
    ],
)
def test_a_machine_gives_itself_away(line: str, kind: MessageKind, sign: SignCode) -> None:
    got = read(line)
    assert got.kind == kind
    assert sign in {sign.code for sign in got.signs}
    assert not got.answerable


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: no", "Auto-Submitted: No (typed by hand)", "Precedence: normal",
        "Subject: Out of office hours nobody answers", "Subject: On holiday in Spain we got ill",
        "Subject: Automatic reply instead of help", "Subject: 自动回复敷衍客户",
        "Message-ID: <CAF123@desk.example>", "X-Loop: somebody@else.example",
        "Return-Path: <lee@example.org>", "X-Auto-Response-Suppress: None",
    ],
)  # fmt: skip
def test_a_person_is_answered(line: str) -> None:
    got = read(line)
    assert (got.kind, got.answerable, got.held) == ("human", True, None)


@pytest.mark.parametrize(
    "line",
    ["x-auto-response-suppress: all", "X-AUTO-RESPONSE-SUPPRESS: OOF, AutoReply",
     "From: no-reply@shop.example", "From: donotreply@shop.example"],
)  # fmt: skip
def test_a_wish_for_no_answer_is_heeded_and_makes_no_machine(line: str) -> None:
    got = read(line)
    assert (got.kind, got.answerable) == ("human", False)


def test_the_envelope_is_believed_before_the_header() -> None:
    assert read("Return-Path: <lee@example.org>", sender="").kind == "auto_reply"
    assert read("Return-Path: <>", sender="lee@example.org").kind == "human"


def test_a_group_that_is_our_own_address_hands_on_what_people_write() -> None:
    lines = ("List-Post: <mailto:desk@desk.example>", "Precedence: list",
             "List-Id: <desk.desk.example>")  # fmt: skip
    assert read(*lines).kind == "human"
    assert read(*lines).answerable


NOTICE = """Hi. I could not deliver your message.

<lee@example.org>:
{words}

--- Below this line is a copy of the message.

Message-ID: <{id}>
Subject: We have your complaint
From: desk@desk.example

Hello
"""


@pytest.mark.parametrize(
    ("words", "kind", "why"),
    [
        ("550 5.1.1 User unknown", "bounce_hard", "no_such_mailbox"),
        ("552 5.2.2 Over quota", "bounce_hard", "mailbox_full"),
        ("452 4.2.2 Over quota", "bounce_soft", "mailbox_full"),
        ("Sorry, the mailbox is full.", "bounce_soft", "mailbox_full"),
        ("554 5.7.1 Message refused: spam", "bounce_hard", "refused_as_spam"),
        ("用户不存在", "bounce_hard", "no_such_mailbox"),
        ("connection timed out, giving up", "bounce_soft", "unreachable"),
        ("Still trying; no action is required on your part.", "delayed", "unknown"),
    ],
)
def test_a_notice_in_words_is_read(words: str, kind: MessageKind, why: Why) -> None:
    got = read(
        "From: MAILER-DAEMON@mx.example", "Subject: failure notice",
        body=NOTICE.format(words=words, id=OURS), sender="",
    )  # fmt: skip
    assert got.report is not None
    (one,) = got.report.recipients
    assert (got.kind, one.address, one.why) == (kind, "lee@example.org", why)
    assert got.report.original_id == OURS
    assert got.report.original_subject == "We have your complaint"


def test_a_person_who_writes_of_a_failed_delivery_is_a_person() -> None:
    got = read("Subject: Delivery failed", body="The parcel could not be delivered. 550 euros!")
    assert (got.kind, got.report) == ("human", None)


def test_each_recipient_of_a_report_has_an_outcome_of_their_own() -> None:
    fields = "\n\n".join(
        f"Original-Recipient: rfc822;{address}\nFinal-Recipient: rfc822;x@relay.example\n"
        f"Action: {action}\nStatus: {status}"
        for address, action, status in (
            ("ana@example.org", "delivered", "2.0.0"), ("bo@example.org", "failed", "5.1.1"),
            ("cy@example.org", "expanded", "2.0.0"), ("dee@example.org", "delayed", "4.4.1"),
        )
    )  # fmt: skip
    got = read(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        body=f"--b\nContent-Type: message/delivery-status\n\nOriginal-Envelope-Id: e-17\n\n{fields}"
        f"\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{OURS}>\n--b--",
    )
    assert got.kind == "bounce_hard"
    assert got.report is not None
    assert [(r.address[:3], r.action) for r in got.report.recipients] == [
        ("ana", "delivered"), ("bo@", "failed"), ("cy@", "expanded"), ("dee", "delayed"),
    ]  # fmt: skip
    assert (got.report.original_id, got.report.original_envelope) == (OURS, "e-17")


def test_only_our_own_border_is_believed() -> None:
    got = read(
        "Authentication-Results: mx.desk.example; dkim=fail (bad) header.d=example.org;"
        " dkim=pass header.d=mail.example; spf=softfail smtp.mailfrom=lee@example.org",
        "Authentication-Results: MX.desk.example 1; dmarc=fail header.from=example.org; spf=pass",
        "Authentication-Results: mx.evil.example; dmarc=pass header.from=example.org",
    )
    assert [(v.method, v.result, v.domain) for v in got.identity.verdicts] == [
        ("dkim", "pass", "mail.example"), ("dmarc", "fail", "example.org"),
        ("spf", "softfail", "example.org"),
    ]  # fmt: skip
