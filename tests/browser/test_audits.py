"""Does a supervisor get from a question about real complaints to a paper that a colleague has?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fairness.conftest import BringIn, bring_in, demographics  # noqa: F401
from web.runtime import Runtime

OpenBrowser = Callable[..., Page]


@pytest.mark.soak
def test_the_income_question_from_asking_to_the_paper(
    open_browser: OpenBrowser, runtime: Runtime, bring_in: BringIn, demographics: None,  # noqa: F811
) -> None:  # fmt: skip
    bring_in("cfpb-2011-2016.csv", "cfpb")
    page = open_browser("sue")
    page.set_default_timeout(30_000)

    page.goto("/audits")
    page.get_by_label("Measure").select_option("money_relief")
    page.get_by_label("Between the groups of").select_option("per_capita_income_tercile")
    page.get_by_label("Comparing like with like by").select_option("product")
    page.get_by_label("As of").fill("2026-01-01T00:00Z")
    page.get_by_role("button", name="Ask", exact=True).click()

    expect(page.get_by_text("a quarter less often")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("5.5% of cases")).to_be_visible()
    with page.expect_download(timeout=60_000) as paper:
        page.get_by_role("link", name="PDF").click()
    assert paper.value.suggested_filename.endswith(".pdf")
    stratum = page.get_by_label("Stratum", exact=True).input_value()
    assert stratum == "Mortgage"
    page.get_by_role("button", name="Show the complaints").click()
    expect(page.get_by_role("heading", name=re.compile(stratum))).to_be_visible()
    page.get_by_role("link", name="Back to the audit").click()

    page.get_by_label("What you make of it").fill("Look at the mortgages.")
    page.get_by_role("button", name="Sign off").click()
    expect(page.get_by_text("By Sue")).to_be_visible()
    page.get_by_role("button", name="Send the PDF").click()
    expect(page.get_by_text("The audit is on its way to your colleague.")).to_be_visible()
    page.goto("/mail")
    expect(page.get_by_role("link", name=re.compile("Fairness audit"))).to_be_visible(
        timeout=60_000
    )
