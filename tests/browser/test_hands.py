"""Can the desk be worked with the keyboard alone?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from recovery.vault import Contact
from tests.cast import ANA, NINE
from web.runtime import Runtime
from web.settings import Settings

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]


def _type(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _say(page: Page, words: str) -> None:
    page.keyboard.insert_text(words)


def _until_focused(page: Page, selector: str) -> None:
    expect(page.locator(selector)).to_be_focused()


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the field has the focus, as a person without a mouse does."""
    for _ in range(30):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def _heard(page: Page) -> tuple[set[tuple[str, str]], tuple[str, str]]:
    """What a screen reader is given: every role with its name, and those of what has the focus."""
    session = page.context.new_cdp_session(page)
    nodes = [n for n in session.send("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]
    session.detach()
    told = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes]
    focused = [
        each
        for each, node in zip(told, nodes, strict=True)
        if any(p["name"] == "focused" and p["value"]["value"] for p in node.get("properties", ()))
    ]
    return set(told), focused[-1]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Letters leave at once: nobody changes their mind here."""
    return settings.model_copy(update={"mail_pause": 0})


def test_from_the_phone_to_closed_for_a_chinese_speaker(open_browser: OpenBrowser) -> None:
    page = open_browser("ana")

    _type(page, "n")
    _until_focused(page, "#intake-description")
    _say(page, "宽带断了三天,打了四次电话都没有人来修。")
    _tab_to(page, "#intake-name")
    _say(page, "李小龙")
    _tab_to(page, "#intake-email")
    _say(page, "li@example.org")
    _tab_to(page, "[name=language]")
    _type(page, "ArrowRight", "Control+Enter")
    expect(page.get_by_text("The complaint is taken.")).to_be_visible()

    _type(page, "t")
    expect(page.get_by_text("The complaint is with the agent now.")).to_be_visible()
    _type(page, "q")
    _until_focused(page, "#acknowledgement-message")
    _say(page, "我们正在处理。")
    _type(page, "Control+Enter")
    expect(page.get_by_text("Acknowledged. The letter is on its way.")).to_be_visible()

    _type(page, "e")
    _until_focused(page, "#explanation-message")
    _say(page, "原因是光缆在施工中被挖断,我们没有及时通知您。我们已经修好,也改了通知的办法。")
    _tab_to(page, "[name=outcome]")
    _type(page, "Space", "Control+Enter")
    expect(page.get_by_text("Explained. The letter is on its way.")).to_be_visible()

    _type(page, "m")
    _tab_to(page, "#compensation-amount")
    _say(page, "25.00")
    _type(page, "Control+Enter")
    expect(page.get_by_text("Compensated. The letter is on its way.")).to_be_visible()

    _type(page, "c")
    _type(page, "Control+Enter")
    expect(page.get_by_text("Closed. The letter is on its way.")).to_be_visible()
    expect(page.locator(".step.is-done")).to_have_count(5)
    reference = page.locator("[data-reference]").inner_text()

    _read_five_letters(page, reference)


def _read_five_letters(page: Page, reference: str) -> None:
    """On the page of caught letters, in Chinese, with the keyboard."""
    rows = page.locator("[data-row]", has_text=reference)
    for _ in range(50):
        page.goto("/mail")
        if rows.count() == 5:
            break
        page.wait_for_timeout(100)
    expect(rows).to_have_count(5)
    said = ""
    for row in range(5):
        page.goto("/mail")
        _type(page, *["j"] * (row + 1), "Enter")
        page.wait_for_url("**/mail/*")
        said += page.frame_locator(".letter-frame").locator("body").inner_text()
        _type(page, "u")
        page.wait_for_url("**/mail")
    for words in ("李小龙", "我们正在处理。", "光缆在施工中被挖断", "25.00", reference):
        assert words in said


def test_rows_search_and_the_sheet_by_keyboard(open_browser: OpenBrowser) -> None:
    page = open_browser("ana")
    for name, phone in (("First", "+44 20 7946 0001"), ("Second", "+44 20 7946 0002")):
        page.goto("/complaints/new")
        page.fill("#intake-description", f"{name} complaint")
        page.fill("#intake-phone", phone)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("heading", name=f"{name} complaint")).to_be_visible()

    _type(page, "g", "a")
    page.wait_for_url("**/queue?view=open")
    top = page.locator("[data-row]").first.inner_text()
    _type(page, "j", "j", "k", "Enter")
    expect(page.get_by_role("heading", name=top)).to_be_visible()
    _type(page, "u")
    page.wait_for_url("**/queue?view=open")
    _type(page, "/")
    _until_focused(page, "[name=q][data-key]")
    _say(page, "second")
    _type(page, "Enter")
    page.wait_for_url("**/queue?q=second")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_have_text("Second complaint")
    _type(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    _type(page, "Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


@pytest.mark.parametrize("number", [3, pytest.param(30, marks=pytest.mark.soak)])
def test_an_agent_clears_the_queue_by_keyboard_alone(
    open_browser: OpenBrowser, runtime: Runtime, number: int
) -> None:
    for each in range(number):
        runtime.desk.receive(
            by=ANA, at=NINE, description=f"Matter {each}", contact=Contact(phone="+442079460000")
        )
    runtime.engine.catch_up()
    page = open_browser("ana")

    for _ in range(number):
        _type(page, "w")
        expect(page.get_by_text("This one is yours")).to_be_visible()
        told, _ = _heard(page)
        assert told >= {
            ("navigation", "Queue"), ("region", "What to do"), ("region", "What happened"),
            ("radio", "Explain"), ("radio", "Close"), ("DisclosureTriangleGrouped", "Assign a"),
        }  # fmt: skip
        _type(page, "e")
        _until_focused(page, "#explanation-message")
        told, focused = _heard(page)
        assert focused == ("textbox", "What went wrong, why, and what follows")
        assert told >= {("button", "Explain Ctrl ↵"), ("group", "Outcome")}
        _say(page, "A van broke down, and we are sorry.")
        _tab_to(page, "#panel-explanation [name=outcome]")
        assert _heard(page)[1] == ("radio", "Upheld")
        _type(page, "Space", "Control+Enter")
        expect(page.get_by_text("Explained. The letter is on its way.")).to_be_visible()
        _type(page, "c", "Control+Enter")
        expect(page.get_by_text("Closed. The letter is on its way.")).to_be_visible()

    _type(page, "w")
    expect(page.get_by_text("Nothing is left that you may take.")).to_be_visible()


def test_rows_are_chosen_by_keyboard_and_by_a_range(
    open_browser: OpenBrowser, runtime: Runtime
) -> None:
    for each in range(4):
        runtime.desk.receive(
            by=ANA, at=NINE, description=f"Matter {each}", contact=Contact(phone="+442079460000")
        )
    runtime.engine.catch_up()
    page = open_browser("ana")
    page.goto("/queue?view=open")

    boxes = page.locator("[data-choose]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 chosen")).to_be_visible()
    _type(page, "j", "x")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    _type(page, "b")
    expect(page.get_by_role("heading", name="What to do with 2 complaints")).to_be_visible()


def test_keys_are_letters_while_somebody_types(open_browser: OpenBrowser) -> None:
    page = open_browser("ana")
    page.goto("/complaints/new")
    _until_focused(page, "#intake-description")

    page.keyboard.type("n q ? / gm")

    expect(page.locator("#intake-description")).to_have_value("n q ? / gm")
    assert page.url.endswith("/complaints/new")
