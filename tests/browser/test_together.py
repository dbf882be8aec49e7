"""Two people at one complaint: do they see each other, and is the second answer stopped?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from recovery import reference as references
from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, NINE
from web.runtime import Runtime

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]
DRIVER = "It was late because the driver was ill. We have sent your parcel again today."
VAN = "The van broke down, so your parcel was late. We have sent it again today."


def receive(runtime: Runtime, text: str) -> str:
    done = runtime.desk.receive(
        by=ANA, at=NINE, description=text, contact=Contact(name="Mr Lee", phone="+442079460000")
    )
    return show(reference_of(done))


def test_two_agents_see_each_other_and_the_second_answer_waits_with_its_words(
    open_browser: OpenBrowser, runtime: Runtime
) -> None:
    reference = receive(runtime, "My parcel never came.")
    runtime.engine.catch_up()
    ana, bo = open_browser("ana"), open_browser("bo")
    ana.goto(f"/complaints/{reference}")
    bo.goto(f"/complaints/{reference}")
    expect(ana.locator("#present")).to_have_text("Bo is here")
    expect(bo.locator("#present")).to_have_text("Ana is here")

    bo.keyboard.press("e")
    bo.locator("#explanation-message").fill(DRIVER)
    expect(ana.locator("#present")).to_have_text("Bo is typing")
    ana.keyboard.press("e")
    ana.locator("#explanation-message").fill(VAN)
    ana.locator("#panel-explanation [value=upheld]").check()
    ana.keyboard.press("Control+Enter")
    expect(ana.get_by_text("Explained. The letter is on its way.")).to_be_visible()

    expect(bo.locator("#changed")).to_be_visible()
    bo.locator("#panel-explanation [value=not_upheld]").check()
    bo.locator("#explanation-message").press("Control+Enter")
    expect(bo.get_by_text("Somebody was quicker")).to_be_visible()
    expect(bo.get_by_role("alert")).to_contain_text("Ana")
    expect(bo.locator("#explanation-message")).to_have_value(DRIVER)


def test_a_draft_outlives_its_browser_new_tickets_wait_and_rows_change_in_their_place(
    open_browser: OpenBrowser, runtime: Runtime
) -> None:
    reference = receive(runtime, "My parcel never came.")
    runtime.engine.catch_up()
    ana = open_browser("ana")
    ana.goto(f"/complaints/{reference}")
    ana.keyboard.press("x")
    with ana.expect_response("**/drafts/notes"):
        ana.locator("#notes-text").fill("He is at work until six.")
    ana.context.close()

    again = open_browser("ana")
    again.goto(f"/complaints/{reference}")
    expect(again.locator("#notes-text")).to_have_value("He is at work until six.")

    again.goto("/queue?view=open")
    expect(again.locator("[data-count=open]")).to_have_text("1")
    bo = open_browser("bo")
    bo.goto(f"/complaints/{reference}")
    expect(again.get_by_role("img", name="Open now: Bo")).to_be_visible()
    bo.goto("/queue")
    expect(again.get_by_role("img", name="Open now: Bo")).to_have_count(0)
    receive(runtime, "The heating is off.")
    expect(again.locator("#news")).to_have_text("1 new, show")
    expect(again.locator("[data-row]")).to_have_count(1)
    again.locator("#news a").click()
    expect(again.locator("[data-row]")).to_have_count(2)

    again.goto("/queue?view=unassigned")
    row = again.locator(f'[data-reference-of="{reference}"]')
    row.locator("[data-choose]").check()
    runtime.desk.assign(references.parse(reference), agent="user:bo", by=ANA, at=NINE)
    expect(row.locator(".person")).to_have_attribute("title", "Bo")
    expect(row.locator("[data-choose]")).to_be_checked()
    expect(row.locator("[data-choose]")).to_be_focused()
    expect(again.locator("[data-row]")).to_have_count(2)


def test_the_palette_leads_to_actions_and_complaints(
    open_browser: OpenBrowser, runtime: Runtime
) -> None:
    reference = receive(runtime, "The heating is off.")
    runtime.engine.catch_up()
    page = open_browser("ana")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("heating")
    expect(page.get_by_role("option", name=reference)).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/complaints/{reference}")

    page.keyboard.press("Control+k")
    page.keyboard.insert_text("take it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The complaint is with the agent now.")).to_be_visible()
