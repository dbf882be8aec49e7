"""Does a late answer turn into money that a supervisor approves and pays, on any screen?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Locator, Page, expect

from recovery.desk import reference_of
from recovery.reference import show
from tests.cast import ANA
from tests.desks import MR_LEE
from tests.paying import bank
from tests.payouts import leaving
from web.paying import pain
from web.runtime import Runtime
from web.worker.paymaster import Paymaster

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]
LONG_AGO = timedelta(days=40)


@pytest.fixture
def late(runtime: Runtime, address: str) -> str:
    """A complaint of six weeks ago that nobody answered."""
    done = runtime.desk.receive(
        by=ANA, at=datetime.now(UTC) - LONG_AGO, description="No heating.", contact=MR_LEE
    )
    runtime.engine.catch_up()
    Paymaster.of(runtime, clock=lambda: datetime.now(UTC)).step()
    return show(reference_of(done))


def test_a_late_acknowledgement_becomes_money_that_leaves_in_a_bank_file_and_is_told(
    late: str, runtime: Runtime, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    leaving.with_payer(runtime)
    ana = open_browser("ana")
    ana.goto(f"/complaints/{late}")
    ana.get_by_role("link", name="Where the money goes").click()
    ana.get_by_label("In whose name").fill("Mr Lee")
    ana.get_by_label("IBAN", exact=True).last.fill("GB33 BUKB 2020 1555 5555 55")
    ana.get_by_role("button", name="Keep the account").click()
    expect(ana.get_by_text("The account is kept.")).to_be_visible()

    sue, ada = open_browser("sue"), open_browser("ada")
    sue.goto("/payouts")
    row = sue.get_by_role("row").filter(has_text="£10.00").filter(has_text=late)
    row.get_by_text("How it came about").click()
    expect(row.get_by_text("£10.00, as the policy says")).to_be_visible()
    row.get_by_role("checkbox").check()
    sue.get_by_role("button", name=re.compile("^Approve")).last.click()
    expect(sue.get_by_text("Approved", exact=False).first).to_be_visible()

    sue.goto("/paying/batches")
    sue.get_by_label("By which way").select_option("pain.001.001.09")
    sue.get_by_role("button", name="Gather into a batch").click()
    sue.get_by_role("button", name="Sign").click()
    expect(sue.get_by_text("You have signed.")).to_be_visible()
    ada.goto(sue.url.partition("?")[0])
    ada.get_by_role("button", name="Sign").click()
    with ada.expect_download() as download:
        ada.get_by_role("link", name="File 1").click()
    bank_file = tmp_path / "payments.xml"
    download.value.save_as(bank_file)
    pain._schema().assertValid(etree.parse(bank_file))
    [transfer] = bank.accept(bank_file)
    assert (transfer.amount, transfer.currency) == ("10.00", "GBP")

    sue.goto("/paying/answers")
    sue.get_by_label("File", exact=True).set_input_files(
        leaving.statement(tmp_path / "camt.xml", transfer)
    )
    sue.get_by_role("button", name="Read", exact=True).click()
    expect(sue.get_by_text("Lines read: 1. New: 1.")).to_be_visible()
    sue.goto("/paying/ledger")
    expect(
        sue.get_by_role("row").filter(has_text="GBP").get_by_text("£10.00").first
    ).to_be_visible()
    sue.goto(f"/complaints/{late}")
    expect(sue.get_by_text("£10.00 Late acknowledgement Paid")).to_be_visible()
    letter = sue.get_by_role("row").filter(has_text="It was paid")
    _shown(sue, f"/mail?complaint={late}", letter).get_by_role("link").first.click()
    sue.get_by_text("As plain text").click()
    expect(sue.locator("pre").get_by_text("We have paid you £10.00")).to_be_visible()


def _shown(page: Page, address: str, wanted: Locator) -> Locator:
    """What stands on the page once the post has been round."""
    for _ in range(40):
        page.goto(address)
        if wanted.count():
            break
        page.wait_for_timeout(250)
    return wanted.first


@pytest.mark.soak
def test_nothing_of_it_needs_script(late: str, open_browser: OpenBrowser) -> None:
    page = open_browser("sue", java_script_enabled=False)
    page.goto("/payouts")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Approve the chosen").click()

    page.goto("/payouts?stage=approved")
    expect(page.get_by_role("button", name="I pay it by hand")).to_be_visible()
    page.goto(f"/complaints/{late}")
    expect(page.get_by_role("heading", name="Guarantees")).to_be_visible()
