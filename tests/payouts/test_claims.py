"""Can a complainant or an agent claim a guarantee, and is the answer the same to everybody?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from recovery.events import GuaranteeClaimed, complaint_stream
from tests.web.conftest import *  # noqa: F403
from tests.web.pages.conftest import *  # noqa: F403
from tests.web.pages.hands import Hands
from web.runtime import Runtime
from web.worker.paymaster import Paymaster

MONEY_BACK = {"guarantee": "unconditional_satisfaction"}
TODAY = datetime.now(UTC).date()


def bought(days_ago: int) -> dict[str, str]:
    return {"price": "24.90", "occurred_on": (TODAY - timedelta(days=days_ago)).isoformat()}


@pytest.fixture
def take(program: Callable[..., TestClient]) -> Callable[..., str]:
    """Take a complaint about something that was bought; returns its reference."""

    def taken(**incident: str) -> str:
        who = {"email": "lee@example.org", "phone": "020 7946 0000", "address": "1 High St, York"}
        body = {"description": "It broke.", "complainant": who, "incident": incident}
        return str(program().post("/api/v1/complaints", json=body).json()["reference"])

    return taken


def claim(client: TestClient, reference: str, **body: Any) -> Any:
    return client.post(f"/api/v1/complaints/{reference}/claims", json=MONEY_BACK | body)


def claims_recorded(runtime: Runtime, reference: str) -> list[GuaranteeClaimed]:
    records = runtime.store.records(complaint_stream(reference.replace("-", "")))
    return [r.event for r in records if isinstance(r.event, GuaranteeClaimed)]


def test_the_answer_is_the_money_and_how_it_came_about(
    program: Callable[..., TestClient], take: Callable[..., str]
) -> None:
    found = claim(program(), take(**bought(10))).json()

    [owed] = found["owed"]
    assert (owed["amount"], owed["currency"], found["refused"]) == ("24.90", "GBP", [])
    assert owed["trace"][0]["kind"] == "share"


def test_a_claim_after_its_deadline_is_refused_with_the_day(
    program: Callable[..., TestClient], take: Callable[..., str]
) -> None:
    found = claim(program(), take(**bought(31))).json()

    last = (TODAY - timedelta(days=1)).isoformat()
    [refused] = found["refused"]
    assert (refused["reason"], refused["day"]) == ("claimed_late", last)
    assert refused["sentence"] == f"It had to be claimed by {last}."


def test_asked_twice_the_answer_is_the_same_and_one_claim_is_recorded(
    program: Callable[..., TestClient], take: Callable[..., str], runtime: Runtime
) -> None:
    reference = take(**bought(10))

    first, second = (claim(program(), reference).json() for _ in range(2))

    assert first == second
    [recorded] = claims_recorded(runtime, reference)
    assert set(recorded.traces) == {"address", "person", "phone"}
    assert "York" not in str(recorded.traces)


def test_a_guarantee_that_there_is_not_is_refused_with_those_there_are(
    program: Callable[..., TestClient], take: Callable[..., str]
) -> None:
    answer = claim(program(), take(), guarantee="free_ice_cream")

    assert answer.status_code == 422
    assert "late_acknowledgement, late_explanation, unconditional_satisfaction" in answer.text


def test_what_was_claimed_is_owed_and_listed(
    program: Callable[..., TestClient], take: Callable[..., str], runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)
    reference, ana = take(**bought(10)), program()
    claim(ana, reference)
    runtime.engine.catch_up()
    Paymaster.of(runtime, clock=lambda: datetime.now(UTC)).step()
    runtime.engine.catch_up()

    [listed] = ana.get(f"/api/v1/complaints/{reference}/claims").json()["claims"]
    [payout] = ana.get(f"/api/v1/complaints/{reference}/payouts").json()["payouts"]

    assert listed["owed"][0]["amount"] == payout["amount"] == "24.90"


def test_an_agent_claims_on_the_page_and_reads_the_answer_there(ana: Hands, complaint: str) -> None:
    ana.open(f"/complaints/{complaint}")

    page = ana.send(f"/complaints/{complaint}/claims", guarantee="unconditional_satisfaction")

    assert page.status == 200
    assert "Money back Nothing owed" in page.text
    assert "We do not know yet: the price." in page.text
