"""Is what one complainant can get in a year kept across their complaints, whoever pays when?"""

from __future__ import annotations

import threading
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.rebuild import check
from recovery.events import Explained
from recovery.policybook import adopt
from tests.cast import ANA, DAY, HOUR, NINE, SUE
from tests.payouts import conftest
from tests.payouts.conftest import Till
from tests.payouts.years import LIMIT, REFERENCES, TEXT, Lives

FIRST, SECOND, THIRD = REFERENCES
HOURS = st.integers(0, 24 * 20).map(lambda n: NINE + n * HOUR)


def explained(at: datetime) -> Explained:
    return Explained(at=at, by=ANA, outcome="upheld")


def test_the_second_complaint_gets_what_the_first_left() -> None:
    lives = Lives()
    lives.receive(FIRST, NINE)
    lives.hear(FIRST, explained(NINE + 3 * DAY + HOUR))
    lives.pay(NINE + 4 * DAY)
    lives.receive(SECOND, NINE + 5 * DAY)

    lives.pay(NINE + 20 * DAY)

    assert (lives.recorded(FIRST), lives.recorded(SECOND)) == (Decimal(20), Decimal(10))
    [last] = [
        payout.state.due for payout in lives.payouts.values()
        if payout.complaint == SECOND and payout.state.due.guarantee == "late_explanation"
    ]  # fmt: skip
    assert last.trace[-1].kind == "a_year"
    assert last.trace[-1].values == {"limit": "30.00", "used": "20.00", "complaints": FIRST}


def test_what_one_gives_back_another_gets() -> None:
    lives = Lives()
    lives.receive(FIRST, NINE)
    lives.pay(NINE + 20 * DAY)
    lives.receive(SECOND, NINE + HOUR)
    lives.pay(NINE + 21 * DAY)
    assert (lives.recorded(FIRST), lives.recorded(SECOND)) == (LIMIT, Decimal(0))

    lives.hear(FIRST, explained(NINE + HOUR))  # it turns out that it was answered at once
    lives.pay(NINE + 22 * DAY)

    assert (lives.recorded(FIRST), lives.recorded(SECOND)) == (Decimal(0), LIMIT)


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.sampled_from(REFERENCES), HOURS), max_size=4),
    st.lists(HOURS, min_size=1, max_size=3),
)
def test_the_limit_holds_and_each_gets_what_it_is_owed_as_of_each_instant(
    answers: list[tuple[str, datetime]], looks: list[datetime]
) -> None:
    lives = Lives()
    for number, reference in enumerate(REFERENCES):
        lives.receive(reference, NINE + number * HOUR)
    told = sorted((at, reference) for reference, at in answers)
    for now in sorted({*looks, NINE + 21 * DAY}):
        for at, reference in [each for each in told if each[0] <= now]:
            lives.hear(reference, explained(at))
            told.remove((at, reference))
        lives.pay(now)
        assert lives.together <= LIMIT
        assert [lives.recorded(r) for r in REFERENCES] == [lives.owed(r, now) for r in REFERENCES]


@pytest.fixture
def limited(till: Till) -> Till:
    """A desk with the limit, and two complaints of Mr Lee's that nobody explains."""
    adopt(till.desk.store, till.desk.policies, TEXT, by=SUE, at=conftest.NINE, reason="A test.")
    return till


def explanations(till: Till, *references: str) -> list[str]:
    return [till.owed(reference).get("late_explanation", "0") for reference in references]


def test_two_paymasters_at_once_give_the_last_of_it_once(limited: Till) -> None:
    both = [limited.receive() for _ in range(2)]
    limited.now = conftest.NINE + 30 * DAY
    limited.desk.engine.catch_up()

    threads = [threading.Thread(target=limited.paymaster().step) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    limited.pay(conftest.NINE + 31 * DAY)

    assert sorted(explanations(limited, *both)) in (["0", "30.00"], ["15.00", "15.00"])
    assert sum(map(Decimal, explanations(limited, *both))) == LIMIT


def test_rows_made_anew_know_of_the_other_complaints(limited: Till) -> None:
    both = [limited.receive() for _ in range(2)]
    limited.pay(conftest.NINE + 9 * DAY)
    limited.desk.desk.explain(
        both[0], by=ANA, at=conftest.NINE + HOUR, outcome="upheld", message="We lost it."
    )
    limited.pay(conftest.NINE + 30 * DAY)

    assert explanations(limited, *both) == ["0.00", "30.00"]
    assert all(found.identical for found in check(limited.desk.engine))


def test_a_limit_by_number_counts_the_other_complaints_too(till: Till) -> None:
    text = conftest.POLICY.replace(
        "when = \"cause == 'cut_off'\"", "when = \"cause == 'cut_off'\"\na_year = { times = 1 }"
    )
    adopt(till.desk.store, till.desk.policies, text, by=SUE, at=conftest.NINE, reason="A test.")
    facts = {
        "cause": "cut_off", "cut_off_on": (conftest.NINE - 9 * DAY).date().isoformat(),
        "restored_on": (conftest.NINE - DAY).date().isoformat(),
    }  # fmt: skip
    both = [till.receive() for _ in range(2)]
    for reference in both:
        till.desk.desk.record_incident(reference, by=ANA, at=conftest.NINE, facts=facts)
        till.pay(conftest.NINE + HOUR)

    assert [till.owed(reference).get("cut_off") for reference in both] == ["58.80", None]
