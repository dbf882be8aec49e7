"""What becomes of a message at the mail server's door?"""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from recovery.errors import Invalid
from recovery.vault import WrittenLetter
from tests.cast import NINE
from tests.mail.conftest import SENDER
from tests.mail.servers import MailServer, mail_server
from web.mail.facts import Undeliverable
from web.mail.message import Sender, compose
from web.mail.parcel import Parcel
from web.mail.transport import (
    Accepted,
    Answer,
    Rejected,
    Server,
    TryLater,
    transport_of,
)

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
LETTER = WrittenLetter(
    to="lee@example.org", name="Mr Lee", subject="We have your complaint", text="Hello.\n",
    html="<p>Hello.</p>\n",
)  # fmt: skip
SECRET = "hunter2"
DELIVERY = "5f0c9d1e-6a53-4c1b-9f0e-3f4b1c8a7d20"


def to(address: str, name: str = "Mr Lee") -> WrittenLetter:
    return WrittenLetter(address, name, LETTER.subject, LETTER.text, LETTER.html)


def composed(letter: WrittenLetter = LETTER) -> EmailMessage:
    return compose(
        letter, kind="received", sender=SENDER, message_id="<1@desk.example>", thread="",
        at=NINE,
    )  # fmt: skip


def parcel() -> Parcel:
    return SENDER.parcel(composed(), DELIVERY)


def send(url: str, letter: WrittenLetter = LETTER) -> Answer:
    with transport_of(url, helo="desk.example").session() as out:
        return out(SENDER.parcel(composed(letter), DELIVERY))


# ---------------------------------------------------------------- the server's address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", Server("mail.example", 25, "auto")),
        ("smtps://mail.example", Server("mail.example", 465, "tls")),
        ("smtp://u:p%40ss@mail.example", Server("mail.example", 587, "required", "u", "p@ss")),
        ("smtp://u:p@mail.example:2525?starttls=never",
         Server("mail.example", 2525, "none", "u", "p")),
        ("smtp://[::1]:2525?starttls=auto", Server("::1", 2525, "auto")),
    ],
)  # fmt: skip
def test_a_mail_server_is_named_by_a_url(url: str, expected: Server) -> None:
    assert Server.parse(url) == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://u:hunter2@mail.example", "must begin with smtp:// or smtps://"),
        ("smtp://u:hunter2@", "name a host"),
        ("smtp://u:hunter2@mail.example:port", "is not a URL"),
        ("smtp://u:hunter2@mail.example?tls=1", "unknown option 'tls'"),
        ("smtp://u:hunter2@mail.example?starttls=maybe", "neither required, auto nor never"),
        ("smtp://u:hunter2@mail.example?starttls", "is not a URL"),
    ],
)
def test_a_wrong_url_is_refused_without_repeating_its_password(url: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        Server.parse(url)

    assert str(refused.value).startswith("RECOVERY_SMTP_URL ")
    assert sentence in str(refused.value)
    assert SECRET not in str(refused.value)


def test_the_password_is_in_no_representation() -> None:
    assert SECRET not in repr(Server.parse(f"smtp://u:{SECRET}@mail.example"))


# ---------------------------------------------------------------- what it answers


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("451 4.3.0 busy", TryLater("smtp_451")),
        ("552 5.2.2 mailbox full", Rejected("smtp_552")),
    ],
)
def test_a_refused_message_waits_or_bounces_by_its_code(
    server: MailServer, reply: str, expected: Answer
) -> None:
    server.answers = [reply]

    assert send(server.url) == expected


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("450 4.2.0 greylisted", TryLater("smtp_450")), ("550 5.1.1 unknown", Rejected("smtp_550"))],
)
def test_a_refused_address_waits_or_bounces_by_its_code(
    server: MailServer, reply: str, expected: Answer
) -> None:
    server.recipient_answers = [reply]

    assert send(server.url) == expected


def test_a_server_that_is_not_there_is_tried_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens

        assert send(f"smtp://127.0.0.1:{taken.getsockname()[1]}") == TryLater("unreachable")


def test_a_host_that_does_not_exist_is_tried_later() -> None:
    assert send("smtp://mail.invalid:2525") == TryLater("unreachable")


def test_a_wrong_password_is_no_fault_of_the_letter() -> None:
    def nobody(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with mail_server(authenticator=nobody, auth_required=True, auth_require_tls=False) as server:
        url = server.url.replace("://", f"://lee:{SECRET}@") + "?starttls=never"

        assert send(url) == TryLater("sign_in_refused")


def test_a_right_password_opens_the_door() -> None:
    def known(_: object, __: object, ___: object, ____: str, given: object) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=given.password == SECRET.encode())

    with mail_server(authenticator=known, auth_required=True, auth_require_tls=False) as server:
        url = server.url.replace("://", f"://lee:{SECRET}@") + "?starttls=never"

        assert send(url) == Accepted()
        assert len(server.messages) == 1


def test_a_password_is_never_sent_to_a_server_without_encryption(server: MailServer) -> None:
    url = server.url.replace("://", f"://lee:{SECRET}@")

    assert send(url) == TryLater("encryption_or_sign_in_not_offered")
    assert server.messages == []


def test_where_encryption_is_required_nothing_leaves_without_it(server: MailServer) -> None:
    url = server.url + "?starttls=required"

    assert send(url) == TryLater("encryption_or_sign_in_not_offered")
    assert server.messages == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with mail_server(tls_context=self_signed(tmp_path), require_starttls=True) as server:
        assert send(server.url + "?starttls=required") == TryLater("certificate")
        assert server.messages == []


def test_several_letters_go_over_one_connection(server: MailServer) -> None:
    with transport_of(server.url, helo="desk.example").session() as out:
        answers = [out(parcel()) for _ in range(3)]

    assert answers == [Accepted()] * 3
    assert len(server.sessions) == 1


def test_after_a_failure_the_next_letter_gets_a_new_connection(server: MailServer) -> None:
    server.answers = ["421 4.3.0 going down"]
    with transport_of(server.url, helo="desk.example").session() as out:
        assert [out(parcel()), out(parcel())] == [TryLater("smtp_421"), Accepted()]


def test_a_server_that_cannot_be_reached_is_tried_once_for_all_letters() -> None:
    with mail_server() as server:
        url = server.url
    with transport_of(url, helo="desk.example").session() as out:
        first = out(parcel())
        with mail_server(port=int(url.rpartition(":")[2])) as server:
            second = out(parcel())

    assert first == second == TryLater("unreachable")
    assert server.messages == []


# ---------------------------------------------------------------- the message


@pytest.mark.parametrize(
    "address",
    [
        "lee@example.org\r\nBcc: everybody@example.org", "lee\r\nDATA@example.org",
        "lee example.org", "lee@" + "x" * 300 + ".org", "lee@" + "x" * 70 + ".org", "@example.org",
        "lee@", "", "lee@example.org, bo@example.org", "lee@example.org ", "lee@a..example",
    ],
)  # fmt: skip
def test_an_address_that_is_none_makes_no_message(address: str) -> None:
    with pytest.raises(Undeliverable, match="bad_address"):
        composed(to(address))


def test_no_name_and_no_subject_can_add_a_header() -> None:
    letter = WrittenLetter(
        "lee@example.org", "Lee\r\nBcc: all@example.org", "Hi\r\nBcc: all@example.org", "t", "<p>t"
    )

    message = composed(letter)

    assert message["Bcc"] is None
    assert b"\r\nBcc:" not in bytes(message)
    assert message["Subject"] == "Hi Bcc: all@example.org"


def test_an_internationalised_domain_is_written_so_that_every_server_takes_it(
    server: MailServer,
) -> None:
    assert send(server.url, to("info@bücher.example")) == Accepted()
    assert server.recipients == ["info@xn--bcher-kva.example"]


def test_an_address_the_server_cannot_write_bounces() -> None:
    with mail_server(enable_SMTPUTF8=False) as server:
        assert send(server.url, to("王@example.org")) == Rejected("address_not_supported")


def test_an_address_in_chinese_reaches_a_server_that_can() -> None:
    with mail_server(enable_SMTPUTF8=True) as server:
        assert send(server.url, to("王@example.org")) == Accepted()
        assert server.recipients == ["王@example.org"]


def test_letters_come_from_the_organisation() -> None:
    assert Sender.of("complaints@desk.example", "Northwind").name == "Northwind"
    assert Sender.of("Ana's desk <ana@desk.example>", "Northwind").name == "Ana's desk"
    assert Sender.of("desk@bücher.example", "Northwind").host == "xn--bcher-kva.example"


@pytest.mark.parametrize("wrong", ["", "nobody", "desk@", "a@b.example\r\nBcc: c@d.example"])
def test_a_wrong_sender_is_refused_in_a_sentence(wrong: str) -> None:
    with pytest.raises(Invalid, match="is not an email address"):
        Sender.of(wrong, "Northwind")


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate that the server made for itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    chain = folder / "chain.pem"
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context
