"""Does a clock rule make sense? Events that exist and do not contradict each other, amounts that
its calendar can count, conditions that can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from recovery.policy.conditions import condition
from recovery.policy.facts import Vocabulary
from recovery.policy.marks import KINDS
from recovery.policy.records import (
    Calendar,
    ClockRule,
    Escalation,
    Extension,
    Policy,
    Target,
)
from recovery.policy.sentences import Place, suggestion
from recovery.policy.values import Amount, quoted

LONGEST_YEARS = 10
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MAY_SHARE = {("start", "new_cycle"), ("start", "restart"), ("stop", "after")}
"""Roles of different phases: what starts a clock may start it again."""


def calendar_of(clock: ClockRule, calendars: tuple[Calendar, ...]) -> Calendar | None:
    """The calendar a clock counts by: the one it names, or the only one there is."""
    if not clock.calendar:
        return calendars[0] if len(calendars) == 1 else None
    return next((found for found in calendars if found.name == clock.calendar), None)


def check_name(key: str, name: str, place: Place) -> None:
    if not _NAME.fullmatch(name):
        raise place.error(key, name, "not a name (small letters, digits and underscores)")


def check_clock(clock: ClockRule, policy: Policy, known: Vocabulary, place: Place) -> None:
    check_name("clock.name", clock.name, place)
    for key, events in _roles(clock):
        if not events:
            raise place.error(key, events, "empty (name at least one event)")
        for event in events:
            _check_event(key, event, policy, place)
    _check_roles(clock, place)
    _check_pauses(clock, place)
    if not clock.amounts:
        raise place.error("within", None, 'missing (write within = "5 business days")')
    for index, target in enumerate(clock.targets):
        _check_target(target, known, place.at("target", str(index + 1)))
    for percent in clock.warn:
        if clock.warn.count(percent) > 1:
            raise place.error("warn", f"{percent} %", "twice (once is enough)")
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
    if clock.after:
        yield "after", clock.after
    for pause in clock.pause_pairs:
        if not pause.stage:
            yield "pauses.from", pause.start
            yield "pauses.to", pause.end
    if clock.new_cycle:
        yield "new_cycle", clock.new_cycle
    if clock.restart:
        yield "restart", clock.restart


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
        "after": set(clock.after),
        "new_cycle": set(clock.new_cycle),
        "restart": set(clock.restart),
        "pauses.from": _all(pause.start for pause in clock.pause_pairs),
        "pauses.to": _all(pause.end for pause in clock.pause_pairs),
    }
    seen: dict[str, str] = {}
    for key, events in groups.items():
        for event in sorted(events):
            if event in seen and (seen[event], key) not in _MAY_SHARE:
                raise place.error(key, event, f"this event stands in {seen[event]} too (choose)")
            seen.setdefault(event, key)


def _check_pauses(clock: ClockRule, place: Place) -> None:
    for pause in clock.pause_pairs:
        if pause.stage and (pause.start or pause.end):
            raise place.error(
                "pauses.stage", pause.stage, "write either a stage or events from and to"
            )


def _all(lists: Iterable[tuple[str, ...]]) -> set[str]:
    return {event for events in lists for event in events}


def _check_calendar_known(clock: ClockRule, policy: Policy, place: Place) -> None:
    names = tuple(calendar.name for calendar in policy.calendars)
    if clock.calendar and clock.calendar not in names:
        way_out = suggestion(clock.calendar, names) if names else "this file has none: add one"
        raise place.error("calendar", clock.calendar, f"unknown calendar ({way_out})")
    if calendar_of(clock, policy.calendars) is None:
        delays = [step.after for step in clock.escalations if step.after]
        business = [str(a) for a in (*clock.amounts, *delays) if a.in_business_time]
        if clock.cut_off or clock.roll:
            business.append("cut_off" if clock.cut_off else "roll")
        way_out = f"use one of {quoted(names)}" if names else "add a [[calendar]] to the file"
        for needs in business:
            raise place.error("calendar", None, f'missing: "{needs}" needs one ({way_out})')


def _check_amount(amount: Amount, clock: ClockRule, policy: Policy, place: Place) -> None:
    if clock.extends and not amount.in_days:
        raise place.error(
            "extends",
            True,
            f'extensions count in days and "{amount}" does not '
            '(give the amount in "business days" or "days", or remove extends)',
        )
    if clock.extension:
        _check_extension(clock.extension, amount, clock, place)
    if not amount.in_days:
        for key, value in _of_days(clock):
            raise place.error(key, value, f'for clocks that count days; "{amount}" does not')
    elif clock.roll and amount.in_business_time:
        raise place.error("roll", clock.roll, f'"{amount}" end on a business day (leave it out)')
    if amount.count > LONGEST_YEARS * _a_year(amount, calendar_of(clock, policy.calendars)):
        raise place.error("within", str(amount), f"longer than {LONGEST_YEARS} years (shorten it)")


def _of_days(clock: ClockRule) -> Iterator[tuple[str, str]]:
    """What means something only where days are counted."""
    if clock.starting_day == "counts":
        yield "starting_day", clock.starting_day
    if clock.cut_off:
        yield "cut_off", f"{clock.cut_off.hour:%H:%M}"
    if clock.roll:
        yield "roll", clock.roll
    if clock.ends != "end of day":
        yield "ends", clock.ends


def _check_extension(extension: Extension, amount: Amount, clock: ClockRule, place: Place) -> None:
    by = extension.by
    if clock.extends:
        raise place.error("extends", True, "write either extends or an extension of your own")
    if (by.in_days, by.in_business_time) != (amount.in_days, amount.in_business_time):
        raise place.error(
            "extension.by", str(by), f'counts otherwise than "{amount}" (give both in one unit)'
        )
    if by.unit == "months":
        raise place.error("extension.by", str(by), 'give it in "days" or "weeks"')
    if extension.at_most < 1:
        raise place.error("extension.at_most", extension.at_most, "at least 1")


def _a_year(amount: Amount, calendar: Calendar | None) -> float:
    """About how many of the amount's units a year has."""
    if not amount.in_business_time or calendar is None:
        return {"months": 12, "weeks": 53, "days": 366}.get(amount.unit, 366 * 24)
    if amount.in_days:
        return 52 * sum(1 for windows in calendar.week if windows)
    return 52 * sum(w.end - w.start for windows in calendar.week for w in windows) / 60
