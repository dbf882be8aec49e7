"""Does a refusal point at the line that has to be mended?"""

from __future__ import annotations

import pytest

from recovery.policy.adopt import adoption, house_policy
from recovery.policy.lines import line_of
from recovery.policy.schema import PolicyError, parse
from tests.cast import NINE, SUE

HOUSE = house_policy()


def refused(text: str) -> tuple[int | None, str]:
    """The line that the refusal points at, and what stands on it."""
    with pytest.raises(PolicyError) as error:
        parse(text)
    line = line_of(text, error.value)
    return line, text.split("\n")[line - 1] if line else ""


@pytest.mark.parametrize(
    ("old", "new", "stands_there"),
    [
        ('zone = "Europe/London"', 'zone = "Europe/Londn"', "Londn"),
        ('status = "confirmed"', "status = confirmed", "status = confirmed"),
        ('within = "5 business days"', 'within = "5 weks"', "5 weks"),
        ('stop = ["closed"]', 'stop = ["cloesd"]', "cloesd"),
        ('monday = ["09:00-17:30"]', 'monday = ["17:30-09:00"]', "17:30-09:00"),
        ('holidays = { country = "GB"', "holidays = { country = 44", "country = 44"),
        ("from = 2000-01-01", "from = 1700-01-01", "1700-01-01"),
        ('when = { channel = ["letter"] }', "when = {}", "when = {}"),
        ('name = "resolve"', 'name = "explain"', 'name = "explain"'),
        ("pauses = true #", "pausess = true #", "pausess"),
        ('name = "resolve"\n', "", "[[version.clock]]"),
        ('title = "House policy"\n', "", ""),
    ],
)
def test_the_line_is_the_one_to_mend(old: str, new: str, stands_there: str) -> None:
    assert old in HOUSE

    _, found = refused(HOUSE.replace(old, new, 1))

    assert stands_there in found


def test_of_two_equal_names_the_second_is_meant() -> None:
    text = HOUSE.replace('name = "resolve"', 'name = "explain"')

    _, second = [n for n, line in enumerate(text.split("\n"), 1) if line == 'name = "explain"']

    assert refused(text)[0] == second


def test_an_example_that_comes_out_otherwise_is_pointed_at() -> None:
    text = (
        HOUSE
        + """
[[example]]
id = "first"
given.events = [{ type = "received", at = "2026-03-02T10:00:00Z" }]
expect.clocks = { explain = { due_on = "2026-03-09" } }
[[example]]
id = "second"
given.events = [{ type = "received", at = "2026-03-02T10:00:00Z" }]
expect.clocks = { explain = { due_on = "2026-03-10" } }
"""
    )
    with pytest.raises(PolicyError) as error:
        adoption(text, by=SUE, at=NINE, reason="It is better.")

    line = line_of(text, error.value)

    assert line == text[: text.index("2026-03-10")].count("\n") + 1


def test_headers_inside_a_long_text_are_words() -> None:
    text = 'source = """\n[[version]]\nname = "second"\n"""\nzone = "Nowhere"\n' + HOUSE.replace(
        'source = "Our own promise to complainants"\n', ""
    ).replace('zone = "Europe/London"', "")

    assert refused(text)[1] == 'zone = "Nowhere"'


@pytest.mark.parametrize("text", ["", "id = ", "[[", "\x00", "id = 'x'\n" * 3, "[a]\n" * 5])
def test_whatever_the_text_the_line_is_in_it(text: str) -> None:
    line, _ = refused(text)

    assert line is None or 1 <= line <= text.count("\n") + 1
