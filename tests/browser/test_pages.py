"""Do the pages hold in the browser: without script, narrow, dark, when somebody was quicker?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, NINE, PASSWORD
from web.runtime import Runtime

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]


@pytest.fixture
def complaint(runtime: Runtime) -> str:
    done = runtime.desk.receive(
        by=ANA, at=NINE, subject="Charged twice", description="Twice for one booking. " * 20,
        contact=Contact(name="Mr Lee", email="lee@example.org"), severity="critical",
        attributes={"region": "north"}, incident={"nights": "3"},
    )  # fmt: skip
    runtime.engine.catch_up()
    return show(reference_of(done))


def test_a_complaint_is_handled_without_script(open_browser: OpenBrowser, complaint: str) -> None:
    page = open_browser(java_script_enabled=False)
    page.fill("[name=email]", "ana@desk.test")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/queue")
    page.get_by_role("link", name="Charged twice").click()

    page.get_by_label("A word of your own").first.fill("We have it.")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".toast-box.is-good")).to_contain_text("Acknowledged.")
    page.get_by_role("radio", name="Note").check()
    page.locator("#notes-text").fill("Rang at noon.")
    page.get_by_role("button", name="Keep the note").click()

    expect(page.locator(".timeline")).to_contain_text("Rang at noon.")
    page.get_by_text("Pass up", exact=True).first.click()
    expect(page.locator("#escalation-to")).to_be_visible()


def test_who_was_slower_keeps_the_words_and_sees_who(
    open_browser: OpenBrowser, complaint: str
) -> None:
    ana, bo = open_browser("ana"), open_browser("bo")
    for page in (ana, bo):
        page.goto(f"/complaints/{complaint}")
    bo.keyboard.press("q")
    bo.keyboard.press("Control+Enter")
    expect(bo.get_by_text("Acknowledged. The letter is on its way.")).to_be_visible()

    ana.keyboard.press("x")
    ana.keyboard.insert_text("Ana's half hour of work")
    ana.keyboard.press("Control+Enter")

    expect(ana.locator("[data-notice]")).to_contain_text("Bo · Acknowledged")
    expect(ana.locator("#notes-text")).to_have_value("Ana's half hour of work")
    assert ana.url.endswith(complaint)


def test_an_error_is_beside_its_field_and_has_the_focus(
    open_browser: OpenBrowser, complaint: str
) -> None:
    page = open_browser("ana")
    page.goto(f"/complaints/{complaint}")
    page.keyboard.press("m")
    page.fill("#compensation-message", "Kept")
    page.fill("#compensation-amount", "lots")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#compensation-amount-wrong")).to_contain_text("is not an amount")
    expect(page.locator("#compensation-amount")).to_be_focused()
    expect(page.locator("#compensation-message")).to_have_value("Kept")


@pytest.mark.parametrize("width", [1280])
def test_what_a_complaint_is_about_has_the_widest_column_of_the_queue(
    open_browser: OpenBrowser, complaint: str, width: int
) -> None:
    page = open_browser("ana", viewport={"width": width, "height": 800})
    page.goto("/queue")

    found = page.evaluate(COLUMNS)
    assert max(found, key=lambda each: each["cell"])["name"] == "cell-title"
    assert all(each["cell"] == each["heading"] for each in found)


COLUMNS = """
(() => {
  const headings = document.querySelectorAll(".queue thead th")
  return [...document.querySelector(".queue tbody tr").children].map((cell, i) => (
    {name: cell.classList[0], cell: cell.offsetWidth, heading: headings[i].offsetWidth}))
})()
"""


@pytest.mark.parametrize("language", ["zh"])
def test_steps_and_tabs_stand_on_one_line_of_a_desk(
    open_browser: OpenBrowser, complaint: str, language: str
) -> None:
    page = open_browser("ana")
    page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
    page.goto(f"/complaints/{complaint}")

    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(LINES_OF_TABS) == 1


TOO_WIDE = """
[...document.querySelectorAll(".step")]
  .filter((step) => step.scrollWidth > step.clientWidth).map((step) => step.innerText)
"""
LINES_OF_TABS = """
new Set([...document.querySelectorAll(".tab")].map((tab) => tab.getBoundingClientRect().top)).size
"""


@pytest.mark.parametrize("scheme", ["dark"])
def test_a_letter_can_be_read_in_light_and_in_dark(
    open_browser: OpenBrowser, complaint: str, scheme: str
) -> None:
    page = open_browser("ana", color_scheme=scheme)
    page.goto(f"/complaints/{complaint}")
    page.keyboard.press("q")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Acknowledged. The letter is on its way.")).to_be_visible()
    letter = page.locator(".timeline").get_by_role("link", name="Letter").first
    for _ in range(50):
        if letter.count():
            break
        page.wait_for_timeout(100)
        page.reload()
    letter.click()
    body = page.frame_locator(".letter-frame").locator("body")

    ink, paper = (
        ("0, 0, 0", "255, 255, 255") if scheme == "light" else ("255, 255, 255", "18, 18, 18")
    )
    expect(body).to_have_css("color", f"rgb({ink})")
    expect(page.locator(".letter-frame")).to_have_css("background-color", f"rgb({paper})")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_system_and_words_can_be_read(
    open_browser: OpenBrowser, complaint: str, scheme: str
) -> None:
    page = open_browser("ana", color_scheme=scheme)
    page.goto(f"/complaints/{complaint}")

    lightness = page.evaluate(
        "[...getComputedStyle(document.body).backgroundColor.matchAll(/\\d+/g)].slice(0, 3)"
        ".reduce((sum, channel) => sum + Number(channel), 0) / 3"
    )

    assert (lightness > 200) if scheme == "light" else (lightness < 60)
    assert page.evaluate(CONTRAST) == []


CONTRAST = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const shine = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => {
      c /= 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const found = rgba(getComputedStyle(at).backgroundColor);
      if (found[3] > 250) return found;
    }
    return [255, 255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (!words || !node.checkVisibility({ visibilityProperty: true })) continue;
    if (node.closest("template, :disabled, label:has(:disabled), .unseen, kbd")) continue;
    const [ink, paper] = [shine(rgba(getComputedStyle(node).color)), shine(ground(node))];
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${words.slice(0, 30)}`);
  }
  return faint;
}
"""
"""Text whose contrast against what lies behind it is below 4.5 to 1."""
