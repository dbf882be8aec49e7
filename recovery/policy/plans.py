"""How is one clock rule asked quickly, a million times?

Its records become lookups: which role an event plays, which promise what is known of a complaint
chooses, which calendar counts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from recovery.policy.calendar import WorkingTime
from recovery.policy.check_clocks import calendar_of
from recovery.policy.conditions import Condition
from recovery.policy.facts import Vocabulary
from recovery.policy.meters import Meter, in_meter, meter
from recovery.policy.records import Calendar, ClockRule, Policy
from recovery.policy.roles import Roles, roles_of
from recovery.policy.values import Amount


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars of a policy: as they stand, and as subdivisions have them."""

    usual: Mapping[str, WorkingTime]
    variants: Mapping[str, Mapping[str, WorkingTime]]
    """By calendar and subdivision."""


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """How much time a complaint's clock has."""

    meter: Meter
    amount: float
    """In the meter's units."""
    words: str
    """"4 business hours"."""
    calendar: WorkingTime | None
    chosen_by: str = ""
    """The name that chooses a subdivision's holidays."""
    variants: Mapping[str, Promise] = field(default_factory=dict)

    def variant(self, told: Mapping[str, str], vocabulary: Vocabulary) -> Promise:
        """The promise by the holidays of the complaint's subdivision."""
        return self.variants.get(vocabulary.text(self.chosen_by, told), self)


@dataclass(frozen=True, slots=True)
class Choice:
    """A promise for the complaints of which certain things are known."""

    when: tuple[tuple[str, tuple[str, ...]], ...]
    condition: Condition | None
    promise: Promise

    def fits(self, told: Mapping[str, str], vocabulary: Vocabulary) -> bool:
        for name, values in self.when:
            if vocabulary.text(name, told) not in values:
                return False
        return self.condition is None or holds(self.condition, told, vocabulary)


@dataclass(frozen=True, slots=True, eq=False)
class ClockPlan:
    """A clock rule, compiled."""

    name: str
    rule: ClockRule
    roles: Mapping[str, Roles]
    """By kind of event."""
    condition: Condition | None
    """Whether the clock runs at all."""
    choices: tuple[Choice, ...]
    usual: Promise | None
    extension: float | None
    """Of a fixed length, in the meter's units."""
    delays: tuple[Promise | None, ...]
    """How long after the due instant each escalation step is taken."""
    stages: bool
    """Whether it pauses in stages of the complaint."""
    vocabulary: Vocabulary

    def promise(self, told: Mapping[str, str]) -> Promise | None:
        """The first target that fits, else the usual one, if there is one and the clock runs."""
        if self.condition is not None and not holds(self.condition, told, self.vocabulary):
            return None
        found = self.usual
        for choice in self.choices:
            if choice.fits(told, self.vocabulary):
                found = choice.promise
                break
        if found is None or not found.variants:
            return found
        return found.variant(told, self.vocabulary)


def holds(condition: Condition, told: Mapping[str, str], vocabulary: Vocabulary) -> bool:
    """Whether a condition is true of what is known of a complaint."""
    found = ((name, vocabulary.value(name, told)) for name in condition.names)
    return condition.holds({name: value for name, value in found if value is not None})


def plan_of(
    rule: ClockRule, policy: Policy, calendars: Calendars, vocabulary: Vocabulary
) -> ClockPlan:
    """A checked clock rule, compiled."""
    calendar = calendar_of(rule, policy.calendars)

    def promise(amount: Amount) -> Promise:
        return _promise(amount, rule, policy, calendar, calendars)

    chosen_by = calendar.holidays.subdivision_by if calendar and calendar.holidays else ""
    return ClockPlan(
        name=rule.name,
        rule=rule,
        roles=roles_of(rule, changeable=bool(rule.targets or rule.condition or chosen_by)),
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
        extension=in_meter(rule.extension.by) if rule.extension else None,
        delays=tuple(promise(step.after) if step.after else None for step in rule.escalations),
        stages=any(pause.stage for pause in rule.pause_pairs),
        vocabulary=vocabulary,
    )


def _promise(
    amount: Amount, rule: ClockRule, policy: Policy, calendar: Calendar | None,
    calendars: Calendars,
) -> Promise:  # fmt: skip
    def by(working_time: WorkingTime | None) -> Promise:
        found, units = meter(amount, rule, working_time, policy.zone)
        return Promise(found, units, str(amount), working_time)

    if calendar is None:
        return by(None)
    usual = by(calendars.usual[calendar.name])
    variants = calendars.variants.get(calendar.name)
    if not variants or calendar.holidays is None:
        return usual
    return replace(
        usual, chosen_by=calendar.holidays.subdivision_by,
        variants={name: by(working_time) for name, working_time in variants.items()},
    )  # fmt: skip
