"""Does a supervisor see what is owed and why, and can they see to it that it is paid?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA
from tests.web.conftest import *  # noqa: F403
from tests.web.pages.conftest import *  # noqa: F403
from tests.web.pages.hands import Hands
from web.accounts import User
from web.runtime import Runtime
from web.worker.paymaster import Paymaster

LONG_AGO = timedelta(days=40)


@pytest.fixture
def late(runtime: Runtime, people: dict[str, User], following: None) -> str:
    """A complaint of six weeks ago that nobody answered; its reference as pages show it."""
    done = runtime.desk.receive(
        by=ANA, at=datetime.now(UTC) - LONG_AGO, description="No heating.",
        contact=Contact(name="Mr Lee", email="lee@example.org"),
    )  # fmt: skip
    runtime.engine.catch_up()
    Paymaster.of(runtime, clock=lambda: datetime.now(UTC)).step()
    return show(reference_of(done))


def sue_sees(sit_down: Callable[..., Hands], stage: str) -> tuple[Hands, str]:
    sue = sit_down("sue")
    return sue, sue.open(f"/payouts?stage={stage}").text


def test_the_complaint_says_what_is_owed_and_how_it_came_about(
    late: str, sit_down: Callable[..., Hands]
) -> None:
    page = sit_down("ana").open(f"/complaints/{late}")

    assert "£10.00 Late acknowledgement To be decided" in page.text
    assert "£10.00, as the policy says" in page.text
    assert "£50.00 Late explanation" in page.text
    assert "business days from" in page.text or "business day from" in page.text
    assert "cut to the most that is paid, £50.00" in page.text


def test_it_is_said_in_chinese_too(late: str, sit_down: Callable[..., Hands]) -> None:
    sue = sit_down("sue")
    sue.client.cookies.set("language", "zh")

    text = sue.open("/payouts").text

    assert "£10.00，按规则规定" in text
    assert "待决定" in text


def test_the_chosen_are_approved_and_paid_by_hand(
    late: str, runtime: Runtime, sit_down: Callable[..., Hands]
) -> None:
    sue, text = sue_sees(sit_down, "owed")
    assert text.count(late) == 2
    row = next(iter(_chosen(sue)))

    sue.send("/payouts/approval", payout=row)
    id = row.partition("/")[0]
    assert f"/payouts/{id}/instruction" in sue.open("/payouts?stage=approved").forms

    sue.send(f"/payouts/{id}/instruction")
    sue.open("/payouts?stage=instructed")
    sue.send(f"/payouts/{id}/confirmation")

    assert f"/payouts/{id}/reversal" in sue.open("/payouts?stage=paid").forms


def test_a_refusal_needs_its_reason(late: str, sit_down: Callable[..., Hands]) -> None:
    sue, _ = sue_sees(sit_down, "owed")
    path = f"/payouts/{next(iter(_chosen(sue))).partition('/')[0]}/refusal"

    page = sue.send(path)
    assert (page.status, "Choose why." in page.text) == (422, True)
    page = sue.send(path, reason="waived")

    assert page.status == 200
    assert "Declined" in page.text


def test_what_somebody_else_decided_meanwhile_is_said(
    late: str, sit_down: Callable[..., Hands]
) -> None:
    sue, _ = sue_sees(sit_down, "owed")
    row = next(iter(_chosen(sue)))
    ada = sit_down("ada")
    ada.open("/payouts")
    ada.send("/payouts/approval", payout=row)

    page = sue.send("/payouts/approval", payout=row)

    assert page.status == 422
    assert "Somebody decided on one of these meanwhile." in page.text


def test_agents_see_no_list_of_payouts(late: str, sit_down: Callable[..., Hands]) -> None:
    assert sit_down("ana").open("/payouts").status == 403


def test_an_empty_list_says_so(app: FastAPI, sit_down: Callable[..., Hands]) -> None:
    _, text = sue_sees(sit_down, "paid")

    assert "Nothing is here" in text


def _chosen(hands: Hands) -> list[str]:
    """What the boxes of the list stand for."""
    assert hands.page is not None
    return re.findall(r'name="payout" form="approve" value="([^"]+)"', hands.page.html)
