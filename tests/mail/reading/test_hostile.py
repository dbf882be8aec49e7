"""Does any message whatever come out as a record, within bounds?

Bounds are asserted on what is kept, not on the clock; `limits.py` says what they are.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.reading.samples import raw
from web.mail.reading import Understood, limits, understand
from web.mail.reading.records import TroubleCode

MIXED = "Content-Type: multipart/mixed; boundary=b"
PART = b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n"


def nested(depth: int) -> bytes:
    """Multiparts within multiparts."""
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    )


HOSTILE: dict[str, tuple[Callable[[], bytes], set[TroubleCode]]] = {
    "five thousand parts": (lambda: raw(MIXED, body=PART * 5_000), {"too_many_parts"}),
    "a million empty parts": (lambda: raw(MIXED, body=b"--b\n" * 1_000_000), {"too_many_parts"}),
    "deep": (lambda: raw(body="") + nested(5_000), set()),
    "deep in truth": (lambda: b"From: a@b.example\r\n" + nested(5_000), {"too_deep"}),
    "messages in messages": (
        lambda: raw(body="") + b"Content-Type: message/rfc822\r\n\r\n" * 5_000, set(),
    ),
    "a header of a megabyte": (lambda: raw("X: " + "y" * 1_000_000), {"header_cut"}),
    "a folded header of a megabyte": (lambda: raw("X: " + "y\r\n " * 300_000), {"header_cut"}),
    "a hundred thousand headers": (lambda: raw(*["X: y"] * 100_000), {"header_cut"}),
    "a hundred thousand recipients": (
        lambda: raw("To: " + ", ".join(f"a{n}@b.example" for n in range(100_000))), {"header_cut"},
    ),
    "encoded words without end": (lambda: raw("Subject: " + "=?a?b?" * 5_000), set()),
    "parameters without end": (lambda: raw("Content-Type: text/plain" + ';a="\\"' * 5_000), set()),
    "25 MB of one line": (lambda: raw(body=b"a" * 25_000_000), {"text_cut"}),
    "25 MB of nothing known": (
        lambda: raw(body=random.Random(7).randbytes(25_000_000)), {"text_cut", "bad_charset"},
    ),
    "25 MB of markup": (
        lambda: raw("Content-Type: text/html", body=b"<p>x" * 6_000_000), {"text_cut"},
    ),
    "elements in elements": (lambda: raw("Content-Type: text/html", body="<div>" * 90_000), set()),
    "a boundary in every byte": (
        lambda: raw("Content-Type: multipart/mixed; boundary=-", body="-" * 5_000_000),
        {"bad_boundary", "text_cut"},
    ),
    "signatures upon signatures": (lambda: raw(body="--\n" * 150_000), set()),
    "broken base64": (
        lambda: raw("Content-Transfer-Encoding: base64", body="A" * 4_000_001), {"bad_encoding"},
    ),
    "NUL bytes": (lambda: raw(body=b"It\0 broke" + b"\0" * 1_000_000), set()),
}  # fmt: skip


def within_bounds(got: Understood, size: int) -> bool:
    """Whether nothing kept is larger than it may be, or than the message was."""
    identity, words = got.identity, got.words
    return (
        len(got.attachments) <= limits.PARTS
        and sum(file.size for file in got.attachments) <= size
        and len(words.plain) <= limits.TEXT_CHARS + limits.PARTS * 2
        and sum(len(p.text) for p in words.passages) <= len(words.plain)
        and len(words.html) <= 20 * limits.HTML_CHARS
        and max(len(identity.to), len(identity.cc), len(identity.authors)) <= limits.ADDRESSES
        and len(identity.references) <= limits.REFERENCES
        and len(identity.subject) <= limits.SUBJECT_CHARS
        and all(len(file.name) <= limits.NAME_CHARS for file in got.attachments)
        and (got.report is None or len(got.report.recipients) <= limits.RECIPIENTS)
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_read_within_bounds(name: str) -> None:
    make, troubles = HOSTILE[name]
    message = make()
    got = understand(message)
    assert within_bounds(got, len(message))
    assert {trouble.code for trouble in got.troubles} >= troubles
    assert "misread" not in {trouble.code for trouble in got.troubles}
    assert got.identity.sender.address


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "empty"), (b"\0\0 \r\n\r\n", "empty"), (b"Just words.\nNo header.", "no_header"),
        (b"Subject: Hi\r\n\r\nWho am I?", "no_sender"), (b"From: Mr Lee\r\n\r\nHi", "no_sender"),
        (b"From: a@b.example\r\n\r\n", "no_words"),
        (b"From: a@b.example\r\nContent-Type: application/pkcs7-mime\r\n\r\nMIAG", "encrypted"),
        (b"From: a@b.example\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n"
         b"Content-Type: application/octet-stream\r\n\r\nsecret\r\n--b--", "encrypted"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_held_with_a_true_reason(message: bytes, reason: str) -> None:
    got = understand(message)
    assert got.held is not None
    assert got.held.code == reason


@pytest.mark.parametrize(
    "message",
    [
        b"From: a@b.example\r\nSubject: Where is my refund?\r\n\r\n",
        b"Reply-To: a@b.example\r\n\r\nIt broke.",
        b"From: a@b.example\rTo: c@d.example\r\rIt broke.",
        b"\r\n\r\nFrom: a@b.example\r\n\r\nIt broke.",
        b"From x Mon\nFrom: a@b.example\n\nIt broke.",
    ],
)  # fmt: skip
def test_an_odd_message_that_says_something_is_not_held(message: bytes) -> None:
    assert understand(message).held is None


@pytest.mark.parametrize("year", [1970, 2100])
def test_a_date_is_taken_as_it_was_given(year: int) -> None:
    got = understand(raw(f"Date: 1 Jan {year} 08:00:00 +0800"))
    assert got.identity.date is not None
    assert got.identity.date.isoformat() == f"{year}-01-01T00:00:00+00:00"


FRAGMENTS = [
    b"From: a@b.example\r\n", b"Subject: =?gb2312?B?zcu/7g==?=\r\n", b"\r\n", b"\n", b"\r", b"--b",
    b"--b--\r\n", b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: text/html\r\n",
    b"Content-Type: message/rfc822\r\n", b"Content-Type: message/delivery-status\r\n",
    b"Content-Type: application/ms-tnef\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Disposition: attachment; filename*0*=gb2312''%CD\r\n",
    b"<p><b>x", b"\x78\x9f\x3e\x22",
    b"Return-Path: <>\r\n", b"Action: failed\r\nStatus: 5.1.1\r\n",
    b"Final-Recipient: rfc822; x\r\n",
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"> quoted\r\n", b"-- \r\n",
    b"\xe6\x8a\x95", b"=?=\0",
]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=30), max_size=40))
def test_any_bytes_make_a_record(pieces: list[bytes]) -> None:
    message = b"".join(pieces)
    got = understand(message)
    assert "misread" not in {trouble.code for trouble in got.troubles}
    assert within_bounds(got, len(message) + 100)
    assert understand(message) == got
