"""Are files named, typed and warned of by what is in them?"""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from tests.mail.reading.samples import attached, properties, read, winmail
from web.mail.reading import tnef, understand
from web.mail.reading.contents import entries, real_type
from web.mail.reading.records import Risk

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
EXE = b"MZ\x90\0\x03" + b"\0" * 60


def zipped(*names: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def locked(archive: bytes) -> bytes:
    """The same, saying that its entries have a password."""
    at = archive.index(b"PK\x01\x02")
    return archive[: at + 8] + b"\x01\0" + archive[at + 10 :]


@pytest.mark.parametrize(
    ("name", "content", "risks"),
    [
        ("letter.pdf", b"%PDF-1.7", ()), ("photo.jpg", b"\xff\xd8\xff\xe0", ()),
        ("list.docx", zipped("word/document.xml", "[Content_Types].xml"), ()),
        ("notes.txt", b"It broke.", ()), ("run.exe", EXE, ("executable",)),
        ("invoice.pdf", EXE, ("executable", "disguised")),
        ("invoice.pdf.exe", EXE, ("executable", "disguised")),
        ("invoice.pdf.js", b"var a", ("script", "disguised")),
        ("photo\u202egpj.exe", EXE, ("executable", "disguised")),
        ("run.sh", b"#!/bin/sh\n", ("script",)),
        ("a.docm", zipped("word/document.xml"), ("macro",)),
        ("a.docx", zipped("word/document.xml", "word/vbaProject.bin"), ("macro",)),
        ("a.xls", OLE + "_VBA_PROJECT".encode("utf-16-le"), ("macro",)), ("a.doc", OLE, ()),
        ("a.zip", zipped("a.txt"), ("archive",)),
        ("a.zip", zipped("setup.exe"), ("executable", "archive")),
        ("a.zip", zipped("run.vbs"), ("script", "archive")),
        ("a.zip", locked(zipped("a.txt")), ("encrypted", "archive")),
        ("a.zip", zipped("a.txt", content=b"0" * 20_000_000), ("expands", "archive")),
        ("a.html", b"<html><script>x</script>", ("active",)),
        ("a.svg", b"<svg onload=x>", ("active",)),
        ("a.gif", b"<html>", ("active", "disguised")),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", ("archive",)),
    ],
)  # fmt: skip
def test_what_to_be_careful_with(name: str, content: bytes, risks: tuple[Risk, ...]) -> None:
    (file,) = attached(
        content, f'Content-Type: application/octet-stream; name="{name}"'
    ).attachments
    assert (file.risks, file.content) == (risks, content)


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF0000WEBP", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"), (b"\0\0\0\x18ftypisom", "video/mp4"),
        (zipped("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument."
         "spreadsheetml.sheet"), (zipped("a.txt"), "application/zip"),
        ("投诉".encode("gbk"), "text/plain"), ("投诉".encode(), "text/plain"),
        (b"\0\1\2\3", "application/octet-stream"), (b"", "application/octet-stream"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "text/html"), (b"<?xml?><svg>", "image/svg+xml"),
    ],
)  # fmt: skip
def test_the_type_is_by_content(content: bytes, type_: str) -> None:
    assert real_type(content) == type_


def test_a_long_list_of_entries_is_read_to_a_bound() -> None:
    assert len(entries(zipped(*(f"{n}.txt" for n in range(1_200)))).names) == 1_000


def test_pictures_in_the_words_are_known_by_their_id() -> None:
    (file,) = attached(
        b"\x89PNG\r\n\x1a\n", "Content-Type: image/png", "Content-ID: <p1@x>"
    ).attachments
    assert (file.name, file.content_id, file.inline) == ("attachment-1.png", "p1@x", True)


def test_a_message_within_has_its_own_subject_and_stays_whole() -> None:
    inner = "From: a@b.example\r\nSubject: =?utf-8?B?5oqV6K+J?=\r\n\r\nInner"
    body = f"--b\n\nSee below\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--"
    (file,) = read("Content-Type: multipart/mixed; boundary=b", body=body).attachments
    assert (file.name, file.subject, file.content) == ("投诉.eml", "投诉", inner.encode())


RENDERED = (0x00069002, b"\0" * 14)
PACKED = winmail(
    (0x00069007, struct.pack("<II", 936, 0)),
    (0x0002800C, "水壶坏了".encode("gbk") + b"\0"),
    RENDERED,
    (0x00018010, b"RECEIP~1.PDF\0"),
    (0x0006800F, b"%PDF-1.7 receipt"),
    (0x00069005, properties((0x1F, 0x3707, "收据.pdf\0".encode("utf-16-le")))),
    RENDERED,
    (0x00018010, b"photo.png\0"),
    (0x00069005, properties((0x102, 0x3701, b"\x89PNG\r\n\x1a\n"))),
)


def test_what_outlook_packed_is_unpacked() -> None:
    got = read("Content-Type: application/ms-tnef; name=winmail.dat", body=b"")
    assert got.attachments[0].name == "winmail.dat"
    got = attached(PACKED, "Content-Type: application/ms-tnef", "X-Mailer: x")
    assert [(f.name, f.real, f.content) for f in got.attachments] == [
        ("收据.pdf", "application/pdf", b"%PDF-1.7 receipt"),
        ("photo.png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ]
    assert got.words.plain == "See the file."


def test_words_that_only_outlook_packed_are_read() -> None:
    wrapped = b"--b\r\nContent-Type: application/ms-tnef\r\n\r\n" + PACKED + b"\r\n--b--"
    raw = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + wrapped
    got = understand(raw)
    assert (got.words.plain, got.words.source, got.words.language) == ("水壶坏了", "tnef", "zh")


@pytest.mark.parametrize("length", range(0, len(PACKED), 7))
def test_a_broken_winmail_gives_what_can_be_read_and_is_kept(length: int) -> None:
    whole = tnef.unpack(PACKED)
    part = tnef.unpack(PACKED[:length])
    assert [file.content for file in part.files] == [f.content for f in whole.files][
        : len(part.files)
    ]
    got = attached(PACKED[:length], "Content-Type: application/ms-tnef; name=winmail.dat")
    assert part.whole or got.attachments[-1].name == "winmail.dat"
