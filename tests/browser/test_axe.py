"""Does axe-core find anything that keeps somebody out?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, NINE
from web.runtime import Runtime

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"
RUN = """
async (tags) => (await axe.run(document, { runOnly: { type: "tag", values: tags } })).violations
  .flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`))
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out(
    open_browser: Callable[..., Page], runtime: Runtime, scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here: run make install")
    done = runtime.desk.receive(
        by=ANA, at=NINE, description="My parcel never came.", contact=Contact(email="li@a.example"),
        desired_outcomes=["not_again"], tier="gold",
    )  # fmt: skip
    runtime.desk.assign(reference_of(done), by=ANA, at=NINE, agent=ANA)
    runtime.engine.catch_up()
    page = open_browser("sue", color_scheme=scheme)

    found = [
        f"{path}: {wrong}" for path in _pages(show(reference_of(done)))
        for wrong in violations(page, path)
    ]  # fmt: skip

    assert not found, "\n".join(found)


def _pages(reference: str) -> tuple[str, ...]:
    here = f"/complaints/{reference}"
    return (
        "/queue?view=open", "/queue?view=open&category=gas&group=tier", "/keys", "/complaints/new",
        here, f"{here}?act=explanation", "/gallery",
    )  # fmt: skip


def violations(page: Page, path: str) -> list[Any]:
    page.goto(path)
    for fold in page.locator(".builder").all():
        fold.evaluate("fold => { fold.open = true }")
    page.evaluate(AXE.read_text())
    return list(page.evaluate(RUN, list(RULES)))
