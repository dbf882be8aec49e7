"""Does a supervisor approve by keyboard, seeing first what it is together?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from recovery.desk import reference_of
from recovery.money import Money
from recovery.vault import Contact
from tests.cast import ANA
from web.runtime import Runtime


def test_two_are_chosen_seen_together_and_approved_by_keyboard(
    open_browser: Callable[..., Page], runtime: Runtime
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=1)
    for amount in ("120.00", "130.00", "2000.00"):
        done = runtime.desk.receive(
            by=ANA, at=at, description="No heating.",
            contact=Contact(name="Mr Lee", email="lee@example.org"),
        )  # fmt: skip
        runtime.desk.compensate(
            reference_of(done), by=ANA, kind="goodwill", money=Money.parse(amount, "GBP"), at=at
        )
    runtime.engine.catch_up()
    page = open_browser("sue")
    page.goto("/payouts")
    expect(page.get_by_text("You may approve £1,000.00 on one complaint")).to_be_visible()

    for _ in range(3):  # what may not be approved is passed by
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.keyboard.press("a")

    expect(page.get_by_role("heading", name="Approve together")).to_be_visible()
    expect(page.get_by_role("row", name="GBP 2 £250.00")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("2 approved, 0 not.")).to_be_visible()
