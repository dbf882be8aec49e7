"""What is a complainant owed, as of an instant, and why, or why not?

A pure function of the case and the policy's version: nothing is remembered between calls, and no
clock on the wall is read. `docs/guarantees.md` says what each rule means.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from recovery.money import Money
from recovery.policy.guarantees import gates
from recovery.policy.guarantees.amounts import NOTHING, amount_of
from recovery.policy.guarantees.known import Case, Earlier, Known
from recovery.policy.guarantees.occurrences import Occurrence, occurrences
from recovery.policy.guarantees.plan import GuaranteePlan, Guarantees
from recovery.policy.guarantees.trace import Assessment, Entitled, NotOwed, Refusal


def assess(guarantees: Guarantees, case: Case, as_of: datetime) -> Assessment:
    """What is owed, and what is not although a guarantee speaks of it."""
    known = Known(case, guarantees.vocabulary, guarantees.zone, as_of)
    owed: list[Entitled] = []
    refused: list[Refusal] = []
    for plan in guarantees.plans:
        happened = occurrences(plan.rule, known, owed)
        if happened:
            _assess(plan, known, happened, owed, refused)
    if guarantees.harms:
        owed = _greatest_of_each_harm(guarantees.harms, owed, refused)
    return Assessment(tuple(owed), tuple(refused))


def _assess(
    plan: GuaranteePlan,
    known: Known,
    happened: list[Occurrence],
    owed: list[Entitled],
    refused: list[Refusal],
) -> None:
    """Add what one guarantee says about each occurrence."""
    rule = plan.rule
    granted = 0
    had = list(known.case.earlier) if rule.a_year is not None else []
    for occurrence in happened:
        known.look_at(occurrence.moments)
        try:
            if rule.times and granted >= rule.times:
                raise NotOwed("often_enough")
            found = _entitled(plan, known, occurrence, had)
        except NotOwed as why:
            refused.append(Refusal(rule.name, occurrence.id, why.reason, why.about, why.day))
        else:
            if found is not None:
                granted += 1
                owed.append(found)
                if rule.a_year is not None and found.on is not None:
                    had.append(Earlier(rule.name, found.on, found.money.amount))


def _entitled(
    plan: GuaranteePlan, known: Known, occurrence: Occurrence, had: list[Earlier]
) -> Entitled | None:
    """None where the guarantee does not speak of this case; raises NotOwed where it refuses.

    `had` counts towards the limit of a year.
    """
    if plan.when is not None and not gates.happened(plan.when, plan, known):
        return None
    rule = plan.rule
    gates.check_facts(plan, known)
    if rule.claim is not None:
        known.moments["claim"] = gates.claimed_on(rule.claim, plan, known)
    currency = gates.currency_of(plan, known) if rule.currency_by else rule.currency
    found = amount_of(plan, known, occurrence.unpaid, currency)
    if not found.amount:
        return None
    on = gates.failed_on(known)
    if rule.a_year is not None:
        gates.limit_to_year(rule.a_year, plan, found, on, had)
    return Entitled(
        rule.name, occurrence.id, Money(found.amount, currency), gates.pay_by(plan, known),
        found.open_until, tuple(found.steps), on,
    )  # fmt: skip


def _greatest_of_each_harm(
    harms: Mapping[str, str], owed: list[Entitled], refused: list[Refusal]
) -> list[Entitled]:
    """Statute and promise against one harm do not add up: the greater is owed, or the first."""
    totals: dict[str, dict[str, Decimal]] = {}
    for found in owed:
        if harm := harms.get(found.guarantee):
            total = totals.setdefault(harm, {})
            total[found.guarantee] = total.get(found.guarantee, NOTHING) + found.money.amount
    best = {harm: max(total, key=total.__getitem__) for harm, total in totals.items()}
    kept: list[Entitled] = []
    for found in owed:
        greatest = best.get(harms.get(found.guarantee, ""), found.guarantee)
        if greatest == found.guarantee:
            kept.append(found)
        else:
            refused.append(Refusal(found.guarantee, found.occurrence, "lesser", (greatest,)))
    return kept
