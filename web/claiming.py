"""What is the answer to a claim, as the desk has it now? For pages and programs alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from projections import entitlements
from projections.queue import Ticket
from projections.story import Story, clocks_of, story_of
from projections.table import Given
from recovery import clock, owing
from recovery.owing import Owing, Standing
from recovery.policy.guarantees.claims import Answer
from recovery.policy.guarantees.trace import Refusal, RefusalReason
from recovery.policy.marks import CLAIMED, guarantee_of
from recovery.reference import show
from web.i18n import mark
from web.runtime import Runtime

SENTENCES: Mapping[RefusalReason, str] = {
    "missing": mark("We do not know yet: %(about)s."),
    "contradictory": mark("These contradict each other: %(about)s."),
    "unusable": mark("This cannot be meant: %(about)s."),
    "excluded": mark("It is excluded: %(about)s"),
    "not_claimed": mark("Nobody has asked for it."),
    "claimed_late": mark("It had to be claimed by %(day)s."),
    "often_enough": mark("It was granted as often as one complaint allows."),
    "year_used_up": mark("What one person can get in a year is used up: %(about)s."),
    "lesser": mark("For the same harm more is owed: %(about)s."),
    "kept": mark("The promise was kept, or still has time: %(about)s."),
    "paid_in_time": mark("It was paid in time, or still has time: %(about)s."),
    "not_met": mark("Its condition is not met: %(about)s."),
    "nothing_due": mark("What happened comes to nothing under it."),
    "history": mark("All of it was over before it was recorded here."),
    "not_promised": mark("The version of the policy that rules here does not promise it."),
}
"""Why nothing is owed, by reason."""


class Claimed(msgspec.Struct, frozen=True):
    """One claim, and what it comes to."""

    at: datetime | None
    answer: Answer


def standing_of(runtime: Runtime, reference: str) -> Standing:
    """How a complaint stands, from its streams; raises NotFound."""
    records = runtime.store.together(clock.history(reference))
    given = Given(runtime.policies)
    story = story_of(records, given)
    with runtime.database.engine.connect() as conn:
        row = entitlements.of_complaint(conn, reference)
    return _standing(runtime, reference, story, row.owing if row else ())


def _standing(runtime: Runtime, reference: str, story: Story, known: tuple[Owing, ...]) -> Standing:
    version = runtime.policies.version(story.policy, story.policy_version)
    return Standing(reference, version, story, clocks_of(story, Given(runtime.policies)), known)


def claims_in(standing: Standing, now: datetime) -> list[Claimed]:
    """Every claim of a complaint with its answer, oldest first."""
    return [
        Claimed(each.at, owing.answer(standing, guarantee_of(each), now))
        for each in standing.story.marks if each.kind == CLAIMED
    ]  # fmt: skip


def claims_of(runtime: Runtime, ticket: Ticket, now: datetime) -> list[Claimed]:
    """The same for a page that has the ticket already; asks nothing where nobody claimed."""
    if not any(each.kind == CLAIMED for each in ticket.story.marks):
        return []
    with runtime.database.engine.connect() as conn:
        row = entitlements.of_complaint(conn, ticket.reference)
    known = row.owing if row else ()
    return claims_in(_standing(runtime, ticket.reference, ticket.story, known), now)


def in_english(refusal: Refusal) -> str:
    """Why nothing is owed, for a program."""
    day = refusal.day.isoformat() if refusal.day else ""
    said = map(show, refusal.about) if refusal.reason == "year_used_up" else refusal.about
    about = ", ".join(each.replace("=", " is ") for each in said) or "this complaint"
    return SENTENCES[refusal.reason] % {"about": about, "day": day}
