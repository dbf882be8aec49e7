"""What happens to a complaint at this desk, from receipt to the end or to today?

A plot is a sequence of chapters.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import msgspec

from recovery.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Compensated,
    CompensationKind,
    Escalated,
    Event,
    Explained,
    Extended,
    IncidentRecorded,
    Letter,
    MessageReceived,
    MessageSent,
    NoteAdded,
    Outcome,
    Paused,
    Received,
    Released,
    Reopened,
    Resumed,
    Severity,
    Withdrawn,
)  # fmt: skip
from recovery.money import Money
from web.demo import cases, firm
from web.demo.cases import Case, Plot
from web.demo.firm import CURRENCY, ZONE, Shares
from web.demo.hours import DAY
from web.demo.people import SUPERVISOR
from web.demo.telling import Seal, StillGoingOn, Telling, World

_OUTCOMES: Shares[Outcome] = Shares({"upheld": 46, "partly_upheld": 21, "not_upheld": 33})
_MONEY_CHANCE = {"upheld": 0.56, "partly_upheld": 0.42, "not_upheld": 0.07}
_KINDS: Shares[CompensationKind] = Shares({"redress": 52, "goodwill": 40, "in_kind": 8})
_GOODWILL = tuple(Decimal(f"{pounds}.00") for pounds in (10, 10, 15, 20, 20, 25, 30, 40, 50, 100))
_GRAVER: dict[Severity, Severity] = {"low": "normal", "normal": "high", "high": "critical"}
_ANSWER_WITHIN = timedelta(days=28)


class Story(msgspec.Struct, frozen=True):
    """A complaint and everything that has happened to it so far."""

    case: Case
    events: list[Event]

    @property
    def is_open(self) -> bool:
        turns = (e for e in reversed(self.events) if isinstance(e, Closed | Withdrawn | Reopened))
        return isinstance(next(turns, None), Reopened | None)


def tell(world: World, case: Case, rng: Random, seal: Seal, *, letters: bool) -> Story:
    """The story of a complaint; with `letters`, its acts owe letters that are yet to be sent."""
    telling = Telling(world, case, rng, seal, letters=letters)
    with suppress(StillGoingOn):
        _receive(telling)
        _PLOTS[case.plot](telling)
    return Story(case, telling.events)


# ---------------------------------------------------------------- chapters


def _receive(t: Telling) -> None:
    case, at = t.case, t.at
    dated = case.channel == "letter"
    if dated:  # it bears a date, and the post took some days
        day = datetime.fromtimestamp(case.at - t.rng.randrange(1, 6) * DAY, ZONE)
        at = day.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    by_hand = case.channel in ("phone", "counter", "letter")
    t.add(
        Received(
            at=at, precision="day" if dated else "instant",
            by=case.agent if by_hand else "complainant", complainant=case.complainant,
            channel=case.channel, language=case.language, policy=t.world.policy,
            policy_version=t.world.policy_version, contact=t.seal(case.contact),
            words=t.seal(case.words), severity=case.severity, category=case.category,
            product=case.product, tier=case.tier, desired_outcomes=case.wishes,
            attributes={"region": case.region, "branch": case.branch},
            letter=t.letter("received"),
        )
    )  # fmt: skip
    if case.storm:
        facts = cases.storm_facts(case.at, t.world.waves)
        t.minutes(1, 40)
        t.add(IncidentRecorded(at=t.at, by="system:network", facts=facts))


def _take_on(t: Telling) -> None:
    """Somebody takes it and says so."""
    t.work(4.0 if t.case.channel == "letter" else 0.9, 0.95)
    if t.chance(0.85):
        t.add(Assigned(at=t.at, by=t.by, agent=t.by))
        t.minutes(0.5, 9)
    t.add(Acknowledged(at=t.at, by=t.by, letter=t.letter("acknowledged", t.book.acknowledgements)))


def _look_into(t: Telling) -> None:
    """What lies between the acknowledgement and the answer."""
    t.work(3.0)
    if t.case.category == "missed_appointment" and t.chance(0.6):
        facts = cases.missed_facts(t.rng, t.case.at)
        t.add(IncidentRecorded(at=t.at, by=t.by, facts=facts))
    if t.case.severity in _GRAVER and t.chance(0.06):
        t.add(Classified(at=t.at, by=t.by, severity=_GRAVER[t.case.severity]))
    if t.chance(0.3):
        t.add(NoteAdded(at=t.at, by=t.by, note=t.paper(t.book.notes)))
    if t.chance(0.14):
        _hear_more(t)
    if t.letters and t.chance(0.15):
        letter = Letter("message", t.case.language, t.paper(t.book.acknowledgements))
        t.add(MessageSent(at=t.at, by=t.by, letter=letter))
    if t.chance(0.1):
        _ask_and_wait(t)
    if t.chance(0.04):
        _hand_over(t)
    if t.chance(0.05):
        words = t.paper(t.book.extensions)
        t.add(Extended(at=t.at, by=t.by, days=5, reason="third_party", words=words))
    t.work(9.0)


def _hear_more(t: Telling) -> None:
    t.days(0.1, 1.5)
    channel = t.case.channel if t.case.channel != "letter" else "phone"
    message = t.paper(t.book.follow_ups)
    t.add(MessageReceived(at=t.at, by="complainant", channel=channel, message=message))


def _ask_and_wait(t: Telling) -> None:
    """A photograph, a receipt, a day on which they are at home: the complainant's turn."""
    words = t.paper(t.book.waiting)
    t.add(Paused(at=t.at, by=t.by, reason="waiting_for_complainant", words=words))
    t.days(1, 14)
    if t.chance(0.6):
        _hear_more(t)  # which ends the wait
    else:
        t.add(Resumed(at=t.at, by=t.by))


def _hand_over(t: Telling) -> None:
    """Holiday, illness, a colleague who knows the street: somebody else goes on."""
    if any(isinstance(event, Assigned) for event in t.events):
        t.add(Released(at=t.at, by=t.by))
    t.work(1.0)
    t.by = "user:bo" if t.by != "user:bo" else "user:ana"
    t.add(Assigned(at=t.at, by=SUPERVISOR, agent=t.by))


def _answer(t: Telling, outcome: Outcome) -> None:
    """Explain, and put right what money can."""
    t.add(
        Explained(
            at=t.at, by=t.by, outcome=outcome, cause_code=firm.CAUSES[outcome].pick(t.rng),
            letter=t.letter("explained", t.book.explanations[outcome]),
        )
    )  # fmt: skip
    if t.chance(_MONEY_CHANCE[outcome]):
        _compensate(t)


def _compensate(t: Telling) -> None:
    t.minutes(2, 50)
    kind = _KINDS.pick(t.rng)
    if kind == "in_kind":
        event = Compensated(at=t.at, by=t.by, kind=kind, reason="free_month")
    else:
        event = Compensated(
            at=t.at, by=t.by, kind=kind, money=_amount(t, kind),
            reason="refund" if kind == "redress" else "sorry",
            letter=t.letter("compensated"),
        )  # fmt: skip
    t.add(event)


def _amount(t: Telling, kind: CompensationKind) -> Money:
    if kind == "redress":
        return Money(Decimal(t.case.slots["amount"]), CURRENCY)
    return Money(Decimal(t.rng.choice(_GOODWILL)).quantize(Decimal("0.01")), CURRENCY)


def _close(t: Telling, outcome: Outcome) -> None:
    """Ask whether that settles it, sometimes for weeks, and close."""
    if t.chance(0.36):
        t.work(1.0)
        until = t.at + _ANSWER_WITHIN
        t.add(Paused(at=t.at, by=t.by, reason="waiting_for_complainant", until=until))
        t.days(7, _ANSWER_WITHIN.days)
        t.add(Resumed(at=t.at, by=t.by))
    t.work(4.0, 1.0)
    t.add(Closed(at=t.at, by=t.by, outcome=outcome, letter=t.letter("closed")))


# ---------------------------------------------------------------- plots


def _settled(t: Telling) -> None:
    _take_on(t)
    _look_into(t)
    outcome = _OUTCOMES.pick(t.rng)
    _answer(t, outcome)
    _close(t, outcome)


def _at_once(t: Telling) -> None:
    """Put right while the complainant is still on the line or at the counter."""
    t.minutes(0.2, 2)
    t.add(Acknowledged(at=t.at, by=t.by, letter=t.letter("acknowledged")))
    t.minutes(3, 25)
    outcome = _OUTCOMES.pick(t.rng)
    _answer(t, outcome)
    t.minutes(0.5, 4)
    t.add(Closed(at=t.at, by=t.by, outcome=outcome, letter=t.letter("closed")))


def _withdrawn(t: Telling) -> None:
    if t.chance(0.7):
        _take_on(t)
    t.days(0.2, 4)
    words = t.paper(t.book.withdrawals) if t.chance(0.8) else None
    t.add(Withdrawn(at=t.at, by="complainant", words=words))


def _out_of_scope(t: Telling) -> None:
    _take_on(t)
    t.work(2.0)
    closed = Closed(at=t.at, by=t.by, outcome="out_of_scope", letter=t.letter("closed"))
    t.add(closed)


def _misdirected(t: Telling) -> None:
    """Somebody clicks it away within the minute; whether rightly, an audit may ask."""
    t.minutes(0.1, 0.7)
    t.add(Closed(at=t.at, by=t.by, outcome="out_of_scope"))


def _reopened(t: Telling) -> None:
    _settled(t)
    t.days(1, 20)
    words = t.paper(t.book.reopenings)
    t.add(Reopened(at=t.at, by="complainant", reason="not_settled", words=words))
    t.work(6.0)
    _answer(t, "upheld")
    _close(t, "upheld")


def _escalated(t: Telling) -> None:
    _take_on(t)
    t.work(3.0)
    words = t.paper(t.book.escalations)
    t.add(Escalated(at=t.at, by=t.by, to=SUPERVISOR, reason="asks_for_manager", words=words))
    t.work(2.0)
    t.by = SUPERVISOR
    t.add(Assigned(at=t.at, by=t.by, agent=t.by))
    _look_into(t)
    _answer(t, "upheld")
    _close(t, "upheld")


_PLOTS: dict[Plot, Callable[[Telling], None]] = {
    "settled": _settled,
    "at_once": _at_once,
    "neglected": _settled,
    "withdrawn": _withdrawn,
    "out_of_scope": _out_of_scope,
    "misdirected": _misdirected,
    "reopened": _reopened,
    "escalated": _escalated,
}
