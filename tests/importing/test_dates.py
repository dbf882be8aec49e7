"""Does the file decide what its dates mean, and is no hour invented?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.importing import formats
from web.importing.dates import Dates

NEW_YORK = ZoneInfo("America/New_York")
BOTH = ("%m-%d-%Y", "%d-%m-%Y")


def dates(seen: Iterable[str], known: tuple[str, ...] = BOTH, precision: str = "day") -> Dates:
    found = Dates(known, NEW_YORK, precision)  # type: ignore[arg-type]
    for text in seen:
        found.look(text)
    found.settle()
    return found


def day(found: Dates, text: str) -> date | None:
    moment = found.read(text)
    return moment.day if moment else None


def test_one_clear_date_decides_for_all() -> None:
    found = dates(["03-04-2023", "27-04-2023", "05-04-2023"])

    assert day(found, "03-04-2023") == date(2023, 4, 3)
    assert not found.ambiguous


def test_one_wrong_date_does_not_decide_for_all() -> None:
    found = dates(["03-04-2023", "04-27-2023", "27-04-2023", "28-04-2023"])

    assert day(found, "03-04-2023") == date(2023, 4, 3)
    assert day(found, "04-27-2023") is None


def test_without_a_clear_date_the_declared_order_decides_and_it_is_said() -> None:
    found = dates(["03-04-2023", "05-06-2023"])

    assert day(found, "03-04-2023") == date(2023, 3, 4)
    assert found.ambiguous


def test_formats_that_never_contradict_each_other_may_be_mixed() -> None:
    found = dates(["3/14/2025 1:20", "3/15/2025"], ("%m/%d/%Y %H:%M", "%m/%d/%Y"), "instant")

    assert day(found, "3/14/2025 1:20") == date(2025, 3, 14)
    assert day(found, "3/15/2025") == date(2025, 3, 15)


def test_iso_dates_are_always_read() -> None:
    assert day(dates(["03-04-2023"]), "2023-12-31") == date(2023, 12, 31)


def test_a_day_begins_in_the_zone_of_the_source() -> None:
    moment = dates(["27-04-2023"]).read("27-04-2023")

    assert moment is not None
    assert (moment.at, moment.precision) == (datetime(2023, 4, 27, 4, tzinfo=UTC), "day")


def instant(text: str) -> tuple[datetime, tuple[str, ...]]:
    moment = dates([text], ("iso",), "instant").read(text)
    assert moment is not None
    return moment.at, moment.flags


def test_an_hour_that_came_twice_is_the_first_one_and_flagged() -> None:
    at = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)

    assert instant("2025-11-02 01:30") == (at, ("ambiguous_local_time",))


def test_an_hour_that_never_was_is_flagged() -> None:
    at = datetime(2025, 3, 9, 7, 30, tzinfo=UTC)

    assert instant("2025-03-09 02:30") == (at, ("nonexistent_local_time",))


def test_an_offset_in_the_text_is_respected() -> None:
    assert instant("2025-11-02T01:30:00-05:00") == (datetime(2025, 11, 2, 6, 30, tzinfo=UTC), ())


def test_midnight_is_flagged_and_a_mere_day_is_not() -> None:
    mixed = dates(["2025-01-02"], ("iso",), "instant")

    midnight, only_day = mixed.read("2025-01-02 00:00"), mixed.read("2025-01-02")

    assert midnight is not None
    assert only_day is not None
    assert (midnight.precision, midnight.flags) == ("instant", ("midnight",))
    assert (only_day.precision, only_day.flags) == ("day", ())


@pytest.mark.parametrize("text", ["31-02-2023", "00-01-2023", "1-1-0001", "01-01-9999", "soon", ""])
def test_what_is_no_believable_day_is_not_read(text: str) -> None:
    assert dates(["03-04-2023"]).read(text) is None


@pytest.mark.parametrize(
    "known", ["iso", "%m/%d/%Y %I:%M:%S %p", "%d.%m.%y %H:%M", "%Y%m%d", "%d-%m-%Y %H:%M:%S"]
)
@given(when=st.datetimes(datetime(2000, 1, 1), datetime(2068, 12, 31)))
def test_formats_read_what_python_writes(known: str, when: datetime) -> None:
    text = when.isoformat() if known == "iso" else when.strftime(known)
    expected = when if known == "iso" else datetime.strptime(text, known)  # noqa: DTZ007

    written = formats.reader(known)(text)

    assert written is not None
    assert written[0] == expected


@pytest.mark.parametrize("known", ["%d/%m", "%d %B %Y", "%Y", "%d/%m/%Y %d", "soon", "%"])
def test_a_format_that_names_no_day_is_refused(known: str) -> None:
    with pytest.raises(ValueError, match=r"must name year|do not read"):
        formats.check(known)


def test_a_date_written_another_way_than_the_file_is_flagged() -> None:
    dates = Dates(["iso", "%d/%m/%Y %H:%M", "%d/%m/%Y"], ZoneInfo("UTC"), "instant")
    for text in ("2026-01-05", "2026-01-08", "06/01/2026 16:00"):
        dates.look(text)
    dates.settle()

    other, usual = dates.read("06/01/2026 16:00"), dates.read("2026-01-05")

    assert other is not None
    assert other.flags == ("other_date_format",)
    assert usual is not None
    assert usual.flags == ()
