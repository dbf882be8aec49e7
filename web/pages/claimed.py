"""How are claims and their answers told on the page of a complaint?"""

from __future__ import annotations

from datetime import datetime

import msgspec

from recovery.policy.guarantees.trace import Refusal
from recovery.policy.story import Story
from recovery.reference import show
from web.claiming import SENTENCES, Claimed
from web.pages.tracing import steps
from web.pages.viewer import Viewer
from web.pages.words import labeller
from web.runtime import Runtime


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what is owed under a claim, or why nothing is."""

    name: str
    at: datetime | None
    amount: str = ""
    why: str = ""
    steps: list[str] = []


def tell(claims: list[Claimed], viewer: Viewer, *, naming: bool = True) -> list[Told]:
    """A line for each answer; `naming` other complaints is for colleagues."""
    label = labeller(viewer.language)
    found = []
    for claim in claims:
        name = label("guarantee", claim.answer.guarantee)
        found += [
            Told(
                name=name, at=claim.at, amount=viewer.money(each.money),
                steps=steps(each.trace, each.money.currency, viewer),
            )
            for each in claim.answer.owed
        ]  # fmt: skip
        found += [
            Told(name=name, at=claim.at, why=why(each, viewer, naming=naming))
            for each in claim.answer.refused
        ]
    return found


def why(refusal: Refusal, viewer: Viewer, *, naming: bool = True) -> str:
    """The reason in a sentence."""
    label = labeller(viewer.language)
    kind = {"lesser": "guarantee", "paid_in_time": "guarantee", "kept": "clock"}

    def said(about: str) -> str:
        if refusal.reason == "excluded":
            return about
        if refusal.reason == "year_used_up":
            return show(about) if naming else viewer.say("another complaint")
        name, equals, value = about.partition("=")
        name = label(kind.get(refusal.reason, "fact"), name)
        return (
            viewer.say("%(fact)s is %(value)s") % {"fact": name, "value": value or "–"}
            if (equals)
            else name
        )

    about = ", ".join(dict.fromkeys(map(said, refusal.about))) or viewer.say("this complaint")
    day = viewer.day(refusal.day) if refusal.day else ""
    return viewer.say(SENTENCES[refusal.reason]) % {"about": about, "day": day}


def claimable(runtime: Runtime, story: Story) -> tuple[str, ...]:
    """The guarantees that somebody can ask for by name."""
    version = runtime.policies.version(story.policy, story.policy_version)
    edition = version.edition_for(story.told_by_now(), story.received_at)
    plans = edition.guarantees.plans if edition else ()
    return tuple(plan.rule.name for plan in plans if plan.rule.claim is not None)
