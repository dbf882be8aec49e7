"""Can a supervisor change a letter, see it on a real complaint, and go back?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.pages.hands import Hands

HERE = "/mail/templates/received/en"


@pytest.fixture
def sue(sit_down: Callable[..., Hands]) -> Hands:
    return sit_down("sue")


def test_a_letter_is_seen_on_a_real_complaint_and_put_in_use(sue: Hands, complaint: str) -> None:
    sue.open(HERE)
    words = {"subject": "We know ({{ reference }})", "text": "{{ greeting }}\n\nSue wrote this."}

    seen = sue.send(HERE, **words, reference=complaint, act="look")
    assert "Dear Mr Lee, Sue wrote this." in seen.text
    assert f"We know ({complaint})" in seen.text
    assert "Version 1" not in seen.text

    used = sue.send(HERE, **words, act="save")
    assert "Version 1" in used.text

    back = sue.send(HERE, back="0")
    assert "as shipped" in back.text


def test_a_broken_template_is_refused_and_stays(sue: Hands) -> None:
    sue.open(HERE)

    page = sue.send(HERE, text="Hello\n{{ nobody }}", act="save")

    assert page.status == 422
    assert "Line 2: “nobody” cannot be used here." in page.text
    assert page.forms[HERE]["text"] == "Hello\n{{ nobody }}"


def test_agents_look_pieces_of_text_up_and_do_not_change_them(sue: Hands, ana: Hands) -> None:
    sue.open("/mail/templates")
    sue.send("/mail/templates/modules", name="sorry", english="We are sorry.", chinese="对不起。")

    found = ana.client.get("/mail/templates/modules.json?q=so").json()

    assert found == [{"name": "sorry", "en": "We are sorry.", "zh": "对不起。"}]
    assert ana.client.get("/mail/templates").status_code == 403
