"""Is every door closed to whoever proposed it, and to whoever has no authority?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import *  # noqa: F403
from web.runtime import Runtime

BODY = {"description": "No heating.", "complainant": {"email": "lee@example.org"}}
OWN = "You proposed this, so somebody else has to approve it."


@pytest.fixture
def propose(
    program: Callable[..., TestClient], runtime: Runtime
) -> Callable[[TestClient, str], dict[str, Any]]:
    """What a program's compensation is answered, and where its money is."""

    def proposed(client: TestClient, amount: str) -> dict[str, Any]:
        reference = client.post("/api/v1/complaints", json=BODY).json()["reference"]
        asked = {"kind": "goodwill", "amount": amount, "currency": "GBP"}
        done = client.post(f"/api/v1/complaints/{reference}/compensation", json=asked)
        assert done.status_code == 200, done.text
        runtime.engine.catch_up()
        return dict(done.json())

    return proposed


@pytest.mark.parametrize(("person", "amount"), [("sue", "1500.00"), ("ada", "99999.00")])
def test_no_token_approves_what_its_owner_proposed(
    program: Callable[..., TestClient], propose: Callable[..., dict[str, Any]], person: str,
    amount: str, runtime: Runtime,
) -> None:  # fmt: skip
    if person == "ada":  # who may grant anything herself: somebody took that away meanwhile
        _limit_administrators(runtime)
    mine = propose(program(person), amount)
    assert mine["compensation"]["state"] == "owed"

    refused = program(person).post(f"/api/v1/payouts/{mine['compensation']['payout']}/approval")

    assert (refused.status_code, refused.json()["detail"]) == (422, OWN)


def test_a_program_is_told_whether_money_waits(
    program: Callable[..., TestClient], propose: Callable[..., dict[str, Any]]
) -> None:
    granted, waits = propose(program("ana"), "25.00"), propose(program("ana"), "100.01")

    assert granted["compensation"]["state"] == "approved"
    assert waits["compensation"]["state"] == "owed"
    approved = program("sue").post(f"/api/v1/payouts/{waits['compensation']['payout']}/approval")
    assert approved.status_code == 200


def test_above_the_approvers_limit_the_sentence_says_how_much_is_left(
    program: Callable[..., TestClient], propose: Callable[..., dict[str, Any]]
) -> None:
    waits = propose(program("ana"), "1000.01")

    refused = program("sue").post(f"/api/v1/payouts/{waits['compensation']['payout']}/approval")

    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("You may approve 1000.00 GBP on one complaint, of")


def _limit_administrators(runtime: Runtime) -> None:
    from recovery.policy.adopt import house_policy
    from recovery.policybook import adopt
    from tests.cast import NINE, SUE

    rule = '[[authority]]\nrole = "administrator"\n'
    text = house_policy().replace(rule, rule + 'currency = "GBP"\nper_complaint = "5.00"\n')
    adopt(runtime.store, runtime.policies, text, by=SUE, at=NINE, reason="A test.")
