"""Does an agent see why a deadline is what it is?"""

from __future__ import annotations

import pytest

from recovery import policybook
from recovery.policy.adopt import house_policy
from tests.cast import ANA, DAY, HOUR, NINE, SUE
from tests.web.pages.hands import Hands
from web.runtime import Runtime


@pytest.fixture
def told(runtime: Runtime, ana: Hands, complaint: str) -> str:
    """The page of the promise to explain, after a wait and a classification."""
    desk = runtime.desk
    desk.pause(complaint, by=ANA, at=NINE + HOUR, reason="awaiting_complainant")
    desk.resume(complaint, by=ANA, at=NINE + DAY + HOUR)
    desk.extend(complaint, by=ANA, at=NINE + 2 * DAY, days=1, reason="complex")
    runtime.engine.catch_up()
    return ana.open(f"/complaints/{complaint}/clocks/explain/1").text


def test_the_stretches_and_the_turns_are_told(told: str) -> None:
    for words in (
        "Why this deadline?", "It stood still", "The day it began is not counted",
        "Not a working day", "It runs again", "It was prolonged", "5 business days", "6 days",
    ):  # fmt: skip
        assert words in told, words


def test_the_stretch_in_which_the_clocks_changed_says_so(
    runtime: Runtime, ana: Hands, complaint: str
) -> None:
    runtime.desk.extend(complaint, by=ANA, at=NINE + HOUR, days=30, reason="complex")
    runtime.engine.catch_up()

    told = ana.open(f"/complaints/{complaint}/clocks/explain/1").text

    assert "Not a working day (the clocks went forward)" in told


def test_the_page_says_which_version_of_the_policy_decides(told: str, runtime: Runtime) -> None:
    assert runtime.policies.in_force("house").version in told


def test_each_promise_of_a_complaint_leads_to_its_reasons(ana: Hands, complaint: str) -> None:
    page = ana.open(f"/complaints/{complaint}").html

    for name in ("acknowledge", "explain", "resolve"):
        address = f"/complaints/{complaint}/clocks/{name}/1"
        assert address in page
        assert ana.open(address).status == 200


def test_a_version_that_was_applied_is_told_with_before_and_after(
    runtime: Runtime, ana: Hands, complaint: str
) -> None:
    from web.worker.timekeeper import Timekeeper

    text = house_policy().replace('name = "office"', 'name = "office"\nclosures = [2026-03-04]')
    policybook.adopt(
        runtime.store, runtime.policies, text, by=SUE, at=NINE + HOUR, reason="Closed.",
        open_complaints="follow",
    )  # fmt: skip
    runtime.engine.catch_up()
    Timekeeper.of(runtime, clock=lambda: NINE + 2 * HOUR)._move(10)
    runtime.engine.catch_up()

    page = ana.open(f"/complaints/{complaint}/clocks/explain/1").text

    assert "Another version of the policy was applied" in page
    assert "Closed" in page


@pytest.mark.parametrize("address", ["explain/2", "nothing/1", "explain/0", "%22%3E/1"])
def test_a_promise_that_was_not_made_is_not_found(ana: Hands, complaint: str, address: str) -> None:
    assert ana.open(f"/complaints/{complaint}/clocks/{address}").status == 404
