"""Does a worker that was down for six hours record what one that never stopped did?"""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cast import DAY, HOUR, MINUTE
from tests.timekeeping.conftest import NINE, Watch
from tests.timekeeping.living import Act, live, recorded

LIVES: tuple[tuple[Act, ...], ...] = (
    (),
    (Act("acknowledge", NINE + HOUR),),
    (Act("acknowledge", NINE + 3 * HOUR),),
    (Act("pause", NINE + 3 * HOUR), Act("resume", NINE + 5 * HOUR)),
    (
        Act("acknowledge", NINE + HOUR),
        Act("explain", NINE + 5 * HOUR),
        Act("close", NINE + 6 * HOUR),
    ),
    (Act("classify", NINE + 2 * HOUR), Act("withdraw", NINE + 7 * HOUR)),
)
END = NINE + DAY + 6 * HOUR


def test_six_hours_down_twice_over_and_in_parallel_change_nothing(
    watch: Watch, another: Watch
) -> None:
    steady = live(watch, LIVES, until=END, looks=every(30 * MINUTE))
    fitful = live(
        another, LIVES, until=END,
        looks=[t for t in every(30 * MINUTE) if not down(t)], workers=3,
    )  # fmt: skip

    assert recorded(watch, steady) == recorded(another, fitful)
    assert sum(len(each) for each in recorded(watch, steady)) > 20


def every(pace: timedelta) -> list[datetime]:
    return [NINE + n * pace for n in range(int((END - NINE) / pace) + 1)]


def down(at: datetime) -> bool:
    """From ten to four, and again the next day."""
    return NINE + HOUR <= at < NINE + 7 * HOUR or NINE + DAY <= at < NINE + DAY + 6 * HOUR
