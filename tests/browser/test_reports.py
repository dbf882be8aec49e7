"""Can the SLA report be read closer, without script, without colour and on paper?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import ANA, HOUR, NINE
from tests.desks import MR_LEE
from web.runtime import Runtime

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]


@pytest.fixture(autouse=True)
def complaints(runtime: Runtime) -> None:
    for channel in ("email", "phone", "letter"):
        done = runtime.desk.receive(
            by=ANA, at=NINE, description="No heating.", channel=channel, contact=MR_LEE,
        )  # fmt: skip
        if channel == "email":
            reference = done.stream.partition("-")[2]
            runtime.desk.acknowledge(reference, by=ANA, at=NINE + HOUR)
    runtime.engine.catch_up()


def test_a_supervisor_divides_the_report_and_looks_closer(open_browser: OpenBrowser) -> None:
    page = open_browser("sue")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="SLA report")).to_be_visible()

    page.get_by_label("Divided by").select_option("channel")
    page.get_by_role("button", name="Show").click()
    promises = page.locator("#table-promises")
    expect(promises.get_by_role("row", name="Email Acknowledge 100.0% 1")).to_be_visible()
    promises.get_by_role("link", name="Letter").first.click()

    expect(page.get_by_role("link", name="Channel: Letter")).to_be_visible()
    expect(page.locator(".figures dd").first).to_have_text("1")
    page.get_by_role("link", name="Channel: Letter").click()
    expect(page.locator(".figures dd").first).to_have_text("3")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"CSV\s*: Promises")).click()
    assert download.value.suggested_filename.startswith("sla-promises-")


@pytest.mark.soak
def test_it_works_without_script(open_browser: OpenBrowser) -> None:
    page = open_browser("sue", java_script_enabled=False)
    page.goto("/reports/sla")
    page.get_by_label("Divided by").select_option("month")
    page.get_by_role("button", name="Show").click()

    expect(page.locator("#table-times").get_by_role("link", name="2026-03").first).to_be_visible()


def test_the_pictures_differ_in_more_than_colour_and_print(open_browser: OpenBrowser) -> None:
    page = open_browser("sue")
    page.goto("/reports/sla")

    looks = {
        page.locator(f"svg.bar rect.bar-{look}").first.get_attribute("fill")
        for look in ("met", "breached", "open")
    }
    assert looks == {None, "url(#bar-breached)", "url(#bar-open)"}
    page.emulate_media(media="print")
    expect(page.locator(".report-form")).to_be_hidden()
    expect(page.locator("#table-times")).to_be_visible()
