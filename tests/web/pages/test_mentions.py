"""Does somebody who is called in a note see it, until they have answered or put it aside?"""

from __future__ import annotations

from projections.rebuild import check
from tests.web.pages.hands import Hands
from web.runtime import Runtime


def test_a_note_calls_a_colleague_until_they_answer_or_put_it_aside(
    runtime: Runtime, ana: Hands, bo: Hands, complaint: str
) -> None:
    ana.open(f"/complaints/{complaint}")
    page = ana.send(f"/complaints/{complaint}/notes", text="@Bo do you know this driver?")

    assert "@Bo" in page.text
    assert "Notice to Bo" in page.text
    assert 'data-count="mentions" class="count">1<' in bo.open("/queue").html
    assert "do you know this driver?" in bo.open("/mentions").text
    assert "Nobody asks for you" in ana.open("/mentions").text

    assert "Nobody asks for you" in bo.send(f"/mentions/{complaint}").text

    ana.open(f"/complaints/{complaint}")
    ana.send(f"/complaints/{complaint}/notes", text="@bo and now?")
    assert "and now?" in bo.open("/mentions").text
    bo.open(f"/complaints/{complaint}")
    bo.send(f"/complaints/{complaint}/notes", text="I do.")
    assert "Nobody asks for you" in bo.open("/mentions").text
    assert all(found.identical for found in check(runtime.engine))


def test_names_are_offered_by_how_they_begin(ana: Hands) -> None:
    def offered(letters: str) -> list[str]:
        found = ana.client.get("/mentions/colleagues.json", params={"q": letters}).json()
        return [each["name"] for each in found]

    assert offered("b") == ["Bo"]
    assert offered("%") == []
    assert "Ana" not in offered("")


def test_whoever_the_complaint_is_about_is_not_called(
    runtime: Runtime, ana: Hands, bo: Hands, complaint: str
) -> None:
    def call(text: str) -> str:
        ana.open(f"/complaints/{complaint}")
        return ana.send(f"/complaints/{complaint}/notes", text=text).text

    call("@Bo, was it you?")
    runtime.staff.name(complaint, staff=["user:bo"], by="user:sue", at=runtime.store.now())

    assert call("@Bo, he says it was you.").count("Notice to Bo") == 1
    assert "was you" not in bo.open("/mentions").text
    assert 'data-count="mentions" class="count">0<' in bo.open("/queue").html
