"""Can somebody complain without an account, and follow what becomes of it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.events import FilesAdded, Received, Reopened, Surveyed, complaint_stream
from recovery.forgetter import Forgetter
from recovery.reference import draw
from tests.cast import ANA, NINE, SUE
from tests.web.pages.hands import Hands, Page
from web.door import links
from web.door.patience import Allowance, Patience
from web.runtime import Runtime

KEY = b"k" * 32
ONE = Allowance("complaints", at_once=1, seconds=3600)


@pytest.fixture
def lee(sit_down: Callable[..., Hands]) -> Hands:
    """Mr Lee at his telephone; nobody has come from his address before."""
    return sit_down()


def complain(hands: Hands, **more: object) -> Page:
    hands.open("/complain?place=platform-4")
    least = {"description": "The lift is broken.", "email": "lee@example.org"}
    return hands.send("/complain", **(least | more))


def told(runtime: Runtime, token: str) -> list[object]:
    stream = complaint_stream(token[:10].upper())
    return [record.event for record in runtime.store.records(stream)]


def token_of(page: Page) -> str:
    return page.address.removeprefix("/mine/").partition("?")[0]


def finished(runtime: Runtime, token: str, outcome: str = "not_upheld") -> None:
    reference, at = token[:10], datetime.now(UTC)
    runtime.desk.explain(reference, by=SUE, at=at, outcome=outcome, message="It was the storm.")  # type: ignore[arg-type]
    runtime.desk.close(reference, by=SUE, at=at, outcome=outcome)  # type: ignore[arg-type]
    runtime.engine.catch_up()


def test_two_fields_are_enough_and_the_dates_are_there_at_once(
    lee: Hands, runtime: Runtime
) -> None:
    page = complain(lee, desired="not_again")

    assert page.status == 200
    assert "We have your complaint." in page.text
    assert page.text.count("By ") == 3
    received = told(runtime, token_of(page))[0]
    assert isinstance(received, Received)
    assert (received.channel, received.by) == ("web", "complainant")
    assert (received.attributes, received.desired_outcomes) == (
        {"place": "platform_4"}, ("not_again",),
    )  # fmt: skip


def test_without_a_way_to_answer_every_word_is_kept(lee: Hands) -> None:
    page = complain(lee, email="", name="Mr Lee")

    assert page.status == 422
    assert "so that we can answer." in page.text
    assert page.forms["/complain"]["description"] == "The lift is broken."
    assert page.forms["/complain"]["place"] == "platform_4"


def test_a_program_that_fills_in_everything_is_not_heard(lee: Hands, runtime: Runtime) -> None:
    before = runtime.store.head()

    page = complain(lee, website="https://example.org")

    assert page.status == 422
    assert runtime.store.head() == before


def test_the_same_form_sent_twice_is_one_complaint(lee: Hands) -> None:
    lee.open("/complain")
    said = {"description": "The lift is broken.", "email": "lee@example.org"}
    assert lee.page is not None
    form = lee.page.forms["/complain"] | said
    first, second = (lee.client.post("/complain", data=form) for _ in range(2))

    assert first.url == second.url


def test_files_come_along_and_are_named(lee: Hands, runtime: Runtime) -> None:
    lee.open("/complain")
    assert lee.page is not None
    form = lee.page.forms["/complain"] | {"description": "Look.", "phone": "+44 20 7946 0000"}
    files = {"files": ("../收据.txt", "收据".encode(), "text/plain")}

    page = Page(lee.client.post("/complain", data=form, files=files))

    assert "收据.txt" in page.text
    assert "../" not in page.text
    assert isinstance(told(runtime, token_of(page))[-1], FilesAdded)


def test_what_colleagues_say_among_themselves_stays_there(lee: Hands, runtime: Runtime) -> None:
    token = token_of(complain(lee))
    reference, at = token[:10], datetime.now(UTC)
    runtime.desk.add_note(reference, by=ANA, at=at, text="He rings every day.")
    runtime.desk.assign(reference, by=ANA, at=at, agent=ANA)
    runtime.engine.catch_up()

    text = lee.open(f"/mine/{token}").text

    assert "The lift is broken." in text
    assert "rings every day" not in text
    assert "Ana" not in text


def test_an_answer_reaches_the_case(lee: Hands, ana: Hands) -> None:
    token = token_of(complain(lee))

    page = lee.send(
        f"/mine/{token}/message", text="It still is.", call="yes", phone="020 7946 0000"
    )

    assert "Thank you. We have it." in page.text
    case = ana.open(f"/complaints/{token[:10]}").text
    assert "It still is." in case
    assert "Please call me: 020 7946 0000" in case


def test_an_empty_answer_is_refused_beside_its_field(lee: Hands) -> None:
    token = token_of(complain(lee))

    page = lee.send(f"/mine/{token}/message", text="  ")

    assert page.status == 422
    assert "The message is empty." in page.text


def test_whoever_contests_is_listened_to_again(lee: Hands, runtime: Runtime) -> None:
    token = token_of(complain(lee))
    finished(runtime, token)
    lee.open(f"/mine/{token}")

    page = lee.send(f"/mine/{token}/contest", text="There was no storm.")

    assert "You asked us to look again" in page.text
    last = told(runtime, token)[-1]
    assert isinstance(last, Reopened)
    assert (last.reason, last.by) == ("disputed", "complainant")


def test_how_it_went_is_told_once(lee: Hands, runtime: Runtime) -> None:
    token = token_of(complain(lee))
    finished(runtime, token)
    lee.open(f"/mine/{token}")

    none = lee.send(f"/mine/{token}/survey")
    page = lee.send(f"/mine/{token}/survey", experience="2", expected="4", returning="no")
    again = lee.client.post(f"/mine/{token}/survey", data={"experience": "5"})

    assert "Choose how it went, all in all." in none.text
    assert 'aria-describedby="survey-experience-wrong"' in none.html
    assert "How did it go?" not in page.text
    said = [event for event in told(runtime, token) if isinstance(event, Surveyed)]
    assert [(s.experience, s.expected, s.returning) for s in said] == [(2, 4, "no")]
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("marks", "offered"),
    [
        ({"experience": "1"}, True),
        ({"experience": "4", "fulfilled": "no"}, True),
        ({"experience": "5"}, False),
    ],
)
def test_whoever_was_let_down_is_asked_whether_to_look_again(
    lee: Hands, runtime: Runtime, marks: dict[str, str], offered: bool
) -> None:
    token = token_of(complain(lee))
    finished(runtime, token, "upheld")
    lee.open(f"/mine/{token}")

    page = lee.send(f"/mine/{token}/survey", **marks)

    assert ("Shall we look at it again?" in page.text) is offered


def test_an_outcome_is_accepted_once(lee: Hands, runtime: Runtime) -> None:
    token = token_of(complain(lee))
    finished(runtime, token, "upheld")
    lee.open(f"/mine/{token}")

    page = lee.send(f"/mine/{token}/acceptance")

    assert "Does this settle it?" not in page.text
    assert lee.client.post(f"/mine/{token}/acceptance").status_code == 422


@pytest.mark.parametrize("act", ["message", "contest", "survey", "nothing"])
def test_a_link_that_we_did_not_give_leads_nowhere(lee: Hands, runtime: Runtime, act: str) -> None:
    token = token_of(complain(lee))
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")

    assert lee.open(f"/mine/{forged}").status == 404
    assert lee.client.post(f"/mine/{forged}/{act}", data={"text": "Hello."}).status_code == 404


def test_the_link_of_somebody_who_was_forgotten_leads_nowhere(lee: Hands, runtime: Runtime) -> None:
    token = token_of(complain(lee))
    state, _ = runtime.desk.state(token[:10])
    Forgetter(runtime.store, runtime.vault).forget(
        state.received.complainant, by=SUE, at=datetime.now(UTC), reason="asked"
    )
    runtime.engine.catch_up()

    assert lee.open(f"/mine/{token}").status == 404


def test_a_form_of_another_site_is_refused(lee: Hands) -> None:
    token = token_of(complain(lee))

    answer = lee.client.post(
        f"/mine/{token}/message", data={"text": "x"}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403


def test_whoever_knocks_too_often_has_to_wait(
    sit_down: Callable[..., Hands], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.door.complain.COMPLAINTS", ONE)
    mallory = sit_down()
    complain(mallory)

    mallory.open("/complain")
    page = mallory.send("/complain", description="Again.", email="m@example.org")

    assert page.status == 429
    assert "wait two minutes" in page.text
    assert page.forms["/complain"]["description"] == "Again."


def test_a_form_that_was_refused_does_not_count(
    lee: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.door.complain.COMPLAINTS", ONE)

    assert [complain(lee, email="").status for _ in range(3)] == [422, 422, 422]
    assert complain(lee).status == 200
    assert complain(lee).status == 429


def test_whoever_writes_too_often_keeps_the_words(
    lee: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(complain(lee))
    monkeypatch.setattr("web.door.mine.MESSAGES", Allowance("messages", 0, 3600))

    page = lee.send(f"/mine/{token}/message", text="It still is.")

    assert page.status == 429
    assert page.forms[f"/mine/{token}/message"]["text"] == "It still is."


def test_cards_lead_to_the_form_with_the_place(sit_down: Callable[..., Hands]) -> None:
    page = sit_down("sue").open("/cards?place=Platform 4&language=zh")

    assert page.html.count("<svg") >= 4
    assert "complain?language=zh&place=platform_4" in page.text


# ---------------------------------------------------------------- without a desk


@given(st.text(max_size=40))
def test_no_text_is_a_link_by_chance(text: str) -> None:
    assert links.read(text, key=KEY) is None


def test_a_link_names_its_complaint_whatever_its_case() -> None:
    reference = draw()
    token = links.write(reference, key=KEY)

    assert links.read(token, key=KEY) == links.read(token.upper(), key=KEY) == reference
    assert links.read(token, key=b"x" * 32) is None


def test_patience_comes_back_with_time() -> None:
    twice, other = Allowance("looks", 2, 60), Allowance("loads", 2, 60)
    patience = Patience()
    heard = [patience.has_for(twice, "lee", now=NINE) for _ in range(3)]

    assert heard == [True, True, False]
    assert patience.has_for(twice, "bo", now=NINE)
    assert patience.has_for(other, "lee", now=NINE)
    assert not patience.has_for(twice, "lee", now=NINE + timedelta(seconds=30))
    assert patience.has_for(twice, "lee", now=NINE + timedelta(seconds=61))
