"""Are the letters right, whatever charset they are said to be in?"""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.reading.samples import attached, read
from web.mail.reading.charsets import decode
from web.mail.reading.headers import words
from web.mail.reading.records import Party

SIMPLE = "退款一直没有到账，请尽快处理。"
RARE = "㐀镕堃𠮷喆的投诉"
TRADITIONAL = "退款一直沒有到帳，請盡快處理。"
JAPANESE = "商品が届きません。返金をお願いします。"
KOREAN = "안녕하세요 환불 부탁드립니다"
RUSSIAN = "Здравствуйте, верните деньги пожалуйста"
GERMAN = "Ich möchte mich über die Verspätung beschweren"


@pytest.mark.parametrize(
    ("words", "written", "declared"),
    [
        (SIMPLE, "utf-8", "gb2312"), (SIMPLE, "utf-8", "us-ascii"), (SIMPLE, "utf-8", ""),
        (SIMPLE, "utf-8", "iso-8859-1"), (SIMPLE, "utf-8", "no-such-charset"),
        (RARE, "gb18030", "gb2312"), (RARE, "gb18030", "GBK"), (SIMPLE, "gbk", "x-gbk"),
        (SIMPLE, "gbk", "us-ascii"), (SIMPLE, "gbk", ""), (SIMPLE, "gbk", "iso-8859-1"),
        (SIMPLE, "gbk", "utf-8"), ("投诉", "gbk", ""), ("一些", "gbk", "gb2312"),
        (SIMPLE, "hz", "hz-gb-2312"), (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "big5", "us-ascii"), (TRADITIONAL, "big5", "utf-8"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"), (JAPANESE, "iso2022_jp", ""),
        (JAPANESE, "shift_jis", "shift_jis"), (JAPANESE, "shift_jis", "us-ascii"),
        (JAPANESE, "euc_jp", "euc-jp"), (KOREAN, "cp949", "ks_c_5601-1987"),
        (KOREAN, "euc_kr", "euc-kr"), (RUSSIAN, "koi8_r", "koi8-r"),
        (RUSSIAN, "cp1251", "windows-1251"), (RUSSIAN, "cp1251", "us-ascii"),
        (GERMAN, "latin-1", "iso-8859-1"), ("“So” – 5 €", "cp1252", "iso-8859-1"),
        (GERMAN, "utf-7", "utf-7"), (SIMPLE, "utf-16", "utf-16"),
    ],
)  # fmt: skip
def test_the_words_come_out_right(words: str, written: str, declared: str) -> None:
    got = decode(words.encode(written), declared)
    assert (got.text.removeprefix("\ufeff"), got.faithful) == (words, True)


def test_words_a_gateway_took_for_latin_are_put_right() -> None:
    twice = TRADITIONAL.encode("big5").decode("latin-1").encode()
    assert decode(twice, "big5").text == TRADITIONAL


def test_a_letter_cut_in_two_spoils_only_itself() -> None:
    got = decode(SIMPLE.encode()[:-1], "utf-8")
    assert got.text == SIMPLE[:-1] + "\ufffd"
    assert not got.faithful


def test_a_letter_cut_in_two_between_encoded_words_is_whole() -> None:
    raw = SIMPLE.encode("gbk")
    halves = [base64.b64encode(half).decode() for half in (raw[:7], raw[7:])]
    assert words(" ".join(f"=?GB2312?B?{half}?=" for half in halves)) == SIMPLE


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("=?utf-8?Q?Re:_caf=C3=A9?= today", "Re: café today"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"), ("=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"),
        ("=?utf-8?B?5oqV6K+J?= =?gbk?B?zcvP?=", "投诉退\ufffd"),
        ("=?utf-8?B?5oqV6K+J", "=?utf-8?B?5oqV6K+J"),
        ("=?x-none?B?!!!?=", ""), ("plain", "plain"),
    ],
)  # fmt: skip
def test_encoded_words(given: str, shown: str) -> None:
    assert words(given) == shown


def test_raw_letters_in_a_header_are_in_the_charset_of_the_body() -> None:
    got = read(
        b"Subject: " + KOREAN.encode("cp949"), b"From: \xb1\xe8 <kim@example.org>",
        "Content-Type: text/plain; charset=euc-kr", body=KOREAN.encode("cp949"),
    )  # fmt: skip
    assert got.identity.subject == got.words.plain == KOREAN
    assert got.identity.sender == Party(name="김", address="kim@example.org")


@pytest.mark.parametrize(
    "header",
    [
        "filename*=gb2312''%CD%CB%BF%EE.pdf", 'filename="=?gb2312?B?zcu/7i5wZGY=?="',
        "filename*=UTF-8''%E9%80%80%E6%AC%BE.pdf", 'filename="退款.pdf"', "filename=退款.pdf",
        "filename*0*=UTF-8''%E9%80%80; filename*1*=%E6%AC%BE; filename*2=.pdf",
        "filename*1*=%AC%BE.pdf; filename*0*=UTF-8''%E9%80%80%E6",
        'filename="plain.pdf"; filename*=UTF-8\'\'%E9%80%80%E6%AC%BE.pdf',
        'filename="C:\\\\Users\\\\lee\\\\退款.pdf"', 'filename="../../退款.pdf"',
    ],
)  # fmt: skip
def test_a_file_has_the_name_its_sender_saw(header: str) -> None:
    (file,) = attached(b"%PDF-1.7", f"Content-Disposition: attachment; {header}").attachments
    assert (file.name, file.real) == ("退款.pdf", "application/pdf")


@given(st.text(min_size=1), st.sampled_from(["", "utf-8", "us-ascii", "no-such"]))
def test_what_is_written_in_unicode_is_read_back(text: str, declared: str) -> None:
    clean = "".join(c for c in text if c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff")
    assert decode(clean.encode(), declared).text == clean


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_are_some_text(raw: bytes, declared: str) -> None:
    assert "\0" not in decode(raw, declared).text


def test_half_a_letter_is_none() -> None:
    """UTF-7 can write one half of a pair, which nothing can store: no message must hang on it."""
    name = 'Content-Disposition: attachment; filename="=?utf-7?Q?bill+2AA-.pdf?="'

    assert decode(b"a+2AA-b", "utf-7").text == "ab"
    assert [file.name for file in attached(b"%PDF-1.7", name).attachments] == ["bill.pdf"]
