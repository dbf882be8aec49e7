"""What holds for every page: translated, declared, reachable by its keys."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from recovery.events import CLOCK_EVENTS, VOCABULARY
from web.i18n import LANGUAGES, catalogue
from web.i18n.__main__ import extract, missing, stored
from web.pages.acts import ACTS
from web.pages.entries import MARKS
from web.pages.keys import SHEET
from web.pages.side import OTHERS, PLACES
from web.pages.words import DONE, ELSEWHERE, LABELS

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))
OURS = [path for path in TEMPLATES if "letters" not in path.parts]
_NARROW = re.compile(r"[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]")
FOREIGN = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", FOREIGN)
def test_every_sentence_is_translated(language: str) -> None:
    known = {message.id for message in stored(language)}
    said = {message.id for message in extract() if message.id}

    assert said - known == set(), "run: python -m web.i18n"
    assert missing(stored(language)) == []


def test_chinese_sentences_have_chinese_punctuation() -> None:
    found = [message.string for message in stored("zh") if message.id]
    said = [each for one in found for each in (one if isinstance(one, tuple) else (one,))]

    assert [each for each in said if _NARROW.search(each)] == []


@pytest.mark.parametrize("language", FOREIGN)
def test_translations_fill_in_what_the_sentence_has(language: str) -> None:
    for message in stored(language):
        original = message.id if isinstance(message.id, str) else message.id[-1]
        string = message.string if isinstance(message.string, str) else message.string[-1]

        assert _gaps(original) == _gaps(string), original


def _gaps(sentence: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", sentence)) | {
        name for _, name, _, _ in Formatter().parse(sentence.replace("%", "%%")) if name
    }


def test_sentences_of_other_parts_are_still_said_there() -> None:
    code = "".join(
        path.read_text()
        for folder in ("recovery", "projections", "web")
        for path in (ROOT / folder).glob("*.py")
    )
    assert [sentence for sentence in ELSEWHERE if sentence not in code] == []


def test_every_event_of_a_complaint_can_be_told() -> None:
    topics = {event.topic for event in VOCABULARY if event.topic.startswith("complaint.")}
    times = {event.topic for event in CLOCK_EVENTS}

    assert topics | times == set(MARKS)
    assert topics <= set(LABELS["topic"])


def test_every_act_says_what_it_did() -> None:
    assert set(ACTS) <= set(DONE)


def test_every_key_of_the_sheet_is_on_a_page_and_the_other_way_round() -> None:
    pages = "".join(path.read_text() for path in OURS)
    script = (ROOT / "web" / "static" / "recovery.js").read_text()
    on_pages = set(re.findall(r'data-key="([^"{]+)"', pages))
    on_pages |= set(re.findall(r'(?:{{ tab_of|{% call fold)\(".*, "(\w)"', pages))
    in_script = set(re.findall(r'case "(.)":', script)) - {"g"}
    on_pages |= {f"g {place.key}" for place in (*PLACES, *OTHERS)}
    documented = {" ".join(key.keys) for group in SHEET for key in group.keys}

    assert documented - {"Ctrl Enter", "Ctrl K", "Esc", "Enter"} == on_pages | in_script


def test_templates_hold_no_script_or_style_of_their_own() -> None:
    for path in OURS:
        source = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?! src)", source), path.name
        assert "|safe" not in source, path.name
        assert "://" not in source, f"{path.name}: nothing comes from elsewhere"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_compiles(language: str) -> None:
    from web.pages.templates import TEMPLATES as FOLDER
    from web.pages.templates import environment

    for path in OURS:
        environment(language).get_template(path.relative_to(FOLDER).as_posix())
    assert catalogue(language)
