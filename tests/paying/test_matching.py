"""Does each answer find its payment, and nothing else?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from recovery.money import Money
from recovery.paying.matching import Known, Lookup, Matched, match
from recovery.paying.records import Kind, Line, Result, Unmatched
from recovery.payout import PaymentState, Payout
from recovery.policy.guarantees.trace import Entitled
from tests.cast import DAY, NINE, SUE

A, B = "a" * 32, "b" * 32
EUROS = Money(Decimal("25.00"), "EUR")


def said(
    kind: Kind = "paid", payment: str = A, money: Money = EUROS, source: str = "B1",
    at: datetime = NINE + DAY,
) -> Result:  # fmt: skip
    return Result(payment=payment, kind=kind, money=money, at=at, source=source)


def known(**states: PaymentState) -> Lookup:
    found = {letter * 32: Known(EUROS, state, NINE) for letter, state in states.items()}

    def lookup(ids: frozenset[str]) -> Mapping[str, Known]:
        return {id: found[id] for id in ids & found.keys()}

    return lookup


@pytest.mark.parametrize(
    ("state", "kind", "is_news"),
    [
        ("instructed", "paid", True), ("instructed", "failed", True), ("paid", "reversed", True),
        ("instructed", "pending", False), ("paid", "paid", False), ("paid", "pending", False),
        ("failed", "failed", False), ("failed", "pending", False), ("reversed", "paid", False),
        ("reversed", "reversed", False), ("reversed", "pending", False),
    ],
)  # fmt: skip
def test_an_answer_that_fits_is_news_or_known(
    state: PaymentState, kind: Kind, is_news: bool
) -> None:
    assert list(match([said(kind)], known(a=state))) == [Matched(said(kind), is_news)]


@pytest.mark.parametrize(
    ("state", "kind", "why"),
    [
        ("instructed", "reversed", "came back before anybody said that it had been paid"),
        ("paid", "failed", "reported as paid before, and now as not paid"),
        ("failed", "paid", "reported as not paid before, and now as paid"),
        ("failed", "reversed", "reported as not paid before, and now as come back"),
        ("reversed", "failed", "was paid and came back before"),
    ],
)
def test_an_answer_that_contradicts_what_is_known_waits(
    state: PaymentState, kind: Kind, why: str
) -> None:
    (found,) = match([said(kind)], known(a=state))

    assert isinstance(found, Unmatched)
    assert why in found.reason


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (said(payment=B), "No payment was instructed under this id."),
        (said(money=Money(Decimal("24.99"), "EUR")),
         "25.00 EUR were instructed, and this says 24.99 EUR."),
        (said(money=Money(Decimal("25.00"), "GBP")),
         "25.00 EUR were instructed, and this says 25.00 GBP."),
    ],
)  # fmt: skip
def test_what_fits_only_partly_waits_with_what_it_says(answer: Result, why: str) -> None:
    assert list(match([answer], known(a="instructed"))) == [
        Unmatched(
            reason=why,
            where="B1",
            payment=answer.payment,
            money=answer.money,
            at=answer.at,
            kind=answer.kind,
        )
    ]


def test_a_line_that_could_not_be_read_stays_what_it_is() -> None:
    wrong = Unmatched(reason="The bank names no payment of ours.", where="B1")

    assert list(match([wrong], known())) == [wrong]


def test_a_payment_that_left_twice_waits_the_second_time() -> None:
    first, second = match([said(source="B1"), said(source="B2")], known(a="instructed"))

    assert first == Matched(said(), True)
    assert isinstance(second, Unmatched)
    assert second.reason == "The file says this twice, under B1 and B2."


def test_a_line_that_stands_twice_counts_once() -> None:
    first, second = match([said(), said()], known(a="instructed"))

    assert first == Matched(said(), True)
    assert isinstance(second, Unmatched)
    assert second.reason == "This stands twice in the file."


def test_a_return_that_stands_above_its_payment_comes_after_it() -> None:
    back = said("reversed", source="B2")

    assert list(match([back, said()], known(a="instructed"))) == [
        Matched(said(), True), Matched(back, True)
    ]  # fmt: skip


def test_a_day_that_begins_before_the_payment_was_asked_for_ends_after_it() -> None:
    early = datetime(2026, 3, 2, tzinfo=UTC)
    (found,) = match([said(at=early)], known(a="instructed"))

    assert found == Matched(said(at=NINE), True, said_at=early)


def test_payments_are_looked_up_many_at_a_time() -> None:
    asked: list[int] = []

    def lookup(ids: frozenset[str]) -> Mapping[str, Known]:
        asked.append(len(ids))
        return {id: Known(EUROS, "instructed", NINE) for id in ids}

    found = list(match([said(payment=f"{n:032x}") for n in range(2_500)], lookup))

    assert asked == [1_000, 1_000, 500]
    assert all(isinstance(f, Matched) and f.is_news for f in found)


STATES = st.sampled_from(["instructed", "paid", "failed", "reversed"])
LINES = st.builds(
    said, st.sampled_from(["paid", "failed", "reversed", "pending"]), st.sampled_from([A, B, "x"]),
    st.sampled_from([EUROS, Money(Decimal("1.00"), "EUR")]), st.sampled_from(["B1", "B2"]),
)  # fmt: skip


@given(STATES, STATES, st.lists(LINES, max_size=12))
def test_every_line_has_one_outcome_and_each_step_is_news_once(
    a: PaymentState, b: PaymentState, lines: list[Line]
) -> None:
    outcomes = list(match(lines, known(a=a, b=b)))

    assert len(outcomes) == len(lines)
    states = {A: a, B: b}
    for outcome in outcomes:
        if isinstance(outcome, Matched) and outcome.is_news:
            result = outcome.result
            assert result.money == EUROS
            assert (states[result.payment], result.kind) in [
                ("instructed", "paid"), ("instructed", "failed"), ("paid", "reversed")
            ]  # fmt: skip
            states[result.payment] = result.kind  # type: ignore[assignment]


@given(STATES, st.lists(LINES, max_size=12))
def test_a_payout_takes_all_that_is_news(state: PaymentState, lines: list[Result]) -> None:
    payout = instructed()
    payment = next(iter(payout.state.payments))
    bring_to(state, payout, payment)
    mine = [replace(o, payment=payment) if o.payment == A else o for o in lines]

    outcomes = match(mine, lambda ids: {payment: Known(EUROS, state, NINE)})

    for outcome in outcomes:
        if isinstance(outcome, Matched) and outcome.is_news:
            before = payout.version
            tell(payout, outcome.result)
            assert payout.version == before + 1
    paid = payout.state.paid
    assert (
        payout.state.total
        == EUROS.amount
        == paid + payout.state.approved + (payout.state.instructed)
    )


def instructed() -> Payout:
    """A payout whose money is in the bank's hands."""
    payout = Payout("7GQ2M4XK9T", "p1")
    found = Entitled(guarantee="late", occurrence="reply/1", money=EUROS, pay_by=None)
    payout.owe(found, policy="house", policy_version="1", at=NINE, by="system")
    payout.approve(at=NINE, by=SUE)
    payout.instruct(connector="csv", at=NINE, by="system")
    return payout


def bring_to(state: PaymentState, payout: Payout, payment: str) -> None:
    if state in ("paid", "reversed"):
        tell(payout, said("paid", payment))
    if state in ("failed", "reversed"):
        tell(payout, said(state, payment))


def tell(payout: Payout, result: Result) -> None:
    """Record a result as it is."""
    at, by, reason = result.at, "system", "AC04"
    match result.kind:
        case "paid":
            payout.confirm(result.payment, result.money, at=at, by=by)
        case "failed":
            payout.fail(result.payment, result.money, reason=reason, at=at, by=by)
        case "reversed":
            payout.reverse(result.payment, result.money, reason=reason, at=at, by=by)
