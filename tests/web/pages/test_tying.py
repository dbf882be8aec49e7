"""Tying complaints together on their pages."""

from __future__ import annotations

import pytest

from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import BO, MINUTE, NINE
from tests.web.pages.hands import Hands
from web.runtime import Runtime


@pytest.fixture
def other(runtime: Runtime, complaint: str) -> str:
    """The same matter, told by Mr Lee's wife, with a note on it."""
    done = runtime.desk.receive(
        by=BO, at=NINE, description="Our parcel is lost.",
        contact=Contact(name="Mrs Lee", phone="+44 20 7946 0000"),
    )  # fmt: skip
    reference = show(reference_of(done))
    runtime.desk.add_note(reference, by=BO, at=NINE + MINUTE, text="She is at work until six.")
    runtime.engine.catch_up()
    return reference


def test_a_merged_complaint_is_read_and_answered_under_the_other_one(
    ana: Hands, complaint: str, other: str
) -> None:
    ana.open(f"/complaints/{other}")
    merged = ana.send(f"/complaints/{other}/merger", complaint=complaint)

    assert f"Answered under {complaint}" in merged.text
    assert f"/complaints/{other}/explanation" not in merged.forms
    survivor = ana.open(f"/complaints/{complaint}")
    assert "She is at work until six." in survivor.text
    assert f"{other} Answered here" in survivor.text

    ana.open(f"/complaints/{other}")
    again = ana.send(f"/complaints/{other}/separation")
    assert f"/complaints/{other}/explanation" in again.forms
    assert "She is at work until six." not in ana.open(f"/complaints/{complaint}").text


def test_links_are_made_and_taken_away(ana: Hands, complaint: str, other: str) -> None:
    ana.open(f"/complaints/{complaint}")
    page = ana.send(f"/complaints/{complaint}/link", complaint=other, kind="repeat")
    assert f"{other} The same again" in page.text

    page = ana.send(f"/complaints/{complaint}/unlinking")
    assert f"{other} The same again" not in page.text


def test_a_second_matter_becomes_a_complaint_of_its_own(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")
    page = ana.send(
        f"/complaints/{complaint}/split", description="The driver swore.", category="staff_conduct"
    )

    assert "Split from one complaint" in page.text
    assert "Their other complaints" in page.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Give the reference"), ("7GQ2M-4XK9A", "typing error"), ("mine", "not a reference")],
)
def test_what_is_no_reference_is_said_beside_the_field(
    ana: Hands, complaint: str, typed: str, sentence: str
) -> None:
    ana.open(f"/complaints/{complaint}")
    page = ana.send(f"/complaints/{complaint}/merger", complaint=typed)

    assert page.status == 422
    assert sentence in page.text
