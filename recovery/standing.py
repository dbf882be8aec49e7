"""When is a question asked again, and what may be done about that?

A look is due at its instant whenever somebody notices: it asks as of then. How many looks there
will be is said at the start, because what chance may bring up is shared out over them.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from recovery import text as texts
from recovery.errors import Invalid, NotFound, Refused
from recovery.events import (
    Event,
    Recorded,
    Rhythm,
    StandingArranged,
    StandingEnded,
    StandingLooked,
    StandingPaused,
    StandingResumed,
    standing_stream,
)
from recovery.fairness.looks import MOST_LOOKS, level
from recovery.policy.meters import months_after
from recovery.store import Command, Conflict, Done, Store

RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
_MONTHS: dict[Rhythm, int] = {"monthly": 1, "quarterly": 3}


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How far a standing audit has come."""

    arranged: StandingArranged
    version: int
    looked: int = 0
    next: datetime | None = None
    """The instant of the next look; None: there is none, or it is paused."""
    last: datetime | None = None
    """The instant of the last look, or from which on it goes on."""
    ended: bool = False

    @property
    def level(self) -> float:
        """Of the next look."""
        return level(self.looked + 1, self.arranged.looks)


def state_of(records: Sequence[Recorded]) -> State:
    """Raises NotFound."""
    if not records or not isinstance(records[0].event, StandingArranged):
        raise NotFound("There is no such standing audit.")
    arranged = records[0].event
    state = State(arranged=arranged, version=1, next=arranged.first)
    for record in records[1:]:
        state = replace(evolve(state, record.event), version=record.version)
    return state


def evolve(state: State, event: Event) -> State:
    """The state after one more event."""
    match event:
        case StandingLooked():
            looked = state.looked + 1
            ended = looked >= state.arranged.looks
            following = None if ended or state.next is None else after(state.arranged, event.due)
            return replace(state, looked=looked, last=event.due, next=following, ended=ended)
        case StandingPaused():
            return replace(state, next=None)
        case StandingResumed() if event.at:
            return replace(state, next=after(state.arranged, event.at))
        case StandingEnded():
            return replace(state, next=None, ended=True)
        case _:
            return state


def after(arranged: StandingArranged, at: datetime) -> datetime:
    """The first of the set instants that is later."""
    zone, first = ZoneInfo(arranged.zone), arranged.first
    if at < first:
        return first
    return _next(arranged.rhythm, at.astimezone(zone).date(), zone).astimezone(first.tzinfo)


def _next(rhythm: Rhythm, day: date, zone: ZoneInfo) -> datetime:
    """The midnight there of the next Monday, first of a month or first of a quarter."""
    if months := _MONTHS.get(rhythm):
        start = day.replace(day=1, month=day.month - (day.month - 1) % months)
        found = date.fromordinal(months_after(start.toordinal(), months))
    else:
        found = day + timedelta(days=7 - day.weekday())
    return datetime.combine(found, time(), zone)


# ---------------------------------------------------------------- what may be done


def arrange(
    store: Store, *, measure: str, question: str, rhythm: str, looks: int, zone: str, by: str,
    at: datetime, command: Command | None = None,
) -> Done:  # fmt: skip
    """Have a question asked again and again; raises Invalid."""
    chosen = next((each for each in RHYTHMS if each == rhythm), None)
    if chosen is None:
        raise Invalid("Choose how often to ask: weekly, monthly or quarterly.", field="rhythm")
    if not 2 <= looks <= MOST_LOOKS:
        raise Invalid("Say how many times to ask: from 2 to 60.", field="looks")
    if command and (done := store.done(command)):
        return done
    there = ZoneInfo(zone)
    event = StandingArranged(
        at=at, by=by, measure=texts.line(measure, field="measure", limit=200), question=question,
        rhythm=chosen, zone=zone, looks=looks,
        first=_next(chosen, at.astimezone(there).date(), there).astimezone(at.tzinfo),
    )  # fmt: skip
    return store.append(
        [Recorded(standing_stream(secrets.token_hex(8)), 1, event)], command=command
    )


def pause(store: Store, id: str, *, by: str, at: datetime) -> Done:
    state = _open(store, id)
    if state.next is None:
        raise Refused("It is paused already.")
    return _append(store, id, state, StandingPaused(at=at, by=by))


def resume(store: Store, id: str, *, by: str, at: datetime) -> Done:
    state = _open(store, id)
    if state.next is not None:
        raise Refused("It is not paused.")
    return _append(store, id, state, StandingResumed(at=at, by=by))


def end(store: Store, id: str, *, by: str, at: datetime) -> Done:
    return _append(store, id, _open(store, id), StandingEnded(at=at, by=by))


def looked(
    store: Store, id: str, state: State, *, audit: str, p: float | None, by: str, at: datetime
) -> Done:
    """Record a look and whether it found something; raises Conflict where another was first."""
    assert state.next is not None
    event = StandingLooked(
        at=at, by=by, due=state.next, audit=audit, level=state.level, p=p,
        found=p is not None and p < state.level,
    )  # fmt: skip
    return store.append([Recorded(standing_stream(id), state.version + 1, event)])


def _open(store: Store, id: str) -> State:
    state = state_of(store.records(standing_stream(id)) if id.isalnum() else ())
    if state.ended:
        raise Refused("It has ended.")
    return state


def _append(store: Store, id: str, state: State, event: Event) -> Done:
    try:
        return store.append([Recorded(standing_stream(id), state.version + 1, event)])
    except Conflict:
        raise Refused("Somebody else changed it just now. Look at it again.") from None
