"""How is a policy version asked quickly, a million times?

The records of a policy become lookups: which role an event plays for a clock, which promise a
complaint's attributes choose, which calendar counts it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum

from recovery.policy.calendar import WorkingTime
from recovery.policy.check import calendar_of
from recovery.policy.meters import Meter, meter
from recovery.policy.records import ClockRule, Policy, Version
from recovery.policy.values import Amount

Days = Mapping[str, Iterable[str]]
"""ISO dates by the name of a calendar."""


class Role(IntEnum):
    """What an event does to a clock, by the rule's keys."""

    START = 0
    STOP = 1
    CANCEL = 2
    RESUME = 3
    PAUSE = 4
    EXTEND = 5
    NEW_CYCLE = 6


@dataclass(frozen=True, slots=True)
class Promise:
    """How much time a complaint's clock has."""

    meter: Meter
    amount: float
    """In the meter's units."""
    words: str
    """"4 business hours"."""


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """A clock rule, compiled."""

    name: str
    roles: Mapping[str, tuple[Role, int]]
    """By kind of event; for pauses with the bits of the pairs that it starts or ends."""
    choices: tuple[tuple[tuple[tuple[str, tuple[str, ...]], ...], Promise], ...]
    usual: Promise | None

    def promise(self, attributes: Mapping[str, str]) -> Promise | None:
        """The first target whose conditions all hold, else the usual one, if there is one."""
        for conditions, promise in self.choices:
            for name, values in conditions:
                if attributes.get(name) not in values:
                    break
            else:
                return promise
        return self.usual


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed by identity
class InForce:
    """An adopted policy, ready to run clocks. Immutable; may be shared between threads."""

    policy: str
    version: str
    """Digest of the adopted text and its holidays."""
    title: str
    confirmed: bool
    """False: check before relying on it."""
    calendars: Mapping[str, WorkingTime]
    since: tuple[datetime, ...]
    """The first instant of each dated version, ascending."""
    editions: tuple[tuple[ClockPlan, ...], ...]
    """The clocks of each, beside `since`."""

    def plans(self, received_at: datetime | None) -> tuple[ClockPlan, ...]:
        """The clocks for a complaint of this instant; those of the last version where unknown."""
        if received_at is None:
            return self.editions[-1] if self.editions else ()
        edition = bisect_right(self.since, received_at) - 1
        return self.editions[edition] if edition >= 0 else ()


NONE = InForce("none", "none", "No promises", True, {}, (), ())
"""For complaints of others, imported to be read: nobody here promised anything."""


def compile_policy(policy: Policy, version: str, holidays: Days, worked: Days) -> InForce:
    """Make a parsed policy ready to run; needs nothing but what was adopted."""
    calendars = {
        calendar.name: WorkingTime.of(
            calendar,
            policy.zone,
            map(date.fromisoformat, holidays.get(calendar.name, ())),
            map(date.fromisoformat, worked.get(calendar.name, ())),
        )
        for calendar in policy.calendars
    }
    versions = sorted(policy.versions, key=lambda version: version.since)
    return InForce(
        policy=policy.id,
        version=version,
        title=policy.title,
        confirmed=policy.status == "confirmed",
        calendars=calendars,
        since=tuple(_first_instant(edition, policy) for edition in versions),
        editions=tuple(
            tuple(_plan(rule, policy, calendars) for rule in edition.clocks) for edition in versions
        ),
    )


def _first_instant(version: Version, policy: Policy) -> datetime:
    return datetime.combine(version.since, time(), policy.zone).astimezone(UTC)


def _plan(rule: ClockRule, policy: Policy, calendars: Mapping[str, WorkingTime]) -> ClockPlan:
    found = calendar_of(rule, policy.calendars)
    calendar = calendars[found.name] if found else None

    def promise(amount: Amount) -> Promise:
        return Promise(*meter(amount, calendar, policy.zone, rule.ends), str(amount))

    return ClockPlan(
        name=rule.name,
        roles=_roles(rule),
        choices=tuple(
            (tuple(sorted(target.when.items())), promise(target.within)) for target in rule.targets
        ),
        usual=promise(rule.within) if rule.within else None,
    )


def _roles(rule: ClockRule) -> dict[str, tuple[Role, int]]:
    """What each event does; closing stops and withdrawing cancels unless the rule says else."""
    roles = {"closed": (Role.STOP, 0), "withdrawn": (Role.CANCEL, 0)}
    if rule.extends:
        roles["extended"] = (Role.EXTEND, 0)
    for role, events in (
        (Role.START, rule.start), (Role.STOP, rule.stop), (Role.NEW_CYCLE, rule.new_cycle),
    ):  # fmt: skip
        roles |= dict.fromkeys(events, (role, 0))
    for index, pause in enumerate(rule.pause_pairs):
        for role, events in ((Role.PAUSE, pause.start), (Role.RESUME, pause.end)):
            for event in events:
                bits = roles[event][1] if roles.get(event, (None, 0))[0] == role else 0
                roles[event] = (role, bits | 1 << index)
    return roles
