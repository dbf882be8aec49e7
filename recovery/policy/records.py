"""What does a policy say? The records of a policy file.

A file holds calendars and dated versions; each version holds clocks. `schema.parse` reads it.
"""

from __future__ import annotations

from datetime import date, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from recovery.policy.authority import Authority, Budget, Limit
from recovery.policy.guarantees.records import Guarantee
from recovery.policy.values import Amount, Percent, Table, TimeOfDay, Window

DayEnd = Literal["end of day", "close of business"]
COMPLAINT_DATE = "complaint date"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class FactRule(Table, frozen=True, kw_only=True):
    """What a fact of an incident is, and what it is taken to be where nobody told it."""

    type: Literal["text", "yes or no", "number", "money", "date", "instant"]
    default: Any = None


class HolidaySet(Table, frozen=True, kw_only=True):
    """Public holidays by the codes of the `holidays` package: country GB, subdivision ENG."""

    country: str
    subdivision: str = ""
    subdivision_by: str = ""
    """A fact or attribute that names another subdivision."""
    subdivisions: tuple[str, ...] = ()
    """Those it may name; empty: all of the country."""


class Calendar(Table, frozen=True, kw_only=True):
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


class Target(Table, frozen=True, kw_only=True):
    """Another amount for some complaints."""

    when: dict[str, tuple[str, ...]] = {}
    """Each attribute named must have one of the values."""
    condition: str = ""
    """A CEL expression that must hold too."""
    within: Amount


class Pause(Table, frozen=True, kw_only=True):
    """Events between which a clock stands still, or stages in which it does."""

    start: tuple[str, ...] = msgspec.field(name="from", default=())
    end: tuple[str, ...] = msgspec.field(name="to", default=())
    stage: tuple[Literal["received", "acknowledged", "explained", "compensated"], ...] = ()


WAITING = Pause(start=("paused",), end=("resumed", "message_received"))
"""`pauses = true`: waiting ends when the desk says so, and when the complainant writes."""


class Extension(Table, frozen=True, kw_only=True):
    """By how much `extended` lengthens a clock, whatever the event says."""

    by: Amount
    at_most: int = 1
    """How often, in one cycle."""


class Escalation(Table, frozen=True, kw_only=True):
    """A step that is taken when a promise is in danger, or broken: `at` a point, or `after` it."""

    at: str = ""
    """A part of the time, "75 %", or "due"."""
    after: Amount | None = None
    """How long after the due instant."""
    assign: str = ""
    notify: tuple[str, ...] = ()
    severity: Literal["", "low", "normal", "high", "critical"] = ""
    any_hour: bool = False
    """Whether it is taken at night too; else it waits for the next working time."""

    @property
    def percent(self) -> int:
        """The part of the time after which it is taken; 0: when the clock is due, or after."""
        return int(Percent.parse(self.at)) if self.at not in ("", "due") else 0


class ClockRule(Table, frozen=True, kw_only=True):
    """A promise: from one of the start events, within an amount of time, one of the stop events."""

    name: str
    start: tuple[str, ...]
    after: tuple[str, ...] = ()
    """Events one of which must have happened before a start counts."""
    stop: tuple[str, ...]
    within: Amount | None = None
    """For complaints that no target matches; None: those have no such clock."""
    targets: tuple[Target, ...] = msgspec.field(name="target", default=())
    """The first that matches counts."""
    calendar: str = ""
    """May stay empty where the file has one calendar."""
    ends: DayEnd = "end of day"
    starting_day: Literal["does not count", "counts"] = "does not count"
    cut_off: TimeOfDay | None = None
    """A start after this hour, or on a day without work, is one of the next business day."""
    roll: Literal["", "next business day"] = ""
    """What a last day without work becomes."""
    pauses: bool | tuple[Pause, ...] = False
    extends: bool = False
    """Whether `extended` lengthens it, by the days of the event."""
    extension: Extension | None = None
    """The same, by an amount of the policy's."""
    restart: tuple[str, ...] = ()
    """Events at which it begins anew while it runs."""
    new_cycle: tuple[str, ...] = ()
    """Events after which a finished clock starts once more."""

    condition: str = ""
    """A CEL expression: for which complaints it runs."""
    automatic_counts: bool = False
    """Whether an acknowledgement that a machine sent is one."""
    warn: tuple[Percent, ...] = ()
    """At which parts of its working time to warn."""
    escalations: tuple[Escalation, ...] = msgspec.field(name="escalation", default=())

    @property
    def pause_pairs(self) -> tuple[Pause, ...]:
        if isinstance(self.pauses, bool):
            return (WAITING,) if self.pauses else ()
        return self.pauses

    @property
    def amounts(self) -> tuple[Amount, ...]:
        default = () if self.within is None else (self.within,)
        return default + tuple(target.within for target in self.targets)


class Version(Table, frozen=True, kw_only=True):
    """The rules for complaints received from a date on, until the next version's date."""

    name: str
    since: date = msgspec.field(name="from")
    clocks: tuple[ClockRule, ...] = msgspec.field(name="clock", default=())
    guarantees: tuple[Guarantee, ...] = msgspec.field(name="guarantee", default=())


class Told(Table, frozen=True, kw_only=True):
    """What an example starts from: facts, and events with their type and instant."""

    facts: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    events: tuple[dict[str, Any], ...] = ()


class Example(Table, frozen=True, kw_only=True):
    """A worked example of a policy, and what comes of it."""

    id: str
    pack: str = ""
    """Whose it is: "uk-fca-disp"; "uk-fca-disp@first" forces a dated version."""
    source: str = ""
    given: Told
    expect: dict[str, Any]


class Policy(Table, frozen=True, kw_only=True):
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
    version_by: str | tuple[str, ...] = COMPLAINT_DATE
    """Which day chooses the version: facts, in the order in which they are asked for."""
    calendars: tuple[Calendar, ...] = msgspec.field(name="calendar", default=())
    limits: tuple[Limit, ...] = msgspec.field(name="authority", default=())
    budgets: tuple[Budget, ...] = msgspec.field(name="budget", default=())
    versions: tuple[Version, ...] = msgspec.field(name="version")
    examples: tuple[Example, ...] = msgspec.field(name="example", default=())

    @property
    def authority(self) -> Authority:
        """Who may say yes to how much."""
        return Authority(self.limits, self.budgets)

    @property
    def dates(self) -> tuple[str, ...]:
        """The facts whose day chooses the version; empty: the day of receipt."""
        found = (self.version_by,) if isinstance(self.version_by, str) else self.version_by
        return () if found == (COMPLAINT_DATE,) else found
