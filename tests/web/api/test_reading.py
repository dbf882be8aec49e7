"""Is a program told what there is, and nothing that it may not see?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from recovery.forgetter import Forgetter
from tests.web.api.calls import LITTLE, Program, act, problem
from web.api.examples import EXAMPLES
from web.runtime import Runtime

# ---------------------------------------------------------------- reading


def test_the_past_is_told_as_it_was(ana: TestClient) -> None:
    then = datetime.now(UTC) - timedelta(days=3)
    sent = {**LITTLE, "received_at": then.isoformat()}
    reference = ana.post("/api/v1/complaints", json=sent).json()["reference"]
    day_later = (then + timedelta(days=1)).isoformat()
    act(ana, reference, "acknowledgement", {"at": day_later})
    address = f"/api/v1/complaints/{reference}"

    hour_after = ana.get(address, params={"as_of": (then + timedelta(hours=1)).isoformat()})
    two_days_after = ana.get(address, params={"as_of": (then + timedelta(days=2)).isoformat()})
    not_yet_known = ana.get(address, params={"known_at": day_later})

    assert hour_after.json()["stage"] == "received"
    assert two_days_after.json()["stage"] == "acknowledged"
    assert problem(not_yet_known, 404)


def test_instants_are_told_in_utc_wherever_they_were_written(ana: TestClient) -> None:
    sent = {**LITTLE, "received_at": "2026-03-02T17:00:00+08:00"}
    created = ana.post("/api/v1/complaints", json=sent).json()
    reference = created["reference"]
    act(ana, reference, "acknowledgement", {"at": "2026-03-02T18:00:00+08:00"})

    clock = ana.get(f"/api/v1/complaints/{reference}/clocks").json()["clocks"][0]

    assert clock["started_at"] == "2026-03-02T09:00:00Z"
    assert clock["stopped_at"] == "2026-03-02T10:00:00Z"
    assert created["clocks"][0]["policy_version"] == clock["policy_version"]


def test_events_are_told_in_order_and_in_pages(ana: TestClient, reference: str) -> None:
    act(ana, reference, "acknowledgement")
    address = f"/api/v1/complaints/{reference}/events"

    first = ana.get(address, params={"limit": 2}).json()
    rest = ana.get(address, params={"after": first["cursor"]}).json()

    types = [event["type"] for event in first["events"] + rest["events"]]
    assert types == [
        "complaint.received", "complaint.incident_recorded", "complaint.acknowledged",
    ]  # fmt: skip
    assert rest["cursor"] is None


def test_clocks_say_what_was_promised(ana: TestClient, reference: str) -> None:
    body = ana.get(f"/api/v1/complaints/{reference}/clocks").json()

    promised = {clock["name"]: clock["target"] for clock in body["clocks"]}
    assert promised["acknowledge"] == "4 business hours"
    assert body["next_due"] == min(clock["due"] for clock in body["clocks"])


def test_the_queue_tells_the_most_urgent_first_in_pages(ana: TestClient, runtime: Runtime) -> None:
    for days in (1, 3, 2):
        sent = {**LITTLE, "received_at": (datetime.now(UTC) - timedelta(days=days)).isoformat()}
        ana.post("/api/v1/complaints", json=sent)
    runtime.engine.catch_up()

    first = ana.get("/api/v1/queue", params={"limit": 2}).json()
    rest = ana.get("/api/v1/queue", params={"limit": 2, "cursor": first["cursor"]}).json()

    tickets = first["tickets"] + rest["tickets"]
    assert [t["next_due"] for t in tickets] == sorted(t["next_due"] for t in tickets)
    assert len({t["reference"] for t in tickets}) == 3
    assert rest["cursor"] is None
    assert first["counts"]["open"] == 3


def test_the_queue_is_filtered(ana: TestClient, reference: str, runtime: Runtime) -> None:
    ana.post("/api/v1/complaints", json=LITTLE)
    act(ana, reference, "assignment", {"agent": "me"})
    runtime.engine.catch_up()

    for params in ({"channel": "phone"}, {"view": "mine"}, {"q": "hot water"}):
        found = ana.get("/api/v1/queue", params=params).json()["tickets"]
        assert [t["reference"] for t in found] == [reference], params


@pytest.mark.parametrize(
    "params", [{"view": "mad"}, {"colour": "blue"}, {"cursor": "x"}, {"limit": "0"}, {"limit": "a"}]
)
def test_the_queue_refuses_what_it_does_not_know(ana: TestClient, params: dict[str, str]) -> None:
    assert problem(ana.get("/api/v1/queue", params=params), 422)


def test_a_forgotten_complainant_leaves_the_counts_and_clocks_and_no_word(
    ana: TestClient, reference: str, runtime: Runtime
) -> None:
    address = f"/api/v1/complaints/{reference}"
    before = ana.get(address).json()

    Forgetter(runtime.store, runtime.vault).forget(
        before["complainant"]["id"], by="user:ada", at=datetime.now(UTC), reason="asked"
    )

    after = ana.get(address)
    assert after.json()["complainant"]["forgotten"] is True
    assert (after.json()["subject"], after.json()["description"]) == (None, None)
    assert after.json()["clocks"] == before["clocks"]
    assert "Lee Ming" not in after.text


# ---------------------------------------------------------------- who may


def test_mallory_without_a_token_gets_nothing(stranger: TestClient) -> None:
    for token in ("", "Bearer", "Bearer rcv_guess", "Basic YTpi"):
        answer = stranger.get("/api/v1/queue", headers={"Authorization": token})
        assert problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_that_may_only_read_cannot_write(program: Program, reference: str) -> None:
    reader = program("bo", "complaints:read")

    assert reader.get(f"/api/v1/complaints/{reference}").status_code == 200
    answer = reader.post(f"/api/v1/complaints/{reference}/notes", json=EXAMPLES["Note"])
    assert "complaints:write" in problem(answer, 403)["detail"]


def test_the_complainants_own_page_is_told_to_whoever_may_write(
    program: Program, reference: str
) -> None:
    """Whoever has its address accepts, contests and claims."""
    reader, both = program("bo", "complaints:read"), program("ana")

    told = [each.get(f"/api/v1/complaints/{reference}").json()["links"] for each in (reader, both)]

    assert ["complainant" in links for links in told] == [False, True]


def test_a_token_that_may_only_write_cannot_read(program: Program, reference: str) -> None:
    writer = program("bo", "complaints:write")

    assert problem(writer.get(f"/api/v1/complaints/{reference}"), 403)
