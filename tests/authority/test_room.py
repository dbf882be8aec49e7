"""Does no order of approvals get past what somebody may approve on a complaint and in a day?"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.authority import NOTHING, UNUSED, Approver, Used, others, refusal, room
from recovery.policy.authority import Basis
from tests.authority.conftest import ADA, ANA, BO, CY, ROLES, SID, SUE, person, pounds
from tests.authority.test_policy import AUTHORITY, said

RULES = said(AUTHORITY)
PEOPLE = [person(by) for by in ROLES]
ACTS = st.lists(
    st.tuples(
        st.sampled_from([CY, ANA, SUE]), st.sampled_from(["one", "two", "three"]),
        st.sampled_from(["goodwill", "redress"]), st.integers(1, 12_000).map(lambda n: n / 100),
    ),
    max_size=40,
)  # fmt: skip


@given(ACTS)
def test_what_somebody_approves_never_adds_up_to_more_than_they_may(
    acts: list[tuple[str, str, Basis, float]],
) -> None:
    here: dict[tuple[str, str], dict[tuple[Basis, str], Decimal]] = defaultdict(dict)
    today: dict[str, dict[tuple[Basis, str], Decimal]] = defaultdict(dict)
    for by, complaint, basis, amount in acts:
        money = Decimal(str(amount))
        used = Used(here[by, complaint], today[by])
        if room(RULES, person(by), basis, "GBP", used).holds(money):
            for spent in (here[by, complaint], today[by]):
                spent[basis, "GBP"] = spent.get((basis, "GBP"), NOTHING) + money

    def together(spent: dict[tuple[Basis, str], Decimal], *bases: Basis) -> Decimal:
        return sum((spent.get((basis, "GBP"), NOTHING) for basis in bases), NOTHING)

    assert together(today[CY], "goodwill", "redress") <= Decimal(200)
    for (by, _), spent in here.items():
        most = {CY: 50, SUE: 1000}.get(by)
        if most:
            assert together(spent, "goodwill", "redress") <= most
        else:
            assert together(spent, "goodwill") <= 80


@pytest.mark.parametrize(
    ("used", "amount", "sentence"),
    [
        (UNUSED, "50.00", ""),
        (UNUSED, "50.01", "You may approve 50.00 GBP on one complaint, of which 50.00 GBP is left"),
        (Used({("redress", "GBP"): Decimal(45)}), "5.01", "of which 5.00 GBP is left on this one"),
        (Used({}, {("goodwill", "GBP"): Decimal(170)}), "30.01",
         "You may approve 200.00 GBP a day, of which 30.00 GBP is left today"),
        (Used({("goodwill", "EUR"): Decimal(500)}), "50.00", ""),
        (Used({("goodwill", "GBP"): Decimal(90)}), "0.01", "of which 0.00 GBP is left on this one"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_left(used: Used, amount: str, sentence: str) -> None:
    found = refusal(room(RULES, person(CY), "goodwill", "GBP", used), pounds(amount))

    assert sentence in found
    assert bool(sentence) == bool(found)


def test_who_else_may_approve_is_named_by_what_is_left_to_them() -> None:
    spent = {SUE: Used({("goodwill", "GBP"): Decimal(990)})}

    assert others(RULES, PEOPLE, "goodwill", pounds("900"), spent, but=SID) == [ADA]
    assert others(RULES, PEOPLE, "goodwill", pounds("60"), {}, but=CY) == [ANA, SUE, SID, ADA]
    assert Approver(BO, "agent").person == "bo"
