"""Does what nobody would type by mistake get a sentence, never a fault?"""

from __future__ import annotations

import hashlib

import pytest
from starlette.testclient import TestClient

from recovery.complainant import complainant_id
from recovery.vault import Contact
from tests.web.conftest import BASE
from web.runtime import Runtime

NUL = "%00"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"channel={NUL}", 200),
        (f"source={NUL}&view=all", 200),
        (f"q={NUL}", 200),
        (f"cursor=2026-01-01T00:00:00%2B00:00~{NUL}", 422),
        ("cursor=2026-01-01T00:00:00%2B00:00~AAAAAAAAAB", 422),
    ],
)
def test_the_queue_can_be_asked_for_anything(ana: TestClient, query: str, status: int) -> None:
    assert ana.get(f"/api/v1/queue?{query}").status_code == status


def test_nobody_is_called_nul(ana: TestClient, reference: str) -> None:
    answer = ana.post(f"/api/v1/complaints/{reference}/assignment", json={"agent": "\0"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "agent"


@pytest.mark.parametrize("email", ["\0@desk.test", "😀@desk.test", "@"])
def test_a_strange_address_is_only_a_wrong_one(stranger: TestClient, email: str) -> None:
    answer = stranger.post("/sign-in", data={"email": email, "password": "x" * 12})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "address", ["//[", "http://[", "//evil.test", "/\\evil.test", "javascript:x"]
)
def test_signing_in_leads_nowhere_but_here(
    stranger: TestClient, address: str, people: object
) -> None:
    answer = stranger.post(
        "/sign-in",
        data={
            "email": "ana@desk.test", "password": "put right what went wrong", "next": address,
        },
    )  # fmt: skip

    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")


@pytest.mark.parametrize("origin", ["http://[", "null", "https://evil.test", f"{BASE}.evil.test"])
def test_another_site_cannot_send_our_forms(stranger: TestClient, origin: str) -> None:
    assert stranger.post("/sign-out", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("language", ["中文", "zh-", "-en", "en--gb", "e", "١٢", "en_GB"])
def test_a_language_is_a_tag(ana: TestClient, language: str) -> None:
    complainant = {"email": "lee@example.org", "language": language}

    answer = ana.post(
        "/api/v1/complaints", json={"description": "Lost.", "complainant": complainant}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "language"


def test_strangers_without_a_number_of_their_own_are_not_one_person() -> None:
    ids = {complainant_id(Contact(phone=phone), salt=b"s") for phone in ("0", "0", "000", "n/a")}

    assert len(ids) == 4


def test_what_is_kept_of_a_request_confirms_no_guess_at_its_words(
    ana: TestClient, reference: str, runtime: Runtime
) -> None:
    body, path = b'{"text":"yes"}', f"/api/v1/complaints/{reference}/notes"
    ana.post(path, content=body, headers={"Idempotency-Key": "k-1"})

    with runtime.database.connection() as conn:
        [kept] = conn.execute("select digest from desk.commands where digest is not null")
    assert bytes(kept[0]) != hashlib.sha256(f"POST {path}\n".encode() + body).digest()
