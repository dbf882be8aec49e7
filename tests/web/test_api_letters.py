"""Are letters that programs write looked at, and with care treated like those of the page?"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from recovery.delivery import delivery_id
from recovery.events import MessageSent, complaint_stream, delivery_stream
from recovery.vault import Files, Words, read
from web.runtime import Runtime
from web.settings import Settings

KIND = "We looked into it: the engineer was ill. We have booked Monday 9 March for you."
RUDE = "You are wrong. We looked into it and have booked Monday 9 March."


@pytest.fixture
def ana(program: Callable[..., TestClient], settings: Settings) -> TestClient:
    object.__setattr__(settings, "mail_pause", 15)
    return program("ana")


@pytest.fixture
def place(ana: TestClient) -> str:
    body = {"description": "No heating.", "complainant": {"email": "lee@example.org"}}
    return f"/api/v1/complaints/{ana.post('/api/v1/complaints', json=body).json()['id']}"


def test_a_careful_letter_waits_and_can_be_taken_back(
    ana: TestClient, place: str, runtime: Runtime
) -> None:
    before = datetime.now(UTC)
    body = {"outcome": "upheld", "message": KIND, "careful": True}
    letter = ana.post(f"{place}/explanation", json=body).json()["letter"]
    leaves = datetime.fromisoformat(letter["leaves_at"])
    assert 14 < (leaves - before).total_seconds() < 20

    back = ana.delete(f"{place}/letters/{letter['act']}")
    again = ana.delete(f"{place}/letters/{letter['act']}")

    assert (back.status_code, again.json()) == (200, back.json())
    records = runtime.store.records(delivery_stream(delivery_id(place[-10:], letter["act"])))
    assert [record.event.topic for record in records] == ["delivery.cancelled"]
    assert ana.get(place).json()["stage"] == "received"


@pytest.mark.parametrize(
    "body",
    [
        dict,
        lambda: {"careful": True, "at": datetime.now(UTC).isoformat()},
        lambda: {"careful": True, "leaves_at": "2026-01-01T00:00:00Z"},
    ],
    ids=["without care", "done before", "due"],
)
def test_what_nobody_asked_to_hold_leaves_at_once(
    ana: TestClient, place: str, body: Callable[[], dict[str, object]]
) -> None:
    sent = ana.post(f"{place}/messages", json={"text": KIND} | body()).json()["letter"]

    assert sent == {"act": 2, "warned": []}


def test_a_letter_without_care_is_sent_and_told_what_speaks_against_it(
    ana: TestClient, place: str
) -> None:
    sent = ana.post(f"{place}/messages", json={"text": RUDE})

    assert sent.status_code == 200
    assert sent.json()["letter"] == {"act": 2, "warned": ["you_are_wrong"]}


def test_refused_words_are_named_and_overruled_with_a_reason_and_what_is_missing_is_told(
    ana: TestClient, place: str, runtime: Runtime
) -> None:
    rude = {"text": RUDE, "careful": True}
    refused = ana.post(f"{place}/messages", json=rude)
    sent = ana.post(f"{place}/messages", json=rude | {"overruled": "A quotation."})

    body = {"outcome": "upheld", "message": "We are sorry.", "careful": True}
    told = ana.post(f"{place}/explanation", json=body)

    assert told.json()["letter"]["warned"] == ["no_cause"]
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["field"] == "text"
    assert error["message"].startswith("“You are wrong” (you_are_wrong): ")
    assert sent.json()["letter"]["warned"] == ["you_are_wrong"]
    event = runtime.store.records(complaint_stream(place[-10:]))[-2].event
    assert isinstance(event, MessageSent)
    assert event.letter.overruled
    with runtime.database.connection() as conn:
        papers = runtime.vault.open_many(conn, [event.letter.overruled.paper])
    why = read(papers, event.letter.overruled, Words)
    assert why is not None
    assert why.text == "A quotation."


def test_files_go_along(ana: TestClient, place: str, runtime: Runtime) -> None:
    content = base64.b64encode(b"%PDF-1.7 bill" * 100_000).decode()
    files = [{"name": "C:\\账单.pdf", "content": content, "type": "image/png"}]
    answer = ana.post(f"{place}/messages", json={"text": KIND, "files": files})
    wrong = ana.post(f"{place}/messages", json={"text": KIND, "files": [{"name": "a"}]})

    assert answer.status_code == 200, answer.text
    event = runtime.store.records(complaint_stream(place[-10:]))[-1].event
    assert isinstance(event, MessageSent)
    assert event.letter.files
    with runtime.database.connection() as conn:
        listing = read(
            runtime.vault.open_many(conn, [event.letter.files.paper]), event.letter.files, Files
        )
    assert listing is not None
    [file] = listing.files
    assert (file.name, file.type, file.size) == ("账单.pdf", "application/pdf", 1_300_000)
    assert wrong.status_code == 422
