"""Does every text become one that every bank takes?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.paying.characters import bank_text

ALLOWED = re.compile(r"[A-Za-z0-9/?:().,'+ -]*")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Jürgen Groß & Söhne", "Jurgen Gross + Sohne"), ("Łukasz  O'Neill", "Lukasz O'Neill"),
        ("王小明", "WangXiaoMing"), ("Αθηνά", "Athina"), ("a_b@c", "a-b(at)c"), ("50 €", "50 EUR"),
        ("Lee 🙂", "Lee"), ("🙂", ""), ("...", ""), ("", ""), ("//a//b/", "a/b"),
        ("one\ntwo\x00", "one two."), ("e\u0301", "e"),
    ],
)  # fmt: skip
def test_letters_are_transliterated(text: str, written: str) -> None:
    assert bank_text(text, 70) == written


@given(st.text(), st.integers(1, 140))
def test_only_the_basic_set_is_left(text: str, limit: int) -> None:
    written = bank_text(text, limit)

    assert ALLOWED.fullmatch(written)
    assert len(written) <= limit
    assert "//" not in written
    assert written == written.strip(" /")
    assert bank_text(written, limit) == written
