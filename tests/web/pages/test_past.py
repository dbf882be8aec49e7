"""Can an agent see how a complaint and the queue were, and do nothing there?"""

from __future__ import annotations

import pytest

from tests.cast import ANA, BO, HOUR, NINE
from tests.desks import MR_LEE
from tests.web.pages.hands import Hands
from web.runtime import Runtime


@pytest.fixture
def reference(runtime: Runtime) -> str:
    """Received at nine, acknowledged by Bo at ten, withdrawn at eleven."""
    desk = runtime.desk
    done = desk.receive(
        by=ANA, at=NINE, subject="Cold flat", description="No heating.", contact=MR_LEE
    )
    found = done.stream.partition("-")[2]
    desk.acknowledge(found, by=BO, at=NINE + HOUR)
    desk.withdraw(found, by=ANA, at=NINE + 2 * HOUR)
    runtime.engine.catch_up()
    return found


def test_a_complaint_is_shown_as_it_was_without_any_act(ana: Hands, reference: str) -> None:
    page = ana.open(f"/complaints/{reference}/past?at=2026-03-02T10:30&way=true")

    assert page.status == 200
    assert "This is the past: Monday, 2 March 2026 10:30:00 GMT" in page.text
    assert "Cold flat" in page.text
    assert "Withdrawn" not in page.text
    assert [form for form in page.forms if form.startswith("/complaints/")] == [
        f"/complaints/{reference[:5]}-{reference[5:]}/past"
    ]


def test_a_promise_is_as_late_as_it_was(ana: Hands, reference: str) -> None:
    then = ana.open(f"/complaints/{reference}/past?at=2026-03-02T09:30").text

    assert "3 h 30 min" in then


def test_nobody_knew_of_it_then(ana: Hands, reference: str) -> None:
    page = ana.open(f"/complaints/{reference}/past?at=2026-03-02T10:30&way=known")

    assert page.status == 422
    assert "There was no such complaint then." in page.text


@pytest.mark.parametrize(
    ("at", "said"),
    [("yesterday", "This is not an instant"), ("2199-01-01T00:00", "This lies in the future.")],
)
def test_an_instant_that_cannot_be_is_said(ana: Hands, reference: str, at: str, said: str) -> None:
    page = ana.open(f"/complaints/{reference}/past?at={at}")

    assert page.status == 422
    assert said in page.text


def test_without_an_instant_there_is_the_question(ana: Hands, reference: str) -> None:
    assert "Day and time" in ana.open(f"/complaints/{reference}/past").text
    assert "Day and time" in ana.open("/queue/past").text


def test_the_queue_is_shown_as_it_was(ana: Hands, reference: str) -> None:
    open_then = ana.open("/queue/past?at=2026-03-02T10:30")
    closed_then = ana.open("/queue/past?at=2026-03-02T12:00")

    assert "Cold flat" in open_then.text
    assert "1 complaint" in open_then.text
    assert f"/complaints/{reference[:5]}-{reference[5:]}/past?at=2026-03-02T10" in open_then.html
    assert "Nothing was open then" in closed_then.text
    assert "Cold flat" in ana.open("/queue/past?at=2026-03-02T10:30&view=unassigned").text
    assert "Nothing was open then" in ana.open("/queue/past?at=2026-03-02T10:30&view=mine").text
    assert ana.open("/queue/past?at=2026-03-02T10:30&view=all").status == 422


def test_the_pages_of_today_lead_there(ana: Hands, reference: str) -> None:
    shown = f"{reference[:5]}-{reference[5:]}"

    assert f'href="/complaints/{shown}/past"' in ana.open(f"/complaints/{shown}").html
    assert 'href="/queue/past"' in ana.open("/queue").html
