"""Drafts and presence without a browser's script."""

from __future__ import annotations

from projections import views
from recovery.forgetter import Forgetter
from recovery.reference import parse
from tests.cast import NINE
from tests.web.pages.hands import Hands
from web.pages.liverows import LiveRows
from web.runtime import Runtime
from web.workbench import drafts


def csrf(hands: Hands, complaint: str) -> str:
    page = hands.open(f"/complaints/{complaint}")
    return page.forms[f"/complaints/{complaint}/notes"]["csrf"]


def keep(hands: Hands, complaint: str, act: str, text: str, had: str = "") -> int:
    return hands.client.post(
        f"/complaints/{complaint}/drafts/{act}",
        data={"csrf": csrf(hands, complaint), "text": text, "had": had},
    ).status_code


def test_a_draft_stands_in_its_form_until_it_is_sent_and_colleagues_see_it(
    ana: Hands, bo: Hands, complaint: str
) -> None:
    here = f"/complaints/{complaint}"
    assert keep(ana, complaint, "letters", "We are on") == 204
    assert keep(ana, complaint, "letters", "We are on it.") == 204

    mine = ana.open(here)
    assert mine.forms[f"{here}/letters"]["text"] == "We are on it."
    theirs = bo.open(here)
    assert theirs.forms[f"{here}/letters"]["text"] == ""
    assert "Ana has begun, not sent: Write We are on it." in theirs.text

    ana.open(here)
    ana.send(f"{here}/letters")
    assert "has begun" not in bo.open(here).text


def test_what_a_mail_adds_stays_until_its_writer_has_had_it_on_a_page(
    ana: Hands, runtime: Runtime, complaint: str
) -> None:
    complainant = runtime.desk.state(complaint)[0].received.complainant

    def kept(text: str, had: str = "") -> str:
        keep(ana, complaint, "letters", text, had)
        return ana.open(f"/complaints/{complaint}").forms[f"/complaints/{complaint}/letters"][
            "text"
        ]

    def mailed() -> None:
        with runtime.database.connection() as conn:
            drafts.add(
                conn, runtime.vault, complaint=parse(complaint), complainant=complainant,
                user="ana", act="letters", text="We are on it", at=NINE,
            )  # fmt: skip

    kept("We are on it, and sorry.")
    mailed()
    assert kept("We are on it, and very sorry.") == "We are on it, and very sorry.\n\nWe are on it"
    assert kept("Sorry.\n\nWe are on it") == "Sorry.\n\nWe are on it"
    assert kept("Sorry.") == "Sorry."
    mailed()
    assert kept("Sorry!", had="Sorry.") == "Sorry!\n\nWe are on it"
    assert kept("Sorry!", had="Sorry!\n\nWe are on it") == "Sorry!"


def test_drafts_are_forgotten_with_the_person(ana: Hands, runtime: Runtime, complaint: str) -> None:
    keep(ana, complaint, "notes", "He is at work until six.")
    complainant = runtime.desk.state(complaint)[0].received.complainant
    Forgetter(runtime.store, runtime.vault).forget(
        complainant, by="user:ada", at=runtime.store.now(), reason="asked"
    )

    assert "He is at work" not in ana.open(f"/complaints/{complaint}").html
    assert keep(ana, complaint, "notes", "Again.") == 204
    with runtime.database.connection() as conn:
        assert conn.execute("select count(*) from desk.drafts d join desk.papers using (paper)"
                            ).fetchone() == (0,)  # fmt: skip


def test_a_draft_of_no_form_is_refused(ana: Hands, complaint: str) -> None:
    assert keep(ana, complaint, "assignment", "x") == 422


def test_an_empty_queue_that_stands_open_says_what_is_new(runtime: Runtime, complaint: str) -> None:
    on_page = LiveRows()
    with runtime.database.engine.connect() as conn:
        lines = views.page(conn, "open", now=NINE).lines

    assert [on_page.new([]), on_page.new(lines)] == [0, 1]


def test_the_palette_finds_complaints_by_words(ana: Hands, complaint: str) -> None:
    found = ana.client.get("/palette", params={"q": "parcel"}).json()

    assert [each["reference"] for each in found] == [complaint]
    assert found[0]["words"] == "Lost parcel"
    assert ana.client.get("/palette", params={"q": " "}).json() == []
