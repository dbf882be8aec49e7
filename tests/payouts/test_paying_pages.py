"""Can people gather, sign, fetch and read back what became of money, on pages?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from recovery.reference import show
from tests.paying import bank
from tests.payouts import leaving
from tests.web.conftest import *  # noqa: F403
from tests.web.pages.conftest import *  # noqa: F403
from tests.web.pages.hands import Hands, Page
from web.runtime import Runtime

SitDown = Callable[..., Hands]
IBAN = "GB33 BUKB 2020 1555 5555 55"


@pytest.fixture(autouse=True)
def _payer(runtime: Runtime, following: None) -> None:
    leaving.with_payer(runtime)


def gather(hands: Hands) -> str:
    """The address of a bank file's batch of all that is approved."""
    hands.open("/paying/batches")
    page = hands.send("/paying/batches", connector="pain.001.001.09")
    assert page.status == 200, page.text
    return page.address.partition("?")[0]


def upload(hands: Hands, path: Path) -> Page:
    """Give the bank's file to the desk."""
    found = hands.open("/paying/answers").forms["/paying/answers"]
    with path.open("rb") as file:
        hands.page = Page(hands.client.post(
            "/paying/answers", data={"csrf": found["csrf"]}, files={"file": ("s.xml", file)},
            follow_redirects=True,
        ))  # fmt: skip
    return hands.page


def test_two_people_let_a_batch_go_and_its_file_is_the_same_each_time(
    runtime: Runtime, sit_down: SitDown
) -> None:
    leaving.approved(runtime, leaving.late(runtime))
    sue, ada = sit_down("sue"), sit_down("ada")
    batch = gather(sue)
    sue.open(batch)

    assert sue.client.get(f"{batch}/files/1").status_code == 422
    assert "You have signed." in sue.send(f"{batch}/signature").text
    ada.open(batch)
    assert "Has left" in ada.send(f"{batch}/signature").text
    first, again = (ada.client.get(f"{batch}/files/1").content for _ in range(2))

    assert first == again
    assert b"<EndToEndId>" in first


def test_a_statement_says_what_was_paid_and_the_same_one_again_nothing(
    runtime: Runtime, sit_down: SitDown, tmp_path: Path
) -> None:
    reference = leaving.late(runtime)
    leaving.approved(runtime, reference)
    batch = leaving.gathered(runtime)
    leaving.released(runtime, batch, "user:sue", "user:ada")
    [paid] = runtime.batching.load(batch).state.payouts
    path = leaving.statement(
        tmp_path / "s.xml", bank.Transfer(paid.payment, "10.00", "GBP"),
        bank.Transfer("0" * 32, "3.00", "GBP"),
    )  # fmt: skip
    sue = sit_down("sue")

    assert "Lines read: 2. New: 1. Waiting below: 1." in upload(sue, path).text
    assert "Lines read: 2. New: 0. Waiting below: 1." in upload(sue, path).text
    page = sue.open("/paying/answers")

    assert page.text.count("No payment was instructed under this id.") == 1
    [dismissal] = [action for action in page.forms if action.endswith("/dismissal")]
    assert "Nothing waits" in sue.send(dismissal, reason="not_ours").text
    assert "£10.00" in sue.open(f"/complaints/{show(reference)}").text


def test_an_account_is_checked_kept_and_shown_by_its_ending(
    runtime: Runtime, sit_down: SitDown
) -> None:
    reference = leaving.late(runtime, account=None)
    path = f"/complaints/{show(reference)}/account"
    ana = sit_down("ana")
    ana.open(path)

    page = ana.send(path, account_name="Mr Lee", iban="GB00 0000")
    assert (page.status, "This is not an IBAN" in page.text) == (422, True)
    assert "The account is kept." in ana.send(path, account_name="Mr Lee", iban=IBAN).text
    page = ana.open(path)

    assert "Mr Lee, …5555" in page.text
    assert "2020" not in page.html


def test_what_cannot_leave_says_why_and_what_to_do(runtime: Runtime, sit_down: SitDown) -> None:
    reference = show(leaving.late(runtime, account=None))
    leaving.approved(runtime, reference.replace("-", ""))

    page = sit_down("sue").open("/paying/batches")

    assert "Nobody has said yet to which account this goes." in page.text
    assert f"/complaints/{reference}/account" in page.html


def test_each_number_of_the_ledger_leads_to_its_payouts(
    runtime: Runtime, sit_down: SitDown
) -> None:
    reference = show(leaving.late(runtime))
    leaving.approved(runtime, reference.replace("-", ""))
    sue = sit_down("sue")

    page = sue.open("/paying/ledger")
    assert "£60.00" in page.text
    behind = sue.open("/paying/ledger/payouts?account=approved&currency=GBP")

    assert (reference in behind.text, "£10.00" in behind.text) == (True, True)
    table = sue.client.get("/paying/ledger.csv?table=balances").text
    assert table.splitlines()[1] == "GBP,60.00,50.00,10.00,0,0,0"


def test_the_ledger_of_the_past_leads_to_the_payouts_of_the_past(
    runtime: Runtime, sit_down: SitDown
) -> None:
    leaving.approved(runtime, leaving.late(runtime))
    sue = sit_down("sue")
    address = "/paying/ledger?way=known&at="

    ahead = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:%M}"
    before, then = (sue.open(f"{address}{at}") for at in ("2001-02-03T04:05", ahead))
    assert "This is the past" in before.text
    assert "has owed anybody anything yet" in before.text
    assert then.status == 422
    assert "This lies in the future." in then.text
    behind = "/paying/ledger/payouts?account=approved&currency=GBP&way=known&at="
    assert "No payout stands behind it" in sue.open(f"{behind}2001-02-03T04:05").text
    assert sue.open(f"{behind}yesterday").status == 422
    assert sue.client.get("/paying/ledger.csv?at=yesterday").status_code == 422


@pytest.mark.parametrize("path", ["/paying/batches", "/paying/answers", "/paying/ledger"])
def test_agents_see_none_of_it(app: FastAPI, sit_down: SitDown, path: str) -> None:
    assert sit_down("ana").open(path).status == 403
