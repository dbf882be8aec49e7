"""Which values stand in a policy file? Amounts of time, windows of the day, time zones."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

Unit = Literal["business hours", "business days", "hours", "days", "weeks", "months"]
UNITS: tuple[Unit, ...] = get_args(Unit)
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years of credible promises; an instant outside them is a mistake of its source."""
DAY_MINUTES = 24 * 60
_ALSO: dict[str, Unit] = {"elapsed hours": "hours", "calendar days": "days"}
"""Longer names of units."""

_AMOUNT = re.compile(r"(\d{1,6}) +(\S.*)")
_PERCENT = re.compile(r"(\d{1,2}) ?%")
_WINDOW = re.compile(r"([0-2]\d):([0-5]\d) ?- ?([0-2]\d):([0-5]\d)( next day)?")


class Amount:
    """How much time: a whole number above zero and its unit, as in "4 business hours"."""

    __slots__ = ("count", "unit")

    def __init__(self, count: int, unit: Unit) -> None:
        self.count = count
        self.unit = unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit.removesuffix('s') if self.count == 1 else self.unit}"

    @property
    def in_days(self) -> bool:
        return not self.unit.endswith("hours")

    @property
    def in_business_time(self) -> bool:
        return self.unit.startswith("business")

    @classmethod
    def parse(cls, text: str) -> Amount:
        """Raises ValueError with what would be right."""
        found = _AMOUNT.fullmatch(text.strip())
        if not found or int(found[1]) < 1:
            raise ValueError('not an amount of time (write a number and a unit: "5 business days")')
        plural = found[2] if found[2].endswith("s") else found[2] + "s"
        for name, unit in (*zip(UNITS, UNITS, strict=True), *_ALSO.items()):
            if name == plural:
                return cls(int(found[1]), unit)
        raise ValueError(f'unknown unit "{found[2]}" (use {quoted(UNITS)})')


class Percent(int):
    """A part of a clock's time: "75 %"."""

    @classmethod
    def parse(cls, text: str) -> Percent:
        """Raises ValueError with what would be right."""
        found = _PERCENT.fullmatch(text.strip())
        if not found or not 1 <= int(found[1]) <= 99:
            raise ValueError('not a part of the time (write "75 %", from 1 to 99)')
        return cls(int(found[1]))


class TimeOfDay:
    """A time on the wall: "16:00"."""

    __slots__ = ("hour",)

    def __init__(self, hour: time) -> None:
        self.hour = hour

    @classmethod
    def parse(cls, text: str) -> TimeOfDay:
        """Raises ValueError with what would be right."""
        try:
            return cls(datetime.strptime(text.strip(), "%H:%M").time())  # noqa: DTZ007
        except ValueError:
            raise ValueError('not a time of day (write "16:00")') from None


class Window:
    """Working time within a day: minutes after local midnight; `end` above 1440 is the next day."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    @classmethod
    def parse(cls, text: str) -> Window:
        """Raises ValueError with what would be right."""
        found = _WINDOW.fullmatch(text.strip())
        if not found:
            raise ValueError('not a window of time (write "09:00-17:30")')
        start = int(found[1]) * 60 + int(found[2])
        end = int(found[3]) * 60 + int(found[4])
        if start >= DAY_MINUTES or end > DAY_MINUTES:
            raise ValueError('no such time of day (a day runs from "00:00" to "24:00")')
        if found[5]:
            if end > start:
                raise ValueError("the window is longer than 24 hours (split it by weekday)")
            return cls(start, end + DAY_MINUTES)
        if end <= start:
            raise ValueError(
                "the window ends before it starts "
                f'(write "{text.strip()} next day" when it goes past midnight)'
            )
        return cls(start, end)


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; a key that nobody reads is an error, never ignored."""


def value_of(kind: type, given: Any) -> Any:
    """An amount, a window or a zone from its text; raises ValueError with what would be right."""
    if not isinstance(given, str):
        raise ValueError("not a text (put it between quotation marks)")
    if kind is ZoneInfo:
        return _zone(given)
    return kind.parse(given)  # type: ignore[attr-defined]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            'unknown time zone (use a name of the IANA list: "Europe/London", "Asia/Shanghai")'
        ) from None


def quoted(names: tuple[str, ...]) -> str:
    """A list for a sentence: "a", "b", "c"."""
    return ", ".join(f'"{name}"' for name in names)
