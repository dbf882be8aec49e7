"""What can stand between a failure and the money? Each gate passes or says why not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from recovery.money import CURRENCIES
from recovery.policy.facts import CORE_NAMES
from recovery.policy.guarantees.known import Known, Moment
from recovery.policy.guarantees.periods import add_days
from recovery.policy.guarantees.plan import GuaranteePlan
from recovery.policy.guarantees.trace import NotOwed

CLAIMED, CLAIMED_ON, OCCURRED_ON = "claimed", "claimed_on", "occurred_on"


def happened(plan: GuaranteePlan, known: Known) -> bool:
    """Whether the guarantee speaks of this case; a case without an incident is none of its own."""
    if plan.when is None:
        return True
    try:
        return known.holds(plan.when)
    except NotOwed:
        facts = (name for name in plan.when.names if name not in CORE_NAMES)
        if not plan.rule.clock and not any(map(known.told, facts)):
            return False
        raise


def check_facts(plan: GuaranteePlan, known: Known) -> None:
    """Raises NotOwed where facts lack or contradict each other, or an exclusion holds."""
    untold = [name for name in plan.rule.together if not known.told(name)]
    if 0 < len(untold) < len(plan.rule.together):
        raise NotOwed("missing", *untold)
    dates = [(name, day) for name in plan.rule.in_order if (day := known.moment(name))]
    for (name, early), (other, late) in pairwise(dates):
        if _before(late, early, known, (other, name)):
            raise NotOwed("contradictory", name, other)
    for excluded, reason in plan.exclusions:
        if known.holds(excluded):
            raise NotOwed("excluded", reason)


def claim(plan: GuaranteePlan, known: Known) -> dict[str, Moment]:
    """The day of the claim; raises NotOwed where there is none, or it came too late.

    A claim whose day nobody told was made with the complaint. Where neither the day of the claim
    nor the day from which its time counts is known, no deadline can have passed.
    """
    rule = plan.rule.claim
    if rule is None:
        return {}
    if known.value(CLAIMED) is not True and known.value(CLAIMED_ON) is None:
        raise NotOwed("not_claimed")
    made = known.day(CLAIMED_ON) or known.day("received") or known.today
    if rule.within is not None:
        since = known.day(rule.after)
        last = add_days(since, rule.within, plan.claim_calendar) if since else None
        if last is not None and made > last:
            raise NotOwed("claimed_late", day=last)
    return {"claim": made}


def currency_of(plan: GuaranteePlan, known: Known) -> str:
    """The guarantee's currency, or the one that a fact names."""
    given = known.value(plan.rule.currency_by) if plan.rule.currency_by else None
    if given is None:
        return plan.rule.currency
    code = str(given).strip().upper()
    if code not in CURRENCIES:
        raise NotOwed("unusable", plan.rule.currency_by)
    return code


def left_of_year(plan: GuaranteePlan, known: Known) -> Decimal | None:
    """What the complainant may still get in the year of the failure; None: no limit by amount."""
    rule = plan.rule.a_year
    if rule is None:
        return None
    first = _year(_failed_on(known), plan.year_starts)
    next_first = first.replace(year=first.year + 1)
    had = [
        each.amount for each in known.case.earlier
        if each.guarantee == plan.rule.name and first <= each.on < next_first
    ]  # fmt: skip
    if rule.times and len(had) >= rule.times:
        raise NotOwed("year_used_up")
    if rule.amount is None:
        return None
    left = rule.amount - sum(had, Decimal(0))
    if left <= 0:
        raise NotOwed("year_used_up")
    return left


def pay_by(plan: GuaranteePlan, known: Known) -> date | None:
    """The last day on which it is paid in time; None while it is not known from when it counts."""
    rule = plan.rule.pay_by
    since = known.day(rule.after) if rule else None
    return add_days(since, rule.within, plan.pay_calendar) if rule and since else None


def _before(late: Moment, early: Moment, known: Known, names: tuple[str, str]) -> bool:
    """Whether the later one lies before the earlier: as days, where one of them is only a day."""
    if type(late) is type(early):
        return late < early
    late_day, early_day = map(known.day, names)
    return late_day is not None and early_day is not None and late_day < early_day


def _failed_on(known: Known) -> date:
    return (
        known.day("breach") or known.day(OCCURRED_ON) or known.day("claim")
        or known.day("received") or known.today
    )  # fmt: skip


def _year(day: date, starts: tuple[int, int]) -> date:
    """The first day of the year that the day lies in."""
    first = date(day.year, *starts)
    return first if first <= day else date(day.year - 1, *starts)
