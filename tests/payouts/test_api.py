"""Can a program follow money from due to paid, and is it told what it may not do?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import *  # noqa: F403
from web.api.examples import EXAMPLES
from web.runtime import Runtime
from web.worker.paymaster import Paymaster

LATE = datetime.now(UTC) + timedelta(days=4)


@pytest.fixture
def reference(program: Callable[..., TestClient], runtime: Runtime) -> str:
    """A complaint that nobody acknowledged in time, with what is owed for that."""
    body = {"description": "No heating.", "complainant": {"email": "lee@example.org"}}
    found = str(program("ana").post("/api/v1/complaints", json=body).json()["reference"])
    paymaster = Paymaster.of(runtime, clock=lambda: LATE)
    runtime.engine.catch_up()
    while paymaster.step():
        runtime.engine.catch_up()
    return found


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)  # the tests fold between rounds


def owed(client: TestClient, runtime: Runtime, reference: str) -> dict[str, Any]:
    runtime.engine.catch_up()
    found = client.get(f"/api/v1/complaints/{reference}/payouts").json()["payouts"]
    return next(each for each in found if each["guarantee"] == "late_acknowledgement")


def test_money_goes_from_owed_to_paid_by_hand(
    program: Callable[..., TestClient], runtime: Runtime, reference: str
) -> None:
    sue = program("sue")
    payout = owed(sue, runtime, reference)
    assert (payout["state"], payout["amount"], payout["currency"]) == ("owed", "10.00", "GBP")
    assert [step["kind"] for step in payout["trace"]] == ["fixed"]

    states = []
    for act, example in (
        ("approval", "Approval"), ("instruction", "Instruction"), ("failure", "Failure"),
        ("instruction", "Instruction"), ("confirmation", "Confirmation"), ("reversal", "Failure"),
    ):  # fmt: skip
        done = sue.post(f"/api/v1/payouts/{payout['id']}/{act}", json=EXAMPLES[example])
        assert done.status_code == 200, done.text
        states.append(owed(sue, runtime, reference)["state"])

    assert states == ["approved", "instructed", "approved", "instructed", "paid", "approved"]
    report = sue.get("/api/v1/reports/payouts").json()
    assert report["balances"]["GBP"]["approved"] == "10.00"


def test_a_repeat_of_a_request_pays_once(
    program: Callable[..., TestClient], runtime: Runtime, reference: str
) -> None:
    sue = program("sue")
    path = f"/api/v1/payouts/{owed(sue, runtime, reference)['id']}/approval"

    answers = [sue.post(path, json={}, headers={"Idempotency-Key": "a1"}) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json()["version"] == answers[1].json()["version"]


def test_an_agent_decides_on_no_payout(
    program: Callable[..., TestClient], runtime: Runtime, reference: str
) -> None:
    ana = program("ana")
    payout = owed(ana, runtime, reference)

    refused = ana.post(f"/api/v1/payouts/{payout['id']}/approval", json={})

    assert refused.status_code == 403
    assert owed(ana, runtime, reference)["state"] == "owed"


def test_what_the_domain_declines_is_a_sentence(
    program: Callable[..., TestClient], runtime: Runtime, reference: str
) -> None:
    sue = program("sue")
    id = owed(sue, runtime, reference)["id"]

    early = sue.post(f"/api/v1/payouts/{id}/confirmation", json={})
    unknown = sue.post("/api/v1/payouts/nothing/approval", json={})
    stale = sue.post(f"/api/v1/payouts/{id}/approval", json={}, headers={"If-Match": '"7"'})

    assert early.status_code == 422
    assert early.json()["detail"] == "There is no payment that this could be said of."
    assert (unknown.status_code, stale.status_code) == (404, 409)


def test_the_list_goes_on_from_a_cursor(
    program: Callable[..., TestClient], runtime: Runtime, reference: str
) -> None:
    sue = program("sue")
    first = sue.get("/api/v1/payouts?state=owed&limit=1").json()
    assert [each["guarantee"] for each in first["payouts"]] == ["late_acknowledgement"]
    assert first["cursor"] is None

    wrong = sue.get("/api/v1/payouts?state=lost")
    assert wrong.status_code == 422
