"""How is a policy version asked quickly, a million times?

The records of a policy become lookups: which role an event plays for a clock, which promise what
is known of a complaint chooses, which calendar counts it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from recovery.policy.calendar import WorkingTime
from recovery.policy.check import calendar_of
from recovery.policy.conditions import Condition
from recovery.policy.facts import Vocabulary
from recovery.policy.guarantees.plan import Guarantees, compile_guarantees
from recovery.policy.meters import Meter, meter
from recovery.policy.records import ClockRule, Policy, Version
from recovery.policy.roles import Roles, roles_of
from recovery.policy.values import Amount

if TYPE_CHECKING:
    from recovery.policy.story import Story

Days = Mapping[str, Iterable[str]]
"""ISO dates by the name of a calendar."""


@dataclass(frozen=True, slots=True)
class Promise:
    """How much time a complaint's clock has."""

    meter: Meter
    amount: float
    """In the meter's units."""
    words: str
    """"4 business hours"."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A promise for the complaints of which certain things are known."""

    when: tuple[tuple[str, tuple[str, ...]], ...]
    condition: Condition | None
    promise: Promise

    def fits(self, told: Mapping[str, str], vocabulary: Vocabulary) -> bool:
        for name, values in self.when:
            if told.get(name) not in values:
                return False
        return self.condition is None or holds(self.condition, told, vocabulary)


@dataclass(frozen=True, slots=True)
class Step:
    """When an escalation step is taken, beside its record in the rule."""

    delay: Promise | None
    """How long after the due instant."""
    any_hour: bool


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """A clock rule, compiled."""

    name: str
    roles: Mapping[str, Roles]
    """By kind of event."""
    condition: Condition | None
    """Whether the clock runs at all."""
    choices: tuple[Choice, ...]
    usual: Promise | None
    escalations: tuple[Step, ...]
    vocabulary: Vocabulary
    rule: ClockRule
    calendar: WorkingTime | None

    def promise(self, told: Mapping[str, str]) -> Promise | None:
        """The first target that fits, else the usual one, if there is one and the clock runs."""
        if self.condition is not None and not holds(self.condition, told, self.vocabulary):
            return None
        for choice in self.choices:
            if choice.fits(told, self.vocabulary):
                return choice.promise
        return self.usual


def holds(condition: Condition, told: Mapping[str, str], vocabulary: Vocabulary) -> bool:
    """Whether a condition is true of what is known of a complaint."""
    found = ((name, vocabulary.value(name, told)) for name in condition.names)
    return condition.holds({name: value for name, value in found if value is not None})


@dataclass(frozen=True, slots=True)
class Edition:
    """A dated version of a policy, compiled."""

    name: str
    since: datetime
    """The first instant (UTC) of its first day."""
    clocks: tuple[ClockPlan, ...]
    guarantees: Guarantees


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
    vocabulary: Vocabulary
    editions: tuple[Edition, ...]
    """In the order of their days."""
    since: tuple[datetime, ...]
    """The first instant of each, beside `editions`."""

    def edition(self, story: Story) -> Edition | None:
        """The dated version for a complaint; the last one where its day is not known."""
        at = story.received_at
        if at is None:
            return self.editions[-1] if self.editions else None
        index = bisect_right(self.since, at) - 1
        return self.editions[index] if index >= 0 else None

    def plan(self, story: Story, name: str) -> ClockPlan | None:
        """The clock of this name for a complaint, if its version has one."""
        edition = self.edition(story)
        plans = edition.clocks if edition else ()
        return next((plan for plan in plans if plan.name == name), None)


NONE = InForce("none", "none", "No promises", True, {}, Vocabulary({}), (), ())
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
    vocabulary = Vocabulary(policy.facts, policy.attributes)
    editions = tuple(
        _edition(edition, policy, calendars, vocabulary)
        for edition in sorted(policy.versions, key=lambda version: version.since)
    )
    return InForce(
        policy=policy.id,
        version=version,
        title=policy.title,
        confirmed=policy.status == "confirmed",
        calendars=calendars,
        vocabulary=vocabulary,
        editions=editions,
        since=tuple(edition.since for edition in editions),
    )


def _edition(
    version: Version, policy: Policy, calendars: Mapping[str, WorkingTime], vocabulary: Vocabulary
) -> Edition:
    since = datetime.combine(version.since, time(), policy.zone).astimezone(UTC)
    plans = tuple(_plan(rule, policy, calendars, vocabulary) for rule in version.clocks)
    guarantees = compile_guarantees(version.guarantees, vocabulary, policy.zone, calendars)
    return Edition(version.name, since, plans, guarantees)


def _plan(
    rule: ClockRule, policy: Policy, calendars: Mapping[str, WorkingTime], vocabulary: Vocabulary
) -> ClockPlan:
    found = calendar_of(rule, policy.calendars)
    calendar = calendars[found.name] if found else None

    def promise(amount: Amount) -> Promise:
        return Promise(*meter(amount, calendar, policy.zone, rule.ends), str(amount))

    return ClockPlan(
        name=rule.name,
        roles=roles_of(rule, changeable=bool(rule.targets or rule.condition)),
        condition=Condition(rule.condition) if rule.condition else None,
        choices=tuple(
            Choice(
                tuple(sorted(target.when.items())),
                Condition(target.condition) if target.condition else None,
                promise(target.within),
            )
            for target in rule.targets
        ),
        usual=promise(rule.within) if rule.within else None,
        escalations=tuple(
            Step(promise(step.after) if step.after else None, step.any_hour)
            for step in rule.escalations
        ),
        vocabulary=vocabulary,
        rule=rule,
        calendar=calendar,
    )
