"""Does a complainant get from the public form to the survey, on a telephone, in Chinese?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from recovery.events import FilesAdded, Reopened, Surveyed, complaint_stream
from tests.browser.conftest import TELEPHONE
from tests.cast import SUE
from web.mail import caught
from web.pages.reading import reader
from web.runtime import Runtime

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]
IN_CHINESE = {"viewport": TELEPHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


def test_from_the_form_to_the_survey_without_an_account(
    open_browser: OpenBrowser, runtime: Runtime
) -> None:
    page = open_browser(**IN_CHINESE)
    reference = _complain(page)
    runtime.desk.acknowledge(reference, by=SUE, at=datetime.now(UTC))

    page.goto(_link_in_the_letter(page, runtime, reference))
    _answer_with_a_file(page)
    _answered_and_closed(runtime, reference)
    page.reload()
    page.get_by_role("button", name="是，解决了").click()
    expect(page.get_by_role("heading", name="这样解决了吗")).to_have_count(0)
    _say_that_it_went_badly(page)
    _ask_to_look_again(page)

    told = [record.event for record in runtime.store.records(complaint_stream(reference))]
    assert any(isinstance(event, FilesAdded) for event in told)
    assert [event.experience for event in told if isinstance(event, Surveyed)] == [1]
    assert isinstance(told[-1], Reopened)


def _complain(page: Page) -> str:
    page.goto("/complain")
    page.get_by_label("发生了什么").fill("电梯坏了三天，没有人回电话。")
    page.get_by_label("您的电子邮箱").fill("li@example.org")
    page.get_by_label("不再发生").check()
    _send(page, "/complain")
    page.wait_for_url("**/mine/**")
    _fits(page)
    expect(page.locator(".promises li")).to_have_count(3)
    shown = page.locator("h1 .mono").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", shown)
    return shown.replace("-", "")


def _link_in_the_letter(page: Page, runtime: Runtime, reference: str) -> str:
    """The path that the caught letter names; the post takes a moment to write it."""
    for _ in range(100):
        with reader(runtime) as conn:
            letters = caught.page(conn, runtime.vault, complaint=reference).letters
        if letters:
            break
        page.wait_for_timeout(50)
    assert letters
    assert letters[0].letter
    assert letters[0].language == "zh"
    found = re.search(r"https?://\S+/mine/\S+", letters[0].letter.text)
    assert found, letters[0].letter.text
    return urlsplit(found[0]).path


def _answer_with_a_file(page: Page) -> None:
    page.get_by_label("您的留言").fill("这是照片。")
    photo = FilePayload(name="电梯.png", mimeType="image/png", buffer=b"\x89PNG\r\n\x1a\n")
    page.locator("#message-files").set_input_files(photo)
    _send(page, "/message")
    said = page.locator(".timeline")
    expect(said).to_contain_text("这是照片。")
    expect(said).to_contain_text("电梯.png")
    _fits(page)


def _answered_and_closed(runtime: Runtime, reference: str) -> None:
    at = datetime.now(UTC)
    runtime.desk.explain(reference, by=SUE, at=at, outcome="not_upheld", message="雷暴造成停电。")
    runtime.desk.close(reference, by=SUE, at=at, outcome="not_upheld")
    runtime.engine.catch_up()


def _say_that_it_went_badly(page: Page) -> None:
    survey = page.locator("form[action$='/survey']")
    survey.locator("[name=experience][value='1']").check()
    survey.locator("[name=treatment][value='4']").check()
    survey.locator("[name=fulfilled][value='no']").check()
    _fits(page)
    _send(page, "/survey")


def _ask_to_look_again(page: Page) -> None:
    expect(page.get_by_role("heading", name="要我们重新处理吗")).to_be_visible()
    page.get_by_label("还有什么问题").fill("电梯还是坏的。")
    _fits(page)
    _send(page, "/contest")
    expect(page.locator(".timeline")).to_contain_text("您请我们重新处理")


def _send(page: Page, action: str) -> None:
    _button(page, action).click()
    page.wait_for_load_state()


def _button(page: Page, action: str) -> Locator:
    return page.locator(f"form[action$='{action}'] .btn-primary").last


def _fits(page: Page) -> None:
    """Nothing is wider than the telephone."""
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
