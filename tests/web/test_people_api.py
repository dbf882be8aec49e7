"""May a supervisor's program find, hand over, hold and forget, and nobody else's?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recovery.desk import reference_of
from recovery.vault import Contact
from tests.cast import ANA, NINE
from web.runtime import Runtime

LEE = Contact(name="Mr Lee", email="lee@example.org")


@pytest.fixture
def reference(runtime: Runtime) -> str:
    done = runtime.desk.receive(
        by=ANA, at=NINE, description="My parcel never came.", contact=LEE,
        attributes={"matter": "fire_2026"},
    )  # fmt: skip
    runtime.engine.catch_up()
    return reference_of(done)


def test_from_finding_to_forgetting(
    program: Callable[..., TestClient], reference: str, runtime: Runtime
) -> None:
    sue = program("sue")
    [found] = sue.get("/api/v1/people", params={"q": LEE.email}).json()["people"]
    address = f"/api/v1/people/{found['id']}"
    held = sue.post(
        "/api/v1/holds", json={"kind": "matter", "subject": "fire_2026", "reason": "Claim 4711"}
    )
    assert held.status_code == 201
    hold = held.json()["hold"]

    kept = sue.get(address).json()
    assert (kept["counts"]["complaints"], kept["holds"][0]["hold"]) == (1, hold)
    refused = sue.post(f"{address}/forgetting", json={})
    assert refused.status_code == 422
    assert "Claim 4711" in refused.json()["detail"]

    assert sue.post(f"/api/v1/holds/{hold}/end").status_code == 200
    assert sue.get("/api/v1/holds").json()["holds"][0]["in_force"] is False
    worded = sue.post(f"{address}/forgetting", json={"reason": "Mr Lee"})
    assert (worded.status_code, worded.json()["errors"][0]["field"]) == (422, "reason")
    key = {"Idempotency-Key": "once"}
    first = sue.post(f"{address}/forgetting", json={"reason": "asked"}, headers=key)
    again = sue.post(f"{address}/forgetting", json={"reason": "asked"}, headers=key)
    assert first.status_code == 200
    assert again.json() == first.json()
    assert sue.get(address).status_code == 404
    assert sue.get("/api/v1/retention").json() == {"rules": [], "due": 0, "by_rule": {}}


def test_an_agents_program_may_nothing_of_it(
    program: Callable[..., TestClient], reference: str
) -> None:
    ana, person = program("ana"), "f" * 32
    answers = [
        ana.get("/api/v1/people", params={"q": "lee"}), ana.get(f"/api/v1/people/{person}"),
        ana.get(f"/api/v1/people/{person}/export.zip"), ana.get("/api/v1/holds"),
        ana.get("/api/v1/retention"), ana.post(f"/api/v1/people/{person}/forgetting", json={}),
        ana.post("/api/v1/holds", json={"kind": "matter", "subject": "a", "reason": "b"}),
        ana.post(f"/api/v1/holds/{'a' * 16}/end"),
    ]  # fmt: skip

    assert {each.status_code for each in answers} == {403}


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "planet", "subject": "x", "reason": "y"},
        {"kind": "matter", "subject": "not a code!", "reason": "y"},
        {"kind": "complaint", "subject": "nonsense", "reason": "y"},
        {"kind": "matter", "subject": "a", "reason": ""},
        {"kind": "matter", "subject": "a", "reason": "b", "until": "1999-01-01"},
        {"kind": "matter", "subject": "a", "reason": "b", "until": "soon"},
    ],
)
def test_what_cannot_be_held_is_said(
    program: Callable[..., TestClient], body: dict[str, str]
) -> None:
    assert program("sue").post("/api/v1/holds", json=body).status_code == 422
