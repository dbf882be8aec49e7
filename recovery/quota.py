"""How much of what a complainant can get in a year is given, and to which of their complaints?

Each guarantee with a limit by the year has a stream for each complainant. Whoever gives some of it
writes there, in the transaction in which it becomes owed: of two workers that give the last of it
at once the store refuses one, who looks again and finds it gone. What was given first stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import uuid5

from recovery.events import Recorded, Share, Used, quota_stream
from recovery.money import Money
from recovery.payout import NAMESPACE, NOTHING
from recovery.policy.compiled import InForce
from recovery.policy.guarantees.known import Earlier
from recovery.policy.guarantees.records import Guarantee
from recovery.policy.guarantees.trace import Assessment

A_YEAR = timedelta(days=366)
"""However a policy lays its years, days of one lie no further apart."""


def quota_id(complainant: str, policy: str, guarantee: str) -> str:
    """The id of what a complainant can get under a guarantee."""
    return str(uuid5(NAMESPACE, f"{complainant}/{policy}/{guarantee}"))


def limited(version: InForce) -> tuple[Guarantee, ...]:
    """The guarantees of a policy that have a limit by the year, each once."""
    found = {
        plan.rule.name: plan.rule
        for edition in version.editions for plan in edition.guarantees.plans
        if plan.rule.a_year is not None
    }  # fmt: skip
    return tuple(found.values())


class Quota:
    """What one complainant has got under one guarantee, and what is about to be recorded."""

    def __init__(
        self, complainant: str, policy: str, rule: Guarantee, records: Iterable[Recorded] = ()
    ) -> None:
        self.guarantee = guarantee = rule.name
        self.pending: list[Recorded] = []
        self._policy = policy
        self._currency = rule.currency
        self._stream = quota_stream(quota_id(complainant, policy, guarantee))
        self._version = 0
        self._shares: dict[tuple[str, str], Share] = {}
        for record in records:
            assert isinstance(record.event, Used)
            self._version = record.version
            self._take(record.event)

    def elsewhere(self, complaint: str) -> tuple[Earlier, ...]:
        """What the complainant's other complaints have."""
        return tuple(
            Earlier(self.guarantee, each.on, each.amount, each.complaint, each.occurrence)
            for each in self._shares.values() if each.complaint != complaint
        )  # fmt: skip

    def use(self, complaint: str, found: Assessment, *, at: datetime, by: str) -> None:
        """Record what a complaint has from here on, where that is not what it had."""
        had = {each.occurrence: each for each in self._shares.values()
               if each.complaint == complaint}  # fmt: skip
        now = _wanted(found, self.guarantee, self._currency, had)
        for occurrence in sorted({*now, *had}):
            before = had.get(occurrence)
            on, money = now.get(occurrence) or _nothing(had[occurrence], self._currency)
            if before is None or (before.on, before.amount) != (on, money.amount):
                self._trigger(Used(
                    at=at, by=by, policy=self._policy, guarantee=self.guarantee,
                    complaint=complaint, occurrence=occurrence, on=on, money=money,
                    others=self._near(complaint, on),
                ))  # fmt: skip

    def _near(self, complaint: str, on: date) -> tuple[Share, ...]:
        return tuple(
            each for each in self._shares.values()
            if each.complaint != complaint and abs(each.on - on) <= A_YEAR
        )  # fmt: skip

    def _trigger(self, event: Used) -> None:
        self._version += 1
        self.pending.append(Recorded(self._stream, self._version, event))
        self._take(event)

    def _take(self, event: Used) -> None:
        key = event.complaint, event.occurrence
        self._shares[key] = Share(*key, event.on, event.money.amount)


def heard(elsewhere: tuple[Earlier, ...], complaint: str, event: Used) -> tuple[Earlier, ...]:
    """What a complaint knows of the others after one of them, or it itself, used some."""
    told = [Share(event.complaint, event.occurrence, event.on, event.money.amount), *event.others]
    news = {
        (event.guarantee, each.complaint, each.occurrence): Earlier(
            event.guarantee, each.on, each.amount, each.complaint, each.occurrence
        )
        for each in (told if event.complaint == complaint else told[:1])
        if each.complaint != complaint
    }
    kept = (e for e in elsewhere if (e.guarantee, e.complaint, e.occurrence) not in news)
    return (*kept, *news.values())


def _wanted(
    found: Assessment, guarantee: str, currency: str, had: Mapping[str, Share]
) -> dict[str, tuple[date, Money]]:
    """By occurrence: its day, and what is owed.

    Where nothing was left, that is kept of one occurrence, so that the complaint hears of it when
    another one gives some back.
    """
    wanted = {
        each.occurrence: (each.on, each.money)
        for each in found.owed if each.guarantee == guarantee and each.on is not None
    }  # fmt: skip
    if not wanted and not had:
        for each in found.refused:
            if each.guarantee == guarantee and each.reason == "year_used_up" and each.day:
                return {each.occurrence: (each.day, Money(NOTHING, currency))}
    return wanted


def _nothing(before: Share, currency: str) -> tuple[date, Money]:
    return before.on, Money(NOTHING, currency)
