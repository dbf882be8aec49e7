"""Does a policy make sense? What no type can say: names that exist once and everywhere they are
used, calendars with working time, roles of events that do not contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from recovery.policy.conditions import condition
from recovery.policy.facts import CORE_NAMES, Vocabulary, default_of
from recovery.policy.guarantees.check import check_guarantees
from recovery.policy.marks import KINDS, RESERVED
from recovery.policy.records import Calendar, ClockRule, Escalation, Policy, Target, Version
from recovery.policy.sentences import Place, suggestion
from recovery.policy.values import Amount, quoted

LONGEST_YEARS = 10
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years of credible promises; an instant outside them is a mistake of its source."""
NOT_IDS = ("none",)
_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def check(policy: Policy, place: Place) -> None:
    """Raises PolicyError at the first thing that cannot work."""
    if policy.id in NOT_IDS or not _ID.fullmatch(policy.id):
        raise place.error(
            "id", policy.id, 'not an id (small letters, digits and hyphens, not "none")'
        )
    _check_milestones(policy, place)
    _check_names(policy, place)
    _check_unique("calendar", [calendar.name for calendar in policy.calendars], place)
    _check_unique("version", [version.name for version in policy.versions], place)
    for calendar in policy.calendars:
        _check_calendar(calendar, place.at("calendar", calendar.name))
    _check_dates(policy.versions, place)
    known = Vocabulary(policy.facts, policy.attributes)
    for version in policy.versions:
        _check_unique("clock", [clock.name for clock in version.clocks], place)
        for clock in version.clocks:
            at = place.at("version", version.name).at("clock", clock.name)
            _check_clock(clock, policy, known, at)
        check_guarantees(
            version.guarantees,
            clocks=tuple(clock.name for clock in version.clocks),
            calendars=tuple(calendar.name for calendar in policy.calendars),
            vocabulary=known,
            place=place.at("version", version.name),
        )


def calendar_of(clock: ClockRule, calendars: tuple[Calendar, ...]) -> Calendar | None:
    """The calendar a clock counts by: the one it names, or the only one there is."""
    if not clock.calendar:
        return calendars[0] if len(calendars) == 1 else None
    return next((found for found in calendars if found.name == clock.calendar), None)


def _check_milestones(policy: Policy, place: Place) -> None:
    for name in policy.milestones:
        _check_name("milestones", name, place)
        if name in RESERVED:
            raise place.error(
                "milestones", policy.milestones, f'"{name}" is an event of every complaint already'
            )


def _check_names(policy: Policy, place: Place) -> None:
    """The names that conditions may ask for."""
    for name in policy.attributes:
        _check_name("attributes", name, place)
        if name in (*CORE_NAMES, *policy.facts):
            raise place.error("attributes", name, "this name is known already (leave it out)")
    for name, rule in policy.facts.items():
        at = place.at("facts", name)
        _check_name("facts", name, at)
        if name in CORE_NAMES and rule.type != "text":
            raise at.error("type", rule.type, "an attribute of every complaint (it is a text)")
        if rule.default is not None and default_of(rule) is None:
            raise at.error("default", rule.default, f'not of its type, "{rule.type}"')


def _check_name(key: str, name: str, place: Place) -> None:
    if not _NAME.fullmatch(name):
        raise place.error(key, name, "not a name (small letters, digits and underscores)")


def _check_unique(kind: str, names: list[str], place: Place) -> None:
    for index, name in enumerate(names):
        if not name.strip():
            raise place.error(f"{kind}.name", name, "empty (give it a name)")
        if name in names[:index]:
            raise place.error(f"{kind}.name", name, f"a second {kind} of this name (rename one)")


def _check_dates(versions: tuple[Version, ...], place: Place) -> None:
    if not versions:
        raise place.error("version", None, "missing (a policy needs at least one version)")
    for index, version in enumerate(versions):
        if not FIRST_YEAR <= version.since.year <= LAST_YEAR:
            raise place.at("version", version.name).error(
                "from", version.since, f"use a year from {FIRST_YEAR} to {LAST_YEAR}"
            )
        for other in versions[:index]:
            if other.since == version.since:
                raise place.at("version", version.name).error(
                    "from", version.since, f'version "{other.name}" starts on the same day'
                )


def _check_calendar(calendar: Calendar, place: Place) -> None:
    if not any(calendar.week):
        raise place.error(
            "monday",
            None,
            'this calendar has no working time (write monday = ["09:00-17:30"], and so on)',
        )
    both = set(calendar.closures) & set(calendar.working_days)
    if both:
        raise place.error(
            "working_days", min(both), "this day is among the closures too (keep it in one list)"
        )


def _check_clock(clock: ClockRule, policy: Policy, known: Vocabulary, place: Place) -> None:
    _check_name("clock.name", clock.name, place)
    for key, events in _roles(clock):
        if not events:
            raise place.error(key, events, "empty (name at least one event)")
        for event in events:
            _check_event(key, event, policy, place)
    _check_roles(clock, place)
    if not clock.amounts:
        raise place.error("within", None, 'missing (write within = "5 business days")')
    for index, target in enumerate(clock.targets):
        _check_target(target, known, place.at("target", str(index + 1)))
    if clock.condition:
        condition(clock.condition, known, place)
    for index, step in enumerate(clock.escalations):
        _check_escalation(step, place.at("escalation", str(index + 1)))
    _check_calendar_known(clock, policy, place)
    for amount in clock.amounts:
        _check_amount(amount, clock, policy, place)


def _check_target(target: Target, known: Vocabulary, place: Place) -> None:
    if not all(target.when.values()) or not (target.when or target.condition):
        raise place.error(
            "when", target.when, 'empty (name attributes and values: {channel = ["letter"]})'
        )
    if target.condition:
        condition(target.condition, known, place)


def _check_escalation(step: Escalation, place: Place) -> None:
    if bool(step.at) == bool(step.after):
        raise place.error("at", step.at or None, 'write either at = "75 %", at = "due" or after')
    try:
        found = step.percent
    except ValueError as error:
        raise place.error("at", step.at, f'{error}, or "due"') from None
    if not (step.assign or step.notify or step.severity):
        way_out = 'say what follows: assign = "…", notify = ["supervisors"] or severity = "high"'
        raise place.error("at", f"{found} %" if found else step.at or str(step.after), way_out)


def _roles(clock: ClockRule) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "start", clock.start
    yield "stop", clock.stop
    for pause in clock.pause_pairs:
        yield "pauses.from", pause.start
        yield "pauses.to", pause.end
    if clock.new_cycle:
        yield "new_cycle", clock.new_cycle


def _check_event(key: str, event: str, policy: Policy, place: Place) -> None:
    known = (*KINDS, *policy.milestones)
    if event not in known:
        raise place.error(
            key,
            event,
            f"unknown event ({suggestion(event, known)}; events of your own are declared with "
            f'milestones = ["{event}"])',
        )


def _check_roles(clock: ClockRule, place: Place) -> None:
    """One event does one thing to a clock; several pauses may share an event."""
    groups = {
        "start": set(clock.start),
        "stop": set(clock.stop),
        "new_cycle": set(clock.new_cycle),
        "pauses.from": _all(pause.start for pause in clock.pause_pairs),
        "pauses.to": _all(pause.end for pause in clock.pause_pairs),
    }
    seen: dict[str, str] = {}
    for key, events in groups.items():
        for event in sorted(events):
            if event in seen:
                raise place.error(key, event, f"this event stands in {seen[event]} too (choose)")
            seen[event] = key


def _all(lists: Iterable[tuple[str, ...]]) -> set[str]:
    return {event for events in lists for event in events}


def _check_calendar_known(clock: ClockRule, policy: Policy, place: Place) -> None:
    names = tuple(calendar.name for calendar in policy.calendars)
    if clock.calendar and clock.calendar not in names:
        way_out = suggestion(clock.calendar, names) if names else "this file has none: add one"
        raise place.error("calendar", clock.calendar, f"unknown calendar ({way_out})")
    delays = [step.after for step in clock.escalations if step.after]
    business = [amount for amount in (*clock.amounts, *delays) if amount.in_business_time]
    if business and calendar_of(clock, policy.calendars) is None:
        way_out = f"use one of {quoted(names)}" if names else "add a [[calendar]] to the file"
        raise place.error("calendar", None, f'missing: "{business[0]}" needs one ({way_out})')


def _check_amount(amount: Amount, clock: ClockRule, policy: Policy, place: Place) -> None:
    if clock.extends and not amount.in_days:
        raise place.error(
            "extends",
            True,
            f'extensions count in days and "{amount}" does not '
            '(give the amount in "business days" or "days", or remove extends)',
        )
    if amount.count > LONGEST_YEARS * _a_year(amount, calendar_of(clock, policy.calendars)):
        raise place.error("within", str(amount), f"longer than {LONGEST_YEARS} years (shorten it)")


def _a_year(amount: Amount, calendar: Calendar | None) -> float:
    """About how many of the amount's units a year has."""
    if not amount.in_business_time or calendar is None:
        return 366 if amount.in_days else 366 * 24
    if amount.in_days:
        return 52 * sum(1 for windows in calendar.week if windows)
    return 52 * sum(w.end - w.start for windows in calendar.week for w in windows) / 60
