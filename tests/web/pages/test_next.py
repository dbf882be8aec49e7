"""Taking the next complaint with one press."""

from __future__ import annotations

from tests.web.pages.hands import Hands


def test_one_press_takes_the_most_urgent_and_opens_it(ana: Hands, complaint: str) -> None:
    ana.open("/queue")
    page = ana.send("/queue/next")

    assert page.address == f"/complaints/{complaint}?done=next"
    assert "This one is yours" in page.text
    assert "Ana took it" in page.text


def test_nothing_to_take_is_said(ana: Hands) -> None:
    ana.open("/queue")

    assert "Nothing is left that you may take." in ana.send("/queue/next").text
