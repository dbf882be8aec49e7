"""Does the invented firm keep its hours, and do its complaints come in waves?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from web.demo.hours import STORM_LASTS, Office, Waves

OFFICE = Office(date(2026, 3, 1), date(2026, 4, 30))


def instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("since", "hours", "then"),
    [
        ("2026-03-02T09:00+00:00", 2, "2026-03-02T11:00+00:00"),
        ("2026-03-02T16:30+00:00", 2, "2026-03-03T10:00+00:00"),
        ("2026-03-06T17:00+00:00", 1, "2026-03-09T09:30+00:00"),  # over the week-end
        ("2026-03-07T12:00+00:00", 0.5, "2026-03-09T09:30+00:00"),  # from the week-end
        ("2026-03-02T03:00+00:00", 1, "2026-03-02T10:00+00:00"),  # from the night
        ("2026-03-27T17:00+00:00", 1, "2026-03-30T09:30+01:00"),  # the clocks go forward
        ("2026-04-02T17:00+01:00", 1, "2026-04-07T09:30+01:00"),  # over Easter
        ("2026-03-02T09:00+00:00", 17, "2026-03-04T09:00+00:00"),
    ],
)
def test_working_hours_pass_only_while_the_firm_works(since: str, hours: float, then: str) -> None:
    assert OFFICE.later(instant(since), hours) == pytest.approx(instant(then), abs=0.001)


def test_the_firm_is_open_in_office_hours_only() -> None:
    assert OFFICE.is_open(instant("2026-03-02T09:00+00:00"))
    assert OFFICE.is_open(instant("2026-03-02T17:29+00:00"))
    assert not OFFICE.is_open(instant("2026-03-02T17:30+00:00"))
    assert not OFFICE.is_open(instant("2026-03-07T12:00+00:00"))
    assert not OFFICE.is_open(instant("2026-04-03T12:00+01:00"))  # Good Friday


def test_complaints_arrive_in_order_within_the_days_asked_for() -> None:
    until = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)
    waves = Waves(until=until.timestamp(), days=90)

    arrivals = [waves.arrival(n / 1_000) for n in range(1_000)]

    assert all(first <= second for first, second in pairwise(arrivals))
    assert (until - timedelta(days=90)).timestamp() <= arrivals[0]
    assert arrivals[-1] <= until.timestamp()


def test_after_the_storm_work_piles_up_and_is_worked_off() -> None:
    waves = Waves(until=datetime(2026, 11, 18, tzinfo=UTC).timestamp(), days=90)
    day = 86_400

    assert waves.storm_share(waves.storm - 1) == 0
    assert waves.storm_share(waves.storm + STORM_LASTS / 2) > 0.8
    assert waves.storm_share(waves.storm + 20 * day) < 0.01
    assert waves.backlog(waves.storm - 1) == 1
    assert waves.backlog(waves.storm + day) > 2 > waves.backlog(waves.storm + 10 * day) > 1
