"""Does a supervisor see what waits for them, and what they may not approve and why?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from recovery.desk import reference_of
from recovery.money import Money
from recovery.policy.authority import Rank
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, SUE
from tests.web.conftest import *  # noqa: F403
from tests.web.pages.conftest import *  # noqa: F403
from tests.web.pages.hands import Hands
from web.accounts import User
from web.runtime import Runtime

LATER = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def proposed(runtime: Runtime, people: dict[str, User], following: None) -> Callable[..., str]:
    """Something above the house policy's limit of £100 for agents, £1,000 for supervisors."""

    def propose(amount: str, *, by: str = ANA, role: Rank = "agent", currency: str = "GBP") -> str:
        done = runtime.desk.receive(
            by=ANA, at=LATER, description="No heating.",
            contact=Contact(name="Mr Lee", email="lee@example.org"),
        )  # fmt: skip
        reference = reference_of(done)
        runtime.desk.compensate(
            reference, by=by, role=role, kind="goodwill", at=LATER,
            money=Money(Decimal(amount), currency),
        )  # fmt: skip
        runtime.engine.catch_up()
        return show(reference)

    return propose


def boxes(hands: Hands) -> list[str]:
    """What the boxes stand for that can be ticked."""
    assert hands.page is not None
    found = re.findall(r'<input type="checkbox" name="payout"[^>]*>', hands.page.html)
    return [re.findall(r'value="([^"]+)"', box)[0] for box in found if "disabled" not in box]


def test_what_one_may_not_approve_is_there_with_its_reason(
    proposed: Callable[..., str], sit_down: Callable[..., Hands]
) -> None:
    proposed("120.00")
    proposed("1500.00", by=SUE, role="supervisor")
    proposed("2000.00")

    sue = sit_down("sue")
    page = sue.open("/payouts")

    assert len(boxes(sue)) == 1
    assert "You proposed this, so somebody else has to approve it." in page.text
    assert "You may approve £1,000.00 on one complaint" in page.text
    assert "3 payouts: £3,620.00" in page.text
    ada = sit_down("ada")
    ada.open("/payouts")
    assert len(boxes(ada)) == 3


def test_several_are_seen_together_by_currency_before_they_are_approved(
    proposed: Callable[..., str], sit_down: Callable[..., Hands]
) -> None:
    for amount, currency in (("120.00", "GBP"), ("130.00", "GBP"), ("70.00", "EUR")):
        proposed(amount, currency=currency)
    ada = sit_down("ada")
    ada.open("/payouts")

    page = ada.send("/payouts/approval", payout=boxes(ada))
    assert "GBP 2 £250.00" in page.text
    assert "EUR 1 €70.00" in page.text
    page = ada.send("/payouts/approval", payout=chosen(ada))

    assert "3 approved, 0 not." in page.text
    assert boxes(ada) == []


def test_a_form_that_names_no_version_approves_nothing(
    proposed: Callable[..., str], sit_down: Callable[..., Hands]
) -> None:
    proposed("120.00")
    ada = sit_down("ada")
    ada.open("/payouts")
    [box] = boxes(ada)

    page = ada.send("/payouts/approval", payout=box.partition("/")[0])

    assert "Somebody decided on one of these meanwhile. Look again." in page.text
    assert boxes(ada) == [box]


def test_all_that_are_listed_are_approved_line_by_line_within_the_limits(
    proposed: Callable[..., str], sit_down: Callable[..., Hands]
) -> None:
    proposed("120.00")
    proposed("1500.00", by=SUE, role="supervisor")
    big = proposed("2000.00")
    sue = sit_down("sue")
    sue.open("/payouts")

    page = sue.send("/payouts/approval", all="1")
    assert "GBP 2 £2,120.00" in page.text  # without her own
    page = sue.send("/payouts/approval")

    assert "1 approved, 1 not." in page.text
    assert f"{big} – not approved You may approve £1,000.00 on one complaint" in page.text


def test_what_came_since_all_were_seen_is_seen_before_it_is_approved(
    proposed: Callable[..., str], sit_down: Callable[..., Hands]
) -> None:
    proposed("120.00")
    sue = sit_down("sue")
    sue.open("/payouts")
    sue.send("/payouts/approval", all="1")
    proposed("130.00")

    page = sue.send("/payouts/approval")
    assert "What waits is not what you saw any more. Look again." in page.text
    assert "GBP 2 £250.00" in page.text

    assert "2 approved, 0 not." in sue.send("/payouts/approval").text


def test_filters_narrow_the_list_and_the_file(
    proposed: Callable[..., str], sit_down: Callable[..., Hands]
) -> None:
    proposed("120.00")
    euros = proposed("70.00", by=SUE, role="supervisor", currency="EUR")
    ada = sit_down("ada")

    assert "£120.00" not in ada.open("/payouts?currency=EUR").text
    assert len(boxes(ada)) == 1
    sheet = ada.client.get("/payouts/approvals.csv?by=user:sue").text
    [row] = csv.DictReader(io.StringIO(sheet))
    assert (row["complaint"], row["amount"], row["waits"]) == (euros, "70.00", "authority")


def test_agents_see_neither_the_list_nor_the_file(sit_down: Callable[..., Hands]) -> None:
    ana = sit_down("ana")

    assert ana.open("/payouts").status == 403
    assert ana.open("/payouts/approvals.csv").status == 403


def test_an_agent_is_told_that_more_than_their_limit_was_only_proposed(
    complaint: str, ana: Hands
) -> None:
    ana.open(f"/complaints/{complaint}")

    page = ana.send(
        f"/complaints/{complaint}/compensation", kind="goodwill", amount="101.00", currency="GBP"
    )

    assert page.address.endswith("?done=proposal")
    assert "Compensation proposed" in page.text
    assert "To be decided" in page.text


def chosen(hands: Hands) -> list[str]:
    assert hands.page is not None
    return re.findall(r'<input type="hidden" name="payout" value="([^"]+)"', hands.page.html)
