"""Is each penny that is owed in one place, and is it paid once?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import NotFound, Refused
from recovery.events import (
    Approved,
    Declined,
    Due,
    Event,
    Failed,
    Instructed,
    Paid,
    Questioned,
    Reversed,
    Sign,
)
from recovery.money import Money
from recovery.payout import Payout, State, evolve, payment_id, payout_id
from recovery.policy.guarantees.trace import Entitled, Step
from tests.cast import ANA, NINE, SUE

REFERENCE = "7GQ2M4XK9T"
PAYOUT = payout_id(REFERENCE, "late_explanation", "explain/1")
FIRST, SECOND = payment_id(PAYOUT, 1), payment_id(PAYOUT, 2)
SYSTEM, BANK = "system:guarantees", "system:bank"
RULES = {"policy": "house", "policy_version": "1"}


def pounds(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


def entitled(amount: str, *, until: str = "", pay_by: date | None = None) -> Entitled:
    trace = (Step("fixed", Decimal(amount)),)
    return Entitled("late_explanation", "explain/1", pounds(amount), pay_by, until, trace)


def due(amount: str, whole: str | None = None, **more: object) -> Due:
    return Due(
        at=NINE, by=SYSTEM, complaint=REFERENCE, money=pounds(amount),
        guarantee="late_explanation", occurrence="explain/1", **RULES,
        trace=(Step("fixed", Decimal(whole or amount)),), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def approved(amount: str) -> Approved:
    return Approved(at=NINE, by=SUE, complaint=REFERENCE, money=pounds(amount))


def questioned() -> Questioned:
    signs = (Sign("same_goods", ("OTHER",)),)
    return Questioned(at=NINE, by=SYSTEM, complaint=REFERENCE, money=pounds("5.00"), signs=signs)


def declined(amount: str) -> Declined:
    return Declined(at=NINE, by=SUE, complaint=REFERENCE, money=pounds(amount), reason="abuse")


def instructed(amount: str, payment: str = FIRST) -> Instructed:
    return Instructed(
        at=NINE, by=SUE, complaint=REFERENCE, money=pounds(amount), payment=payment,
        connector="csv",
    )  # fmt: skip


def answered(
    kind: type[Paid | Failed | Reversed], amount: str, payment: str = FIRST
) -> Paid | Failed | Reversed:
    reason = {} if kind is Paid else {"reason": "AC04"}
    return kind(
        at=NINE, by=BANK, complaint=REFERENCE, money=pounds(amount), payment=payment, **reason
    )


def after(*events: Event) -> Payout:
    state: State | None = None
    for event in events:
        state = evolve(state, event)
    return Payout(REFERENCE, PAYOUT, len(events), state)


def then(payout: Payout, *events: Event) -> None:
    assert [record.event for record in payout.pending] == list(events)


def owe(amount: str, **more: object) -> Callable[[Payout], None]:
    return lambda payout: payout.owe(entitled(amount, **more), **RULES, at=NINE, by=SYSTEM)  # type: ignore[arg-type]


def approve(payout: Payout) -> None:
    payout.approve(at=NINE, by=SUE)


def decline(payout: Payout) -> None:
    payout.decline(reason="abuse", at=NINE, by=SUE)


def instruct(payout: Payout) -> None:
    payout.instruct(connector="csv", at=NINE, by=SUE)


def confirm(payout: Payout, amount: str = "15.00", payment: str = FIRST) -> None:
    payout.confirm(payment, pounds(amount), at=NINE, by=BANK)


def fail(payout: Payout) -> None:
    payout.fail(FIRST, pounds("15.00"), reason="AC04", at=NINE, by=BANK)


def reverse(payout: Payout) -> None:
    payout.reverse(FIRST, pounds("15.00"), reason="AC04", at=NINE, by=BANK)


# ---------------------------------------------------------------- identity


def test_the_same_occurrence_is_the_same_payout() -> None:
    assert PAYOUT == "8e1ea432-6cc9-50cd-901b-d0f4475173b5"
    assert payout_id(REFERENCE, "late_explanation", "explain/2") != PAYOUT
    assert len(FIRST) == 32
    assert FIRST != SECOND


# ---------------------------------------------------------------- what is owed


def test_what_is_owed_is_recorded_once() -> None:
    payout = after()

    owe("15.00", pay_by=date(2026, 3, 16))(payout)
    owe("15.00", pay_by=date(2026, 3, 16))(payout)

    then(payout, due("15.00", pay_by=date(2026, 3, 16)))


def test_a_change_is_recorded_as_the_difference() -> None:
    payout = after(due("15.00"))

    owe("25.00")(payout)
    owe("20.00")(payout)

    then(payout, due("10.00", "25.00"), due("-5.00", "20.00"))
    assert (payout.state.total, payout.state.owed) == (Decimal("20.00"), Decimal("20.00"))


def test_a_day_that_becomes_known_is_recorded_without_money() -> None:
    payout = after(due("15.00", accrues_until="answer"))

    owe("15.00", pay_by=date(2026, 3, 26))(payout)

    then(payout, due("0.00", "15.00", pay_by=date(2026, 3, 26)))


def test_one_payout_has_one_currency() -> None:
    found = Entitled("late_explanation", "explain/1", Money(Decimal(9), "EUR"), None)

    with pytest.raises(Refused, match="owed in GBP, and cannot become EUR"):
        after(due("15.00")).owe(found, **RULES, at=NINE, by=SYSTEM)


def test_what_turns_out_not_to_be_owed_is_taken_back_where_it_has_not_left() -> None:
    payout = after(due("15.00"), approved("15.00"))

    payout.owe_no_more(**RULES, at=NINE, by=SYSTEM)
    payout.owe_no_more(**RULES, at=NINE, by=SYSTEM)

    assert [record.event.money for record in payout.pending] == [pounds("-15.00")]  # type: ignore[attr-defined]
    state = payout.state
    assert (state.total, state.owed, state.approved) == (0, 0, 0)


def test_a_policy_that_changed_meanwhile_owes_the_difference_under_its_own_name() -> None:
    payout = after(due("15.00"), approved("15.00"), instructed("15.00"), answered(Paid, "15.00"))

    payout.owe(entitled("18.00"), policy="house", policy_version="2", at=NINE, by=SYSTEM)

    (record,) = payout.pending
    assert isinstance(record.event, Due)
    assert (record.event.policy_version, record.event.money) == ("2", pounds("3.00"))
    assert (payout.state.paid, payout.state.owed) == (Decimal("15.00"), Decimal("3.00"))


def test_more_paid_than_owed_stays_visible() -> None:
    payout = after(due("15.00"), approved("15.00"), instructed("15.00"), answered(Paid, "15.00"))

    owe("10.00")(payout)

    assert (payout.state.total, payout.state.paid) == (Decimal("10.00"), Decimal("15.00"))
    assert payout.state.owed == Decimal("-5.00")
    with pytest.raises(Refused, match="Nothing waits for a decision"):
        approve(payout)


# ---------------------------------------------------------------- from the decision to the bank


@pytest.mark.parametrize(
    ("history", "act", "recorded"),
    [
        ([due("15.00")], approve, approved("15.00")),
        ([due("15.00")], decline, declined("15.00")),
        ([due("15.00"), due("5.00")], approve, approved("20.00")),
        ([due("15.00"), approved("15.00"), due("5.00")], approve, approved("5.00")),
        ([due("15.00"), approved("15.00")], instruct, instructed("15.00")),
        ([due("15.00"), approved("15.00"), instructed("15.00")], confirm, answered(Paid, "15.00")),
        ([due("15.00"), approved("15.00"), instructed("15.00")], fail, answered(Failed, "15.00")),
        ([due("15.00"), approved("15.00"), instructed("15.00"), answered(Failed, "15.00")],
         instruct, instructed("15.00", SECOND)),
        ([due("15.00"), approved("15.00"), instructed("15.00"), answered(Paid, "15.00")],
         reverse, answered(Reversed, "15.00")),
        ([due("15.00"), approved("15.00"), instructed("15.00"), answered(Paid, "15.00"),
          answered(Reversed, "15.00")], instruct, instructed("15.00", SECOND)),
    ],
)  # fmt: skip
def test_money_takes_its_way(
    history: list[Event], act: Callable[[Payout], None], recorded: Event
) -> None:
    payout = after(*history)

    act(payout)

    then(payout, recorded)


OUT = [due("15.00"), approved("15.00"), instructed("15.00")]


@pytest.mark.parametrize(
    ("history", "act", "because"),
    [
        ([due("15.00", accrues_until="answer")], approve, "still grows"),
        ([due("15.00"), approved("15.00")], approve, "Nothing waits for a decision"),
        ([due("15.00"), approved("15.00")], decline, "Nothing waits for a decision"),
        ([due("15.00"), declined("15.00")], approve, "Nothing waits for a decision"),
        ([due("15.00")], instruct, "Nothing is approved"),
        ([due("15.00"), questioned()], approve, "signs that this claim is not honest"),
        (
            [due("15.00"), approved("15.00"), due("5.00"), questioned()], instruct,
            "signs that this claim is not honest",
        ),
        (OUT, instruct, "wait for its answer"),
        ([*OUT, answered(Paid, "15.00")], instruct, "Nothing is approved"),
        ([*OUT, answered(Failed, "15.00")], confirm, "was reported as failed before"),
        ([*OUT, answered(Paid, "15.00")], fail, "was reported as paid before"),
        (OUT, reverse, "Only what was paid can come back"),
        (OUT, lambda p: confirm(p, "14.99"), "15.00 GBP were instructed, and not 14.99 GBP"),
        (OUT, lambda p: confirm(p, payment=SECOND), "No payment was instructed under this id"),
        ([due("15.00")], lambda p: p.decline(reason=" ", at=NINE, by=ANA), "Say why"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    history: list[Event], act: Callable[[Payout], None], because: str
) -> None:
    payout = after(*history)

    with pytest.raises(Refused, match=because):
        act(payout)

    then(payout)


@pytest.mark.parametrize(
    ("history", "act"),
    [
        ([*OUT, answered(Paid, "15.00")], confirm),
        ([*OUT, answered(Failed, "15.00")], fail),
        ([*OUT, answered(Paid, "15.00"), answered(Reversed, "15.00")], reverse),
    ],
)
def test_a_bank_that_answers_twice_is_heard_once(
    history: list[Event], act: Callable[[Payout], None]
) -> None:
    payout = after(*history)

    act(payout)

    then(payout)


def test_signs_of_what_was_declined_are_news_when_more_is_owed() -> None:
    payout = after(due("15.00"), questioned(), declined("15.00"), due("5.00"))

    payout.question(questioned().signs, at=NINE, by=SYSTEM)

    assert payout.state.signs == questioned().signs
    with pytest.raises(Refused, match="signs that this claim is not honest"):
        approve(payout)


def test_nothing_can_be_done_with_what_was_never_owed() -> None:
    with pytest.raises(NotFound):
        approve(after())
    assert evolve(None, approved("15.00")) is None


def test_a_correction_while_the_money_is_on_its_way_is_kept_until_the_answer() -> None:
    payout = after(*OUT)

    owe("10.00")(payout)
    assert (payout.state.instructed, payout.state.owed) == (Decimal("15.00"), Decimal("-5.00"))

    fail(payout)
    assert (payout.state.approved, payout.state.owed) == (Decimal("10.00"), Decimal("0.00"))


# ---------------------------------------------------------------- every history

ACTS: dict[str, Callable[[Payout, Decimal], None]] = {
    "owe": lambda p, amount: owe(str(amount))(p),
    "owe_no_more": lambda p, _: p.owe_no_more(**RULES, at=NINE, by=SYSTEM),
    "approve": lambda p, _: approve(p),
    "decline": lambda p, _: decline(p),
    "instruct": lambda p, _: instruct(p),
    "confirm": lambda p, _: _answer(p.confirm, p),
    "fail": lambda p, _: _answer(p.fail, p, reason="AC04"),
    "reverse": lambda p, _: _answer(p.reverse, p, reason="MD06"),
}


def _answer(say: Callable[..., None], payout: Payout, **more: str) -> None:
    """The bank answers about the last payment."""
    *_, (payment, found) = payout.state.payments.items() or [("none", None)]
    say(payment, Money(found.amount if found else Decimal(1), "GBP"), at=NINE, by=BANK, **more)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(ACTS)), st.decimals("0.01", 100, places=2)), max_size=40
    )
)
def test_each_penny_is_in_one_place_whatever_happens(acts: list[tuple[str, Decimal]]) -> None:
    payout = after()
    for act, amount in acts:
        try:
            ACTS[act](payout, amount)
        except (Refused, NotFound):
            continue
        state = payout.state
        places = (state.owed, state.approved, state.declined, state.instructed, state.paid)
        assert state.total == sum(places)
        assert all(place >= 0 for place in places[1:])
        assert state.owed >= 0 or state.approved == state.declined == 0
        if act == "owe":
            assert state.total == amount

    replayed = after(*(record.event for record in payout.pending))
    assert replayed._state == payout._state
