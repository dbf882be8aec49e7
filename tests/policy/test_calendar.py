"""Working time: exact across weekends, holidays, nights, lunches and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.policy.calendar import WorkingTime
from recovery.policy.values import Window
from tests.policy.given import LONDON, at, office, week

HOUR = 3600
EVERY_DAY = range(7)


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        pytest.param(office(), "2026-03-02T09:00", 4, "2026-03-02T13:00", id="within a day"),
        pytest.param(office(), "2026-03-02T16:00", 4, "2026-03-03T11:30", id="over a night"),
        pytest.param(office(), "2026-03-06T16:00", 4, "2026-03-09T11:30", id="over a weekend"),
        pytest.param(office(), "2026-03-07T12:00", 4, "2026-03-09T13:00", id="from a Saturday"),
        pytest.param(office(), "2026-03-02T03:00", 4, "2026-03-02T13:00", id="before opening"),
        pytest.param(
            office(), "2026-03-02T09:00", 8.5, "2026-03-02T17:30", id="ends when the desk closes"
        ),
        pytest.param(
            office(closed=("2026-04-03", "2026-04-06")),
            "2026-04-02T15:30+00:00", 2, "2026-04-07T09:00+00:00", id="over Easter",
        ),
        pytest.param(
            office("09:00-12:00", "13:00-17:00"),
            "2026-03-02T11:30", 1, "2026-03-02T13:30", id="over lunch",
        ),
        pytest.param(
            office("22:00-06:00 next day"),
            "2026-03-02T23:00", 8, "2026-03-03T23:00", id="into the next night",
        ),
        pytest.param(
            office("22:00-06:00 next day"),
            "2026-03-06T23:00", 6, "2026-03-07T05:00", id="Friday's night shift ends on Saturday",
        ),
        pytest.param(
            WorkingTime(LONDON, week("00:00-24:00", days=EVERY_DAY)),
            "2026-03-28T18:00", 24, "2026-03-29T19:00+01:00", id="round the clock, spring",
        ),
        pytest.param(
            WorkingTime(LONDON, week("00:00-24:00", days=EVERY_DAY)),
            "2026-10-24T18:00+01:00", 24, "2026-10-25T17:00+00:00", id="round the clock, autumn",
        ),
        pytest.param(
            office("22:00-06:00 next day", zone=ZoneInfo("America/New_York")),
            "2026-03-06T22:00-05:00", 9, "2026-03-09T23:00-04:00", id="nights, spring",
        ),
        pytest.param(
            WorkingTime(LONDON, week("22:00-06:00 next day", days=range(5, 6))),
            "2026-03-28T22:00", 7, "2026-03-29T06:00+01:00", id="a spring night has 7 hours",
        ),
        pytest.param(
            WorkingTime(LONDON, week("22:00-06:00 next day", days=range(5, 6))),
            "2026-10-24T22:00+01:00", 9, "2026-10-25T06:00+00:00", id="an autumn night has 9 hours",
        ),
        pytest.param(
            WorkingTime(LONDON, week("01:30-05:00", days=range(6, 7))),
            "2026-03-29T00:00", 3, "2026-03-29T05:00+01:00", id="opens in the skipped hour",
        ),
        pytest.param(
            WorkingTime(ZoneInfo("Asia/Kathmandu"), week("09:00-17:00")),
            "2026-03-02T09:00+05:45", 1, "2026-03-02T10:00+05:45", id="a zone of quarter hours",
        ),
        pytest.param(
            office(), "2026-12-31T17:00", 1, "2027-01-01T09:30", id="over new year"
        ),
    ],
)  # fmt: skip
def test_a_due_instant(calendar: WorkingTime, start: str, hours: float, due: str):
    found = calendar.due(at(start), hours * HOUR)

    assert found == at(due)
    assert found.tzinfo is UTC
    assert calendar.elapsed(at(start), found) == hours * HOUR


def test_windows_that_touch_at_midnight_lose_no_minute():
    """One ends at 24:00, the next starts at 00:00 (conformance row 2)."""
    halves = WorkingTime(LONDON, week("00:00-12:00", "12:00-24:00", days=EVERY_DAY))

    assert halves.elapsed(at("2026-03-02T23:00"), at("2026-03-03T01:00")) == 2 * HOUR


def test_windows_that_overlap_count_once():
    both = office("09:00-13:00", "12:00-17:00")

    assert both.elapsed(at("2026-03-02T00:00"), at("2026-03-03T00:00")) == 8 * HOUR


def test_a_microsecond_is_counted():
    start = datetime(2026, 3, 6, 17, 29, 59, 999_999, tzinfo=UTC)

    due = office().due(start, 0.000_002)

    assert due == datetime(2026, 3, 9, 9, 0, 0, 1, tzinfo=UTC)


def test_nothing_to_count_is_due_at_once_even_outside_hours():
    saturday = at("2026-03-07T12:00")

    assert office().due(saturday, 0) == saturday


def test_far_apart_years_are_counted():
    yearly = office().elapsed(at("1990-01-01T00:00"), at("2040-01-01T00:00"))

    weekdays = sum(
        1 for day in range(date(1990, 1, 1).toordinal(), date(2040, 1, 1).toordinal())
        if date.fromordinal(day).weekday() < 5
    )  # fmt: skip
    assert yearly == weekdays * 8.5 * HOUR


def test_an_early_year_asked_after_a_late_one_is_counted():
    calendar = office()
    calendar.due(at("2026-03-02T09:00"), HOUR)

    assert calendar.due(at("1995-03-06T09:00"), HOUR) == at("1995-03-06T10:00")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        pytest.param("2026-03-02T09:00", 1, "2026-03-03T23:59:59", id="not the first day"),
        pytest.param("2026-03-02T23:30", 1, "2026-03-03T23:59:59", id="after hours"),
        pytest.param("2026-03-06T09:00", 1, "2026-03-09T23:59:59", id="over a weekend"),
        pytest.param("2026-03-07T09:00", 1, "2026-03-09T23:59:59", id="from a Saturday"),
        pytest.param("2026-04-02T10:00+01:00", 3, "2026-04-09T23:59:59+01:00", id="over Easter"),
        pytest.param("2026-03-27T10:00", 1, "2026-03-30T23:59:59+01:00", id="spring change"),
        pytest.param("2026-07-01T23:30", 1, "2026-07-03T23:59:59+01:00", id="past local midnight"),
    ],
)  # fmt: skip
def test_business_days(start: str, days: int, due: str):
    easter = office(closed=("2026-04-03", "2026-04-06"))

    assert easter.add_business_days(at(start), days) == at(due)


def test_a_business_day_may_end_at_close_of_business():
    due = office().add_business_days(at("2026-07-01T12:00"), 3, "close of business")

    assert due == at("2026-07-06T17:00+01:00")


def test_a_make_up_saturday_is_worked_with_the_usual_hours():
    calendar = WorkingTime(
        ZoneInfo("Asia/Shanghai"),
        week("09:00-17:00"),
        closed=[date(2026, 5, 1)],
        worked=[date(2026, 5, 9)],
    )

    assert calendar.due(at("2026-05-08T16:00+08:00"), 2 * HOUR) == at("2026-05-09T10:00+08:00")
    assert calendar.business_days(at("2026-04-30T12:00"), at("2026-05-10T12:00")) == 7


ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
)
INSTANTS = st.datetimes(
    datetime(2021, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)
)  # fmt: skip


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
    return tuple(Window(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingTime:
    days = draw(st.lists(st.one_of(st.just(()), windows()), min_size=6, max_size=6))
    closed = draw(st.sets(st.dates(date(2021, 1, 1), date(2028, 1, 1)), max_size=20))
    return WorkingTime(ZoneInfo(draw(ZONES)), (draw(windows()), *days), closed=closed)


MICROSECONDS = st.integers(1, 40 * 3600 * 1_000_000)


@given(calendars(), INSTANTS, MICROSECONDS)
def test_what_is_due_has_elapsed(calendar: WorkingTime, start: datetime, micros: int):
    seconds = micros / 1_000_000

    due = calendar.due(start, seconds)

    assert calendar.elapsed(start, due) == seconds
    assert calendar.elapsed(start, due - timedelta(microseconds=1)) < seconds


@given(calendars(), INSTANTS, INSTANTS, INSTANTS)
def test_elapsed_time_adds_up(calendar: WorkingTime, a: datetime, b: datetime, c: datetime):
    parts = calendar.elapsed(a, b) + calendar.elapsed(b, c)

    assert parts == pytest.approx(calendar.elapsed(a, c), abs=1e-6)
    assert calendar.elapsed(a, b) <= max(0.0, (b - a).total_seconds())


@given(calendars(), INSTANTS, st.integers(1, 400))
def test_business_days_added_are_business_days_counted(
    calendar: WorkingTime, start: datetime, days: int
):
    due = calendar.add_business_days(start, days)

    assert calendar.business_days(_day_after(start, calendar), _day_after(due, calendar)) == days


def _day_after(instant: datetime, calendar: WorkingTime) -> datetime:
    """Noon of the next local day."""
    return instant.astimezone(calendar.zone).replace(hour=12) + timedelta(days=1)
