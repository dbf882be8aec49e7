"""Does money go out within somebody's authority alone, and above it by a second person's word?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from projections import deliveries, payouts
from recovery.approval import Chosen
from recovery.claims import Claims
from recovery.desk import reference_of
from recovery.errors import NotFound, Refused, Stale
from recovery.events import Approved, Compensated, CompensationProposed, payout_stream
from tests.authority.conftest import ADA, ANA, BO, CY, SID, SUE, Counter, person, pounds
from tests.cast import HOUR, NINE
from web.worker.paymaster import Paymaster


def letters(counter: Counter, reference: str) -> list[str]:
    """What the complainant is told, in order."""
    counter.desk.engine.catch_up()
    table = deliveries.table
    with counter.desk.store.database.engine.connect() as conn:
        query = table.select().where(table.c.complaint == reference).order_by(table.c.act)
        return [row.kind for row in conn.execute(query)]


# ---------------------------------------------------------------- within one's limit


def test_what_an_agent_may_grant_is_due_approved_and_told_in_one_act(counter: Counter) -> None:
    reference = counter.receive()

    done = counter.compensate(reference, "50.00")

    assert reference_of(done) == reference
    assert counter.topics(reference) == [
        "complaint.received", "payout.due", "payout.approved", "complaint.compensated",
    ]  # fmt: skip
    [row] = counter.payouts(reference)
    assert (row.stage, row.guarantee, row.approved) == ("approved", "goodwill", Decimal("50.00"))
    assert letters(counter, reference) == ["received", "compensated"]


def test_compensation_in_kind_needs_no_authority(counter: Counter) -> None:
    reference = counter.receive()

    counter.desk.desk.compensate(reference, by=BO, kind="in_kind", at=NINE + HOUR)

    assert counter.topics(reference)[-1] == "complaint.compensated"
    assert counter.payouts(reference) == []


# ---------------------------------------------------------------- above it


def test_more_than_the_limit_waits_and_the_complainant_is_told_nothing(counter: Counter) -> None:
    reference = counter.receive()

    counter.compensate(reference, "50.01")

    assert counter.topics(reference)[1:] == ["payout.due", "complaint.compensation_proposed"]
    [row] = counter.payouts(reference)
    assert (row.stage, row.money.due.waits, row.money.due.by) == ("owed", "authority", CY)
    assert letters(counter, reference) == ["received"]
    assert counter.desk.desk.state(reference)[0].stage == "received"


def test_a_second_person_approves_and_then_the_letter_goes_with_its_words(
    counter: Counter,
) -> None:
    reference = counter.receive()
    payout = counter.proposed("90.00", reference=reference)

    counter.approve(payout, by=SUE)

    proposal, granted = [
        record.event for record in counter.desk.store.records(f"complaint-{reference}")
    ][1:]
    assert isinstance(proposal, CompensationProposed)
    assert isinstance(granted, Compensated)
    assert granted.letter == proposal.draft
    assert (granted.by, granted.proposed_by, granted.payout) == (SUE, CY, payout)
    assert letters(counter, reference) == ["received", "compensated"]
    assert counter.desk.desk.state(reference)[0].stage == "compensated"


def test_what_was_proposed_can_be_approved_after_the_complaint_was_closed(
    counter: Counter,
) -> None:
    reference = counter.receive()
    payout = counter.proposed("90.00", reference=reference)
    desk = counter.desk.desk
    desk.close(reference, by=CY, at=NINE + HOUR, outcome="withdrawn")

    counter.approve(payout)

    assert desk.state(reference)[0].stage == "closed"
    assert counter.payouts(reference)[0].stage == "approved"


@pytest.mark.parametrize("by", [CY, SUE, ADA])
def test_nobody_approves_what_they_proposed(counter: Counter, by: str) -> None:
    payout = counter.proposed("5000.00", by=by) if by != ADA else adas(counter)

    with pytest.raises(Refused, match="You proposed this"):
        counter.approve(payout, by=by)
    [answer] = counter.approvals.approve_all([Chosen(payout)], who=person(by), at=NINE + HOUR)
    assert answer.why == "You proposed this, so somebody else has to approve it."


def adas(counter: Counter) -> str:
    """What Ada proposed while she was an agent."""
    reference = counter.receive()
    counter.desk.desk.compensate(
        reference, by=ADA, role="agent", kind="goodwill", at=NINE + HOUR,
        money=pounds("5000.00"),
    )  # fmt: skip
    return counter.payouts(reference)[-1].payout


def test_above_the_approvers_own_limit_somebody_else_is_needed(counter: Counter) -> None:
    payout = counter.proposed("1000.01")

    with pytest.raises(Refused, match=r"You may approve 1000\.00 GBP on one complaint, of which"):
        counter.approve(payout, by=SUE)
    counter.approve(payout, by=ADA)


def test_without_authority_nothing_is_approved(counter: Counter) -> None:
    payout = counter.proposed("60.00", by=BO)

    with pytest.raises(Refused, match=r"You may approve 50\.00 GBP on one complaint"):
        counter.approve(payout, by=CY)
    with pytest.raises(Refused, match="You proposed this"):
        counter.approve(payout, by=BO)
    counter.approve(payout, by=ANA)  # who may give up to £80
    reference = counter.receive()
    counter.compensate(reference, "1.00", by=SUE, currency="EUR")
    with pytest.raises(Refused, match="You have no authority over this"):
        counter.approve(counter.payouts(reference)[0].payout, by=SID)


def test_whoever_recorded_a_claim_does_not_approve_it(counter: Counter) -> None:
    desk = counter.desk
    reference = desk.receive(incident={"price": "40.00", "occurred_on": "2026-03-01"})
    Claims(desk.store, desk.vault, desk.policies, salt=b"salt").claim(
        reference, by=SUE, at=NINE + HOUR, guarantee="unconditional_satisfaction"
    )
    desk.engine.catch_up()
    Paymaster(store=desk.store, policies=desk.policies, clock=lambda: datetime.now(UTC)).step()
    desk.engine.catch_up()
    with desk.store.database.engine.connect() as conn:
        found = {row.guarantee: row for row in payouts.of_complaint(conn, reference)}
    row = found["unconditional_satisfaction"]

    with pytest.raises(Refused, match="You recorded the claim"):
        counter.approve(row.payout, by=SUE)
    counter.approve(row.payout, by=SID)


# ---------------------------------------------------------------- what adds up


def test_several_small_amounts_on_one_complaint_add_up(counter: Counter) -> None:
    reference = counter.receive()

    for _ in range(3):
        counter.compensate(reference, "20.00")

    assert [row.stage for row in counter.payouts(reference)] == ["approved", "approved", "owed"]


def test_the_days_limit_holds_across_complaints(counter: Counter) -> None:
    for _ in range(4):
        counter.compensate(counter.receive(), "50.00")
    last = counter.receive()

    counter.compensate(last, "0.01")

    assert [row.stage for row in counter.payouts(last)] == ["owed"]


def test_two_approvals_at_once_cannot_overrun_the_days_limit(counter: Counter) -> None:
    references = [counter.receive() for _ in range(12)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: counter.compensate(each, "30.00"), references))

    counter.desk.engine.catch_up()
    approved = [
        record.event.money.amount
        for reference in references
        for row in counter.payouts(reference)
        for record in counter.desk.store.records(payout_stream(row.payout))
        if isinstance(record.event, Approved)
    ]
    assert sum(approved) == Decimal("180.00")  # a seventh would be £210 of £200


# ---------------------------------------------------------------- many at once


def test_of_many_each_gets_its_own_answer_and_the_rest_stand(counter: Counter) -> None:
    reference = counter.receive()
    first, second = (counter.proposed("600.00", reference=reference) for _ in range(2))
    mine = counter.proposed("2000.00", by=SUE)
    seen = counter.proposed("60.00")
    other = counter.proposed("70.00")

    answers = list(
        counter.approvals.approve_all(
            [Chosen(first, 1), Chosen(second), Chosen(mine), Chosen(seen, 7), Chosen(other),
             Chosen("nothing")],
            who=person(SUE), at=NINE + HOUR,
        )
    )  # fmt: skip

    assert [str(each.money) if each.money else each.why[:34] for each in answers] == [
        "600.00 GBP", "You may approve 1000.00 GBP on one", "You proposed this, so somebody els",
        "Somebody decided on this meanwhile", "70.00 GBP", "Nothing is owed under this id.",
    ]  # fmt: skip
    assert {row.stage for row in counter.payouts(reference)} == {"approved", "owed"}


def test_what_is_unknown_or_stale_is_said(counter: Counter) -> None:
    payout = counter.proposed("60.00")

    with pytest.raises(NotFound):
        counter.approve("nothing")
    with pytest.raises(Stale):
        counter.approvals.approve(payout, who=person(SUE), at=NINE + HOUR, seen=5)
