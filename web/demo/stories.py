"""What happens to a complaint at this desk, from receipt to the end or to today?

A plot is a sequence of chapters.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random

import msgspec

from recovery.events import (
    Acknowledged,
    Assigned,
    Closed,
    Escalated,
    Event,
    Outcome,
    Reopened,
    Withdrawn,
)  # fmt: skip
from web.demo.cases import Case, Plot
from web.demo.chapters import answer, close, look_back, look_into, receive, take_on
from web.demo.firm import Shares
from web.demo.people import SUPERVISOR
from web.demo.telling import Seal, StillGoingOn, Telling, World

_OUTCOMES: Shares[Outcome] = Shares({"upheld": 46, "partly_upheld": 21, "not_upheld": 33})
_STORM_OUTCOMES: Shares[Outcome] = Shares({"upheld": 55, "partly_upheld": 45})


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
        receive(telling)
        _PLOTS[case.plot](telling)
        look_back(telling)
    return Story(case, telling.events)


def _settled(t: Telling) -> None:
    take_on(t)
    look_into(t)
    outcome = (_STORM_OUTCOMES if t.case.storm else _OUTCOMES).pick(t.rng)
    answer(t, outcome)
    close(t, outcome)


def _at_once(t: Telling) -> None:
    """Put right while the complainant is still on the line or at the counter."""
    t.minutes(0.2, 2)
    t.add(Acknowledged(at=t.at, by=t.by, letter=t.letter("acknowledged")))
    t.minutes(3, 25)
    outcome = (_STORM_OUTCOMES if t.case.storm else _OUTCOMES).pick(t.rng)
    answer(t, outcome)
    t.minutes(0.5, 4)
    t.add(Closed(at=t.at, by=t.by, outcome=outcome, letter=t.letter("closed")))


def _withdrawn(t: Telling) -> None:
    if t.chance(0.7):
        take_on(t)
    t.days(0.2, 4)
    words = t.paper(t.book.withdrawals) if t.chance(0.8) else None
    t.add(Withdrawn(at=t.at, by="complainant", words=words))


def _out_of_scope(t: Telling) -> None:
    take_on(t)
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
    t.add(Reopened(at=t.at, by="complainant", reason="disputed", words=words))
    t.work(6.0)
    answer(t, "upheld")
    close(t, "upheld")


def _escalated(t: Telling) -> None:
    take_on(t)
    t.work(3.0)
    words = t.paper(t.book.escalations)
    t.add(Escalated(at=t.at, by=t.by, to="supervisor", reason="authority", words=words))
    t.work(2.0)
    t.by = SUPERVISOR
    t.add(Assigned(at=t.at, by=t.by, agent=t.by))
    look_into(t)
    answer(t, "upheld")
    close(t, "upheld")


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
