"""What is the answer to somebody who claims a guarantee?

What is owed with its trace, or the reason why nothing is. An assessment says nothing of a guarantee
that does not speak of a case; somebody who asks is told why it does not.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from recovery.policy.guarantees.entitlement import assess
from recovery.policy.guarantees.known import Case, Known
from recovery.policy.guarantees.plan import GuaranteePlan, Guarantees
from recovery.policy.guarantees.trace import Assessment, Entitled, Refusal, RefusalReason


class Answer(msgspec.Struct, frozen=True):
    """What comes of a claim, as of an instant: one of the two is not empty."""

    guarantee: str
    owed: tuple[Entitled, ...] = ()
    refused: tuple[Refusal, ...] = ()


def answer(guarantees: Guarantees, case: Case, as_of: datetime, guarantee: str) -> Answer:
    """What is owed under a guarantee of this version, or why nothing is."""
    found = among(assess(guarantees, case, as_of), guarantee)
    if found.owed or found.refused:
        return found
    known = Known(case, guarantees.vocabulary, guarantees.zone, as_of)
    plan = next(plan for plan in guarantees.plans if plan.rule.name == guarantee)
    return Answer(guarantee, refused=(_why_nothing(plan, known),))


def among(assessment: Assessment, guarantee: str) -> Answer:
    """What an assessment says of one guarantee."""
    return Answer(
        guarantee,
        tuple(each for each in assessment.owed if each.guarantee == guarantee),
        tuple(each for each in assessment.refused if each.guarantee == guarantee),
    )


def refusal(guarantee: str, reason: RefusalReason, *about: str) -> Refusal:
    """Of a claim to something that did not occur."""
    return Refusal(guarantee, "", reason, about)


def _why_nothing(plan: GuaranteePlan, known: Known) -> Refusal:
    """Why a guarantee does not speak of a case."""
    rule = plan.rule
    if rule.clock and not any(clock.met is False for clock in known.case.clocks
                              if clock.name == rule.clock):  # fmt: skip
        return refusal(rule.name, "kept", rule.clock)
    if rule.unpaid:
        return refusal(rule.name, "paid_in_time", rule.unpaid)
    names = plan.when.names if plan.when else ()
    untold = [name for name in names if known.value(name) is None]
    if untold:
        return refusal(rule.name, "missing", *untold)
    if plan.when is not None and not known.holds(plan.when):
        text = known.text
        return refusal(rule.name, "not_met", *(f"{name}={text(name)}" for name in names))
    return refusal(rule.name, "nothing_due")
