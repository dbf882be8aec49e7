"""Does a form that is drawn once still belong to one complaint, and are typed words forgotten?"""

from __future__ import annotations

import re

from web.pages import blanks
from web.pages.blanks import Blanks
from web.pages.form import Form
from web.pages.suggested import Forms

SENDER = "Complaints <complaints@desk.test>"


def page_of(reference: str, form: Form, *, typed: bool = False, language: str = "en") -> Blanks:
    forms = Forms(
        forms={form.name: form}, tab=form.name,
        typed=frozenset((form.name,) if typed else ()),
    )  # fmt: skip
    return Blanks(
        language=language, forms=forms, reference=reference, seen=3, csrf=f"token of {reference}",
        act="", sender=SENDER, remarks=(), enclosed={},
    )  # fmt: skip


def test_a_blank_form_carries_the_words_of_its_own_page() -> None:
    one, other = (page_of(each, Form("letters")).letter("letters") for each in ("AAAAA", "BBBBB"))

    command = re.compile('name="command" value="([0-9a-f]{32})"')
    assert command.findall(one) != command.findall(other)
    assert "BBBBB" not in one
    assert command.sub("", one.replace("AAAAA", "BBBBB")) == command.sub("", other)


def test_a_form_says_what_it_suggests_in_the_language_of_the_page() -> None:
    form = Form("classification", {"category": "<billing>", "severity": "high"})
    english = page_of("AAAAA", form).fold("classification")
    chinese = page_of("AAAAA", form, language="zh").fold("classification")

    assert "&lt;billing&gt;" in english
    assert 'value="high" selected' in english
    assert "Severity" in english
    assert "严重程度" in chinese


def test_words_that_somebody_typed_are_on_their_page_and_remembered_nowhere() -> None:
    page_of("AAAAA", Form("notes")).form("notes")
    before = blanks._blank.cache_info()
    form = Form("notes", {"text": "He is <at> work \0csrf\0 until six."}, errors={"text": "No."})
    typed = page_of("AAAAA", form, typed=True).form("notes")

    assert "He is &lt;at&gt; work \0csrf\0 until six." in typed
    assert 'aria-invalid="true"' in typed
    assert blanks._blank.cache_info() == before
    assert "at work" not in page_of("BBBBB", Form("notes")).form("notes")
