"""Is what is drawn once filled with each page's own words, and never with another's?"""

from __future__ import annotations

import pytest
from markupsafe import Markup

from web.pages.gaps import Drawn, gap
from web.pages.templates import environment

HOSTILE = "<script>alert(1)</script>"


def drawn() -> Drawn:
    template = environment("en").from_string('<p title="{{ gap("name") }}">{{ gap("name") }}</p>')
    return Drawn(template.render(gap=gap))


def test_words_are_put_in_escaped_and_not_kept() -> None:
    part = drawn()

    assert part.filled({"name": HOSTILE}) == Markup('<p title="{0}">{0}</p>').format(HOSTILE)
    assert part.filled({"name": "Ana"}) == '<p title="Ana">Ana</p>'
    assert HOSTILE not in part.filled({"name": "Bo"})


def test_a_word_that_looks_like_a_gap_stays_a_word() -> None:
    assert part_of(gap("csrf")) == "<p>\0csrf\0</p>"


def part_of(word: str) -> str:
    return Drawn(f"<p>{gap('word')}</p>").filled({"word": word, "csrf": "secret"})


def test_a_gap_that_nobody_fills_is_a_fault() -> None:
    with pytest.raises(KeyError):
        drawn().filled({})
