"""What does a complaint's own policy version owe it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from recovery.policy.clocks import Clock, run
from recovery.policy.compiled import InForce
from recovery.policy.guarantees.claims import Answer, answer, refusal
from recovery.policy.guarantees.entitlement import assess
from recovery.policy.guarantees.known import Case, Earlier
from recovery.policy.guarantees.trace import Assessment, Entitled
from recovery.policy.story import Story


def entitlement(
    version: InForce,
    story: Story,
    as_of: datetime,
    *,
    clocks: tuple[Clock, ...] | None = None,
    paid: Mapping[tuple[str, str], date] | None = None,
    earlier: Iterable[Earlier] = (),
) -> tuple[Entitled, ...]:
    """What is owed as of an instant."""
    return assessment(version, story, as_of, clocks=clocks, paid=paid, earlier=earlier).owed


def assessment(
    version: InForce,
    story: Story,
    as_of: datetime,
    *,
    clocks: tuple[Clock, ...] | None = None,
    paid: Mapping[tuple[str, str], date] | None = None,
    earlier: Iterable[Earlier] = (),
) -> Assessment:
    """What is owed, and what is not although a guarantee speaks of it.

    `clocks` are those of the story, where somebody has run them already; `paid` says when each
    (guarantee, occurrence) was paid; `earlier` what the complainant was owed before.
    """
    told, received_at = story.told_by_now(), story.received_at
    edition = version.edition_for(told, received_at)
    if edition is None or not edition.guarantees.plans:
        return Assessment()
    if clocks is None:
        clocks = run(version, story)
    case = Case(told, clocks, received_at, paid or {}, tuple(earlier))
    return assess(edition.guarantees, case, as_of)


def answer_to(
    version: InForce,
    story: Story,
    as_of: datetime,
    guarantee: str,
    *,
    clocks: tuple[Clock, ...],
    paid: Mapping[tuple[str, str], date] | None = None,
    earlier: Iterable[Earlier] = (),
) -> Answer:
    """What is owed under one guarantee, or why nothing is."""
    told, received_at = story.told_by_now(), story.received_at
    edition = version.edition_for(told, received_at)
    plans = edition.guarantees.plans if edition else ()
    if edition is None or guarantee not in {plan.rule.name for plan in plans}:
        return Answer(guarantee, refused=(refusal(guarantee, "not_promised"),))
    case = Case(told, clocks, received_at, paid or {}, tuple(earlier))
    return answer(edition.guarantees, case, as_of, guarantee)
