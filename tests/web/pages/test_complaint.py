"""The complaint page: each act, each refusal, nothing typed is lost."""

from __future__ import annotations

import re

import pytest

from recovery.desk import reference_of
from recovery.events import Closed, complaint_stream
from recovery.forgetter import Forgetter
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, NINE
from tests.desks import MR_LEE
from tests.web.pages.hands import Hands
from web.pages.acts import ACTS
from web.runtime import Runtime

WORDS: dict[str, str] = {"message": "We are sorry.", "text": "Rang at noon.", "words": "As agreed"}


def test_the_page_tells_what_was_said_and_what_is_promised(ana: Hands, complaint: str) -> None:
    page = ana.open(f"/complaints/{complaint}")

    for words in ("Lost parcel", "My parcel never came.", "Mr Lee", "4 business hours", complaint):
        assert words in page.text


def test_what_they_asked_for_is_answered_at_the_closure(ana: Hands, runtime: Runtime) -> None:
    reference = reference_of(runtime.desk.receive(
        by=ANA, at=NINE, description="Late.", desired_outcomes=("compensation", "respect"),
        contact=MR_LEE,
    ))  # fmt: skip
    runtime.desk.explain(reference, by=ANA, at=NINE, outcome="upheld", message="A van broke down.")
    runtime.engine.catch_up()
    here = f"/complaints/{show(reference)}"
    ana.open(here)
    ana.send(f"{here}/closure", wish_compensation="met", wish_not_again="")
    event = runtime.store.records(complaint_stream(reference))[-1].event

    assert isinstance(event, Closed)
    assert event.wishes == {"compensation": True}


def test_a_complaint_goes_from_received_to_closed(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")
    here = f"/complaints/{complaint}"

    ana.send(f"{here}/acknowledgement", message="We have it, Mr Lee.")
    told = "The van broke down. We have sent it again."
    ana.send(f"{here}/explanation", outcome="upheld", message=told)
    ana.send(f"{here}/compensation", kind="goodwill", amount="25.00", currency="GBP")
    page = ana.send(f"{here}/closure")

    assert page.address == f"{here}?done=closure"
    for words in ("We have it, Mr Lee.", told, "£25.00", "Upheld"):
        assert words in page.text
    assert "/closure" not in "".join(page.forms)


@pytest.mark.parametrize(
    ("act", "fields", "shown"),
    [
        ("letters", {}, "Message to the complainant"),
        ("messages", {"channel": "phone"}, "The complainant said"),
        ("notes", {}, "Rang at noon."),
        ("assignment", {"agent": "user:bo"}, "Bo"),
        ("pause", {"reason": "complainant", "until": "2199-01-31"}, "Waiting: The complainant"),
        ("extension", {"reason": "complex", "days": "5"}, "Promise prolonged"),
        ("escalation", {"to": "legal", "reason": "safety"}, "Passed up"),
        ("classification", {"category": "Post", "severity": "high"}, "Classified"),
        ("incident", {"fact": "nights", "value": "3"}, "Nights: 3"),
        ("withdrawal", {}, "Withdrawn by the complainant"),
    ],
)
def test_each_act_shows_on_the_page(
    ana: Hands, complaint: str, act: str, fields: dict[str, str], shown: str
) -> None:
    ana.open(f"/complaints/{complaint}")

    page = ana.send(f"/complaints/{complaint}/{act}", **WORDS, **fields)

    assert page.status == 200
    assert shown in page.text


def test_what_was_put_aside_is_taken_up_again(ana: Hands, complaint: str) -> None:
    here = f"/complaints/{complaint}"
    ana.open(here)

    ana.send(f"{here}/assignment", agent="user:ana")
    ana.send(f"{here}/release")
    ana.send(f"{here}/pause", reason="complainant")
    ana.send(f"{here}/resumption")
    ana.send(f"{here}/withdrawal", words="Found it.")
    page = ana.send(f"{here}/reopening", reason="mistake")

    for words in ("Put back into the queue", "No longer waiting", "It was closed by mistake"):
        assert words in page.text


def test_every_act_has_a_form_on_the_page(ana: Hands, runtime: Runtime, complaint: str) -> None:
    here = f"/complaints/{complaint}"
    other = reference_of(
        runtime.desk.receive(by=ANA, at=NINE, description="Again.", contact=Contact(phone="+4420"))
    )
    found = set(ana.open(here).forms)
    found |= set(ana.send(f"{here}/link", complaint=other).forms)
    found |= set(ana.send(f"{here}/merger", complaint=other).forms)
    ana.send(f"{here}/separation")
    ana.send(f"{here}/assignment", agent="user:ana")
    found |= set(ana.send(f"{here}/pause", reason="complainant").forms)
    found |= set(ana.send(f"{here}/withdrawal", words="Found it.").forms)

    assert {f"{here}/{act}" for act in ACTS} <= found


def test_an_error_stands_beside_its_field_and_the_words_stay(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")
    words = "<b>Half an hour</b> of typing & more"

    page = ana.send(f"/complaints/{complaint}/explanation", message=words)

    assert page.status == 422
    assert "Choose the outcome." in page.text
    assert page.forms[f"/complaints/{complaint}/explanation"]["message"] == words
    assert 'aria-describedby="explanation-outcome-wrong"' in page.html
    assert "<b>Half" not in page.html


@pytest.mark.parametrize(
    ("act", "fields", "sentence"),
    [
        ("explanation", {"outcome": "upheld", "message": " "}, "Explain what happened"),
        ("explanation", {"outcome": "perhaps", "message": "x"}, "Choose the outcome."),
        ("compensation", {"kind": "goodwill", "amount": "-3"}, "must be more than 0"),
        ("compensation", {"kind": "in_kind", "reason": "so"}, "Choose one of the reasons"),
        ("compensation", {"kind": "goodwill", "amount": ""}, "Say how much."),
        ("compensation", {"kind": "goodwill", "amount": "3", "currency": "XXY"}, "currency code"),
        ("closure", {"outcome": "upheld"}, "Explain the outcome to the complainant"),
        ("notes", {"text": "\x00\x07"}, "The note is empty."),
        ("notes", {"text": "x" * 50_001}, "the most we can take is 50,000"),
        ("assignment", {"agent": "user:nobody"}, "Choose who takes the complaint."),
        ("pause", {"reason": "complainant", "until": "yesterday"}, "This is not a day"),
        ("pause", {"reason": "complainant", "until": "2001-01-01"}, "must lie ahead"),
        ("extension", {"reason": "complex", "days": "1000"}, "between 1 and 365"),
        ("extension", {"reason": "complex", "days": "many"}, "between 1 and 365"),
        ("extension", {"reason": "complex", "days": "-3"}, "a number of days between 1 and 365"),
        ("extension", {"reason": "other", "days": "3"}, "Say why, in your words."),
        ("pause", {"reason": "other"}, "Say whom or what we wait for"),
        ("escalation", {"reason": "safety"}, "Choose to whom."),
        ("withdrawal", {"words": " "}, "Write down what the complainant said."),
        ("incident", {"fact": "Not a code!", "value": "1"}, "is not a code"),
        ("classification", {"severity": "endless"}, "Choose how severe it is."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    ana: Hands, complaint: str, act: str, fields: dict[str, str], sentence: str
) -> None:
    before = ana.open(f"/complaints/{complaint}")
    count = before.html.count('class="entry ')

    page = ana.send(f"/complaints/{complaint}/{act}", **fields)

    assert page.status == 422
    assert sentence in page.text
    assert ana.open(f"/complaints/{complaint}").html.count('class="entry ') == count


def test_loading_the_address_of_a_refused_form_opens_it_again(ana: Hands, complaint: str) -> None:
    page = ana.open(f"/complaints/{complaint}/pause")

    assert page.address == f"/complaints/{complaint}?act=pause"
    assert re.search(r"<details [^>]*open>\s*<summary>.*Wait", page.html)
    assert ana.open(f"/complaints/{complaint}/nonsense").status == 404


def test_a_second_click_does_no_harm(ana: Hands, complaint: str) -> None:
    here = f"/complaints/{complaint}"
    ana.open(here)
    note = ana.page.forms[f"{here}/notes"] | {"text": "Only once"}  # type: ignore[union-attr]

    for _ in range(2):
        ana.client.post(f"{here}/notes", data=note)

    assert ana.open(here).text.count("Only once") == 1


def test_who_was_slower_sees_what_happened_and_keeps_the_words(
    ana: Hands, bo: Hands, complaint: str
) -> None:
    here = f"/complaints/{complaint}"
    ana.open(here)
    bo.open(here)
    bo.send(f"{here}/acknowledgement")

    page = ana.send(f"{here}/notes", text="What Ana wanted to add")

    assert page.status == 409
    assert "Somebody was quicker" in page.text
    assert "Bo · Acknowledged" in page.text
    assert page.forms[f"{here}/notes"]["text"] == "What Ana wanted to add"

    assert "What Ana wanted to add" in ana.send(f"{here}/notes").text


def test_words_of_an_act_that_was_done_already_become_a_message(
    ana: Hands, bo: Hands, complaint: str
) -> None:
    here = f"/complaints/{complaint}"
    ana.open(here)
    bo.open(here)
    bo.send(f"{here}/acknowledgement")

    page = ana.send(f"{here}/acknowledgement", message="We are on it, Mr Lee.")

    assert page.status == 409
    assert "Your words stand under “Write” now" in page.text
    assert page.forms[f"{here}/letters"]["text"] == "We are on it, Mr Lee."
    assert "We are on it, Mr Lee." in ana.send(f"{here}/letters").text


def test_words_for_colleagues_become_a_note_when_the_complaint_was_closed_meanwhile(
    ana: Hands, bo: Hands, complaint: str
) -> None:
    here = f"/complaints/{complaint}"
    ana.open(here)
    bo.open(here)
    bo.send(f"{here}/withdrawal", words="It came after all.")

    page = ana.send(f"{here}/escalation", to="legal", reason="safety", words="He sounded unwell.")

    assert page.status == 409
    assert page.forms[f"{here}/notes"]["text"] == "He sounded unwell."


def test_everything_that_is_wrong_with_a_form_is_said_at_once(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")

    page = ana.send(f"/complaints/{complaint}/explanation", cause="the_van_broke_down")

    for sentence in ("Explain what happened", "Choose the outcome.", "Choose one of the causes"):
        assert sentence in page.text


def test_the_history_says_who_took_it_and_who_gave_it_to_whom(ana: Hands, complaint: str) -> None:
    here = f"/complaints/{complaint}"
    ana.open(here)

    assert "Ana took it" in ana.send(f"{here}/assignment", agent="user:ana").text
    assert "Ana gave it to Bo" in ana.send(f"{here}/assignment", agent="user:bo").text


def test_a_chinese_agent_is_refused_in_chinese_and_gives_reasons_in_chinese(
    ana: Hands, complaint: str
) -> None:
    here = f"/complaints/{complaint}"
    ana.open(here)
    ana.send("/preferences", language="zh")
    ana.open(here)

    refused = ana.send(f"{here}/incident", fact="晚上", value="3")
    passed_up = ana.send(f"{here}/escalation", to="legal", reason="other", words="他很不舒服。")

    assert "不是代码" in refused.text
    assert "is not a code" not in refused.text
    assert "其他原因" in passed_up.text
    assert "他很不舒服。" in passed_up.text


def test_hostile_words_are_only_words(ana: Hands, complaint: str) -> None:
    here = f"/complaints/{complaint}"
    ana.open(here)

    page = ana.send(f"{here}/notes", text='<script>alert(1)</script><img src=x onerror="x">')

    assert "<script>alert(1)</script>" in page.text
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html


def test_an_unknown_or_mistyped_reference_is_said_kindly(ana: Hands) -> None:
    mistyped = ana.open("/complaints/7GQ2M-4XK9A")

    assert mistyped.status == 422
    assert "has a typing error" in mistyped.text
    assert ana.open("/complaints/nonsense").status == 422
    assert ana.open("/complaints/00000-00000").status == 404


def test_forgotten_words_are_gone_and_the_page_still_stands(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    from projections.whole import ticket as ticket_of
    from recovery.reference import parse
    from tests.cast import ADA, NINE

    with runtime.database.engine.connect() as conn:
        ticket = ticket_of(conn, parse(complaint))
    assert ticket
    assert "Mr Lee" in ana.open("/queue").text  # and the row is remembered
    Forgetter(runtime.store, runtime.vault).forget(
        ticket.complainant, by=ADA, at=NINE, reason="asked"
    )
    row = ana.open("/queue")
    page = ana.open(f"/complaints/{complaint}")

    assert "Words forgotten" in row.text
    assert "Mr Lee" not in row.html
    assert "Lost parcel" not in row.html

    assert page.status == 200
    assert "Words forgotten" in page.text
    assert "Mr Lee" not in page.html


def test_htmx_gets_the_part_that_changes(ana: Hands, complaint: str) -> None:
    whole = ana.open(f"/complaints/{complaint}")
    part = ana.open(f"/complaints/{complaint}", **{"HX-Request": "true"})

    assert whole.html.startswith("<!doctype html>")
    assert re.match(r"\s*<title>Lost parcel · Recovery</title>\s*<div id=\"frame\"", part.html)
    assert "<html" not in part.html
