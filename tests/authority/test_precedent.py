"""Does an agent see, before they send, what is usual, what they may grant and who must approve?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from projections import precedents
from projections.precedents import Precedent
from recovery.desk import reference_of
from recovery.money import Money
from tests.authority.conftest import ADA, Counter, pounds
from tests.cast import HOUR, NINE
from tests.desks import MR_LEE
from tests.web.conftest import *  # noqa: F403
from tests.web.pages.conftest import *  # noqa: F403
from tests.web.pages.hands import Hands
from web.runtime import Runtime

AMOUNTS = ("10.00", "20.00", "20.00", "30.00", "40.00")


def grant(counter: Counter, amount: str, *, loss: str = "", **more: object) -> None:
    incident = {"loss": loss} if loss else {}
    reference = counter.receive(**{"category": "delivery", "incident": incident} | more)
    counter.compensate(reference, amount, by=ADA)


def asked(counter: Counter, *, loss: str = "", severity: str = "normal") -> Precedent:
    counter.desk.engine.catch_up()
    with counter.desk.store.database.engine.connect() as conn:
        return precedents.precedent(
            conn, but="another", kind="goodwill", category="delivery", severity=severity,
            currency="GBP", loss=Money(Decimal(loss), "GBP") if loss else None,
        )  # fmt: skip


def test_the_most_alike_of_which_there_are_enough_say_what_is_usual(counter: Counter) -> None:
    for amount in AMOUNTS:
        grant(counter, amount, loss="100.00")
        grant(counter, f"{Decimal(amount) * 10}", loss="1000.00")
    grant(counter, "999.00", severity="critical")
    grant(counter, "999.00", category="billing")

    near, severe = asked(counter, loss="150.00"), asked(counter)

    assert (near.alike, near.number) == ("loss", 5)
    assert (near.low, near.median, near.high) == (
        Decimal("20.00"), Decimal("20.00"), Decimal("30.00"),
    )  # fmt: skip
    assert (severe.alike, severe.number) == ("severity", 10)
    assert near.share(Decimal("25.00")) == Decimal("0.25")
    widest = asked(counter, severity="critical")
    assert (widest.alike, widest.number) == ("category", 11)


def test_fewer_than_five_are_too_few(counter: Counter) -> None:
    grant(counter, "10.00")
    grant(counter, "20.00")

    found = asked(counter)

    assert (found.number, found.enough, found.share(Decimal(1))) == (2, False, None)


def test_what_waits_for_approval_is_no_precedent_until_it_is_approved(counter: Counter) -> None:
    payout = counter.proposed("60.00", reference=counter.receive(category="delivery"))
    assert asked(counter).number == 0

    counter.approve(payout)

    assert asked(counter).number == 1


@pytest.fixture
def parcel(runtime: Runtime, complaint: str) -> str:
    """Mr Lee's complaint, among six others about parcels."""
    for amount in ("10.00", "10.00", "20.00", "30.00", "40.00", "50.00"):
        done = runtime.desk.receive(
            by=ADA, at=NINE, description="My parcel never came.", contact=MR_LEE,
        )  # fmt: skip
        runtime.desk.compensate(
            reference_of(done), by=ADA, role="administrator", kind="goodwill",
            money=pounds(amount), at=NINE + HOUR,
        )  # fmt: skip
    runtime.engine.catch_up()
    return complaint


def test_the_form_says_before_sending_who_must_approve(parcel: str, ana: Hands) -> None:
    small = ana.open(f"/complaints/{parcel}/advice?amount=30.00").text
    large = ana.open(f"/complaints/{parcel}/advice?amount=150").text
    huge = ana.open(f"/complaints/{parcel}/advice?amount=1500").text

    assert "You may grant £100.00 of this yourself now." in small
    assert "£500.00 is left today." in small
    assert "goes out at once" in small
    assert "6 similar complaints got £10.00 to £40.00, half of them £20.00 or less." in small
    assert "Yours is 50 % above the middle one." in small
    assert "£150.00 has to be approved by Ada, Sue" in large
    assert "£1,500.00 has to be approved by Ada;" in huge


def test_script_gets_the_part_alone_and_a_wrong_amount_is_said(parcel: str, ana: Hands) -> None:
    page = ana.open(f"/complaints/{parcel}/advice?amount=12,50", **{"HX-Request": "true"})

    assert "<html" not in page.html
    assert "is not an amount" in page.text
    assert "needs nobody's approval" in ana.open(f"/complaints/{parcel}/advice?kind=in_kind").text
