"""Does a policy make sense? What no type can say: names that exist once and everywhere they are
used, calendars with working time, roles of events that do not contradict each other."""

from __future__ import annotations

import re

from recovery.policy.authority import check_authority
from recovery.policy.check_clocks import check_clock, check_name
from recovery.policy.facts import CORE_NAMES, Vocabulary, default_of
from recovery.policy.guarantees.check import check_guarantees
from recovery.policy.marks import RESERVED
from recovery.policy.records import COMPLAINT_DATE, Calendar, HolidaySet, Policy, Version
from recovery.policy.sentences import Place, suggestion
from recovery.policy.values import FIRST_YEAR as FIRST_YEAR
from recovery.policy.values import LAST_YEAR as LAST_YEAR

NOT_IDS = ("none",)
_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")


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
    known = Vocabulary(policy.facts, policy.attributes)
    for calendar in policy.calendars:
        _check_calendar(calendar, known, place.at("calendar", calendar.name))
    _check_dates(policy.versions, place)
    _check_version_by(policy, known, place)
    for version in policy.versions:
        _check_unique("clock", [clock.name for clock in version.clocks], place)
        for clock in version.clocks:
            at = place.at("version", version.name).at("clock", clock.name)
            check_clock(clock, policy, known, at)
        check_guarantees(
            version.guarantees,
            clocks=tuple(clock.name for clock in version.clocks),
            calendars=tuple(calendar.name for calendar in policy.calendars),
            vocabulary=known,
            place=place.at("version", version.name),
        )
    names = dict.fromkeys(rule.name for v in policy.versions for rule in v.guarantees)
    check_authority(policy.authority, tuple(names), place)


def _check_milestones(policy: Policy, place: Place) -> None:
    for name in policy.milestones:
        check_name("milestones", name, place)
        if name in RESERVED:
            raise place.error(
                "milestones", policy.milestones, f'"{name}" is an event of every complaint already'
            )


def _check_names(policy: Policy, place: Place) -> None:
    """The names that conditions may ask for."""
    for name in policy.attributes:
        check_name("attributes", name, place)
        if name in (*CORE_NAMES, *policy.facts):
            raise place.error("attributes", name, "this name is known already (leave it out)")
    for name, rule in policy.facts.items():
        at = place.at("facts", name)
        check_name("facts", name, at)
        if name in CORE_NAMES and rule.type != "text":
            raise at.error("type", rule.type, "an attribute of every complaint (it is a text)")
        if rule.default is not None and default_of(rule) is None:
            raise at.error("default", rule.default, f'not of its type, "{rule.type}"')


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


def _check_calendar(calendar: Calendar, known: Vocabulary, place: Place) -> None:
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
    if calendar.holidays is not None:
        _check_holidays(calendar.holidays, known, place)


def _check_holidays(holidays: HolidaySet, known: Vocabulary, place: Place) -> None:
    """What the codes mean is looked up when the policy is adopted."""
    name = holidays.subdivision_by
    if name and known.kinds.get(name) != "text":
        texts = tuple(n for n, kind in known.kinds.items() if kind == "text")
        raise place.error(
            "holidays.subdivision_by", name, f"no text of that name ({suggestion(name, texts)})"
        )
    if holidays.subdivisions and not name:
        raise place.error(
            "holidays.subdivisions", holidays.subdivisions,
            'which of them is chosen by what? (add subdivision_by = "nation")',
        )  # fmt: skip


def _check_version_by(policy: Policy, known: Vocabulary, place: Place) -> None:
    """The days that choose a version."""
    dated = tuple(name for name, kind in known.kinds.items() if kind in ("date", "instant"))
    for name in policy.dates:
        if name not in (COMPLAINT_DATE, *dated):
            way_out = suggestion(name, (COMPLAINT_DATE, *dated))
            raise place.error("version_by", name, f"no date or instant of that name ({way_out})")
