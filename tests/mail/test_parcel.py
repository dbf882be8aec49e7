"""Is a letter signed so that receivers believe it, and does its loss name the letter?"""

from __future__ import annotations

from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec.structs import replace

from recovery.envelope import among
from recovery.errors import Invalid
from tests.desks import TestDesk
from tests.mail.conftest import SENDER, PostOffice
from tests.mail.letters import rows, settle
from tests.mail.servers import MailServer
from web.mail.parcel import Signer
from web.mail.transport import transport_of

KEY = b"k" * 32


@pytest.fixture(scope="module")
def pair() -> tuple[bytes, bytes]:
    """A private key in PEM form, and the TXT record of its public half."""
    import base64

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )  # fmt: skip
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def test_receivers_find_the_signature_good_and_an_altered_letter_bad(
    desk: TestDesk, post: PostOffice, server: MailServer, pair: tuple[bytes, bytes]
) -> None:
    pem, record = pair
    desk.receive(language="zh")
    desk.engine.catch_up()
    signing = replace(SENDER, signer=Signer("desk.example", "s1", pem))

    post.worker(transport_of(server.url, helo="desk.example"), sender=signing).step()

    [raw] = server.raw
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    assert dkim.verify(raw, dnsfunc=dns)
    assert asked == [b"s1._domainkey.desk.example."]
    assert not dkim.verify(raw.replace(b"lee@example.org", b"eve@example.org"), dnsfunc=dns)


def test_a_file_that_is_no_key_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text("no key")

    with pytest.raises(Invalid, match="RECOVERY_MAIL_DKIM_KEY names a file that is no RSA"):
        Signer.of(file, "s1", "desk.example")
    with pytest.raises(Invalid, match="cannot be read"):
        Signer.of(tmp_path / "nothing.pem", "s1", "desk.example")


def test_the_envelope_names_the_letter_and_proves_nothing_else(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    desk.engine.catch_up()
    tokens = replace(SENDER, reply_key=KEY)

    post.worker(transport_of(server.url, helo="desk.example"), sender=tokens).step()

    [row] = rows(desk)
    [sender], [message] = server.senders, server.messages
    assert among([sender], key=KEY, purpose="bounce") == row.delivery
    assert among([sender], key=b"x" * 32, purpose="bounce") == ""
    assert among([sender], key=KEY) == ""
    answers = message["Reply-To"].addresses[0].addr_spec
    assert among([answers], key=KEY, purpose="bounce") == ""


def test_letters_of_a_complaint_keep_their_subject(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    settle(desk, desk.receive())

    post.work(server.url)

    first, *others = server.messages
    assert {message["Subject"] for message in others} == {f"Re: {first['Subject']}"}
