"""What can stand between a failure and the money? Each gate passes or says why not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from recovery.money import CURRENCIES
from recovery.policy.conditions import Condition
from recovery.policy.facts import CORE_NAMES
from recovery.policy.guarantees.amounts import NOTHING, Sum
from recovery.policy.guarantees.known import Earlier, Known, Moment
from recovery.policy.guarantees.periods import add_days
from recovery.policy.guarantees.plan import GuaranteePlan
from recovery.policy.guarantees.records import Claim, Yearly
from recovery.policy.guarantees.trace import NotOwed

CLAIMED, CLAIMED_ON, OCCURRED_ON = "claimed", "claimed_on", "occurred_on"


def happened(when: Condition, plan: GuaranteePlan, known: Known) -> bool:
    """Whether the guarantee speaks of this case; a case without an incident is none of its own."""
    try:
        return known.holds(when)
    except NotOwed:
        facts = (name for name in when.names if name not in CORE_NAMES)
        if not plan.rule.clock and not any(map(known.told, facts)):
            return False
        raise


def check_facts(plan: GuaranteePlan, known: Known) -> None:
    """Raises NotOwed where facts lack or contradict each other, or an exclusion holds."""
    rule = plan.rule
    if rule.together:
        untold = [name for name in rule.together if not known.told(name)]
        if 0 < len(untold) < len(rule.together):
            raise NotOwed("missing", *untold)
    if rule.in_order:
        _check_order(rule.in_order, known)
    for excluded, reason in plan.exclusions:
        if known.holds(excluded):
            raise NotOwed("excluded", reason)


def claimed_on(rule: Claim, plan: GuaranteePlan, known: Known) -> date:
    """The day of the claim; raises NotOwed where there is none, or it came too late.

    A claim whose day nobody told was made with the complaint. Where the day from which its time
    counts is not known, no deadline can have passed.
    """
    made = known.claimed_on(plan.rule.name)
    if made is None:
        if known.value(CLAIMED) is not True and known.moment(CLAIMED_ON) is None:
            raise NotOwed("not_claimed")
        made = known.day(CLAIMED_ON) or known.day("received") or known.today
    if rule.within is not None and (since := known.day(rule.after)) is not None:
        last = add_days(since, rule.within, plan.claim_calendar)
        if made > last:
            raise NotOwed("claimed_late", day=last)
    return made


def currency_of(plan: GuaranteePlan, known: Known) -> str:
    """The currency that a fact names, or the guarantee's own."""
    name = plan.rule.currency_by
    given = known.value(name)
    if given is None:
        return plan.rule.currency
    code = str(given).strip().upper()
    if code not in CURRENCIES:
        raise NotOwed("unusable", name)
    return code


def limit_to_year(
    rule: Yearly, plan: GuaranteePlan, found: Sum, on: date, had: Iterable[Earlier]
) -> None:
    """Cut what is owed to what the complainant may still get in the year of the failure."""
    first = year_of(on, plan.year_starts)
    next_first = first.replace(year=first.year + 1)
    this_year = [
        each for each in had
        if each.amount and each.guarantee == plan.rule.name and first <= each.on < next_first
    ]  # fmt: skip
    complaints = tuple(dict.fromkeys(each.complaint for each in this_year if each.complaint))
    if rule.times and len(this_year) >= rule.times:
        raise NotOwed("year_used_up", *complaints, day=on)
    if rule.amount is not None:
        used = sum((each.amount for each in this_year), NOTHING)
        left = rule.amount - used
        if left <= NOTHING:
            raise NotOwed("year_used_up", *complaints, day=on)
        if left < found.amount:
            found.becomes(
                left, "a_year", limit=rule.amount, used=used, complaints=" ".join(complaints)
            )
            found.open_until = ""


def pay_by(plan: GuaranteePlan, known: Known) -> date | None:
    """The last day on which it is paid in time; None while it is not known from when it counts."""
    rule = plan.rule.pay_by
    since = known.day(rule.after) if rule else None
    return add_days(since, rule.within, plan.pay_calendar) if rule and since else None


def _check_order(names: tuple[str, ...], known: Known) -> None:
    dates = [(name, day) for name in names if (day := known.moment(name))]
    for (name, early), (other, late) in pairwise(dates):
        if _before(late, early, known, (other, name)):
            raise NotOwed("contradictory", name, other)


def _before(late: Moment, early: Moment, known: Known, names: tuple[str, str]) -> bool:
    """Whether the later one lies before the earlier: as days, where one of them is only a day."""
    if type(late) is type(early):
        return late < early
    late_day, early_day = map(known.day, names)
    return late_day is not None and early_day is not None and late_day < early_day


def failed_on(known: Known) -> date:
    """The day that the failure, or else the claim or the complaint, falls on."""
    return (
        known.day("breach") or known.day(OCCURRED_ON) or known.day("claim")
        or known.day("received") or known.today
    )  # fmt: skip


def year_of(day: date, starts: tuple[int, int]) -> date:
    """The first day of the year that the day lies in."""
    first = date(day.year, *starts)
    return first if first <= day else date(day.year - 1, *starts)
