"""Does a notice tell a colleague what they have to know, in both languages?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from recovery.events import Severity
from tests.mail.test_letters import HOSTILE, STYLES, Seen, used, words
from web.mail.notices import CONTEXT, ENGLISH, SAID, Notice, word, write
from web.mail.wording import WORDINGS, Tongue
from web.pages.words import LABELS, labeller

ONE = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
LATE = Notice(
    reference="7GQ2M4XK9T", to="ana@desk.example", name="Ana Ortiz", language="en",
    zone=ZoneInfo("Europe/London"), clock="explain", due=ONE, at=ONE, holder="Bo Lund",
    base_url="https://desk.example", organisation="Northwind Parcels",
)  # fmt: skip
WAYS = {
    "late": LATE,
    "soon": replace(LATE, at=ONE - timedelta(hours=1)),
    "standing": replace(LATE, due=None),
    "mine": replace(LATE, is_mine=True),
    "nobodys": replace(LATE, holder=""),
    "given": replace(LATE, given=True, severity="high"),
    "given to me": replace(LATE, given=True, is_mine=True, severity="critical"),
    "answerable": replace(LATE, answerable=True),
    "another promise": replace(LATE, clock="send_a_parcel", is_mine=True),
}


@pytest.mark.parametrize("spoken", WORDINGS)
def test_the_templates_use_exactly_the_values_declared(spoken: Tongue) -> None:
    found = set().union(*(used(f"letters/{spoken}/notice.{style}") for style in STYLES))

    assert found == CONTEXT


@pytest.mark.parametrize("spoken", WORDINGS)
@pytest.mark.parametrize("way", WAYS)
def test_both_parts_say_the_same(way: str, spoken: Tongue) -> None:
    notice = write(replace(WAYS[way], language=spoken))

    assert words(Seen(notice.html).text) == words(notice.text)
    assert "7GQ2M-4XK9T" in notice.subject
    assert "{" not in notice.text
    assert not any(line.endswith(" ") for line in notice.text.splitlines())


@pytest.mark.parametrize("spoken", WORDINGS)
def test_promises_and_severities_are_called_what_the_pages_call_them(spoken: Tongue) -> None:
    label = labeller(spoken)

    for clock in (*LABELS["clock"], "summary_resolution"):
        assert word(clock, spoken) == label("clock", clock)
    for severity in get_args(Severity):
        assert word(severity, spoken) == label("severity", severity)


@pytest.mark.parametrize("spoken", WORDINGS)
def test_each_promise_that_pages_know_has_its_next_step(spoken: Tongue) -> None:
    assert SAID[spoken].acts.keys() == LABELS["clock"].keys()


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("late", "“Explain” was due on Monday, 2 March 2026, 13:00 GMT and is not done."),
        ("soon", "“Explain” is due on Monday, 2 March 2026, 13:00 GMT and is not done yet."),
        ("standing", "“Explain” is not done. Its time stands still"),
        ("late", "Bo Lund has this complaint.\n\nAsk Bo Lund what is missing"),
        ("mine", "You have this complaint.\n\nTell the complainant what went wrong"),
        ("nobodys", "Nobody has this complaint.\n\nTake it, or give it to somebody."),
        ("given", "Because of this Bo Lund has the complaint now. Because of this its severity is"),
        ("given to me", "Because of this you have the complaint now."),
        ("another promise", "“Send a parcel” was due"),
        ("another promise", ENGLISH.act),
    ],
)
def test_what_happened_and_what_to_do_next(way: str, sentence: str) -> None:
    assert sentence in write(WAYS[way]).text


def test_the_subject_says_at_once_whether_it_is_late() -> None:
    assert write(WAYS["late"]).subject == "“Explain” is late (7GQ2M-4XK9T)"
    assert write(WAYS["soon"]).subject == "“Explain” is not done yet (7GQ2M-4XK9T)"


def test_only_who_has_it_is_reminded_of_waiting() -> None:
    assert ENGLISH.wait in write(WAYS["mine"]).text
    assert ENGLISH.wait not in write(WAYS["late"]).text


def test_the_link_leads_to_the_complaint() -> None:
    notice = write(LATE)

    tags = dict(Seen(notice.html).tags)

    assert tags["a"] == {"href": "https://desk.example/complaints/7GQ2M-4XK9T"}
    assert "https://desk.example/complaints/7GQ2M-4XK9T" in notice.text


def test_the_instant_is_that_of_the_colleagues_zone() -> None:
    shanghai = write(replace(LATE, language="zh", zone=ZoneInfo("Asia/Shanghai")))

    assert "“说明”应在 2026年3月2日星期一 21:00 CST 之前完成" in shanghai.text


def test_a_colleagues_name_is_text_and_nothing_else() -> None:
    notice = write(replace(LATE, holder=HOSTILE, organisation="<b>Us</b>"))

    assert not {"script", "img", "b"} & {tag for tag, _ in Seen(notice.html).tags}
    assert words(Seen(notice.html).text) == words(notice.text)
