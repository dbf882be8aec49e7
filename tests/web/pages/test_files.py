"""Can a colleague have the files that came along, and can those do nothing in the page?"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from PIL import Image
from starlette.testclient import TestClient

from projections.health import wait_for
from recovery import reference as references
from recovery.mailbox import Brought
from tests.mail.reading.samples import raw
from tests.web.pages.hands import Hands
from web.mail.intake import Intake
from web.pages.files import disposition
from web.runtime import Runtime

HTML = b"<html><script>alert(1)</script></html>"


def part(name: str, content: bytes) -> str:
    return (
        f"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; filename*=UTF-8''{quote(name)}\r\n\r\n"
        f"{base64.b64encode(content).decode()}\r\n"
    )


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def mailed(runtime: Runtime) -> str:
    """A complaint that came by mail with a picture and a page that would run."""
    body = "--b\r\nContent-Type: text/plain\r\n\r\nSee the bill.\r\n"
    body += part("账单 photo.png", png()) + part("bill.html", HTML) + "--b--\r\n"
    now = datetime.now(UTC)
    message = raw("Content-Type: multipart/mixed; boundary=b", body=body)
    mail, _ = runtime.mailbox.store(message, brought=Brought(), channel="lmtp", at=now)
    taken = runtime.mailbox.take_up(mail, now=now)
    assert taken
    settled = Intake.of(runtime, clock=lambda: now).settle(taken)
    assert settled
    with runtime.database.engine.connect() as conn:
        assert wait_for(conn, runtime.store.head(), timeout=10)
    return references.show(settled.reference)


def files(html: str, reference: str) -> list[str]:
    pieces = html.split(f'href="/complaints/{reference}/files/')[1:]
    return list(dict.fromkeys(piece.partition('"')[0] for piece in pieces))


def test_files_stand_with_the_words_they_came_with_and_are_downloads(
    ana: Hands, mailed: str
) -> None:
    page = ana.open(f"/complaints/{mailed}")
    assert "账单 photo.png" in page.html
    assert "Files came with it" not in page.html
    picture, html = files(page.html, mailed)

    got = ana.client.get(f"/complaints/{mailed}/files/{picture}")
    assert (got.content, got.headers["content-type"]) == (png(), "image/png")
    assert got.headers["content-disposition"].startswith("attachment; filename=")
    small = ana.client.get(f"/complaints/{mailed}/files/{picture}/picture")
    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")

    risky = ana.client.get(f"/complaints/{mailed}/files/{html}")
    assert (risky.content, risky.headers["content-type"]) == (HTML, "application/octet-stream")
    assert risky.headers["content-security-policy"].startswith("sandbox")
    assert risky.headers["x-content-type-options"] == "nosniff"
    assert ana.client.get(f"/complaints/{mailed}/files/{html}/picture").status_code == 404


def test_only_colleagues_get_files_and_only_those_that_there_are(
    ana: Hands, mailed: str, stranger: TestClient
) -> None:
    [picture, _] = files(ana.open(f"/complaints/{mailed}").html, mailed)

    assert stranger.get(f"/complaints/{mailed}/files/{picture}").status_code == 303
    for wrong in ("1/1", "2/3", "9/1", "2/0"):
        assert ana.client.get(f"/complaints/{mailed}/files/{wrong}").status_code == 404


def test_a_supervisor_reads_a_message_as_it_came(
    ana: Hands, mailed: str, sit_down: Callable[..., Hands]
) -> None:
    sue = sit_down("sue")
    page = sue.open(f"/complaints/{mailed}")
    address = page.html.partition('href="')[2] and next(
        piece.partition('"')[0]
        for piece in page.html.split('href="')
        if piece.partition('"')[0].endswith("/original")
    )

    found = sue.client.get(address)

    assert found.headers["content-type"] == "text/plain; charset=utf-8"
    assert found.text.startswith("From: ")
    assert "/original" not in ana.open(f"/complaints/{mailed}").html
    assert ana.client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("账单.pdf", "filename*=UTF-8''%E8%B4%A6%E5%8D%95.pdf"),
        ('a"b\r\nX-Evil: 1.txt', "filename*=UTF-8''a%20b%20X-Evil%201.txt"),
        ("../../etc/passwd", "filename*=UTF-8''etc%20passwd"),
        ("invoice\u202efdp.exe", "filename*=UTF-8''invoice%20fdp.exe"),
        ("...", "filename*=UTF-8''file"),
    ],
)
def test_names_are_safe_in_any_letters(name: str, said: str) -> None:
    header = disposition(name)

    assert header.endswith(said)
    header.encode("ascii")
    assert "\r" not in header
