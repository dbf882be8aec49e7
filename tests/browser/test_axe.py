"""Does any page keep somebody out: whoever listens, is on the telephone, or has no script?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page

from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.browser.conftest import DESK, TELEPHONE
from tests.browser.everything import everything
from tests.browser.everywhere import addresses
from tests.cast import ANA
from web.accounts import User
from web.runtime import Runtime

pytestmark = pytest.mark.browser
Look = Callable[..., list[str]]
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async (asked) => (await axe.run(document, {
  ...asked, resultTypes: ["violations"], elementRef: false,
})).violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`))
"""
BUT_COLOURS = {
    "runOnly": {"type": "tag", "values": RULES}, "rules": {"color-contrast": {"enabled": False}},
}  # fmt: skip
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
OPENED = "() => document.querySelectorAll('details').forEach((each) => { each.open = true })"
NARROW = """
() => {
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond <= 0) return [];
  const wide = [...document.querySelectorAll("main *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => `${each.tagName.toLowerCase()}.${each.className}`);
  return [`${beyond} px wider than a telephone: ${wide.slice(0, 4).join(", ")}`];
}
"""
WITHOUT_SCRIPT = """
() => {
  const found = [];
  const shown = (each) => each.checkVisibility({ visibilityProperty: true });
  if (![...document.querySelectorAll("main h1")].some(shown)) found.push("no heading");
  if (!document.querySelector("a[href], form")) found.push("nothing leads on");
  for (const form of document.forms) {
    const sends = [...form.elements].some((each) => each.type === "submit");
    const searches = form.elements.length === 1 && form.elements[0].type === "search";
    const action = form.getAttribute("action");
    if (!sends && !searches) found.push(`a form that nothing sends: ${action}`);
  }
  for (const link of document.querySelectorAll("a:not([href])")) {
    if (shown(link)) found.push(`a link that leads nowhere: ${link.innerText}`);
  }
  return found;
}
"""
STATES = (
    "/queue?view=open&tier=gold&group=tier", "/mail/outbox?view=lost", "/payouts?stage=approved",
    "/no-such-page", "/complaints/{reference}?act=explanation",
    "/complaints/{reference}?act=compensation", "/complaints/{reference}?act=closure",
    "/complaints/{reference}?act=staff",
)  # fmt: skip
"""Of some pages a second look."""


@pytest.fixture
def reference(runtime: Runtime, people: Any) -> str:
    """A complaint that was acknowledged a moment ago."""
    now = datetime.now(UTC)
    done = runtime.desk.receive(
        by=ANA, at=now - timedelta(hours=1), description="My parcel never came.", tier="gold",
        contact=Contact(name="Mr Lee", email="lee@example.org"), desired_outcomes=["not_again"],
    )  # fmt: skip
    runtime.desk.acknowledge(reference_of(done), by=ANA, at=now)
    runtime.engine.catch_up()
    return show(reference_of(done))


@pytest.fixture
def found(app: FastAPI, runtime: Runtime, people: dict[str, User]) -> dict[str, str]:
    """Of everything one, on a desk where everything has happened."""
    return everything(app, runtime, people)


@pytest.fixture
def look(open_browser: Callable[..., Page]) -> Look:
    """`look(addresses, coloured)`: what is wrong with these pages, and with the colours of some."""
    if not AXE.exists():
        pytest.skip("axe-core is not here: run make install")
    light = open_browser("ada", reduced_motion="reduce", color_scheme="light")
    dark = open_browser("ada", reduced_motion="reduce", color_scheme="dark")
    telephone = open_browser("ada", viewport=TELEPHONE, java_script_enabled=False)
    for page in (light, dark):
        page.context.add_init_script(path=AXE)
    chinese = {"name": "language", "value": "zh", "url": dark.url}
    dark.context.add_cookies([chinese])

    def wrong(pages: Iterable[str], coloured: Collection[str], person: str = "ada") -> list[str]:
        if not person:
            for page in (light, dark, telephone):
                page.context.clear_cookies(name="recovery")
        found = []
        for at in pages:
            found += [f"{at}: {fault}" for fault in (*faults(light, at), *narrow(telephone, at))]
            if at in coloured:
                found += [f"{at}, light: {fault}" for fault in light.evaluate(RUN, COLOURS)]
                found += [f"{at}, dark: {fault}" for fault in dim(dark, at)]
        return found

    return wrong


def test_the_pages_that_agents_sit_at_keep_nobody_out(look: Look, reference: str) -> None:
    """The gallery shows every component, so the colours are looked at there."""
    wrong = look(
        [
            "/gallery", f"/complaints/{reference}?act=explanation", "/complaints/new",
            "/no-such-page", "/queue?view=open&tier=gold&group=tier",
        ],
        ["/gallery"],
    )  # fmt: skip

    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
def test_no_page_keeps_anybody_out(app: FastAPI, found: dict[str, str], look: Look) -> None:
    """One page of each kind that there are routes for; those of strangers as strangers see them."""
    every = addresses(app, found)
    theirs = [at for at in every if at.startswith(("/complain?", "/complain/", "/mine/"))]
    theirs += [at for at in ("/complain", "/sign-in", "/seal") if at in every]
    ours = [at for at in every if at not in theirs] + [at.format(**found) for at in STATES]

    wrong = [*look(ours, ours), *look(theirs, theirs, person="")]

    assert not wrong, "\n".join(wrong)


def faults(page: Page, address: str) -> list[str]:
    """What axe finds with everything opened."""
    answer = page.goto(address)
    status = answer.status if answer else 0
    found = [] if (status == 200) != ("/no-such" in address) else [f"answers {status}"]
    if not page.url.endswith(address):
        found.append(f"leads to {page.url}")
    page.evaluate(OPENED)
    return found + list(page.evaluate(RUN, BUT_COLOURS))


def dim(page: Page, address: str) -> list[str]:
    """What cannot be told from its ground in the dark; and in Chinese, what is too wide."""
    page.goto(address)
    page.evaluate(OPENED)
    found = list(page.evaluate(RUN, COLOURS))
    page.set_viewport_size(TELEPHONE)
    found += [f"in Chinese: {fault}" for fault in page.evaluate(NARROW)]
    page.set_viewport_size(DESK)
    return found


def narrow(page: Page, address: str) -> list[str]:
    """What a telephone without script shows beyond its edge, or does not show at all."""
    page.goto(address)
    found = [*page.evaluate(NARROW), *page.evaluate(WITHOUT_SCRIPT)]
    page.evaluate(OPENED)
    return [*found, *(f"opened: {fault}" for fault in page.evaluate(NARROW))]
