"""How many bytes does a page cost whoever pays for them by the megabyte?

What really went over the line: compressed, with headers, from nobody but us.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.browser.conftest import TELEPHONE
from tests.cast import ANA, NINE
from web.door import links
from web.runtime import Runtime

pytestmark = pytest.mark.browser
FIRST, AFTER = 250_000, 30_000


def test_pages_are_light_on_the_first_visit_and_feathers_after(
    open_browser: Callable[..., Page], runtime: Runtime
) -> None:
    references = [_received(runtime, n) for n in range(60)]
    runtime.engine.catch_up()
    mine = f"/mine/{links.write(references[0], key=runtime.door_key)}"
    lee, ana = open_browser(viewport=TELEPHONE), open_browser("ana")
    weights = {
        path: (_weight(_forgetful(page), path), _weight(page, path))
        for page, paths in (
            (lee, ("/complain", mine)),
            (ana, ("/queue?view=open", f"/complaints/{show(references[0])}", "/complaints/new")),
        )
        for path in paths
    }

    assert max(first for first, _ in weights.values()) < FIRST, weights
    assert max(after for _, after in weights.values()) < AFTER, weights


def _received(runtime: Runtime, n: int) -> str:
    return reference_of(
        runtime.desk.receive(
            by=ANA, at=NINE, subject=f"Charged twice for booking {n}", description="Twice. " * 40,
            contact=Contact(name=f"Mr Lee {n}", email=f"lee{n}@example.org"),
        )
    )  # fmt: skip


def _forgetful(page: Page) -> Page:
    """The same, as though it had never been here."""
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    return page


def _weight(page: Page, path: str) -> int:
    """Bytes, headers included, until nothing more is asked for."""
    sizes: list[int] = []
    strangers: list[str] = []

    def count(request: Request) -> None:
        found = request.sizes()
        sizes.append(found["responseBodySize"] + found["responseHeadersSize"])
        if "127.0.0.1" not in request.url:
            strangers.append(request.url)

    page.on("requestfinished", count)
    page.goto(path)
    page.wait_for_timeout(200)  # what the page asks for by itself
    page.remove_listener("requestfinished", count)
    assert strangers == []
    return sum(sizes)
