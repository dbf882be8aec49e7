"""Does the notice of a reply that did not leave say why, the same in both parts and languages?"""

from __future__ import annotations

import pytest

from tests.mail.test_letters import STYLES, Seen, used, words
from web.accounts import User
from web.mail.kept import CONTEXT, WHY, letter
from web.mail.wording import WORDINGS, Tongue


@pytest.mark.parametrize("spoken", WORDINGS)
def test_it_names_every_reason_and_the_way_back(spoken: Tongue) -> None:
    ana = User("ana", "ana@desk.example", "Ana Ortiz", "agent", spoken)

    found = letter(
        "7GQ2M4XK9T", tuple(WHY), ana, base_url="https://desk.example", organisation="Us"
    )

    assert set().union(*(used(f"letters/{spoken}/kept.{style}") for style in STYLES)) == CONTEXT
    assert words(Seen(found.html).text) == words(found.text)
    assert "https://desk.example/complaints/7GQ2M-4XK9T" in found.text
    assert found.text.count("\n- ") == len(WHY)
    assert "7GQ2M-4XK9T" in found.subject
