"""How is a guarantee asked quickly? Its conditions compiled, its calendars at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP
from zoneinfo import ZoneInfo

from recovery.policy.calendar import WorkingTime
from recovery.policy.conditions import Condition
from recovery.policy.facts import Vocabulary
from recovery.policy.guarantees.records import Guarantee, Rounding, Term
from recovery.policy.guarantees.values import Price

ROUNDINGS: Mapping[Rounding, str] = {
    "half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class TermPlan:
    """A line of the calculation, compiled."""

    rule: Term
    when: Condition | None
    calendar: WorkingTime | None
    """By which its periods are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class GuaranteePlan:
    """A guarantee, compiled."""

    rule: Guarantee
    when: Condition | None
    exclusions: tuple[tuple[Condition, str], ...]
    reductions: tuple[Condition, ...]
    terms: tuple[TermPlan, ...]
    rate_days: tuple[date, ...]
    """Ascending; the rates stand beside them."""
    rates: tuple[Price, ...]
    claim_calendar: WorkingTime | None
    pay_calendar: WorkingTime | None
    year_starts: tuple[int, int]
    rounding: str


@dataclass(frozen=True, slots=True, eq=False)
class Guarantees:
    """The guarantees of one version of a policy, ready to assess cases."""

    plans: tuple[GuaranteePlan, ...]
    vocabulary: Vocabulary
    zone: ZoneInfo
    harms: Mapping[str, str]
    """By the guarantees that have one."""


def compile_guarantees(
    rules: tuple[Guarantee, ...],
    vocabulary: Vocabulary,
    zone: ZoneInfo,
    calendars: Mapping[str, WorkingTime],
) -> Guarantees:
    """Make checked guarantees ready to run."""
    harms = {rule.name: rule.harm for rule in rules if rule.harm}
    return Guarantees(tuple(_plan(rule, calendars) for rule in rules), vocabulary, zone, harms)


def calendar_named(name: str, calendars: Mapping[str, WorkingTime]) -> WorkingTime | None:
    """The calendar of this name, or the only one there is."""
    if name:
        return calendars[name]
    return next(iter(calendars.values())) if len(calendars) == 1 else None


def _plan(rule: Guarantee, calendars: Mapping[str, WorkingTime]) -> GuaranteePlan:
    days = sorted(rule.rates)
    month, _, day = (rule.a_year.starts if rule.a_year else "01-01").partition("-")
    return GuaranteePlan(
        rule=rule,
        when=_condition(rule.when),
        exclusions=tuple((Condition(e.when), e.reason) for e in rule.exclusions),
        reductions=tuple(Condition(r.when) for r in rule.reductions),
        terms=tuple(
            TermPlan(
                term,
                _condition(term.when),
                calendar_named(term.accrues.calendar if term.accrues else "", calendars),
            )
            for term in rule.terms
        ),
        rate_days=tuple(days),
        rates=tuple(rule.rates[day] for day in days),
        claim_calendar=calendar_named(rule.claim.calendar if rule.claim else "", calendars),
        pay_calendar=calendar_named(rule.pay_by.calendar if rule.pay_by else "", calendars),
        year_starts=(int(month), int(day)),
        rounding=ROUNDINGS[rule.rounding],
    )


def _condition(text: str) -> Condition | None:
    return Condition(text) if text else None
