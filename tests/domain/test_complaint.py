"""What may be done with a complaint, and what not?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given as properties
from hypothesis import strategies as st
from msgspec.structs import replace

from recovery.complaint import Complaint
from recovery.complaint_state import OPEN_STAGES
from recovery.errors import NotFound, Refused
from recovery.events import (
    Acknowledged,
    Assigned,
    Classified,
    Compensated,
    Event,
    Extended,
    IncidentRecorded,
    Paused,
    Received,
    Released,
    Resumed,
    StaffNamed,
)  # fmt: skip
from recovery.money import Money
from tests.cast import ANA, BO, DAY, HOUR, NINE, SUE
from tests.domain.story import (
    REFERENCE,
    Given,
    acknowledged,
    closed,
    explained,
    received,
    reopened,
    state_after,
    withdrawn,
)  # fmt: skip


def test_a_complaint_is_received_once() -> None:
    Given().when(lambda c: c.receive(received())).then(received())
    Given(received()).then_refused(lambda c: c.receive(received()), "already been received")


def test_a_second_acknowledgement_is_refused() -> None:
    again = Acknowledged(at=NINE + 2 * HOUR, by=BO)
    Given(received(), acknowledged()).then_refused(
        lambda c: c.acknowledge(again), "already been acknowledged"
    )


def test_explaining_also_acknowledges() -> None:
    assert state_after(received(), explained()).acknowledged
    Given(received(), explained()).then_refused(
        lambda c: c.acknowledge(acknowledged()), "already been acknowledged"
    )


def test_the_same_outcome_is_explained_once_and_another_corrects_it() -> None:
    Given(received(), explained("upheld")).then_refused(
        lambda c: c.explain(explained("upheld")), "already been explained"
    )
    corrected = explained("partly_upheld")
    Given(received(), explained("upheld")).when(lambda c: c.explain(corrected)).then(corrected)


def test_closing_needs_an_explanation_first() -> None:
    Given(received(), acknowledged()).then_refused(lambda c: c.close(closed()), "Explain the out")


def test_what_is_out_of_scope_may_be_closed_without_an_explanation() -> None:
    Given(received()).when(lambda c: c.close(closed("out_of_scope"))).then(closed("out_of_scope"))


def test_closing_with_another_outcome_than_was_explained_is_refused() -> None:
    Given(received(), explained("upheld")).then_refused(
        lambda c: c.close(closed("not_upheld")), "The complainant was told: upheld"
    )


def test_only_what_they_asked_for_is_answered_at_the_closure() -> None:
    asked = replace(received(), desired_outcomes=("respect",))
    met, other = (replace(closed(), wishes={wish: True}) for wish in ("respect", "not_again"))

    Given(asked, explained()).when(lambda c: c.close(met)).then(met)
    Given(asked, explained()).then_refused(lambda c: c.close(other), "Say only of what the compl")


def test_money_needs_an_amount_and_kind_does_not() -> None:
    without = Compensated(at=NINE + HOUR, by=ANA, kind="redress")
    Given(received()).then_refused(lambda c: c.compensate(without), "Say how much")
    flowers = Compensated(at=NINE + HOUR, by=ANA, kind="in_kind")
    Given(received()).when(lambda c: c.compensate(flowers)).then(flowers)


@pytest.mark.parametrize(
    "act",
    [
        lambda c: c.acknowledge(acknowledged()),
        lambda c: c.explain(explained()),
        lambda c: c.close(closed()),
        lambda c: c.withdraw(withdrawn()),
        lambda c: c.assign(Assigned(at=NINE, by=ANA, agent=ANA)),
        lambda c: c.extend(Extended(at=NINE, by=ANA, days=5, reason="evidence")),
    ],
)
def test_a_closed_complaint_refuses_work(act: Callable[[Complaint], None]) -> None:
    Given(received(), explained(), closed()).then_refused(act, "closed. Reopen it first")
    Given(received(), withdrawn()).then_refused(act, "withdrew this complaint")


def test_extensions_end_somewhere() -> None:
    year = Extended(at=NINE, by=ANA, days=365, reason="evidence")
    day = Extended(at=NINE, by=ANA, days=1, reason="evidence")

    Given(received(), *[year] * 9).when(lambda c: c.extend(year)).then(year)
    Given(received(), *[year] * 10).then_refused(lambda c: c.extend(day), "at most 3,650 days")


def test_reopening_starts_a_new_cycle_and_wants_a_new_explanation() -> None:
    state = state_after(received(), acknowledged(), explained(), closed(), reopened())

    assert (state.stage, state.cycle, state.explained) == ("acknowledged", 2, False)
    Given(received(), acknowledged()).then_refused(lambda c: c.reopen(reopened()), "open already")


def test_pauses_do_not_nest() -> None:
    pause = Paused(at=NINE + HOUR, by=ANA, reason="complainant")
    resume = Resumed(at=NINE + 2 * HOUR, by=ANA)
    Given(received(), pause).then_refused(lambda c: c.pause(pause), "already waiting")
    Given(received()).then_refused(lambda c: c.resume(resume), "not waiting")
    backwards = Paused(at=NINE + HOUR, by=ANA, reason="complainant", until=NINE)
    Given(received()).then_refused(lambda c: c.pause(backwards), "must lie ahead")


def test_an_agent_takes_and_gives_back() -> None:
    taken = Assigned(at=NINE, by=ANA, agent=ANA)
    Given(received(), taken).then_refused(lambda c: c.assign(taken), "already has")
    Given(received()).then_refused(lambda c: c.release(Released(at=NINE, by=ANA)), "Nobody has")


def test_nothing_changed_is_refused() -> None:
    nothing = Classified(at=NINE, by=ANA)
    Given(received()).then_refused(lambda c: c.classify(nothing), "Nothing was changed")
    no_facts = IncidentRecorded(at=NINE, by=ANA, facts={})
    Given(received()).then_refused(lambda c: c.record_incident(no_facts), "at least one fact")


def test_a_complaint_that_was_never_received_is_not_found() -> None:
    with pytest.raises(NotFound):
        Complaint(REFERENCE).acknowledge(acknowledged())


EVENTS: list[Event] = [
    received(), acknowledged(), explained(), explained("not_upheld"), closed(), withdrawn(),
    reopened(), Paused(at=NINE, by=ANA, reason="x"), Resumed(at=None, by=ANA),
    Assigned(at=NINE, by=ANA, agent=BO), Released(at=NINE, by=ANA),
    Compensated(at=None, by=ANA, kind="goodwill", money=Money.parse("5", "GBP")),
]  # fmt: skip


@properties(st.lists(st.sampled_from(EVENTS), max_size=30))
def test_evolving_never_refuses_any_history(events: list[Event]) -> None:
    state = state_after(received(), *events)

    assert state.is_open == (state.stage in OPEN_STAGES)
    assert state.cycle == 1 + sum(1 for e in events if e == reopened())


ACTS: list[Callable[[Complaint], None]] = [
    lambda c: c.acknowledge(acknowledged()),
    lambda c: c.explain(explained()),
    lambda c: c.explain(explained("not_upheld")),
    lambda c: c.close(closed()),
    lambda c: c.close(closed("not_upheld")),
    lambda c: c.withdraw(withdrawn()),
    lambda c: c.reopen(reopened()),
    lambda c: c.pause(Paused(at=NINE, by=ANA, reason="x")),
    lambda c: c.resume(Resumed(at=NINE + DAY, by=ANA)),
]


def refused(act: Callable[[Complaint], None], complaint: Complaint) -> str:
    """The sentence of the refusal, or nothing when it was done."""
    try:
        act(complaint)
    except Refused as refusal:
        return str(refusal)
    return ""


@properties(st.lists(st.sampled_from(ACTS), max_size=25))
def test_whatever_is_tried_the_promises_of_the_rules_hold(
    acts: list[Callable[[Complaint], None]],
) -> None:
    complaint = Given(received()).complaint
    for act in acts:
        before = complaint.state
        if refusal := refused(act, complaint):
            assert refusal.endswith(".")
            assert complaint.state == before
        else:
            after = complaint.state
            if after.stage == "closed":
                assert before.explained
                assert after.outcome == before.outcome
            if not before.is_open and after.is_open:
                assert after.cycle == before.cycle + 1
    assert isinstance(complaint.state.received, Received)


HIS = Assigned(at=NINE, by=ANA, agent=BO)
ABOUT_HIM = StaffNamed(at=NINE + HOUR, by=SUE, staff=(BO,))


def test_whom_a_complaint_is_about_has_it_no_longer() -> None:
    Given(received(), HIS).when(lambda c: c.name_staff(ABOUT_HIM)).then(
        ABOUT_HIM, Released(at=ABOUT_HIM.at, by=SUE)
    )


def test_who_had_what_has_ended_stays_on_record_until_it_is_opened_again() -> None:
    ended = Given(received(), HIS, withdrawn()).when(lambda c: c.name_staff(ABOUT_HIM))
    ended.then(ABOUT_HIM)

    again = reopened()
    ended.when(lambda c: c.reopen(again)).then(ABOUT_HIM, again, Released(at=again.at, by=again.by))
