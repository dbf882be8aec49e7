"""What of a letter's words, and how is it taken back, without a script?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from recovery.events import Explained, complaint_stream
from recovery.reference import parse
from recovery.vault import Words, read
from tests.web.pages.hands import Hands
from web.runtime import Runtime
from web.settings import Settings

RUDE = "It broke because of the rain. We have sent a new one. Absolutely not our policy."


@pytest.fixture
def settings(tmp_path: Path, settings: Settings) -> Settings:
    return settings.model_copy(update={"mail_pause": 15, "smtp_url": SecretStr("smtp://127.0.0.1")})


def test_words_that_need_a_second_look_are_not_sent_and_stay(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")

    page = ana.send(f"/complaints/{complaint}/explanation", outcome="upheld", message=RUDE)

    assert page.status == 422
    assert "Nothing was sent yet." in page.text
    assert "This slams a door." in page.text
    assert page.forms[f"/complaints/{complaint}/explanation"]["message"] == RUDE


def test_why_they_stay_is_kept_with_the_letter(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    ana.open(f"/complaints/{complaint}")

    page = ana.send(
        f"/complaints/{complaint}/explanation", outcome="upheld", message=RUDE,
        overruled="She asked for a plain no.",
    )  # fmt: skip

    assert page.address.endswith("?done=explanation")
    event = runtime.store.records(complaint_stream(parse(complaint)))[-1].event
    assert isinstance(event, Explained)
    assert event.letter is not None
    assert event.letter.warned == ("absolutely_not",)
    with runtime.database.connection() as conn:
        assert event.letter.overruled
        papers = runtime.vault.open_many(conn, [event.letter.overruled.paper])
    why = read(papers, event.letter.overruled, Words)
    assert why is not None
    assert why.text == "She asked for a plain no."


def test_words_are_looked_at_while_they_are_typed(ana: Hands, complaint: str) -> None:
    page = ana.open(f"/complaints/{complaint}")
    csrf = page.forms[f"/complaints/{complaint}/letters"]["csrf"]

    answer = ana.client.post(
        f"/complaints/{complaint}/words/letters",
        data={"csrf": csrf, "text": "That is our company policy."},
    )

    assert "A rule named as the whole reason ends the conversation." in answer.text
    assert "<html" not in answer.text


def test_a_letter_is_cancelled_before_it_leaves_and_its_words_come_back(
    ana: Hands, complaint: str
) -> None:
    ana.open(f"/complaints/{complaint}")
    said = "It was late because the depot was flooded. We have sent a new one."
    page = ana.send(
        f"/complaints/{complaint}/explanation", outcome="upheld", cause="lost", message=said
    )
    cancel = next(form for form in page.forms if form.endswith("/cancellation"))

    page = ana.send(cancel)

    form = page.forms[f"/complaints/{complaint}/explanation"]
    assert (form["message"], form["outcome"], form["cause"]) == (said, "upheld", "lost")
    assert "Taken back before it left" in page.text
    assert "Not delivered" not in page.text
    assert not any(form.endswith("/cancellation") for form in page.forms)


def test_a_letter_is_planned_by_the_viewers_clock(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")

    page = ana.send(
        f"/complaints/{complaint}/letters", text="Happy new year.", leaves_at="2001-01-01T09:00"
    )
    assert "must lie ahead" in page.text

    page = ana.send(
        f"/complaints/{complaint}/letters", text="Happy new year.", leaves_at="2100-01-01T09:00"
    )
    assert "at most 90 days ahead" in page.text


def test_the_outbox_shows_what_has_yet_to_leave_and_cancels_it(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")
    ana.send(f"/complaints/{complaint}/letters", text="We found your parcel this morning.")

    page = ana.open("/mail/outbox")
    cancel = next(
        form for form in page.forms
        if form.endswith("/letters/2/cancellation") and complaint in form
    )  # fmt: skip
    assert "Planned" in page.text

    ana.send(cancel)

    assert cancel not in ana.open("/mail/outbox").forms
    assert complaint in ana.open("/mail/outbox?view=cancelled").text
