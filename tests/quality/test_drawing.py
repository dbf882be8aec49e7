"""Does a seed draw the same again, each stratum its share, and what went wrong more often?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from projections import sampling
from projections.fairness import PROJECTION
from projections.sampling import Wanted, allocated
from projections.table import Changes, Rows
from projections.treatment import Fair
from recovery.database import Database
from recovery.fairness.agreement import agreement
from tests import templates
from tests.cast import DAY, NINE
from tests.conftest import fresh_database


def row(n: int, **more: Any) -> Fair:
    return Fair(**{
        "complaint": f"C{n:04}", "received_at": NINE, "source": "", "policy": "house",
        "policy_version": "1", "channel": "phone" if n % 4 else "letter", "language": "en",
        "tier": "", "category": "", "product": "", "severity": "normal", "attributes": {},
        "ended": "closed", "ended_at": NINE + DAY, "happened": {"letter": (NINE,)},
        "contested": n < 100, "contested_at": NINE + DAY, **more,
    })  # fmt: skip


@pytest.fixture(scope="module")
def conn(server_url: str) -> Iterator[sa.Connection]:
    """400 closed complaints, 100 of them contested, and some that cannot be reviewed."""
    rows = [row(n) for n in range(400)]
    rows += [row(500, happened={}), row(501, ended="", ended_at=None), row(502, ended="withdrawn")]
    with fresh_database(server_url, templates.DESK) as url:
        database = Database(url, size=1).open()
        with database.dedicated() as raw:
            Rows(PROJECTION).write(raw, Changes(fresh=rows))
        with database.engine.connect() as found:
            yield found
        database.close()


def wanted(**more: Any) -> Wanted:
    return Wanted(**{"method": "random", "seed": "a", "size": 40, "as_of": NINE + 9 * DAY, **more})


def test_the_same_seed_draws_the_same(conn: sa.Connection) -> None:
    first, again, other = (sampling.draw(conn, wanted(seed=s)) for s in ("a", "a", "b"))

    assert first == again
    assert first != other
    assert (len(set(first.complaints)), first.population) == (40, 400)


def test_what_cannot_be_reviewed_is_not_drawn(conn: sa.Connection) -> None:
    everything = sampling.draw(conn, wanted(size=1_000))

    assert set(everything.complaints) == {f"C{n:04}" for n in range(400)}


def test_nothing_had_ended_before_the_first_did(conn: sa.Connection) -> None:
    assert sampling.draw(conn, wanted(as_of=NINE)) == ((), 0)


def test_each_stratum_has_its_share(conn: sa.Connection) -> None:
    found = sampling.draw(conn, wanted(method="stratified", stratum="channel"))

    assert sum(int(c[1:]) % 4 == 0 for c in found.complaints) == 10
    assert list(found.complaints) != sorted(found.complaints)


def test_what_went_wrong_is_drawn_more_often(conn: sa.Connection) -> None:
    """A quarter is contested and weighs four times as much: over a half is expected."""
    found = sampling.draw(conn, wanted(method="risk", size=80))

    assert sum(int(c[1:]) < 100 for c in found.complaints) > 30


@settings(max_examples=30)
@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 500), max_size=12),
    st.integers(0, 200),
)
def test_shares_add_up_and_none_is_more_than_there_is(sizes: dict[str, int], size: int) -> None:
    found = allocated(sizes, size)

    assert sum(found.values()) == min(size, sum(sizes.values()))
    assert all(0 <= found[name] <= sizes[name] for name in sizes)


# ---------------------------------------------------------------- agreement


def pairs(table: dict[tuple[str, str], int]) -> list[Any]:
    return [
        (("ana", first), ("bo", second)) for (first, second), n in table.items() for _ in range(n)
    ]


def test_kappa_is_that_of_the_books() -> None:
    """J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods (2003), table 18.1: kappa 0.68."""
    found = agreement(pairs({
        ("psychotic", "psychotic"): 75, ("psychotic", "neurotic"): 1, ("psychotic", "organic"): 4,
        ("neurotic", "psychotic"): 5, ("neurotic", "neurotic"): 4, ("neurotic", "organic"): 1,
        ("organic", "organic"): 10,
    }))  # fmt: skip

    assert (found.cases, found.same) == (100, 89)
    assert found.kappa == pytest.approx(0.68, abs=0.005)
    assert found.low is not None
    assert found.low < found.kappa < (found.high or 0)


def test_of_changing_pairs_it_is_the_kappa_of_fleiss() -> None:
    some = pairs({("yes", "yes"): 8, ("no", "no"): 4})
    some += [(("ana", "yes"), ("cy", "no"))] * 3
    found = agreement(some)

    assert found.kappa is not None
    assert found.low is None


@pytest.mark.parametrize("table", [{("yes", "yes"): 40}, {("yes", "no"): 4, ("no", "no"): 5}])
def test_of_one_answer_or_of_few_cases_there_is_no_kappa(table: dict[tuple[str, str], int]) -> None:
    assert agreement(pairs(table)).kappa is None
