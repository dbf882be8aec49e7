"""Do files go along with a letter, whatever they are called and whatever is in them?"""

from __future__ import annotations

import pytest

from recovery.errors import Invalid
from recovery.files import LARGEST, NewFile
from recovery.sending import Sending
from tests.cast import ANA, HOUR, NINE
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from tests.mail.servers import MailServer
from web.mail.files import new_file

BILL = NewFile("账单 (März).pdf", "application/pdf", b"%PDF-1.4 \x00\xff")
LOG = NewFile("log.txt", "text/plain", b"one\r\n.\r\ntwo \xe9")
MESSAGE = NewFile("their mail.eml", "message/rfc822", b"Subject: x\r\n\r\nbody")


@pytest.mark.parametrize(
    ("given", "name"),
    [("C:\\papers\\bill.pdf", "bill.pdf"), ("../..", ""), ("a\u202egpj.exe", "a gpj.exe"),
     ("n" * 250 + ".txt", "n" * 196 + ".txt")],
)  # fmt: skip
def test_a_name_is_no_path_reads_forwards_and_keeps_its_ending(given: str, name: str) -> None:
    assert new_file(given, b"hello").name == name


def test_files_arrive_with_their_names_types_and_every_byte(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    reference = desk.receive()
    desk.desk.send_message(
        reference, by=ANA, at=NINE + HOUR, text="The papers.",
        sending=Sending(files=(BILL, LOG, MESSAGE)),
    )  # fmt: skip

    post.work(server.url, at=NINE + HOUR)

    letter = server.messages[-1]
    text = letter.get_body(("plain",))
    assert text is not None
    assert "The papers." in text.get_content()
    sent = [
        (each.get_filename(), each.get_content_type(), each.get_payload(decode=True))
        for each in letter.iter_attachments()
    ]
    assert sent == [
        (BILL.name, BILL.type, BILL.content),
        (LOG.name, LOG.type, LOG.content),
        (MESSAGE.name, "application/octet-stream", MESSAGE.content),
    ]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([NewFile("a", "text/plain", b"a")] * 11, "at most ten"),
        ([NewFile("a", "text/plain", b"a" * (LARGEST // 2 + 1))] * 2, "15 MB together"),
        ([NewFile("a.exe", "application/x-executable", b"MZ", ("executable",))], "programs"),
    ],
)
def test_what_mail_servers_refuse_is_refused_before_anything_is_recorded(
    desk: TestDesk, files: list[NewFile], sentence: str
) -> None:
    reference = desk.receive()
    with pytest.raises(Invalid, match=sentence):
        desk.desk.acknowledge(
            reference, by=ANA, at=NINE + HOUR, sending=Sending(files=tuple(files))
        )
    assert not desk.desk.state(reference)[0].acknowledged
