"""Are sentences and icons put into a template once, and words of people never?"""

from __future__ import annotations

from jinja2 import DictLoader
from markupsafe import Markup

from web.i18n import catalogue
from web.pages.known import KnownEnvironment
from web.pages.templates import environment

HOSTILE = "<script>alert(1)</script>"


def templates(**sources: str) -> tuple[KnownEnvironment, list[tuple[str, ...]]]:
    """An environment that says what it was asked to say, and when."""
    asked: list[tuple[str, ...]] = []

    def say(*words: str) -> str:
        asked.append(words)
        return Markup("<b>{}</b>").format(" ".join(words))

    found = KnownEnvironment(loader=DictLoader(sources), autoescape=True)
    found.known = {"say": say}
    found.globals["say"] = say
    return found, asked


def test_a_sentence_is_looked_up_once_however_often_the_page_is_shown():
    found, asked = templates(page='{{ say("late", say("now")) }}')
    page = found.get_template("page")

    assert len({page.render() for _ in range(3)}) == 1
    assert asked == [("now",), ("late", "<b>now</b>")]


def test_what_the_page_is_given_is_asked_each_time_and_escaped():
    found, asked = templates(page="{{ say(words) }}{{ words }}")
    page = found.get_template("page")

    shown = [page.render(words=HOSTILE) for _ in range(2)]

    assert shown == [str(Markup("<b>{0}</b>{0}").format(HOSTILE))] * 2
    assert len(asked) == 2


def test_each_language_has_its_own_sentences():
    for language in ("en", "zh"):
        said = environment(language).from_string('{{ _("Queue") }}').render()
        assert said == catalogue(language).gettext("Queue")


def test_a_sentence_with_something_in_it_waits_for_the_page():
    page = environment("en").from_string('{{ _("Found for “%(words)s”", words=words) }}')

    assert HOSTILE not in page.render(words=HOSTILE)
    assert "Found for" in page.render(words=HOSTILE)
