"""Can a supervisor find, hand over and forget what is kept of a person, and nobody else?"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from recovery.desk import reference_of
from recovery.holds import Holds
from recovery.mailbox import Brought
from recovery.paying.account import Iban, Party
from recovery.store import Command
from recovery.vault import Contact
from tests.cast import ANA, NINE, SUE
from tests.forgetting.people import OTTOLINE, PHOTO, letter
from tests.web.pages.hands import Hands
from web.forgetting.finding import exactly, find, mentions
from web.mail.intake import Intake
from web.pages.viewer import Viewer
from web.runtime import Runtime


@pytest.fixture
def sue(sit_down: Callable[..., Hands]) -> Hands:
    return sit_down("sue")


@pytest.fixture
def hers(runtime: Runtime) -> str:
    """Ottoline's complaint, with a photograph and a note; her id."""
    now = datetime.now(UTC)
    mail, _ = runtime.mailbox.store(
        letter("Subject: Krummholz"), brought=Brought(), channel="lmtp", at=now
    )
    Intake.of(runtime, clock=lambda: datetime.now(UTC)).step()
    reference = runtime.mailbox.find(mail).reference
    runtime.desk.add_note(
        reference, by=ANA, at=datetime.now(UTC), text="user:error, she said; upset.",
        command=Command("page:user:ana:1"),
    )  # fmt: skip
    runtime.payees.give(
        reference, by=ANA, at=datetime.now(UTC),
        party=Party("Ottoline Quillfeather", Iban.parse("GB33BUKB20201555555555")),
    )  # fmt: skip
    runtime.engine.catch_up()
    return runtime.desk.state(reference)[0].received.complainant


def zipped(hands: Hands, complainant: str) -> zipfile.ZipFile:
    answer = hands.client.get(f"/people/{complainant}/export.zip")
    assert answer.headers["content-type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_a_person_is_found_by_what_is_known_of_them(
    sue: Hands, hers: str, runtime: Runtime
) -> None:
    with runtime.database.connection() as conn:
        [reference] = runtime.store.complaints_of(conn, hers)

    for asked in (OTTOLINE.email, OTTOLINE.email.upper(), "marmoset", reference):
        assert f"/people/{hers}" in sue.open(f"/people?q={asked}").html, asked


def test_a_name_or_a_word_tells_of_nobody_exactly(runtime: Runtime, hers: str) -> None:
    with runtime.database.connection() as conn:
        [reference] = runtime.store.complaints_of(conn, hers)
    now = Viewer(language="en", zone="UTC", scheme="auto", now=datetime.now(UTC))

    assert {hers} == exactly(runtime, OTTOLINE.email.upper(), now)
    assert {hers} == exactly(runtime, reference, now)
    for like in (OTTOLINE.name, "marmoset", OTTOLINE.email[1:], "", reference[:5]):
        assert exactly(runtime, like, now) == set(), like


def test_whoever_only_has_words_like_theirs_is_not_taken_for_them(
    runtime: Runtime, hers: str
) -> None:
    def bring(email: str, description: str) -> str:
        return reference_of(runtime.desk.receive(
            by=ANA, at=NINE, description=description, contact=Contact(email=email), channel="email"
        ))  # fmt: skip

    bring("ottokar@quillfeather.example", "My ottoline arrived late.")
    naming = bring("bea@b.example", "Mrs Quillfeather, ottoline@quillfeather.example, knows of it.")
    runtime.engine.catch_up()
    now = Viewer(language="en", zone="UTC", scheme="auto", now=datetime.now(UTC))

    assert [each.complainant for each in find(runtime, OTTOLINE.email, now)] == [hers]
    assert len(find(runtime, "@quillfeather.example", now)) == 2
    assert mentions(runtime, OTTOLINE, hers, now) == [naming]


def test_nothing_odd_that_is_typed_finds_anybody_or_breaks_the_page(sue: Hands) -> None:
    for asked in (
        "",
        "'",
        "%",
        "@",
        "@\0",
        "龘靐",
        "7GQ2M-4XK9T",
        "0",
        "a" * 200,
        "\x00",
        "\ud7ff",
    ):
        page = sue.open(f"/people?q={quote(asked)}")
        assert page.status == 200, asked
        assert 'href="/people/' not in page.html


def test_whoever_asks_gets_all_of_theirs_and_nothing_of_others(
    sue: Hands, hers: str, complaint: str
) -> None:
    archive = zipped(sue, hers)

    told = json.loads(archive.read("person.json"))
    names = archive.namelist()
    [photo] = [name for name in names if name.endswith("krummholz.png")]
    [mail] = [name for name in names if name.endswith(".eml")]
    everything = json.dumps(told)
    assert archive.read(photo) == PHOTO
    assert b"krummholz.png" in archive.read(mail)
    assert told["contacts"][0]["email"] == OTTOLINE.email
    assert "marmoset" in everything
    assert "user:error, she said; upset." in everything
    assert "GB33BUKB20201555555555" in json.dumps(told["complaints"][0]["money"])
    assert '"by": "agent"' in everything
    assert "user:ana" not in everything
    assert "Lee" not in everything
    page = archive.read("person.html").decode()
    assert "marmoset" in page
    assert "user:error, she said; upset." in page
    assert archive.read("person.pdf").startswith(b"%PDF")


def test_they_are_told_when_their_complaint_was_looked_at_and_not_by_whom(
    sue: Hands, hers: str
) -> None:
    [before] = json.loads(zipped(sue, hers).read("person.json"))["complaints"]
    sue.open(f"/complaints/{before['reference']}/past")

    [after] = json.loads(zipped(sue, hers).read("person.json"))["complaints"]

    assert before["looked_at"] == []
    assert {seen["what"] for seen in after["looked_at"]} == {"past"}
    assert "sue" not in json.dumps(after["looked_at"])


def test_forgetting_takes_two_looks_and_leaves_no_name(
    sue: Hands, hers: str, runtime: Runtime
) -> None:
    sue.open(f"/people/{hers}")
    first = sue.send(f"/people/{hers}/forgetting", reason="asked")
    assert runtime.store.records(f"complainant-{hers}")[-1].event.topic == "complainant.known"
    assert "Forget for good" in first.text

    done = sue.send(f"/people/{hers}/forgetting")

    assert "Forgotten. Nothing of them can be read any more." in done.text
    assert "They asked for it" in done.text
    assert "quillfeather" not in done.html.lower()
    assert sue.open(f"/people/{hers}").status == 404
    assert sue.client.get(f"/people/{hers}/export.zip").status_code == 404


def test_what_came_after_the_first_look_is_looked_at_again(
    sue: Hands, hers: str, runtime: Runtime
) -> None:
    sue.open(f"/people/{hers}")
    sue.send(f"/people/{hers}/forgetting", reason="asked")
    with runtime.database.connection() as conn:
        [reference] = runtime.store.complaints_of(conn, hers)
    runtime.desk.add_note(reference, by=ANA, at=datetime.now(UTC), text="One more.")

    again = sue.send(f"/people/{hers}/forgetting")

    assert again.status == 422
    assert "There is more now than you saw." in again.text
    assert runtime.store.records(f"complainant-{hers}")[-1].event.topic == "complainant.known"


def test_a_hold_is_said_with_its_reason_and_refuses(
    sue: Hands, hers: str, runtime: Runtime
) -> None:
    sue.open(f"/people/{hers}")
    sue.send(f"/people/{hers}/forgetting", reason="asked")
    Holds(runtime.store, runtime.vault).place(
        kind="person", subject=hers, reason="Claim 4711", until=None, by=SUE, at=datetime.now(UTC)
    )

    page = sue.open(f"/people/{hers}")
    assert "A legal hold keeps this" in page.text
    assert "Claim 4711" in page.text
    first = sue.send(f"/people/{hers}/forgetting", reason="asked")
    assert "Forget for good" not in first.text
    refused = sue.send(f"/people/{hers}/forgetting")

    assert refused.status == 422
    assert "A legal hold forbids this: Claim 4711" in refused.text


def test_agents_and_strangers_have_no_business_here(
    ana: Hands, sit_down: Callable[..., Hands], hers: str
) -> None:
    for address in ("/people", f"/people/{hers}", f"/people/{hers}/export.zip"):
        assert ana.open(address).status == 403
        assert sit_down().open(address).address.startswith("/sign-in")
    token = ana.open("/queue").forms["/sign-out"]["csrf"]
    sent = {"csrf": token, "reason": "asked", "sure": "1"}
    assert ana.client.post(f"/people/{hers}/forgetting", data=sent).status_code == 403


def test_ids_that_are_none_are_not_found(sue: Hands) -> None:
    assert sue.open(f"/people/{'f' * 32}").status == 404
    assert sue.open("/people/user:ana").status in (404, 422)
