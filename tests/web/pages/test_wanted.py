"""Does somebody say which mail of the desk they want?"""

from __future__ import annotations

from collections.abc import Callable

from tests.web.pages.hands import Hands
from web.mail.wanted import unwanted
from web.runtime import Runtime


def test_who_unticks_something_goes_without_it_and_can_have_it_back(
    runtime: Runtime, ana: Hands, sit_down: Callable[..., Hands]
) -> None:
    def without(person: str) -> frozenset[str]:
        with runtime.database.connection() as conn:
            return unwanted(conn, person)

    sue = sit_down("sue")
    assert "with the newest head of the seal" in sue.open("/mail/wanted").text
    assert "with the newest head of the seal" not in ana.open("/mail/wanted").text
    assert "with the newest head of the seal" not in sit_down("ada").open("/mail/wanted").text

    assert "Kept." in sue.send("/mail/wanted", kind="calls").text
    ana.send("/mail/wanted", kind=["nonsense", "calls"])
    assert (without("sue"), without("ana")) == ({"daily"}, set())

    sue.send("/mail/wanted", kind=["calls", "daily"])
    assert without("sue") == frozenset()
