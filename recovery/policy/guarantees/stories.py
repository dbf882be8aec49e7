"""What does a complaint's own policy version owe it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from recovery.policy.clocks import Clock, run
from recovery.policy.compiled import InForce
from recovery.policy.guarantees.entitlement import assess
from recovery.policy.guarantees.known import Case, Earlier, end_of
from recovery.policy.guarantees.plan import Guarantees
from recovery.policy.guarantees.trace import Assessment, Entitled
from recovery.policy.story import Story

AS_OF = "as_of"
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""The end of a story in which nothing has a date."""


def entitlement(
    version: InForce,
    story: Story,
    as_of: datetime | None = None,
    *,
    clocks: tuple[Clock, ...] | None = None,
    paid: Mapping[tuple[str, str], date] | None = None,
    earlier: Iterable[Earlier] = (),
) -> tuple[Entitled, ...]:
    """What is owed as of an instant: that of the fact `as_of`, or the end of the story."""
    found = assessment(version, story, as_of, clocks=clocks, paid=paid, earlier=earlier)
    return found.owed


def assessment(
    version: InForce,
    story: Story,
    as_of: datetime | None = None,
    *,
    clocks: tuple[Clock, ...] | None = None,
    paid: Mapping[tuple[str, str], date] | None = None,
    earlier: Iterable[Earlier] = (),
) -> Assessment:
    """What is owed, and what is not although a guarantee speaks of it.

    `clocks` are those of the story, where somebody has run them already; `paid` says when each
    (guarantee, occurrence) was paid; `earlier` what the complainant was owed before.
    """
    edition = version.edition(story)
    if edition is None or not edition.guarantees.plans:
        return Assessment()
    told = story.told_by_now()
    case = Case(
        told,
        run(version, story) if clocks is None else clocks,
        story.received_at,
        paid or {},
        tuple(earlier),
    )
    return assess(edition.guarantees, case, as_of or _end(story, told, edition.guarantees))


def _end(story: Story, told: Mapping[str, str], guarantees: Guarantees) -> datetime:
    """The last instant that the story knows of; a day means its last second."""
    zone, kinds = guarantees.zone, guarantees.vocabulary.kinds
    if AS_OF in told:
        return _instant(told[AS_OF], zone) or UNDATED
    instants = [mark.at for mark in story.marks if mark.at is not None]
    for name, text in told.items():
        if kinds.get(name) in ("date", "instant") and (found := _instant(text, zone)):
            instants.append(found)
    return max(instants, default=UNDATED)


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant that a text means, if it means one."""
    try:
        if "T" not in text:
            return end_of(date.fromisoformat(text), zone)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
