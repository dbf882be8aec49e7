"""When does this firm work, and when do people complain?

`Office` turns working hours into instants; `Waves` says when each of N complaints arrives.
Instants are seconds since 1970, because a million stories are told in them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

import holidays

from web.demo.firm import ZONE

HOUR = 3_600
DAY = 24 * HOUR
OPENS, CLOSES = time(9), time(17, 30)
STORM_LASTS = 2 * DAY
_WEEK = (1.32, 1.18, 1.06, 1.0, 0.96, 0.58, 0.38)
"""Monday to Sunday."""
_CLOCK = (
    .10, .06, .04, .03, .04, .08, .22, .55, 1.0, 1.6, 1.75, 1.6, 1.3, 1.25, 1.4, 1.45, 1.35, 1.3,
    1.2, 1.15, 1.0, .75, .45, .22,
)  # fmt: skip
"""By the hour on the wall."""


class Office:
    """The firm's working time from `first` to `last`, without week-ends and bank holidays."""

    def __init__(self, first: date, last: date) -> None:
        free = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
        days = (first + timedelta(n) for n in range((last - first).days + 1))
        self._opens: list[float] = []
        self._worked: list[float] = []
        total = 0.0
        for day in days:
            if day.weekday() < 5 and day not in free:
                opens, closes = (
                    datetime.combine(day, t, ZONE).timestamp() for t in (OPENS, CLOSES)
                )
                self._opens.append(opens)
                self._worked.append(total)
                total += closes - opens
        self._length = (CLOSES.hour - OPENS.hour) * HOUR + CLOSES.minute * 60

    def later(self, at: float, hours: float) -> float:
        """The instant when that much working time has passed since `at`."""
        i = max(bisect_right(self._opens, at) - 1, 0)
        inside = min(max(at - self._opens[i], 0.0), self._length)
        worked = self._worked[i] + inside + hours * HOUR
        j = bisect_right(self._worked, worked) - 1
        return self._opens[j] + worked - self._worked[j]

    def is_open(self, at: float) -> bool:
        i = bisect_right(self._opens, at) - 1
        return i >= 0 and at < self._opens[i] + self._length


class Waves:
    """The rhythm of the days before `until`: seasons, bills, weeks, hours and one storm."""

    def __init__(self, *, until: float, days: int) -> None:
        self.start = until - days * DAY
        self.storm = _storm(until, days)
        self._sums: list[float] = []
        total = 0.0
        for n in range(days * 24):
            total += self._weight(self.start + n * HOUR)
            self._sums.append(total)

    def arrival(self, quantile: float) -> float:
        """When the complaint arrives that this share of all complaints arrive before."""
        target = quantile * self._sums[-1]
        hour = min(bisect_right(self._sums, target), len(self._sums) - 1)
        before = self._sums[hour - 1] if hour else 0.0
        return self.start + (hour + (target - before) / (self._sums[hour] - before)) * HOUR

    def storm_share(self, at: float) -> float:
        """Which part of the complaints of this moment is about the storm."""
        surge = self._surge(at)
        return surge / (1 + surge)

    def backlog(self, at: float) -> float:
        """How many times longer everything takes at this moment."""
        since = at - self.storm
        return 1.0 if since < 0 else 1.0 + 2.0 * math.exp(-since / (6 * DAY))

    def _surge(self, at: float) -> float:
        since = at - self.storm
        if since < 0:
            return 0.0
        return 6.0 if since < STORM_LASTS else 3.0 * math.exp(-(since - STORM_LASTS) / (1.5 * DAY))

    def _weight(self, at: float) -> float:
        local = datetime.fromtimestamp(at, UTC).astimezone(ZONE)
        winter = 1 + 0.22 * math.cos(2 * math.pi * (local.timetuple().tm_yday - 20) / 365)
        bills = 1.3 if local.day <= 5 else 1.0
        usual = _WEEK[local.weekday()] * _CLOCK[local.hour] * winter * bills
        return usual * (1 + self._surge(at))


def _storm(until: float, days: int) -> float:
    """The storm begins at four in the morning, about a quarter of the period ago."""
    about = datetime.fromtimestamp(until - days * DAY * 0.27, ZONE)
    return about.replace(hour=4, minute=0, second=0, microsecond=0).timestamp()
