"""What does a policy say? The records of a policy file, and the values that stand in it.

A file holds calendars and dated versions; each version holds clocks. `schema.parse` reads it.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

Unit = Literal["business hours", "business days", "hours", "days"]
UNITS: tuple[Unit, ...] = get_args(Unit)
DayEnd = Literal["end of day", "close of business"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MINUTES = 24 * 60

_AMOUNT = re.compile(r"(\d{1,6}) +(\S.*)")
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
        return self.unit.endswith("days")

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
        for unit in UNITS:
            if unit == plural:
                return cls(int(found[1]), unit)
        raise ValueError(f'unknown unit "{found[2]}" (use {quoted(UNITS)})')


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


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; a key that nobody reads is an error, never ignored."""


class FactRule(_Table, frozen=True, kw_only=True):
    """What a fact of an incident is, and what it is taken to be where nobody told it."""

    type: Literal["text", "yes or no", "number", "money", "date", "instant"]
    default: Any = None


class HolidaySet(_Table, frozen=True, kw_only=True):
    """Public holidays by the codes of the `holidays` package: country GB, subdivision ENG."""

    country: str
    subdivision: str = ""


class Calendar(_Table, frozen=True, kw_only=True):
    """When people work. A window belongs to the day on which it starts."""

    name: str
    zone: ZoneInfo | None = None
    """None: the policy's zone."""
    monday: tuple[Window, ...] = ()
    tuesday: tuple[Window, ...] = ()
    wednesday: tuple[Window, ...] = ()
    thursday: tuple[Window, ...] = ()
    friday: tuple[Window, ...] = ()
    saturday: tuple[Window, ...] = ()
    sunday: tuple[Window, ...] = ()
    holidays: HolidaySet | None = None
    closures: tuple[date, ...] = ()
    """Further days on which nobody works."""
    working_days: tuple[date, ...] = ()
    """Days that are worked although the weekday or the holidays say otherwise."""
    close_of_business: time = time(17)

    @property
    def week(self) -> tuple[tuple[Window, ...], ...]:
        """The windows of Monday to Sunday."""
        return tuple(getattr(self, day) for day in WEEKDAYS)


class Target(_Table, frozen=True, kw_only=True):
    """Another amount for some complaints: each attribute named must have one of the values."""

    when: dict[str, tuple[str, ...]]
    within: Amount


class Pause(_Table, frozen=True, kw_only=True):
    """A pair of events between which a clock stands still."""

    start: tuple[str, ...] = msgspec.field(name="from")
    end: tuple[str, ...] = msgspec.field(name="to")


WAITING = Pause(start=("paused",), end=("resumed", "message_received"))
"""`pauses = true`: waiting ends when the desk says so, and when the complainant writes."""


class ClockRule(_Table, frozen=True, kw_only=True):
    """A promise: from one of the start events, within an amount of time, one of the stop events."""

    name: str
    start: tuple[str, ...]
    stop: tuple[str, ...]
    within: Amount | None = None
    """For complaints that no target matches; None: those have no such clock."""
    targets: tuple[Target, ...] = msgspec.field(name="target", default=())
    """The first that matches counts."""
    calendar: str = ""
    """May stay empty where the file has one calendar."""
    ends: DayEnd = "end of day"
    pauses: bool | tuple[Pause, ...] = False
    extends: bool = False
    """Whether `complaint.extended` lengthens it."""
    new_cycle: tuple[str, ...] = ()
    """Events after which a finished clock starts once more."""

    @property
    def pause_pairs(self) -> tuple[Pause, ...]:
        if isinstance(self.pauses, bool):
            return (WAITING,) if self.pauses else ()
        return self.pauses

    @property
    def amounts(self) -> tuple[Amount, ...]:
        default = () if self.within is None else (self.within,)
        return default + tuple(target.within for target in self.targets)


class Version(_Table, frozen=True, kw_only=True):
    """The rules for complaints received from a date on, until the next version's date."""

    name: str
    since: date = msgspec.field(name="from")
    clocks: tuple[ClockRule, ...] = msgspec.field(name="clock")


class Policy(_Table, frozen=True, kw_only=True):
    """A whole policy file."""

    id: str
    title: str
    source: str
    """Where the rules come from: a statute and its section, or whose own promise it is."""
    status: Literal["confirmed", "unconfirmed"]
    """Unconfirmed: check before relying on it."""
    zone: ZoneInfo
    milestones: tuple[str, ...] = ()
    """Events outside the core vocabulary that the clocks may name."""
    attributes: tuple[str, ...] = ()
    """Attributes of the organisation's own that conditions may ask for."""
    facts: dict[str, FactRule] = {}
    """Facts of an incident that conditions and amounts may ask for."""
    calendars: tuple[Calendar, ...] = msgspec.field(name="calendar", default=())
    versions: tuple[Version, ...] = msgspec.field(name="version")


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
