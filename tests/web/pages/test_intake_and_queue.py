"""Taking a complaint, finding it again, and the letters that follow."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import event

from recovery.policybook import retire
from tests.web.pages.hands import Hands
from web.mail.post import Post
from web.runtime import Runtime

NUMBERS = count(1)


def _take(hands: Hands, **fields: str) -> str:
    hands.open("/complaints/new")
    phone = f"+44 20 7946 {next(NUMBERS):04}"
    least = {"description": "The heating is off.", "phone": phone}
    page = hands.send("/complaints", **(least | fields))
    assert page.status == 200, page.text
    return page.address.split("/")[2].partition("?")[0]


def test_two_fields_are_enough_for_a_complaint(ana: Hands) -> None:
    reference = _take(ana)

    assert "The heating is off." in ana.open(f"/complaints/{reference}").text
    assert "The heating is off." in ana.open("/queue").text


def test_a_complaint_without_a_way_to_answer_keeps_every_word(ana: Hands) -> None:
    ana.open("/complaints/new")

    page = ana.send("/complaints", description="No heating", subject="Cold", name="Mr Lee")

    assert page.status == 422
    assert "Give one way to reach the complainant" in page.text
    kept = page.forms["/complaints"]
    assert (kept["description"], kept["subject"], kept["name"]) == ("No heating", "Cold", "Mr Lee")


def test_while_no_policy_is_in_force_no_word_of_a_complaint_is_lost(
    ana: Hands, runtime: Runtime
) -> None:
    retire(
        runtime.store,
        runtime.policies,
        "house",
        by="user:sue",
        at=datetime.now(UTC),
        reason="A change.",
    )
    ana.open("/complaints/new")

    page = ana.send("/complaints", description="No heating", phone="+44 20 7946 0001")

    assert page.status == 422
    assert "No policy is in force for new complaints." in page.text
    assert page.forms["/complaints"]["description"] == "No heating"


def test_bad_details_are_told_beside_their_field(ana: Hands) -> None:
    cases = [
        ({"email": "lee at home"}, "is not an email address"),
        ({"phone": "1", "description": ""}, "Write down what the complaint is about."),
        ({"phone": "1", "received_at": "2999-01-01T09:00"}, "cannot arrive in the future"),
        ({"phone": "1", "received_at": "0001-01-01T00:00"}, "cannot be right"),
        ({"phone": "1", "channel": "pigeon"}, "Choose how the complaint reached us."),
    ]
    for fields, sentence in cases:
        ana.open("/complaints/new")
        page = ana.send("/complaints", **({"description": "No heating"} | fields))

        assert page.status == 422
        assert sentence in page.text


def test_taking_a_complaint_twice_takes_it_once(ana: Hands) -> None:
    form = ana.open("/complaints/new").forms["/complaints"] | {
        "description": "Once only", "phone": "+44 20 7946 0002",
    }  # fmt: skip

    addresses = {ana.client.post("/complaints", data=form).url.path for _ in range(2)}

    assert len(addresses) == 1
    assert ana.open("/queue").text.count("Once only") == 1


def test_each_view_shows_its_own(ana: Hands) -> None:
    mine, other, done = (_take(ana, subject=name) for name in ("Taken", "Loose", "Finished"))
    ana.open(f"/complaints/{mine}")
    ana.send(f"/complaints/{mine}/assignment", agent="user:ana")
    ana.open(f"/complaints/{done}")
    ana.send(f"/complaints/{done}/withdrawal", words="Found it.")

    shown = {
        view: [ref for ref in (mine, other, done) if ref in ana.open(f"/queue?view={view}").html]
        for view in ("open", "mine", "unassigned", "overdue", "waiting", "closed", "all")
    }

    assert shown == {
        "open": [mine, other], "mine": [mine], "unassigned": [other], "overdue": [],
        "waiting": [], "closed": [done], "all": [mine, other, done],
    }  # fmt: skip


def test_a_view_that_does_not_exist_is_not_another(ana: Hands) -> None:
    assert ana.open("/queue?view=nonsense").status == 404
    assert "All complaints" in ana.open("/queue?view=all").text


@pytest.mark.parametrize("query", ["view=mine", "q=Loose+%E6%9A%96%E6%B0%94"])
def test_the_way_back_leads_to_where_one_was(ana: Hands, query: str) -> None:
    reference = _take(ana, subject="Loose")
    ana.open(f"/queue?{query}")

    assert f'href="/queue?{query}" data-key="u"' in ana.open(f"/complaints/{reference}").html


def test_a_search_finds_words_in_both_languages_names_and_references(ana: Hands) -> None:
    reference = _take(ana, subject="暖气坏了三天", name="李小龙")
    _take(ana, subject="Something else")

    for words in ("暖气", "李小龙"):
        page = ana.open("/queue?q=" + words)
        assert reference in page.text
        assert "Something else" not in page.text
    assert ana.open(f"/queue?q={reference.lower()}").address == f"/complaints/{reference}"
    assert "Nothing fits" in ana.open("/queue?q=zeppelin").text


def test_the_queue_pages_by_cursor_and_misses_nobody(ana: Hands, runtime: Runtime) -> None:
    from recovery.vault import Contact
    from tests.cast import ANA, MINUTE, NINE

    for n in range(60):
        runtime.desk.receive(
            by=ANA, at=NINE + n * MINUTE, description=f"Number {n:02}", contact=Contact(phone="1")
        )
    runtime.engine.catch_up()

    first = ana.open("/queue")
    address = next(a for a in first.html.split('"') if "cursor=" in a).replace("&amp;", "&")
    second = ana.open(address)

    seen = [n for n in range(60) if f"Number {n:02}" in first.text + second.text]
    assert seen == list(range(60))
    assert "Number 00" not in second.text


def test_the_queue_and_a_complaint_take_few_statements(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    statements: list[str] = []

    def through_sqlalchemy(conn: object, cursor: object, text: str, *rest: object) -> None:
        statements.append(text)

    event.listen(runtime.database.engine, "before_cursor_execute", through_sqlalchemy)

    ana.open("/queue")
    queue, before = len(statements), len(statements)
    ana.open(f"/complaints/{complaint}")

    # Session, papers and people go through the other pool: three more on each page.
    assert queue + 3 <= 5
    assert len(statements) - before + 3 <= 6


def test_caught_letters_can_be_read_and_run_nothing(
    ana: Hands, complaint: str, runtime: Runtime, sit_down: Callable[..., Hands]
) -> None:
    post = Post.of(runtime, clock=lambda: datetime.now(UTC) + timedelta(minutes=1))
    here = f"/complaints/{complaint}"
    ana.open(here)
    hostile = {"message": "<script>alert(1)</script>", "overruled": "A test of hostile words."}
    assert ana.send(f"{here}/acknowledgement", **hostile).status == 200
    while post.step(stopping=threading.Event()):
        runtime.engine.catch_up()

    page = ana.open(f"/mail?complaint={complaint}")
    addresses = set(re.findall(r'"(/mail/[0-9a-f-]{36})"', page.html))
    letters = [ana.open(address) for address in addresses]
    frames = [ana.client.get(f"{address}/html") for address in addresses]

    assert len(letters) == 2
    assert all("lee @example.org" in letter.text for letter in letters)
    assert all('sandbox title="' in letter.html for letter in letters)
    assert all(f.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
               for f in frames)  # fmt: skip
    assert not any("<script>" in frame.text for frame in frames)


def test_who_is_known_is_asked_about_before_a_second_complaint_is_made(
    ana: Hands, runtime: Runtime
) -> None:
    first = _take(ana, email="lee@example.org")
    ana.open("/complaints/new")

    page = ana.send("/complaints", description="It is off again.", email=" LEE@example.org")
    again = ana.send("/complaints")

    assert page.status == 409
    assert "is it one of these?" in page.text
    assert first in page.text
    assert page.forms["/complaints"]["description"] == "It is off again."
    assert again.status == 200
    assert "It is off again." in again.text


def test_a_caller_is_found_by_name_while_it_is_typed(ana: Hands, complaint: str) -> None:
    for typed in ("le", "Mr Lee", "lee mr"):
        found = ana.open(f"/complaints/callers?name={typed}").text
        assert complaint in found
        assert "lee@example.org" in found
    for other in ("l", "parcel", "Lee Wong", "%00", "x" * 200):
        assert ana.open(f"/complaints/callers?name={other}").text == ""


def test_a_caller_is_known_by_telephone_while_they_talk(ana: Hands) -> None:
    first = _take(ana, phone="+44 20 7946 0001")

    assert first in ana.open("/complaints/callers?phone=%2B44 20 79460001").text
    assert ana.open("/complaints/callers?email=nobody@example.org").text == ""
