"""What is kept of how one complaint was treated?

Groups are those of the receipt. What happened without a published date is true and has no instant.
Lists keep their instants, so that any past instant can be asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from projections.told import Told
from recovery.compensating import CURRENCY, LOSS
from recovery.events import (
    Assigned,
    Compensated,
    Explained,
    Letter,
    LetterReturned,
    Received,
    Reopened,
    Surveyed,
)
from recovery.money import Money
from recovery.policy.facts import read

DISPUTED = "disputed"
"""The reason of a reopening that says the complainant does not accept the outcome."""
RELIEF_NOT_SPECIFIED = "relief_not_specified"
"""The flag of an imported complaint whose source says relief, but not of which kind."""
DISPUTE_NOT_SAID = "dispute_not_said"
"""The flag of an imported complaint whose source does not say whether it was disputed."""
LETTER, WARNING = "letter", "warning"
"""A letter with somebody's own words left the desk; the check of words had warned of something."""
_MARKS = ("experience", "expected", "process", "treatment", "fulfilled", "returning")


class Grant(msgspec.Struct, frozen=True, array_like=True):
    """Money that was granted, or that the complainant says they lost."""

    at: datetime | None
    amount: Decimal
    currency: str
    """Empty of a loss whose currency nobody told."""


class Entitled(msgspec.Struct, frozen=True, array_like=True):
    """What a guarantee came to owe, or what of it was paid; less where it was too much."""

    at: datetime | None
    payout: str
    owed: Decimal
    paid: Decimal
    currency: str


class Fair(Told, frozen=True, kw_only=True):
    """One complaint."""

    complaint: str
    received_at: datetime | None
    source: str
    """Where it was imported from: "cfpb"; empty for the desk's own."""
    policy: str
    policy_version: str
    channel: str
    language: str
    tier: str
    category: str
    product: str
    severity: str
    attributes: dict[str, str]
    desired: tuple[str, ...] = ()
    """What the complainant said they wanted."""
    agent: str = ""
    """Who had it first."""
    explanation_parts: int | None = None
    """How many of `PARTS` the explanation has; None where its letter is not known."""
    ended: str = ""
    """How it ended first: "closed", "withdrawn", "merged" into another, or nothing."""
    ended_at: datetime | None = None
    outcome: str = ""
    """As it was said last, and when."""
    outcome_at: datetime | None = None
    relief: bool = False
    relief_at: datetime | None = None
    money: bool = False
    money_at: datetime | None = None
    kind_known: bool = True
    """Whether the source says which kind of relief it was."""
    reopened: bool = False
    reopened_at: datetime | None = None
    contested: bool = False
    contested_at: datetime | None = None
    contest_known: bool = True
    """Whether the source says if the outcome was accepted."""
    escalated: bool = False
    escalated_at: datetime | None = None
    accepted: bool = False
    accepted_at: datetime | None = None
    grants: tuple[Grant, ...] = ()
    losses: tuple[Grant, ...] = ()
    """What the complainant says they lost; the last that was told counts."""
    owed: tuple[Entitled, ...] = ()
    surveyed_at: datetime | None = None
    survey: dict[str, str | int] = {}
    """What the complainant answered when asked how it went."""
    wishes: dict[str, bool] = {}
    """Of what they wanted, whether the desk says that they got it, as it said last, and when."""
    wishes_at: datetime | None = None
    happened: dict[str, tuple[datetime | None, ...]] = {}
    """When each contact, transfer, extension, request for something, letter and warning was."""
    worked_received: int | None = None
    """Seconds of working time of the policy by then (`recovery.policy.working`); likewise below."""
    worked_acknowledged: int | None = None
    worked_explained: int | None = None
    worked_ended: int | None = None

    @classmethod
    def of(cls, complaint: str, event: Received) -> Fair:
        return cls(
            complaint=complaint, received_at=event.at, source=event.source.partition(":")[0],
            policy=event.policy,
            policy_version=event.policy_version, channel=event.channel, language=event.language,
            tier=event.tier, category=event.category, product=event.product,
            severity=event.severity, attributes=event.attributes, desired=event.desired_outcomes,
            kind_known=RELIEF_NOT_SPECIFIED not in event.flags,
            contest_known=DISPUTE_NOT_SAID not in event.flags,
        )  # fmt: skip

    def granted(self, event: Compensated) -> Fair:
        row = self if self.relief else replace(self, relief=True, relief_at=event.at)
        if event.kind == "in_kind" or not (event.money or self.kind_known):
            return row
        if not row.money:
            row = replace(row, money=True, money_at=event.at)
        if event.money is None:
            return row
        grant = Grant(event.at, event.money.amount, event.money.currency)
        return replace(row, grants=(*row.grants, grant))

    def entitled(self, payout: str, at: datetime | None, money: Money, *, sign: int) -> Fair:
        """Sign 0: so much is owed; 1: so much of it was paid; -1: and came back."""
        nothing = Decimal(0)
        owed, paid = (money.amount, nothing) if sign == 0 else (nothing, sign * money.amount)
        return replace(self, owed=(*self.owed, Entitled(at, payout, owed, paid, money.currency)))

    def has_guarantee(self, payout: str) -> bool:
        return any(each.payout == payout for each in self.owed)

    def told_facts(self, facts: Mapping[str, str], at: datetime | None) -> Fair:
        """What they lost; a currency that is told later is that of what was told before."""
        before = self.losses[-1] if self.losses else None
        lost = read("money", facts[LOSS]) if LOSS in facts else None
        amount = lost if isinstance(lost, Decimal) and lost > 0 else None
        if amount is None and before and CURRENCY in facts:
            amount = before.amount
        if amount is None:
            return self
        currency = facts.get(CURRENCY) or (before.currency if before else "")
        return replace(self, losses=(*self.losses, Grant(at, amount, currency)))

    def surveyed(self, event: Surveyed) -> Fair:
        said = {name: value for name in _MARKS if (value := getattr(event, name)) is not None}
        return replace(self, surveyed_at=event.at, survey=said)

    def again(self, event: Reopened) -> Fair:
        row = self if self.reopened else replace(self, reopened=True, reopened_at=event.at)
        if event.reason != DISPUTED or row.contested:
            return row
        return replace(row, contested=True, contested_at=event.at)

    def and_then(self, what: str, at: datetime | None) -> Fair:
        times = (*self.happened.get(what, ()), at)
        return replace(self, happened={**self.happened, what: times})

    def assigned(self, event: Assigned) -> Fair:
        if not self.agent:
            return replace(self, agent=event.agent)
        return self.and_then("transfer", event.at)

    def wrote(self, letter: Letter | None, at: datetime | None) -> Fair:
        """What the check of words had said of a letter with somebody's own words."""
        if letter is None or letter.message is None:
            return self
        row = self.and_then(LETTER, at)
        for _ in letter.warned:
            row = row.and_then(WARNING, at)
        return row

    def untold(self, event: LetterReturned) -> Fair:
        row = self if event.act_at is None else self._unwritten(event.act_at)
        return super(Fair, row).untold(event)

    def _unwritten(self, at: datetime) -> Fair:
        left = {
            what: tuple(t for t in self.happened.get(what, ()) if t != at)
            for what in (LETTER, WARNING) if what in self.happened
        }  # fmt: skip
        return replace(self, happened={**self.happened, **left}) if left else self


PARTS = ("cause", "consequence", "language", "own_words")
"""What an explanation has: why it happened, what follows, in the complainant's language, and in
somebody's own words."""


def parts_of(event: Explained, language: str) -> int | None:
    """How many parts an explanation has, as far as the check of words could tell."""
    letter = event.letter
    if letter is None:
        return None
    has = {
        "cause": bool(event.cause_code) or (
            letter.message is not None and "no_cause" not in letter.warned),
        "consequence": letter.message is not None and "no_consequence" not in letter.warned,
        "language": _spoken(letter.language) == _spoken(language)
                    and "other_language" not in letter.warned,
        "own_words": letter.message is not None,
    }  # fmt: skip
    return sum(has[part] for part in PARTS)


def _spoken(language: str) -> str:
    return language.partition("-")[0].lower()
