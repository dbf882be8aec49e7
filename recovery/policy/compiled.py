"""How is an adopted policy asked quickly, a million times?

Its dated versions stand in order, its calendars are compiled, and nothing but what was adopted is
needed to run it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from recovery.errors import NotFound
from recovery.policy.authority import SILENT, Authority
from recovery.policy.calendar import WorkingTime
from recovery.policy.facts import Vocabulary
from recovery.policy.guarantees.plan import Guarantees, compile_guarantees
from recovery.policy.plans import Calendars, ClockPlan, Promise, plan_of
from recovery.policy.records import COMPLAINT_DATE, Calendar, Policy, Version
from recovery.policy.sentences import suggestion

if TYPE_CHECKING:
    from recovery.policy.story import Story

__all__ = ["NONE", "ClockPlan", "Edition", "InForce", "Promise", "compile_policy"]

Days = Mapping[str, Iterable[str]]
"""By the name of a calendar, or "office/SCT" for a subdivision: ISO dates, each with its name
after a space where it has one."""


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
    zone: ZoneInfo
    calendars: Mapping[str, WorkingTime]
    vocabulary: Vocabulary
    milestones: tuple[str, ...]
    version_by: tuple[str, ...]
    """The facts whose day chooses the version; empty: the day of receipt."""
    editions: tuple[Edition, ...]
    """In the order of their days."""
    since: tuple[datetime, ...]
    """The first instant of each, beside `editions`."""
    authority: Authority = SILENT
    """Who may say yes to how much, while this is in force."""

    def edition(self, story: Story) -> Edition | None:
        """The dated version for a complaint, by what was told first."""
        if not self.version_by:
            return self._edition_at(story.received_at)
        return self.edition_for(story.told_first(), story.received_at)

    def edition_for(self, told: Mapping[str, str], received_at: datetime | None) -> Edition | None:
        """The version of the first day that is known; the last one where none is."""
        for name in self.version_by:
            if name == COMPLAINT_DATE:
                break
            value = self.vocabulary.value(name, told)
            if isinstance(value, datetime):
                return self._edition_at(value)
            if isinstance(value, date):
                return self._edition_at(datetime.combine(value, time(), self.zone))
        return self._edition_at(received_at)

    def plan(self, story: Story, name: str) -> ClockPlan | None:
        """The clock of this name for a complaint, if its version has one."""
        edition = self.edition(story)
        for plan in edition.clocks if edition else ():
            if plan.name == name:
                return plan
        return None

    def only(self, name: str) -> InForce:
        """As though the dated version of this name had always ruled; raises NotFound."""
        found = tuple(edition for edition in self.editions if edition.name == name)
        if not found:
            known = suggestion(name, tuple(edition.name for edition in self.editions))
            raise NotFound(f'Policy "{self.policy}" has no version "{name}" ({known}).')
        always = datetime.min.replace(tzinfo=UTC)
        return replace(self, version_by=(), editions=found, since=(always,))

    def _edition_at(self, at: datetime | None) -> Edition | None:
        if at is None:
            return self.editions[-1] if self.editions else None
        index = bisect_right(self.since, at) - 1
        return self.editions[index] if index >= 0 else None


NONE = InForce(
    "none", "none", "No promises", True, ZoneInfo("UTC"), {}, Vocabulary({}), (), (), (), ()
)
"""For complaints of others, imported to be read: nobody here promised anything."""


def compile_policy(policy: Policy, version: str, holidays: Days, worked: Days) -> InForce:
    """Make a parsed policy ready to run; needs nothing but what was adopted."""
    vocabulary = Vocabulary(policy.facts, policy.attributes)
    calendars = _calendars(policy, holidays, worked)
    editions = tuple(
        _edition(edition, policy, calendars, vocabulary)
        for edition in sorted(policy.versions, key=lambda version: version.since)
    )
    return InForce(
        policy=policy.id,
        version=version,
        title=policy.title,
        confirmed=policy.status == "confirmed",
        zone=policy.zone,
        calendars=calendars.usual,
        vocabulary=vocabulary,
        milestones=policy.milestones,
        version_by=policy.dates,
        editions=editions,
        since=tuple(edition.since for edition in editions),
        authority=policy.authority,
    )


def _calendars(policy: Policy, holidays: Days, worked: Days) -> Calendars:
    def compiled(calendar: Calendar, key: str) -> WorkingTime:
        return WorkingTime.of(
            calendar, policy.zone, _named(holidays.get(key, ())), _named(worked.get(key, ()))
        )

    variants: dict[str, dict[str, WorkingTime]] = {}
    for calendar in policy.calendars:
        for key in holidays:
            name, _, subdivision = key.rpartition("/")
            if name == calendar.name:
                variants.setdefault(name, {})[subdivision] = compiled(calendar, key)
    usual = {calendar.name: compiled(calendar, calendar.name) for calendar in policy.calendars}
    return Calendars(usual, variants)


def _named(days: Iterable[str]) -> dict[date, str]:
    return {date.fromisoformat(day[:10]): day[11:] for day in days}


def _edition(
    version: Version, policy: Policy, calendars: Calendars, vocabulary: Vocabulary
) -> Edition:
    since = datetime.combine(version.since, time(), policy.zone).astimezone(UTC)
    plans = tuple(plan_of(rule, policy, calendars, vocabulary) for rule in version.clocks)
    guarantees = compile_guarantees(version.guarantees, vocabulary, policy.zone, calendars.usual)
    return Edition(version.name, since, plans, guarantees)
