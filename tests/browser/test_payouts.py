"""Does a late answer turn into money that a supervisor approves and pays, on any screen?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from recovery.desk import reference_of
from recovery.reference import show
from tests.browser.conftest import TELEPHONE
from tests.cast import ANA
from tests.desks import MR_LEE
from web.runtime import Runtime
from web.worker.paymaster import Paymaster

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]
LONG_AGO = timedelta(days=40)


@pytest.fixture
def late(runtime: Runtime, address: str) -> str:
    """A complaint of six weeks ago that nobody answered."""
    done = runtime.desk.receive(
        by=ANA, at=datetime.now(UTC) - LONG_AGO, description="No heating.", contact=MR_LEE
    )
    runtime.engine.catch_up()
    Paymaster.of(runtime, clock=lambda: datetime.now(UTC)).step()
    return show(reference_of(done))


def test_a_late_acknowledgement_becomes_money_approved_and_paid(
    late: str, open_browser: OpenBrowser
) -> None:
    page = open_browser("sue")
    page.goto(f"/complaints/{late}")
    expect(page.get_by_role("heading", name="Guarantees")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("y")
    expect(page.get_by_role("heading", name="Payouts", level=1)).to_be_visible()
    row = page.get_by_role("row").filter(has_text="£10.00").filter(has_text=late)
    row.get_by_text("How it came about").click()
    expect(row.get_by_text("£10.00, as the policy says")).to_be_visible()

    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Approve the chosen").click()
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    page.get_by_label("Stages").get_by_role("link", name="To be paid").click()
    page.get_by_role("button", name="I pay it by hand").click()
    page.get_by_role("button", name="It was paid").click()

    expect(page.get_by_role("button", name="It came back")).to_be_visible()
    page.goto(f"/complaints/{late}")
    expect(page.get_by_text("£10.00 Late acknowledgement Paid")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_fits_a_telephone(late: str, open_browser: OpenBrowser, scheme: str) -> None:
    page = open_browser("sue", viewport=TELEPHONE, color_scheme=scheme)
    page.goto("/payouts")

    expect(page.get_by_role("button", name="Approve the chosen")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= TELEPHONE["width"]


def test_nothing_of_it_needs_script(late: str, open_browser: OpenBrowser) -> None:
    page = open_browser("sue", java_script_enabled=False)
    page.goto("/payouts")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Approve the chosen").click()

    page.goto("/payouts?stage=approved")
    expect(page.get_by_role("button", name="I pay it by hand")).to_be_visible()
    page.goto(f"/complaints/{late}")
    expect(page.get_by_role("heading", name="Guarantees")).to_be_visible()
