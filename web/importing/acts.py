"""What does a row say was done about the complaint, and when?

The published state decides whether a complaint is closed; columns with dates say when each act
happened. An act whose date is not published has `at=None`: it is not guessed.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from recovery.errors import Invalid
from recovery.events import (
    Acknowledged,
    Closed,
    Compensated,
    CompensationKind,
    Event,
    Explained,
    MilestoneReached,
    Outcome,
    Reopened,
    Withdrawn,
)
from recovery.money import Money
from web.importing.binding import Binding, Cells
from web.importing.dates import Dates, Moment, Precision
from web.importing.mapping import Act, Mapping
from web.importing.readers import normalise

_KINDS: dict[Act, CompensationKind] = {
    "redress": "redress", "goodwill": "goodwill", "in_kind": "in_kind", "compensated": "redress",
}  # fmt: skip
_DATED: tuple[Act, ...] = ("acknowledged", "explained", "compensated", "closed", "withdrawn")


class Story(NamedTuple):
    """What followed after the complaint was received."""

    events: list[Event]
    flags: list[str]


class Acts:
    """Reads the acts of each row of one file."""

    def __init__(self, mapping: Mapping, binding: Binding, dates: Dates, *, by: str) -> None:
        self._by = by
        self._dates = dates
        self._milestones = [
            (name, column)
            for name, columns in mapping.milestones.items()
            if (column := binding.column(columns))
        ]
        acts = mapping.acts
        dated = (
            acts.acknowledged, acts.explained, acts.compensated, acts.closed, acts.withdrawn,
        )  # fmt: skip
        self._dated = [
            (act, column)
            for act, columns in zip(_DATED, dated, strict=True)
            if (column := binding.column(columns))
        ]
        self._publishes_closing = any(act == "closed" for act, _ in self._dated)
        self._status = binding.column(mapping.status.columns)
        self._acts_of = {normalise(k): v for k, v in mapping.status.values.items()}
        self._flags_of = {normalise(k): v for k, v in mapping.status.flags.items()}
        self._outcome = binding.column(mapping.outcome.columns)
        self._outcomes = {normalise(k): v for k, v in mapping.outcome.values.items()}
        self._amount = binding.column(mapping.money.amount)
        self._currency = binding.column(mapping.money.currency)
        self._other_currency = mapping.money.otherwise
        self._disputed = binding.column(mapping.reopened.columns)
        self._dispute = mapping.reopened
        self._disputes = frozenset(normalise(v) for v in mapping.reopened.values)

    def of(self, cells: Cells, received: Moment) -> Story:
        """The events in the order of the desk's own acts, milestones first."""
        flags: list[str] = []
        events: list[Event] = []
        for name, column in self._milestones:
            if moment := self._moment(cells, name, column, flags):
                at, precision = _place(moment, received, name, flags)
                events.append(
                    MilestoneReached(at=at, by=self._by, precision=precision, milestone=name)
                )
        moments = {
            act: moment
            for act, column in self._dated
            if (moment := self._moment(cells, act, column, flags))
        }
        for act in self._done(cells, moments, flags):
            moment = moments.get("compensated" if act in _KINDS else act)
            at, precision = _place(moment, received, act, flags)
            events.append(self._event(act, cells, at, precision, flags))
        if self._disputed:
            self._dispute_of(cells, events, flags)
        paid = any(isinstance(event, Compensated) for event in events)
        if self._amount and cells.get(self._amount, "").strip() and not paid:
            flags.append("amount_without_compensation")
        return Story(events, flags)

    def _moment(self, cells: Cells, name: str, column: str, flags: list[str]) -> Moment | None:
        text = cells.get(column, "").strip()
        if not text:
            return None
        found = self._dates.read(text)
        if found is None:
            flags.append(f"unreadable_{name}")
        return found

    def _done(self, cells: Cells, moments: dict[Act, Moment], flags: list[str]) -> list[Act]:
        """The acts that happened, in order."""
        stated = self._stated(cells, flags)
        if stated is None:
            return [act for act in _DATED if act in moments]
        is_over = "closed" in stated or "withdrawn" in stated
        if "closed" in moments and not is_over:
            flags.append("open_with_closed_date")
        if self._publishes_closing and "closed" in stated and "closed" not in moments:
            flags.append("closed_without_date")
        compensated = any(act in _KINDS for act in stated)
        dated = [
            act
            for act in _DATED[:3]
            if act in moments and act not in stated and not (act == "compensated" and compensated)
        ]
        return sorted((*dated, *stated), key=_rank)

    def _stated(self, cells: Cells, flags: list[str]) -> tuple[Act, ...] | None:
        """The acts that the published state stands for; None where it says nothing we know."""
        if not self._status:
            return None
        state = normalise(cells.get(self._status, ""))
        found = self._acts_of.get(state)
        if found is None:
            flags.append("unknown_status" if state else "no_status")
        elif state in self._flags_of:
            flags.append(self._flags_of[state])
        return found

    def _event(
        self, act: Act, cells: Cells, at: datetime | None, precision: Precision, flags: list[str]
    ) -> Event:
        by = self._by
        match act:
            case "acknowledged":
                return Acknowledged(at=at, by=by, precision=precision)
            case "explained":
                outcome = self._outcome_of(cells, flags)
                return Explained(at=at, by=by, precision=precision, outcome=outcome)
            case "closed":
                outcome = self._outcome_of(cells, flags)
                return Closed(at=at, by=by, precision=precision, outcome=outcome)
            case "withdrawn":
                return Withdrawn(at=at, by=by, precision=precision)
            case _:
                kind = _KINDS[act]
                money = None if kind == "in_kind" else self._money_of(cells, flags)
                return Compensated(at=at, by=by, precision=precision, kind=kind, money=money)

    def _outcome_of(self, cells: Cells, flags: list[str]) -> Outcome:
        said = normalise(cells.get(self._outcome, "")) if self._outcome else ""
        if said and said not in self._outcomes:
            flags.append("unknown_outcome")
        return self._outcomes.get(said, "not_known")

    def _money_of(self, cells: Cells, flags: list[str]) -> Money | None:
        amount = cells.get(self._amount, "").strip() if self._amount else ""
        if not amount:
            return None
        currency = cells.get(self._currency, "").strip() if self._currency else ""
        try:
            return Money.parse(amount, currency or self._other_currency)
        except Invalid:
            flags.append("unreadable_amount")
            return None

    def _dispute_of(self, cells: Cells, events: list[Event], flags: list[str]) -> None:
        """A dispute of a closed complaint reopens it; when that was is not published."""
        said = normalise(cells.get(self._disputed or "", ""))
        was_closed = any(isinstance(event, Closed) for event in events)
        if not said and was_closed and self._dispute.empty == "not_known":
            flags.append("dispute_not_said")
        if said not in self._disputes:
            return
        if not was_closed:
            flags.append("disputed_while_open")
            return
        events.append(Reopened(at=None, by=self._by, reason=self._dispute.reason))
        if self._dispute.then:
            events.append(Closed(at=None, by=self._by, outcome="not_known"))


def _place(
    moment: Moment | None, received: Moment, name: str, flags: list[str]
) -> tuple[datetime | None, Precision]:
    """When an act happened, and flags for what cannot be right about it."""
    if moment is None:
        return None, "instant"
    at = moment.at
    if moment.second and at < received.at <= moment.second:
        at = moment.second
    to_the_instant = moment.precision == received.precision == "instant"
    if at < received.at if to_the_instant else moment.day < received.day:
        flags.append(f"{name}_before_received")
    elif to_the_instant and at == received.at and name == "closed":
        flags.append("zero_duration")
    flags += moment.flags
    return at, moment.precision


def _rank(act: Act) -> int:
    return _DATED.index("compensated" if act in _KINDS else act)
