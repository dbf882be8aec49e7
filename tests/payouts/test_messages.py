"""Is a program that pays told of each payment until it takes it, and believed when it signs?"""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import httpx2
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from recovery.treasury import Treasury
from tests.cast import ADA, SUE
from tests.payouts import leaving
from tests.web.conftest import *  # noqa: F403
from web.paying import making
from web.paying.signing import signed
from web.runtime import Runtime
from web.worker.handing import Handing

KEY = b"k" * 32


class Program:
    """A program that pays: its next answer, and what it was told."""

    def __init__(self, runtime: Runtime) -> None:
        self.status = 200
        self.told: list[httpx2.Request] = []
        self.now = leaving.now()
        client = httpx2.Client(transport=httpx2.MockTransport(self._answer))
        found = Handing.of(runtime, clock=lambda: self.now, through=lambda: client)
        assert found
        self.handing = found
        self._runtime = runtime

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.told.append(request)
        return httpx2.Response(self.status)

    def step(self) -> int:
        done = self.handing.step()
        self._runtime.engine.catch_up()
        return done

    def an_hour_later(self) -> None:
        """Time passes for claims, which the database's clock ends."""
        self.now += timedelta(hours=1)
        with self._runtime.database.connection() as conn:
            conn.execute("update desk.leases set until = clock_timestamp()")


@pytest.fixture
def program(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)  # the tests fold between rounds
    secret = "whsec_" + base64.b64encode(KEY).decode()
    runtime.settings = runtime.settings.model_copy(
        update={
            "pay_webhook_url": "https://bank.example/pay",
            "pay_webhook_secrets": SecretStr(secret),
        }
    )
    return Program(runtime)


def left(runtime: Runtime) -> str:
    """The complaint of a payment that was released by message."""
    reference = leaving.late(runtime)
    leaving.approved(runtime, reference)
    leaving.released(runtime, leaving.gathered(runtime, code="webhook"), SUE, ADA)
    return reference


def stage(runtime: Runtime, reference: str) -> str:
    runtime.engine.catch_up()
    rows = leaving.owed(runtime, reference)
    return next(row.stage for row in rows if row.guarantee == "late_acknowledgement")


def test_it_is_told_again_later_until_it_takes_it_and_then_never(
    runtime: Runtime, program: Program
) -> None:
    left(runtime)

    program.status = 503
    assert (program.step(), program.step()) == (0, 0)
    program.an_hour_later()
    program.status = 200
    assert (program.step(), program.step()) == (1, 0)
    program.an_hour_later()
    assert program.step() == 0

    first, again = program.told
    assert first.content == again.content
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"]


def test_what_it_never_takes_is_to_be_paid_another_way(runtime: Runtime, program: Program) -> None:
    reference = left(runtime)
    program.status = 422

    assert program.step() == 1
    assert stage(runtime, reference) == "approved"


def test_what_was_reported_as_failed_meanwhile_is_not_told(
    runtime: Runtime, program: Program
) -> None:
    reference = left(runtime)
    [row] = [r for r in leaving.owed(runtime, reference) if r.stage == "instructed"]
    Treasury(runtime.store).fail(
        row.payout, by=SUE, at=leaving.now(), reason="not_said", payment=row.payment
    )

    assert program.step() == 0  # the lists have not seen it yet
    assert program.told == []


def test_without_a_secret_no_batch_takes_a_way_that_nobody_follows(runtime: Runtime) -> None:
    with_address = runtime.settings.model_copy(update={"pay_webhook_url": "https://bank.example"})
    runtime.settings = with_address.model_copy(update={"pay_webhook_secrets": None})

    assert "webhook" not in making.codes(runtime)


def test_its_signed_answer_is_recorded_and_nobody_elses(
    runtime: Runtime, program: Program, stranger: TestClient
) -> None:
    reference = left(runtime)
    program.step()
    told = json.loads(program.told[0].content)["data"]
    said = {
        "payment": told["payment"], "result": "paid", "amount": told["amount"],
        "currency": told["currency"], "at": leaving.now().isoformat(),
    }  # fmt: skip
    body = json.dumps({"type": "payment.result", "data": said}).encode()

    forged = signed(b"x" * 32, id="m-1", at=leaving.now(), body=body)
    assert stranger.post("/paying/callback", content=body, headers=forged).status_code == 403
    assert stage(runtime, reference) == "instructed"
    headers = signed(KEY, id="m-1", at=leaving.now(), body=body)
    first = stranger.post("/paying/callback", content=body, headers=headers)
    runtime.engine.catch_up()
    again = stranger.post("/paying/callback", content=body, headers=headers)

    assert first.json() == {"news": 1, "known": 0, "waits": 0}
    assert again.json() == {"news": 0, "known": 1, "waits": 0}
    assert stage(runtime, reference) == "paid"
