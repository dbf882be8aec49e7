"""Coming in, going out, language and light."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import PASSWORD
from tests.web.pages.hands import Hands

SitDown = Callable[..., Hands]


def test_a_stranger_is_led_to_the_sign_in_page_and_back(sit_down: SitDown) -> None:
    somebody = sit_down()
    somebody.open("/mail")
    assert somebody.page
    assert somebody.page.address == "/sign-in?next=%2Fmail"

    page = somebody.send("/sign-in", email="ana@desk.test", password=PASSWORD)

    assert page.address == "/mail"


def test_a_wrong_password_keeps_the_address_and_says_so(sit_down: SitDown) -> None:
    page = sit_down().send("/sign-in", email="ana@desk.test", password="guessed")

    assert page.status == 422
    assert "The email address or the password is not right." in page.text
    assert page.forms["/sign-in"]["email"] == "ana@desk.test"
    assert "guessed" not in page.html


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_signing_in_never_leads_to_another_site(sit_down: SitDown, elsewhere: str) -> None:
    somebody = sit_down()

    page = somebody.send("/sign-in", email="ana@desk.test", password=PASSWORD, next=elsewhere)

    assert page.address == "/queue"


def test_signing_out_ends_the_session(ana: Hands) -> None:
    ana.open("/queue")
    page = ana.send("/sign-out")
    assert "You are signed out." in page.text

    assert ana.open("/queue").address.startswith("/sign-in")


def test_a_chinese_browser_is_spoken_to_in_chinese(sit_down: SitDown) -> None:
    page = sit_down(**{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}).open("/sign-in")

    assert "登录" in page.text
    assert '<html lang="zh-Hans"' in page.html


def test_a_chosen_language_and_light_stay_chosen(ana: Hands) -> None:
    ana.open("/queue")
    ana.send("/preferences", language="zh")
    ana.send("/preferences", scheme="dark")

    page = ana.open("/mail")

    assert "信件" in page.text
    assert 'data-scheme="dark"' in page.html


def test_an_agent_does_not_see_what_is_for_supervisors(ana: Hands, sit_down: SitDown) -> None:
    assert ana.open("/health").status == 403
    assert 'href="/health"' not in ana.open("/queue").html
    assert "Health" not in ana.open("/keys").text

    assert "Health" in sit_down("sue").open("/keys").text
    assert "Up to date" in sit_down("sue").open("/health").text


def test_a_form_without_its_token_does_nothing(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")

    page = ana.send(f"/complaints/{complaint}/notes", csrf="made up", text="Never kept")

    assert page.status == 403
    assert "Never kept" not in ana.open(f"/complaints/{complaint}").text
