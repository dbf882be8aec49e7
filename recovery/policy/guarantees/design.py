"""Is a guarantee one that people can use, and should it be offered at all?

Two things a check cannot refuse. A good guarantee has few conditions, means something, is easy to
understand and easy to invoke: what speaks against it is remarked, as a warning. And there are six
situations in which not to offer one: whoever adopts it answers for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from recovery.policy.conditions import Condition
from recovery.policy.guarantees.records import Guarantee
from recovery.text import clean

Quality = Literal["few_conditions", "meaningful", "easy_to_understand", "easy_to_invoke"]
MOST_CONDITIONS = 3
MOST_FACTS = 5
MOST_CHARACTERS = 160
MOST_WORDS = 25
LEAST_SHARE = Decimal("0.1")
LONGEST = 2_000
"""Characters of an answer."""
SHORTEST_CLAIM = 14
"""Days."""


class Remark(msgspec.Struct, frozen=True):
    """What speaks against the design of a guarantee."""

    guarantee: str
    quality: Quality
    sentence: str


def remarks(rules: tuple[Guarantee, ...]) -> tuple[Remark, ...]:
    """What speaks against each guarantee, in the order of the file."""
    return tuple(
        Remark(rule.name, quality, sentence)
        for rule in rules
        for quality, look in _LOOKS
        for sentence in look(rule)
    )


def _few_conditions(rule: Guarantee) -> Iterator[str]:
    if len(rule.exclusions) > MOST_CONDITIONS:
        yield f"{len(rule.exclusions)} exclusions: keep to {MOST_CONDITIONS}, or promise less."
    facts = _facts(rule)
    if len(facts) > MOST_FACTS:
        yield f"It depends on {len(facts)} facts ({', '.join(facts)}): keep to {MOST_FACTS}."


def _meaningful(rule: Guarantee) -> Iterator[str]:
    shares = [
        pays.share
        for term in rule.terms
        for pays in (term.pays, *(tier.pays for tier in term.tiers))
        if pays is not None and pays.share is not None
    ]
    if shares and max(shares) < LEAST_SHARE and rule.at_least is None:
        yield f"It never pays more than {max(shares):.1%} of what was lost: pay more, or a floor."
    if rule.pay_by is None:
        yield "Nobody is told by when it is paid: add a pay_by."


def _easy_to_understand(rule: Guarantee) -> Iterator[str]:
    if not rule.title:
        yield "Complainants are told nothing about it: add a title of one sentence."
    elif len(rule.title) > MOST_CHARACTERS or len(rule.title.split()) > MOST_WORDS:
        yield f"Its title is long: say it in {MOST_WORDS} words."


def _easy_to_invoke(rule: Guarantee) -> Iterator[str]:
    if rule.claim is None:
        return
    if rule.clock:
        yield "We know ourselves that the clock was breached: pay without a claim."
    within = rule.claim.within
    if within is not None and within.unit == "days" and within.count < SHORTEST_CLAIM:
        yield f"{within} are short to claim in: give {SHORTEST_CLAIM} days at least."


_LOOKS: tuple[tuple[Quality, Callable[[Guarantee], Iterator[str]]], ...] = (
    ("few_conditions", _few_conditions),
    ("meaningful", _meaningful),
    ("easy_to_understand", _easy_to_understand),
    ("easy_to_invoke", _easy_to_invoke),
)


def _facts(rule: Guarantee) -> tuple[str, ...]:
    """The names that its conditions ask for, each once."""
    texts = [rule.when, *(exclusion.when for exclusion in rule.exclusions)]
    names = (name for text in texts if text for name in Condition(text).names)
    return tuple(dict.fromkeys(names))


# ---------------------------------------------------------------- the record of adoption

Situation = Literal[
    "poor_quality",
    "does_not_fit",
    "outside_control",
    "open_to_cheating",
    "costs_more",
    "no_risk_seen",
]
QUESTIONS: Mapping[Situation, str] = {
    "poor_quality": "Is the service good enough today that the promise will mostly be kept?",
    "does_not_fit": "Does a guarantee fit what we stand for, or would it look like a doubt?",
    "outside_control": "Is what we promise in our own hands?",
    "open_to_cheating": "How could it be abused, and what keeps that small?",
    "costs_more": "What would it have cost on past failures, and what does it bring?",
    "no_risk_seen": "Do people see a risk in buying from us that it takes away?",
}
"""What whoever adopts a guarantee answers: each is a situation in which not to offer one."""


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """Why a guarantee is offered nevertheless; part of the record of adoption."""

    poor_quality: str = ""
    does_not_fit: str = ""
    outside_control: str = ""
    open_to_cheating: str = ""
    costs_more: str = ""
    no_risk_seen: str = ""

    def cleaned(self) -> Answers:
        """As they are kept; raises Invalid where one is too long."""
        return Answers(**{
            name: clean(getattr(self, name), field=name, limit=LONGEST) for name in QUESTIONS
        })  # fmt: skip

    @classmethod
    def all(cls, sentence: str) -> Answers:
        """The same answer to each."""
        return cls(**dict.fromkeys(QUESTIONS, sentence))

    @property
    def unanswered(self) -> tuple[Situation, ...]:
        return tuple(name for name in QUESTIONS if not getattr(self, name).strip())
