"""The queue's tools: filters, views with names, columns, and many complaints at once."""

from __future__ import annotations

from html import unescape
from re import findall
from typing import Any

import pytest

from recovery import reference as references
from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, HOUR, NINE
from tests.web.pages.hands import Hands
from web.runtime import Runtime


@pytest.fixture
def three(runtime: Runtime) -> list[str]:
    """Three complaints: about a bill, about gas, and about gas in Chinese."""
    said = (("billing", "en"), ("gas", "en"), ("gas", "zh"))
    found = [
        runtime.desk.receive(
            by=ANA, at=NINE, description=f"About {category}, {language}.", category=category,
            language=language, contact=Contact(phone="+44 20 7946 0000"),
            desired_outcomes=["not_again"],
        )
        for category, language in said
    ]  # fmt: skip
    runtime.engine.catch_up()
    return [show(reference_of(done)) for done in found]


def test_the_builder_leads_to_an_address_that_says_it_all(ana: Hands, three: list[str]) -> None:
    page = ana.open(
        "/queue?build=1&view=open&category=gas&stage=&language=zh&clock=overdue&q=&tier="
    )

    assert page.address == "/queue?view=open&category=gas&clock=overdue&language=zh"
    assert [ref for ref in three if ref in page.html] == three[2:]
    assert "Category: Gas ×" in page.text
    assert "That it does not happen again" in page.text
    assert three[1] in ana.open("/queue?view=open&category=gas&clock=overdue").html


def test_rows_stand_under_headings_when_they_are_grouped(ana: Hands, three: list[str]) -> None:
    text = ana.open("/queue?view=open&group=category").text

    assert text.index("About billing") < text.index("About gas")
    assert 'scope="rowgroup"' in ana.open("/queue?view=open&group=assignee").html


def test_columns_and_rows_stay_as_somebody_likes_them(
    ana: Hands, bo: Hands, three: list[str]
) -> None:
    ana.open("/queue")
    page = ana.send("/queue/look", column=["category"], density="airy")

    assert "is-airy" in page.html
    assert "col-category" in page.html
    assert "col-ref" not in page.html
    assert "col-ref" in bo.open("/queue").html


def test_a_view_is_kept_pinned_shared_and_deleted(ana: Hands, bo: Hands, three: list[str]) -> None:
    ana.open("/queue?view=open&category=gas")
    page = ana.send("/queue/views", name="Gas")
    assert page.address == "/queue?view=open&category=gas"
    [action] = [action for action in page.forms if action.startswith("/queue/views/")]
    assert "Gas" not in bo.open("/queue?view=closed").text

    ana.send(action, act="share")
    shared = bo.open("/queue?view=closed")
    assert 'href="/queue?view=open&amp;category=gas">Gas</a>' in shared.html
    assert bo.send(action, act="remove").status == 404

    gone = ana.open("/queue?view=closed")
    assert action not in ana.send(action, act="remove").forms
    assert gone.status == 200


def test_many_are_given_to_somebody_and_taken_back(ana: Hands, three: list[str]) -> None:
    ana.open("/queue")
    page = ana.send("/queue/bulk", complaint=three[:2])
    assert "What to do with 2 complaints" in page.text

    done = ana.send("/queue/bulk/assignment", complaint=three[:2], agent="user:bo")
    assert "2 of 2 done" in done.text
    assert "Bo" in ana.open(f"/complaints/{three[0]}").text

    ana.page = done
    before = _kept(done.html)
    assert len(before) == 2
    assert "2 of 2 done" in ana.send("/queue/bulk/undo", before=before).text
    assert "Put back into the queue" in ana.open(f"/complaints/{three[0]}").text


def test_many_are_linked_to_the_one_that_leads_an_incident_and_parted_again(
    ana: Hands, three: list[str]
) -> None:
    lead = three[2]
    ana.open("/queue")
    ana.send("/queue/bulk", complaint=three)

    done = ana.send("/queue/bulk/link", complaint=three, to=lead, kind="related")

    assert "2 of 3 done" in done.text
    assert "This is the same complaint." in done.text
    assert all(each in ana.open(f"/complaints/{lead}").text for each in three[:2])

    ana.page = done
    assert "2 of 2 done" in ana.send("/queue/bulk/undo", before=_kept(done.html)).text
    assert "No longer linked to another complaint" in ana.open(f"/complaints/{three[0]}").text
    ana.open("/queue")
    ana.send("/queue/bulk", complaint=three)
    chosen = ana.page
    for nowhere in ("?", show(references.draw())):
        ana.page = chosen
        assert "0 of 1 done" in ana.send("/queue/bulk/link", complaint=three[0], to=nowhere).text


def test_each_that_cannot_be_done_says_why(ana: Hands, runtime: Runtime, three: list[str]) -> None:
    runtime.desk.explain(
        three[0], by=ANA, at=NINE + HOUR, outcome="upheld", message="A van broke down."
    )
    ana.open("/queue")
    ana.send("/queue/bulk", all="1")
    page = ana.send("/queue/bulk/closure", complaint=three, outcome="upheld")

    assert "1 of 3 done" in page.text
    assert page.text.count("Explain the outcome to the complainant before closing.") == 2


@pytest.mark.parametrize(
    ("act", "fields", "told"),
    [
        ("classification", {"category": "post"}, "Category Post"),
        ("incident", {"fact": "storm", "value": "11"}, "Storm: 11"),
        ("notes", {"text": "Seen together."}, "Seen together."),
        ("letters", {"text": "We are on it."}, "We are on it."),
    ],
)
def test_the_same_is_done_to_each(
    ana: Hands, three: list[str], act: str, fields: dict[str, Any], told: str
) -> None:
    ana.open("/queue")
    ana.send("/queue/bulk", complaint=three)
    assert "3 of 3 done" in ana.send(f"/queue/bulk/{act}", complaint=three, **fields).text

    assert told in ana.open(f"/complaints/{three[1]}").text


def _kept(html: str) -> list[str]:

    return [unescape(each) for each in findall(r'name="before" value="([^"]*)"', html)]
