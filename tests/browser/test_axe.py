"""Does any page keep somebody out: whoever listens, is on the telephone, or has no script?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page
from starlette.testclient import TestClient

from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.browser.conftest import TELEPHONE
from tests.browser.everywhere import Rooms
from tests.cast import ANA, PASSWORD
from tests.web.conftest import BASE
from tests.web.pages.hands import Hands
from tests.web.pages.test_waiting import arrive
from web.demo.load import load_demo
from web.runtime import Runtime

pytestmark = pytest.mark.browser
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
WIDTH = "() => document.documentElement.scrollWidth - innerWidth"
OPENED = "() => document.querySelectorAll('details').forEach((each) => { each.open = true })"
NO_PAGES = """
/audits/standing/{id}/{act} /audits/{id}/table.csv /complaints/{reference}/bundle.json
/complaints/{reference}/files/{version}/{number}
/complaints/{reference}/files/{version}/{number}/picture
/complaints/{reference}/mail/{mail}/original /mail/waiting/{mail}/html
/mine/{token}/files/{version}/{number} /paying/batches/{batch}/files/{part}
/paying/ledger/payouts.csv /payouts/{payout}/{act} /people/{complainant}/export.zip
/quality/{sample}/results.csv /quality/{sample}/results.json /quality/{sample}/{place}/{act}
/seal/{name}
"""
"""Files, and addresses that lead elsewhere."""
NOT_HERE = """
/complain/later/{token} /complaints/{reference}/account /mail/addresses/{reference}
/paying/batches/{batch} /paying/ledger/payouts /people/{complainant}
/people/{complainant}/forgetting /quality/{sample} /quality/{sample}/{place}
"""
"""Pages that nothing on this desk leads to."""


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
def look(open_browser: Callable[..., Page]) -> Callable[..., list[str]]:
    """`look(addresses, coloured)`: what is wrong with these pages, and with the colours of some."""
    if not AXE.exists():
        pytest.skip("axe-core is not here: run make install")
    page = open_browser("ada", reduced_motion="reduce")
    page.context.add_init_script(path=AXE)
    telephone = open_browser("ada", viewport=TELEPHONE, java_script_enabled=False)

    def wrong(addresses: Iterable[str], coloured: Iterable[str]) -> list[str]:
        found = [f"{at}: {fault}" for at in addresses for fault in faults(page, at)]
        found += [f"{at}: {fault}" for at in addresses for fault in narrow(telephone, at)]
        return found + [f"{at}: {fault}" for at in coloured for fault in pale(page, at)]

    return wrong


def test_the_pages_that_agents_sit_at_keep_nobody_out(
    look: Callable[..., list[str]], reference: str
) -> None:
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
def test_no_page_keeps_anybody_out(
    look: Callable[..., list[str]], app: FastAPI, runtime: Runtime, reference: str
) -> None:
    """One page of each kind, found by following links: a new kind has to be led to."""
    addresses, missed = Rooms(app).pages(_busy(app, runtime, reference), ["/queue"])
    unknown = missed - {*NO_PAGES.split(), *NOT_HERE.split()}
    assert not unknown, f"make the desk lead to these pages: {' '.join(sorted(unknown))}"

    wrong = look(addresses, addresses)

    assert not wrong, "\n".join(wrong)


def _busy(app: FastAPI, runtime: Runtime, reference: str) -> TestClient:
    """The administrator's browser, without a screen, at a desk where everything has happened."""
    now = datetime.now(UTC)
    load_demo(
        runtime.store, runtime.vault, runtime.policies, complaints=30, days=60, seed=7, until=now,
        secret=runtime.reference_key,
    )  # fmt: skip
    arrive(runtime, "From: Ms Roe <roe@example.net>", f"Subject: {reference}")
    runtime.engine.catch_up()
    token, _ = runtime.accounts.sign_in(
        email="ada@desk.test", password=PASSWORD, now=now, lasts=timedelta(hours=1)
    )
    client = TestClient(app, base_url=BASE)
    client.cookies.set("recovery", token)
    hands = Hands(client)
    hands.open("/audits")
    hands.send("/audits", measure="money_relief", group="channel")
    return client


def faults(page: Page, address: str) -> list[str]:
    """What axe finds with everything opened."""
    page.goto(address)
    page.evaluate(OPENED)
    return list(page.evaluate(RUN, BUT_COLOURS))


def pale(page: Page, address: str) -> list[str]:
    """What cannot be told from its ground, in the light and in the dark."""
    page.goto(address)
    page.evaluate(OPENED)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {fault}" for fault in page.evaluate(RUN, COLOURS)]
    return found


def narrow(page: Page, address: str) -> list[str]:
    """Whether a telephone without script shows the page, and none of it beyond its edge."""
    page.goto(address)
    beyond = page.evaluate(WIDTH)
    found = [f"{beyond} px wider than a telephone"] if beyond > 0 else []
    return found if page.locator("main h1").count() else [*found, "no heading without script"]
