"""How long after a click on acknowledge do the one who clicked, and a colleague, see it done?

In a real Chromium, by its own clock, from the key or the button that goes down until the change is
drawn: on the page itself, and in the row of a queue that stands open in another browser.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from projections.health import wait_for
from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.benchmarks.figures import Figure, percentile, under
from tests.benchmarks.ground import Ground, Sizes
from tests.benchmarks.serving import Served, following, served, settings_of
from tests.benchmarks.traffic import agent
from tests.browser.conftest import ARGUMENTS, chromium_here
from web.accounts import Role
from web.runtime import Runtime

CLICKS = 30
"""Of each kind."""
WARM_UP = 3
LONGEST = 150.0
PATIENCE = 5_000
"""Milliseconds."""
THOUGHT = 0.5
"""Seconds for which nobody opens a page before a click."""
QUEUE = "/queue?view=open&sort=newest"
BUTTON = "#panel-acknowledgement button[type=submit]"
WATCH = """({begins, wanted, gone}) => {
  const clock = () => performance.timeOrigin + performance.now();
  const drawn = (done) => requestAnimationFrame(() => setTimeout(() => done(clock())));
  window.began = 0;
  addEventListener(begins, () => { window.began = clock(); }, { capture: true });
  window.seen = new Promise((done) => {
    const look = () => {
      if (!document.querySelector(wanted) || (gone && document.querySelector(gone))) return;
      watcher.disconnect();
      drawn(done);
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { childList: true, subtree: true, attributes: true });
    look();
  });
}"""
"""Notes when the act began, and promises the instant at which what it changes was drawn."""


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk = ground.desk_with(sizes.queue_complaints)
    with (
        following(desk, ground.folder), served(settings_of(desk), ground.folder) as server,
        _chromium() as chromium,
    ):  # fmt: skip
        ana = _signed_in(chromium, desk, server, "agent").new_page()
        sue = _signed_in(chromium, desk, server, "supervisor").new_page()
        clicked, pressed = (
            [_acknowledged(ana, sue, _received(desk), act) for _ in range(WARM_UP + CLICKS)]
            for act in ("click", "keydown")
        )
    at = f"{sizes.queue_complaints:,} complaints"
    return [
        *_figures("click", f"A click on acknowledge until it is shown: {at}", clicked[WARM_UP:]),
        *_figures("key", "The same by its key, q and Ctrl Enter", pressed[WARM_UP:]),
    ]


def _figures(name: str, says: str, took: list[tuple[float, float]]) -> list[Figure]:
    own, theirs = ([each[place] for each in took] for place in (0, 1))
    return [
        Figure.of(f"{name}.own", f"{says}, median", own, "ms", under(LONGEST)),
        Figure.of(f"{name}.own.p95", "The same, p95", [percentile(own, 0.95)], "ms"),
        Figure.of(f"{name}.row", "Until its row has changed in another browser's queue, median",
                  theirs, "ms", under(LONGEST)),
        Figure.of(f"{name}.row.p95", "The same, p95", [percentile(theirs, 0.95)], "ms"),
    ]  # fmt: skip


def _acknowledged(ana: Page, sue: Page, reference: str, act: str) -> tuple[float, float]:
    """Milliseconds until the page said so, and until the row of the other browser did."""
    row = f'[data-reference-of="{reference}"]'
    sue.goto(QUEUE)
    sue.wait_for_selector(row)
    ana.goto(f"/complaints/{reference}")
    ana.wait_for_selector(BUTTON)
    sue.wait_for_selector(f"{row} .here")  # so both browsers are told what happens
    time.sleep(THOUGHT)
    before = sue.eval_on_selector(f"{row} .pips", "mark => mark.getAttribute('aria-label')")
    ana.evaluate(WATCH, {"begins": act, "wanted": "#said .toast-box.is-good", "gone": ""})
    sue.evaluate(
        WATCH,
        {"begins": "nothing", "wanted": row, "gone": f'{row} .pips[aria-label="{before}"]'},
    )
    if act == "click":
        ana.click(BUTTON)
    else:
        ana.keyboard.press("q")
        ana.keyboard.press("Control+Enter")
    own, theirs, began = ana.evaluate("seen"), sue.evaluate("seen"), ana.evaluate("began")
    return own - began, theirs - began


def _received(desk: Runtime) -> str:
    """A complaint that was just made, and that pages know."""
    done = desk.desk.receive(
        by=agent(desk).by, at=datetime.now(UTC), description="The lift is broken again.",
        contact=Contact(name="Mr Lee", email=f"lee{time.time_ns()}@desk.test"),
    )  # fmt: skip
    with desk.database.engine.connect() as conn:
        wait_for(conn, done.position)
    return show(reference_of(done))


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_here(), args=ARGUMENTS)
        yield browser
        browser.close()


def _signed_in(browser: Browser, desk: Runtime, server: Served, role: Role) -> BrowserContext:
    address = f"http://{server.host}:{server.port}"
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    token, _ = desk.accounts.begin(agent(desk, role), datetime.now(UTC) + timedelta(hours=1))
    context.add_cookies([{"name": "recovery", "value": token, "url": address}])
    return context
