"""Can a supervisor change the house policy, knowing what it does, with the past left as it is?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from projections.stories import Days
from recovery.policy.guarantees.design import QUESTIONS
from tests.browser.conftest import TELEPHONE
from tests.browser.test_pages import CONTRAST
from web.demo.load import load_demo
from web.runtime import Runtime
from web.worker.timekeeper import Timekeeper

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]
DRAFT = "/policies/house/draft"


@pytest.fixture
def history(runtime: Runtime) -> datetime:
    """Half a year of complaints that ends with last quarter, on a desk that is up to date."""
    last = Days.last_quarter(datetime.now(UTC).date()).last
    until = datetime(last.year, last.month, last.day, 17, tzinfo=UTC)
    load_demo(
        runtime.store, runtime.vault, runtime.policies, complaints=120, days=180, seed=5,
        until=until, secret=runtime.reference_key,
    )  # fmt: skip
    runtime.engine.catch_up()
    return until


def ends(runtime: Runtime) -> list[Any]:
    """Every promise that was kept or missed for good, with its due instant."""
    with runtime.database.connection() as conn:
        return conn.execute(
            "select complaint, clock, cycle, due, stopped_at, met from read.clocks"
            " where stopped_at is not null order by 1, 2, 3"
        ).fetchall()


def answer(page: Page) -> None:
    """Say of each situation in which not to offer a guarantee why it is none here."""
    for name in QUESTIONS:
        page.fill(f"#draft-{name}", "Yes, as last year's figures say.")


def test_a_supervisor_sees_the_effect_adopts_it_and_the_old_outcomes_stand(
    open_browser: OpenBrowser, runtime: Runtime, history: datetime
) -> None:
    before = ends(runtime)
    page = open_browser("sue")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.get_by_role("link", name="House policy").click()
    expect(page.get_by_role("heading", name="House policy")).to_be_visible()
    page.keyboard.press("e")
    text = page.locator("#draft-text").input_value()

    page.fill("#draft-text", text.replace('within = "5 business days"', 'within = "5 weks"'))
    page.locator("#draft-text").press("Control+Enter")
    expect(page.locator("#draft-text-wrong")).to_contain_text('unknown unit "weks"')
    expect(page.locator("#draft-text")).to_be_focused()
    assert page.evaluate("getSelection().toString()") == 'within = "5 weks"'

    page.keyboard.insert_text('within = "1 business day"')
    page.get_by_role("button", name="Try it").click()
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("complaints were looked at.")
    explain = outcome.locator("table").first.locator("tr", has_text="Explain")
    expect(explain).to_contain_text("missed")
    changed = outcome.locator("tr", has_text="Explain").locator("a").first
    reference = changed.inner_text()

    page.get_by_role("radio", name="follow this text").check()
    answer(page)
    page.fill("#draft-reason", "We can do better than five days.")
    page.get_by_role("button", name="Adopt").click()
    expect(page.get_by_text("The policy is in force.")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("We can do better than five days.")
    expect(page.locator(".timeline")).to_contain_text("Applied to open complaints")

    keeper = Timekeeper.of(runtime, clock=lambda: datetime.now(UTC))
    while keeper.step():
        pass
    runtime.engine.catch_up()
    after = ends(runtime)
    assert len(before) > 200
    assert [row for row in after if row in before] == before
    page.goto(f"/complaints/{reference}")
    expect(page.locator(".clocks li", has_text="Explain")).to_contain_text("kept")


@pytest.mark.soak
def test_a_policy_is_changed_without_script(
    open_browser: OpenBrowser, runtime: Runtime, history: datetime
) -> None:
    page = open_browser("sue", java_script_enabled=False)
    page.goto(DRAFT)
    text = page.locator("#draft-text").input_value()

    page.fill("#draft-text", text + "\n# A note for whoever comes next.\n")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#outcome")).to_contain_text("No promise ends differently.")
    page.get_by_role("button", name="Adopt").click()
    expect(page.get_by_text("Say why the policy is adopted.")).to_be_visible()
    answer(page)
    page.fill("#draft-reason", "A note.")
    page.get_by_role("button", name="Adopt").click()

    expect(page.get_by_text("The policy is in force.")).to_be_visible()
    expect(page.locator(".code").last).to_contain_text("# A note for whoever comes next.")
    page.get_by_role("button", name="Show the differences").click()
    expect(page.locator(".diff-new")).to_contain_text(["# A note for whoever comes next."])


@pytest.mark.soak
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_the_pages_fit_a_telephone_and_can_be_read(
    open_browser: OpenBrowser, history: datetime, language: str, scheme: str
) -> None:
    page = open_browser("sue", viewport=TELEPHONE, color_scheme=scheme)
    page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
    for address in ("/policies", "/policies/house", "/policies/us-cfpb", DRAFT):
        page.goto(address)
        _holds(page)

    text = page.locator("#draft-text").input_value()
    page.fill("#draft-text", text.replace('within = "5 business days"', 'within = "1 week!"'))
    page.locator("button[type=submit]:not([formaction])").last.click()
    expect(page.locator("#draft-text-wrong")).to_be_visible()
    _holds(page)
    page.fill("#draft-text", text.replace('within = "5 business days"', 'within = "1 week"'))
    page.locator("[formaction*=trial]").click()
    expect(page.locator("#outcome")).to_be_visible()
    page.locator("#outcome details summary").first.click()
    _holds(page)


def _holds(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate(CONTRAST) == []


def test_progress_is_shown_while_a_trial_goes_on(
    open_browser: OpenBrowser, history: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web.pages import trials

    monkeypatch.setattr(trials, "QUIET", 0.0)
    page = open_browser("sue", java_script_enabled=False)
    page.goto(DRAFT)

    page.get_by_role("button", name="Try it").click()

    expect(page.locator("#outcome")).to_be_visible()
    assert "100 %" in (page.locator(".trial-step").last.text_content() or "")
    expect(page.locator(".trial-step").last).to_be_hidden()
