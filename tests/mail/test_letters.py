"""Does every letter say what it must, in both languages, whatever words it is given?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import get_args

import pytest
from jinja2 import Environment, meta
from msgspec.structs import replace

from recovery.events import CompensationKind, DeliveryKind, LetterKind, Outcome
from recovery.money import Money
from recovery.vault import WrittenLetter
from web.mail import letters
from web.mail.letters import CONTEXT, TEMPLATES, addressable, tongue, write
from web.mail.samples import CHINESE, ENGLISH, FACTS, samples
from web.mail.wording import WORDINGS, Tongue

KINDS = get_args(LetterKind)
HOSTILE = '<script>alert(1)</script> & "quotes" {{ reference }} <img src=x onerror=y>'
STYLES = ("subject.txt", "txt", "html")


class Seen(HTMLParser):
    """What a reader sees of HTML, block by block."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._hidden = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag in ("title", "style") or (self._hidden and tag != "body")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data


def words(text: str) -> str:
    return "".join(text.replace("\n- ", "\n").split())


# ---------------------------------------------------------------- the templates


def used(template: str) -> set[str]:
    """Every value a template uses, with those of the templates it includes and extends."""
    environment: Environment = letters._ENVIRONMENT
    parsed = environment.parse((TEMPLATES / template).read_text("utf-8"))
    found = meta.find_undeclared_variables(parsed)
    for other in meta.find_referenced_templates(parsed):
        assert other is not None
        found |= used(other)
    return found


@pytest.mark.parametrize("spoken", WORDINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_templates_use_exactly_the_values_declared_for_their_kind(
    kind: LetterKind, spoken: Tongue
) -> None:
    found = set().union(*(used(f"letters/{spoken}/{kind}.{style}") for style in STYLES))

    assert found == CONTEXT[kind]


def test_there_is_no_template_that_no_letter_uses() -> None:
    expected = {f"{kind}.{style}" for kind in get_args(DeliveryKind) for style in STYLES}
    expected |= {f"{kind}.{style}" for kind in ("call", "kept") for style in STYLES}
    expected |= {"promises.txt", "promises.html"}

    for spoken in WORDINGS:
        assert {file.name for file in (TEMPLATES / "letters" / spoken).iterdir()} == expected


def test_every_code_of_the_vocabulary_is_worded_in_both_languages() -> None:
    english, chinese = WORDINGS["en"], WORDINGS["zh"]

    for wording in (english, chinese):
        assert set(wording.found) == set(wording.ended) == set(get_args(Outcome))
        assert set(wording.granted) == set(get_args(CompensationKind))
    assert english.causes.keys() == chinese.causes.keys()
    assert english.reasons.keys() == chinese.reasons.keys()
    assert english.promises.keys() == chinese.promises.keys()


# ---------------------------------------------------------------- what they say


def every() -> Iterator[object]:
    for kind, spoken, letter in samples():
        yield pytest.param(kind, spoken, letter, id=f"{kind}-{spoken}")


@pytest.mark.parametrize(("kind", "spoken", "letter"), list(every()))
def test_both_parts_say_the_same(kind: LetterKind, spoken: Tongue, letter: WrittenLetter) -> None:
    assert words(Seen(letter.html).text) == words(letter.text)


@pytest.mark.parametrize(("kind", "spoken", "letter"), list(every()))
def test_every_letter_names_the_reference_as_people_say_it(
    kind: LetterKind, spoken: Tongue, letter: WrittenLetter
) -> None:
    assert "7GQ2M-4XK9T" in letter.subject
    assert "7GQ2M-4XK9T" in letter.text
    assert "\n" not in letter.subject


@pytest.mark.parametrize(("kind", "spoken", "letter"), list(every()))
def test_every_letter_says_which_language_it_is_in_and_needs_no_tables(
    kind: LetterKind, spoken: Tongue, letter: WrittenLetter
) -> None:
    tags = Seen(letter.html).tags

    assert dict(tags)["html"] == {"lang": WORDINGS[spoken].tag}
    assert not {"table", "script", "style", "img", "link"} & {tag for tag, _ in tags}


def test_the_promised_days_stand_in_the_letter_with_their_weekday() -> None:
    english = write("received", "en", ENGLISH).text
    chinese = write("received", "zh", CHINESE).text

    assert "By Monday, 16 March 2026: we tell you what went wrong" in english
    assert "最迟2026年3月16日星期一：" in chinese


def test_a_letter_without_promises_has_no_empty_list() -> None:
    letter = write("received", "en", replace(ENGLISH, promises=()))

    assert "what happens next" not in letter.text
    assert "<ul" not in letter.html


def test_dates_follow_the_complainants_own_country() -> None:
    assert "Monday, March 2, 2026" in write("message", "en-US", ENGLISH).text
    assert "Monday, 2 March 2026" in write("message", "en", ENGLISH).text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", "zh"),
        ("zh-Hant-TW", "zh"),
        ("ZH_cn", "zh"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_whoever_speaks_another_language_gets_english(language: str, expected: str) -> None:
    assert tongue(language) == expected
    assert write("closed", language, ENGLISH).html.startswith("<!doctype html>")


def test_a_day_that_is_not_known_is_not_invented() -> None:
    assert "We have your complaint. Its" in (
        write("received", "en", replace(ENGLISH, received_on=None)).text
    )


@pytest.mark.parametrize(
    ("kind", "money", "expected"),
    [
        ("goodwill", Money(Decimal("1234.50"), "EUR"), "We are giving you €1,234.50 as a sign"),
        ("redress", Money(Decimal("3000"), "JPY"), "We are paying you JP¥3,000 to put right"),
        ("in_kind", Money(Decimal("10.00"), "GBP"), "other than money, worth £10.00."),
        ("in_kind", None, "with something other than money."),
    ],
)
def test_the_compensation_is_named_with_its_amount(
    kind: CompensationKind, money: Money | None, expected: str
) -> None:
    assert expected in write("compensated", "en", replace(ENGLISH, kind=kind, money=money)).text


def test_a_cause_of_the_organisations_own_is_left_to_the_agents_words() -> None:
    letter = write("explained", "en", replace(ENGLISH, cause="branch_7_flooded"))

    assert "branch_7_flooded" not in letter.text
    assert "What went wrong" not in letter.text
    assert "We found it at the depot." in letter.text


def test_where_nothing_went_wrong_no_cause_is_named() -> None:
    letter = write("explained", "en", replace(ENGLISH, outcome="not_upheld"))

    assert "We did not find that we had done something wrong." in letter.text
    assert "What went wrong:" not in letter.text


# ---------------------------------------------------------------- whatever they are given


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spoken", WORDINGS)
def test_hostile_words_are_text_in_every_letter(kind: LetterKind, spoken: Tongue) -> None:
    facts = replace(
        FACTS[spoken],
        message=HOSTILE, name="O'Brien & Søn", organisation="<b>Us</b>",
    )  # fmt: skip

    letter = write(kind, spoken, facts)

    seen = Seen(letter.html)
    assert not {"script", "img", "b"} & {tag for tag, _ in seen.tags}
    assert words(seen.text) == words(letter.text)
    assert "O'Brien & Søn" in letter.text


def test_control_characters_and_reversed_text_are_dropped() -> None:
    letter = write(
        "message", "en", replace(ENGLISH, message="a\x00b\x1b[31m\u202ec\r\n\r\n\r\nd\re")
    )

    assert "ab[31mc\n\nd\ne\n" in letter.text


@pytest.mark.parametrize(
    "name",
    [
        "Visit https://evil.example", "www.evil", "evil.example now", "a@evil.example", "x" * 81,
        "<b>Lee</b>",
    ],
)  # fmt: skip
def test_a_name_that_carries_a_link_is_not_repeated(name: str) -> None:
    letter = write("received", "en", replace(ENGLISH, name=name))

    assert letter.text.startswith("Hello,\n")
    assert letter.name == ""
    assert "evil" not in letter.text + letter.html


@pytest.mark.parametrize("name", ["Dr. J.R. Smith-Jones", "李伟", "Nguyễn Văn A", "St. John"])
def test_real_names_are_greeted(name: str) -> None:
    assert addressable(name) == name


def test_a_name_over_several_lines_becomes_one() -> None:
    assert addressable("Wei\r\nBcc: all\x00  Lee") == ""
    assert addressable("Wei\r\n  Lee") == "Wei Lee"


def test_a_letter_is_the_same_for_the_same_facts() -> None:
    facts = replace(ENGLISH, received_on=date(2026, 3, 2))

    assert write("explained", "en", facts) == write("explained", "en", facts)
