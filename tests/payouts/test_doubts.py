"""Do signs of abuse let a claim wait for a person, with the evidence, and refuse nothing?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.cast import ANA, SUE
from tests.payouts import leaving
from tests.payouts.test_claims import MONEY_BACK, bought
from tests.web.conftest import *  # noqa: F403
from tests.web.pages.conftest import *  # noqa: F403
from tests.web.pages.hands import Hands
from web.paying import making
from web.runtime import Runtime
from web.worker.paymaster import Paymaster

STREET = "1 High Street, York"
LEE = {"email": "lee@example.org", "address": STREET}
MAY = {"email": "may@example.org", "address": "1, high street York"}
KIM = {"email": "kim@example.org", "address": "2 High Street, York"}
Claiming = Callable[..., str]


@pytest.fixture
def following() -> None:
    """The tests fold between rounds."""
    return


@pytest.fixture
def claiming(
    program: Callable[..., TestClient], runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> Claiming:
    """Somebody complains and claims; the paymaster records what that owes."""
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)

    def claim(who: dict[str, str], **facts: str) -> str:
        body = {"description": "It broke.", "complainant": who, "incident": bought(10) | facts}
        reference = str(program().post("/api/v1/complaints", json=body).json()["reference"])
        program().post(f"/api/v1/complaints/{reference}/claims", json=MONEY_BACK)
        runtime.engine.catch_up()
        Paymaster.of(runtime, clock=lambda: datetime.now(UTC)).step()
        runtime.engine.catch_up()
        return reference

    return claim


def payout_of(program: Callable[..., TestClient], reference: str) -> Any:
    [found] = program("sue").get(f"/api/v1/complaints/{reference}/payouts").json()["payouts"]
    return found


def signs(found: Any) -> list[tuple[str, list[str]]]:
    return [(each["kind"], each["complaints"]) for each in found["signs"]]


def test_an_honest_claim_waits_for_nothing_but_approval(
    program: Callable[..., TestClient], claiming: Claiming
) -> None:
    claiming(LEE, order="A-1")

    assert signs(payout_of(program, claiming(KIM, order="A-2"))) == []


def test_the_same_goods_and_the_same_address_are_signs(
    program: Callable[..., TestClient], claiming: Claiming
) -> None:
    first = claiming(LEE, order="A-1")

    second = payout_of(program, claiming(MAY, order="a-1"))

    assert signs(second) == [("same_address", [first]), ("same_goods", [first])]
    assert (second["state"], second["amount"]) == ("owed", "24.90")
    assert signs(payout_of(program, first)) == []


def test_many_claims_of_one_person_are_a_sign(
    program: Callable[..., TestClient], claiming: Claiming
) -> None:
    earlier = [claiming(LEE) for _ in range(3)]

    assert signs(payout_of(program, claiming(LEE))) == [("many_claims", sorted(earlier))]
    assert signs(payout_of(program, earlier[-1])) == []


def test_it_is_approved_only_after_somebody_looked_into_it(
    program: Callable[..., TestClient], claiming: Claiming, sit_down: Callable[..., Hands],
    runtime: Runtime,
) -> None:  # fmt: skip
    first, second = claiming(LEE), claiming(MAY)
    found = payout_of(program, second)
    address = f"/api/v1/payouts/{found['id']}"

    refused = program("sue").post(f"{address}/approval", json={})
    sue = sit_down("sue")
    page = sue.open(f"/complaints/{second}")
    assert refused.status_code == 422
    assert "signs that this claim is not honest" in refused.text
    evidence = f"Somebody else claimed from the same address: {first}"
    assert evidence in page.text
    assert evidence in sue.open("/payouts").text

    sue.send(f"/payouts/{found['id']}/trust", reason="same_household")
    runtime.engine.catch_up()

    assert signs(payout_of(program, second)) == []
    assert program("sue").post(f"{address}/approval", json={}).status_code == 200


def test_whoever_finds_it_dishonest_declines_it_with_that_reason(
    program: Callable[..., TestClient], claiming: Claiming, runtime: Runtime
) -> None:
    claiming(LEE)
    found = payout_of(program, claiming(MAY))

    program("sue").post(f"/api/v1/payouts/{found['id']}/refusal", json={"reason": "abuse"})
    runtime.engine.catch_up()

    declined = payout_of(program, found["reference"])
    assert (declined["state"], signs(declined)) == ("declined", [])


def test_a_program_may_say_that_a_claim_is_honest_with_the_reason(
    program: Callable[..., TestClient], claiming: Claiming, runtime: Runtime
) -> None:
    claiming(LEE)
    found = payout_of(program, claiming(MAY))

    done = program("sue").post(
        f"/api/v1/payouts/{found['id']}/trust", json={"reason": "same_household"}
    )
    runtime.engine.catch_up()

    assert done.status_code == 200
    assert signs(payout_of(program, found["reference"])) == []


def test_whoever_recorded_the_claim_does_not_clear_its_signs(
    program: Callable[..., TestClient], claiming: Claiming, runtime: Runtime
) -> None:
    claiming(LEE)
    reference = str(program("sue").post("/api/v1/complaints", json={
        "description": "It broke.", "complainant": MAY, "incident": bought(10),
    }).json()["reference"])  # fmt: skip
    program("sue").post(f"/api/v1/complaints/{reference}/claims", json=MONEY_BACK)
    runtime.engine.catch_up()
    Paymaster.of(runtime, clock=lambda: datetime.now(UTC)).step()
    runtime.engine.catch_up()
    found = payout_of(program, reference)

    refused = program("sue").post(
        f"/api/v1/payouts/{found['id']}/trust", json={"reason": "same_household"}
    )

    assert refused.status_code == 422
    assert "somebody else has to look into the signs" in refused.text


def test_an_account_that_is_shared_is_seen_before_the_money_leaves(
    program: Callable[..., TestClient], claiming: Claiming, runtime: Runtime
) -> None:
    """It was given after the approval, when nothing else was alike."""
    first, second = claiming(LEE), claiming(KIM)
    for reference in (first, second):
        found = payout_of(program, reference)
        program("ada").post(f"/api/v1/payouts/{found['id']}/approval", json={})
        runtime.payees.give(reference, by=ANA, at=datetime.now(UTC), party=leaving.LEE)
    runtime.engine.catch_up()
    at = datetime.now(UTC)

    made = making.make(runtime, code="csv", currency="GBP", cut_off=at, on=at.date(), at=at, by=SUE)
    runtime.engine.catch_up()

    assert {each.reason for each in made.left_out} == {making.DOUBTFUL}
    assert made.batch.files == []
    assert signs(payout_of(program, second)) == [("same_account", [first])]
