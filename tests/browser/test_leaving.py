"""Does an agent see a letter about to leave, and can they stop it, with nothing lost?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from recovery.delivery import delivery_id
from recovery.desk import reference_of
from recovery.events import delivery_stream
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, NINE
from web.runtime import Runtime
from web.settings import Settings

pytestmark = pytest.mark.browser
WORDS = "It was late because the van broke down. We have sent it again today."
BILL = {"name": "账单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 the bill"}


def test_a_letter_counts_down_and_is_taken_back_with_its_words_and_files(
    open_browser: Callable[..., Page], runtime: Runtime, settings: Settings
) -> None:
    """What the browser says against the content policy fails the test, as everywhere."""
    object.__setattr__(settings, "mail_pause", 15)
    done = runtime.desk.receive(
        by=ANA, at=NINE, description="No parcel.", contact=Contact(email="lee@example.org")
    )
    complaint, ana = reference_of(done), open_browser("ana")
    ana.goto(f"/complaints/{show(complaint)}?act=explanation")
    ana.locator("#explanation-message").fill(WORDS)
    ana.locator("#panel-explanation [value=upheld]").check()
    ana.locator("#enclosed-explanation summary").click()
    ana.set_input_files("#explanation-files", [BILL])
    expect(ana.locator("#enclosed-explanation .files")).to_contain_text("账单.pdf")
    ana.locator("#explanation-message").press("Control+Enter")

    expect(ana.locator(".leaving")).to_contain_text(re.compile(r"leaves in 1[0-5] s"))
    ana.locator("body").press("z")
    expect(ana.get_by_text("Letter cancelled", exact=True)).to_be_visible()

    expect(ana.locator("#explanation-message")).to_have_value(WORDS)
    expect(ana.locator("#enclosed-explanation .files")).to_contain_text("账单.pdf")
    expect(ana.locator(".leaving")).to_have_count(0)
    records = runtime.store.records(delivery_stream(delivery_id(complaint, done.version + 1)))
    assert [record.event.topic for record in records] == ["delivery.cancelled"]
    state, _ = runtime.desk.state(complaint)
    assert not state.explained
