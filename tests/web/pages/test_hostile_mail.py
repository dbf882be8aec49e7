"""Whatever strangers send: is it kept to the byte, does the loop go on, and does its page open?

All of it lies in the mailbox at once, as after a bad night; one worker settles it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from recovery.mailbox import Brought
from recovery.reference import show
from tests.mail.reading.samples import raw
from tests.mail.reading.test_hostile import HOSTILE
from tests.web.pages.hands import Hands
from tests.web.pages.test_waiting import wait_for
from web.mail.intake import Intake
from web.pages.words import LABELS
from web.runtime import Runtime

QUICK = ("five thousand parts", "deep in truth", "a header of a megabyte", "NUL bytes")
"""Of what is hostile to whoever reads it; all of it is settled in `make soak`, 25 MB too."""
MIXED = "Content-Type: multipart/mixed; boundary=b"


def bomb() -> bytes:
    """Ten megabytes of nothing in ten kilobytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("picture.png", bytes(10_000_000))
    return packed.getvalue()


def file(content: bytes, name: str, type_: str = "application/octet-stream") -> bytes:
    head = f'--b\r\n\r\nSee the file.\r\n--b\r\nContent-Type: {type_}; name="{name}"\r\n\r\n'
    return raw(MIXED, body=head.encode() + content + b"\r\n--b--\r\n")


ODD: dict[str, Callable[[], bytes]] = {
    **{name: HOSTILE[name][0] for name in QUICK},
    "nothing": lambda: b"",
    "only zeros": lambda: bytes(1_000),
    "no headers": lambda: b"My parcel never came.\r\n",
    "no body": lambda: raw("Subject: Lost parcel", body=""),
    "no words at all": lambda: raw(body=""),
    "zeros among the words": lambda: raw("Subject: a\0b", body="My par\0cel\0 never came."),
    "zeros in names": lambda: raw('From: "Mr\0Lee" <le\0e@example.org>', "Message-ID: <\0@x>"),
    "1970": lambda: raw("Date: Thu, 1 Jan 1970 00:00:00 +0000"),
    "2100": lambda: raw("Date: Fri, 1 Jan 2100 00:00:00 +0000"),
    "no day": lambda: raw("Date: Fri, 31 Feb 99999 25:61:61 +9999"),
    "a hundred recipients": lambda: raw(
        "To: " + ", ".join(f"person{n}@desk.example" for n in range(100))
    ),
    "a zip bomb": lambda: file(bomb(), "photos.zip", "application/zip"),
    "a name that leads elsewhere": lambda: file(b"x", "..\\..\\/etc/passwd\0\u202egnp.exe"),
    "a name that does not end": lambda: file(b"x", "a" * 100_000),
    "a sender without end": lambda: raw(f'From: "{"x" * 50_000}" <lee@example.org>'),
    "an address that is none": lambda: raw("From: Mr Lee <lee@localhost>"),
    "an address in Chinese": lambda: raw("From: 李 <李@例子.中国>".encode()),
    "markup in every word": lambda: raw(
        "Subject: <script>alert(1)</script>{{ 7*7 }}", 'From: "<b>Lee" <lee@example.org>',
        "Content-Type: text/html", body="<svg onload=alert(1)><p>My parcel {{ 7*7 }}</p>",
    ),
    "half a letter": lambda: raw("Subject: =?utf-16?B?2AA=?=", body=b"\xed\xa0\x80 words"),
    "references without end": lambda: raw(
        "References: " + " ".join(f"<{n}@example.org>" for n in range(10_000))
    ),
}  # fmt: skip


def test_bad_mail_is_kept_settled_and_shown(runtime: Runtime, ana: Hands) -> None:
    found = settle(runtime, {name: make() for name, make in ODD.items()})

    assert ana.open("/mail/waiting").status == 200
    assert ana.open("/mail/machines").status == 200
    for name, mail in found.items():
        settled = runtime.mailbox.find(mail)
        assert settled.outcome, name
        assert not settled.reason.startswith("error_"), (name, settled.reason)
        assert settled.outcome != "held" or settled.reason in LABELS["held"], (name, settled)
        waits = ana.open(f"/mail/waiting/{mail}")
        assert waits.status == 200, name
        if settled.outcome in ("complaint", "appended"):
            page = ana.open(f"/complaints/{show(settled.reference)}")
            assert page.status == 200, name
            assert "<script>alert(1)" not in page.html, name
            assert "onload" not in page.html, name
    assert ana.open("/queue").status == 200


def test_the_same_message_a_hundred_times_is_one_complaint(runtime: Runtime) -> None:
    message, now = raw("Message-ID: <again@example.org>"), datetime.now(UTC)
    for copy in range(100):
        content = message if copy % 2 else f"Received: by mx{copy}\r\n".encode() + message
        runtime.mailbox.store(content, brought=Brought(), channel="lmtp", at=now)
    intake = Intake.of(runtime, clock=lambda: now)

    while intake.step():
        pass

    with runtime.database.connection() as conn:
        rows = conn.execute("select outcome, count(*) from desk.mail group by 1").fetchall()
    assert dict(rows) == {"complaint": 1, "duplicate": 50}


@pytest.mark.soak
def test_hostile_mail_is_kept_settled_and_shown(runtime: Runtime, ana: Hands) -> None:
    found = settle(runtime, {name: make() for name, (make, _) in HOSTILE.items()})

    for name, mail in found.items():
        assert not runtime.mailbox.find(mail).reason.startswith("error_"), name
        assert ana.open(f"/mail/waiting/{mail}").status == 200, name


def settle(runtime: Runtime, messages: dict[str, bytes]) -> dict[str, str]:
    """Store everything, each from somebody else, and let a worker settle it; gives the ids."""
    now = datetime.now(UTC)
    messages = {
        name: content.replace(b"lee@example.org", f"lee{number}@example.org".encode())
        for number, (name, content) in enumerate(messages.items())
    }
    found = {
        name: runtime.mailbox.store(content, brought=Brought(), channel="smtp", at=now)[0]
        for name, content in messages.items()
    }
    intake = Intake.of(runtime, clock=lambda: now)
    while intake.step():
        pass
    wait_for(runtime)
    for name, mail in found.items():
        assert runtime.mailbox.content(runtime.mailbox.find(mail)).raw == messages[name], name
    return found
