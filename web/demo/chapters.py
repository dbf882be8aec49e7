"""What does a firm do about a complaint, one step after another?

Each chapter acts on a `Telling`: it lets time pass and adds events.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from recovery.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Compensated,
    CompensationKind,
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
    Resumed,
    Severity,
    Surveyed,
)  # fmt: skip
from recovery.money import Money
from web.demo import cases, firm
from web.demo.firm import CURRENCY, ZONE, Shares
from web.demo.hours import DAY
from web.demo.people import SUPERVISOR
from web.demo.phrases import Lines
from web.demo.telling import Telling

_MONEY_CHANCE = {"upheld": 0.56, "partly_upheld": 0.42, "not_upheld": 0.07}
_KINDS: Shares[CompensationKind] = Shares({"redress": 52, "goodwill": 40, "in_kind": 8})
_GOODWILL = tuple(Decimal(f"{pounds}.00") for pounds in (10, 10, 15, 20, 20, 25, 30, 40, 50, 100))
_GRAVER: dict[Severity, Severity] = {"low": "normal", "normal": "high", "high": "critical"}
_CONTENT = {"upheld": 4, "partly_upheld": 3, "not_upheld": 2}
"""How it went, of 5, where nothing else is to be said."""
_LONG = timedelta(days=10)
_ANSWER_WITHIN = timedelta(days=28)


def receive(t: Telling) -> None:
    case, person, at = t.case, t.case.person, t.at
    dated = case.channel == "letter"
    if dated:  # it bears a date, and the post took some days
        day = datetime.fromtimestamp(case.at - t.rng.randrange(1, 6) * DAY, ZONE)
        at = day.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    by_hand = case.channel in ("phone", "counter", "letter")
    t.add(
        Received(
            at=at, precision="day" if dated else "instant",
            by=case.agent if by_hand else "complainant", complainant=person.id,
            channel=case.channel, language=person.language, policy=t.world.policy,
            policy_version=t.world.policy_version, contact=t.seal(person.contact),
            words=t.seal(case.words), severity=case.severity, category=case.category,
            product=case.product, tier=person.tier, desired_outcomes=case.wishes,
            attributes={"region": person.town.region, "branch": person.town.code},
            letter=t.letter("received"),
        )
    )  # fmt: skip
    if case.storm:
        facts = cases.storm_facts(case.at, t.world.waves)
        t.minutes(1, 40)
        t.add(IncidentRecorded(at=t.at, by="system:network", facts=facts))


def take_on(t: Telling) -> None:
    """Somebody takes it and says so."""
    t.work(4.0 if t.case.channel == "letter" else 0.9, 0.95)
    if t.chance(0.85):
        t.add(Assigned(at=t.at, by=t.by, agent=t.by))
        t.minutes(0.5, 9)
    t.add(Acknowledged(at=t.at, by=t.by, letter=t.letter("acknowledged", t.book.acknowledgements)))


def look_into(t: Telling) -> None:
    """What lies between the acknowledgement and the answer."""
    t.work(3.0)
    if t.case.category == "missed_appointment" and t.chance(0.6):
        facts = cases.missed_facts(t.rng, t.case.at)
        t.add(IncidentRecorded(at=t.at, by=t.by, facts=facts))
    if t.case.severity in _GRAVER and t.chance(0.06):
        t.add(Classified(at=t.at, by=t.by, severity=_GRAVER[t.case.severity]))
    if t.chance(0.3):
        t.add(NoteAdded(at=t.at, by=t.by, note=t.paper(_notes(t))))
    if t.chance(0.14):
        _hear_more(t)
    if t.letters and t.chance(0.15):
        letter = Letter("message", t.case.person.language, t.paper(t.book.acknowledgements))
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
    t.add(Paused(at=t.at, by=t.by, reason="complainant", words=words))
    t.days(1, 14)
    if t.chance(0.6):
        _hear_more(t)  # which ends the wait
    else:
        t.work(0.2)
        t.add(Resumed(at=t.at, by=t.by))


def _hand_over(t: Telling) -> None:
    """Holiday, illness, a colleague who knows the street: somebody else goes on."""
    if any(isinstance(event, Assigned) for event in t.events):
        t.add(Released(at=t.at, by=t.by))
    t.work(1.0)
    t.by = "user:bo" if t.by != "user:bo" else "user:ana"
    t.add(Assigned(at=t.at, by=SUPERVISOR, agent=t.by))


def answer(t: Telling, outcome: Outcome) -> None:
    """Explain, and put right what money can."""
    t.add(
        Explained(
            at=t.at, by=t.by, outcome=outcome, cause_code=_cause(t, outcome),
            letter=t.letter("explained", _explanation(t, outcome)),
        )
    )  # fmt: skip
    if t.chance(_MONEY_CHANCE[outcome]):
        _compensate(t)


def _compensate(t: Telling) -> None:
    t.minutes(2, 50)
    kind = _KINDS.pick(t.rng)
    t.add(
        Compensated(
            at=t.at, by=t.by, kind=kind, money=_amount(t, kind),
            reason=firm.REASONS[kind].pick(t.rng), letter=t.letter("compensated"),
            category=t.case.category, severity=t.case.severity,
        )
    )  # fmt: skip


def _amount(t: Telling, kind: CompensationKind) -> Money | None:
    match kind:
        case "redress":
            return Money(Decimal(t.case.slots["amount"]), CURRENCY)
        case "goodwill":
            return Money(t.rng.choice(_GOODWILL), CURRENCY)
        case "in_kind":
            return None


def _cause(t: Telling, outcome: Outcome) -> str:
    if outcome == "not_upheld":
        return "misunderstanding" if t.chance(0.4) else ""
    return firm.CAUSES[t.case.category].pick(t.rng)


def _explanation(t: Telling, outcome: Outcome) -> Lines:
    match outcome:
        case "upheld":
            return (t.case.tale.found,)
        case "partly_upheld":
            return t.book.found_in_part
        case _:
            return t.book.found_right


def _notes(t: Telling) -> Lines:
    """About this kind of failure where the book has such notes, now and then of the usual kind."""
    usual = t.book.notes[""]
    return usual if t.chance(0.5) else t.book.notes.get(t.case.category, usual)


def close(t: Telling, outcome: Outcome) -> None:
    """Ask whether that settles it, sometimes for weeks, and close."""
    if t.chance(0.36):
        t.work(1.0)
        until = t.at + _ANSWER_WITHIN
        t.add(Paused(at=t.at, by=t.by, reason="complainant", until=until))
        t.days(7, _ANSWER_WITHIN.days - 2)
        t.work(0.2)
        t.add(Resumed(at=t.at, by=t.by))
    t.work(4.0, 1.0)
    t.add(Closed(at=t.at, by=t.by, outcome=outcome, letter=t.letter("closed")))


def look_back(t: Telling) -> None:
    """Some say how it went; the better, the sooner it was over and the more was put right."""
    last = t.events[-1]
    if not isinstance(last, Closed) or last.outcome not in _CONTENT or not t.chance(0.3):
        return
    given = any(isinstance(event, Compensated) for event in t.events)
    long = last.at is not None and t.events[0].at is not None and last.at - t.events[0].at > _LONG
    mark = _mark(t, _CONTENT[last.outcome] + given - long)
    t.days(0.2, 6)
    t.add(
        Surveyed(
            at=t.at, by="complainant", experience=mark, expected=_mark(t, 4),
            process=_mark(t, 4 - 2 * long), treatment=_mark(t, mark + 1),
            fulfilled="yes" if mark > 3 else "partly" if mark == 3 else "no",
            returning=("no", "no", "perhaps", "yes", "yes")[_mark(t, mark) - 1],
        )
    )  # fmt: skip


def _mark(t: Telling, about: int) -> int:
    return min(max(about + t.rng.choice((-1, 0, 0, 1)), 1), 5)
