"""How is money that is owed approved, by whom, and never by the one who proposed it?

One or many at once. The person's lock is held until what they approved is recorded, so that their
limits hold whoever else presses the button in their name. Raises NotFound, Refused, Stale,
CommandReused and StoreUnavailable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from recovery import allowance
from recovery.authority import NOTHING, UNUSED, Approver, Used, authority_of, refusal, room
from recovery.compensating import loss_of, zone_of
from recovery.complaint import Complaint
from recovery.complaint_state import evolve as evolve_complaint
from recovery.errors import NotFound, Refused, Stale, StoreUnavailable
from recovery.events import (
    Compensated,
    PayoutEvent,
    Recorded,
    complaint_stream,
    payout_stream,
    subject,
)
from recovery.money import Money
from recovery.payout import Payout, state_of
from recovery.policy.authority import Basis
from recovery.policy.library import Policies
from recovery.policybook import learn
from recovery.proposing import Proposers
from recovery.store import Command, Conflict, Done, Store

ATTEMPTS = 3
AT_ONCE = 500
"""Payouts of one transaction."""


class Chosen(msgspec.Struct, frozen=True):
    """A payout that somebody wants to approve, and the version they saw."""

    payout: str
    seen: int | None = None


class Answer(msgspec.Struct, frozen=True):
    """What became of one of many."""

    payout: str
    complaint: str = ""
    money: Money | None = None
    """What was approved; None: nothing was."""
    why: str = ""
    """Why nothing was, in a sentence."""


class Approvals:
    """Approves payouts under the policies that say who may."""

    def __init__(self, store: Store, policies: Policies) -> None:
        self._store = store
        self._policies = policies

    def approve(
        self, payout: str, *, who: Approver, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Say that what is owed is paid."""
        learn(self._store.database, self._policies)
        for _ in range(ATTEMPTS):
            if command and (done := self._store.done(command)):
                return done
            try:
                turn = Turn(self._store, self._policies, who, (Chosen(payout, seen),))
                with allowance.holding(self._store, who.by) as turn.conn:
                    records = turn.approve(Chosen(payout, seen), at=at)
                    return self._store.append(records, command=command, within=turn.conn)
            except Conflict:
                continue
        raise StoreUnavailable("Too many people are changing this payout at once. Try again.")

    def approve_all(
        self, chosen: Sequence[Chosen], *, who: Approver, at: datetime
    ) -> Iterator[Answer]:
        """The same for many; what cannot be approved is told with its reason, the others stand.

        Sent again, what was approved before is told as such.
        """
        learn(self._store.database, self._policies)
        for first in range(0, len(chosen), AT_ONCE):
            part = chosen[first : first + AT_ONCE]
            try:
                yield from self._together(part, who, at)
            except Conflict:
                for each in part:
                    yield self._alone(each, who, at)
            except StoreUnavailable as error:
                yield Answer("", why=str(error))
                return

    def _together(self, part: Sequence[Chosen], who: Approver, at: datetime) -> list[Answer]:
        """One transaction; raises Conflict where somebody else decided on one of them meanwhile."""
        answers: list[Answer] = []
        records: list[Recorded] = []
        turn = Turn(self._store, self._policies, who, part)
        with allowance.holding(self._store, who.by) as turn.conn:
            for each in part:
                try:
                    found = turn.approve(each, at=at)
                except (NotFound, Refused, Stale) as error:
                    answers.append(Answer(each.payout, turn.complaint(each), why=_said(error)))
                else:
                    records += found
                    money = found[-1].event.money  # type: ignore[attr-defined]
                    answers.append(Answer(each.payout, turn.complaint(each), money))
            if records:
                self._store.append(records, within=turn.conn)
        return answers

    def _alone(self, each: Chosen, who: Approver, at: datetime) -> Answer:
        try:
            return self._together((each,), who, at)[0]
        except Conflict:
            return Answer(each.payout, why=_MEANWHILE)


_MEANWHILE = "Somebody decided on this meanwhile. Look again."


def _said(error: Exception) -> str:
    return _MEANWHILE if isinstance(error, Stale) else str(error)


class Turn:
    """What one person approves in one transaction, and what that leaves them."""

    def __init__(
        self, store: Store, policies: Policies, who: Approver, chosen: Sequence[Chosen]
    ) -> None:
        self._policies = policies
        self._who = who
        self._payouts = _payouts(store, {each.payout for each in chosen})
        self._complaints = _complaints(store, self._payouts.values())
        self._proposers = Proposers(
            store, policies, [(each.complaint, each.state.due) for each in self._payouts.values()]
        )
        self.conn: psycopg.Connection[Any]
        """That holds the person's lock."""
        self._used: dict[str, dict[str, Used]] = {}
        """By zone, then by complaint."""
        self._taken: list[tuple[str, Basis, Money]] = []
        """In this transaction: for which complaint, why, how much."""

    def complaint(self, each: Chosen) -> str:
        found = self._payouts.get(each.payout)
        return found.complaint if found else ""

    def approve(self, each: Chosen, *, at: datetime) -> list[Recorded]:
        """What to record, the payout's own event last."""
        found = self._payouts.get(each.payout)
        if found is None:
            raise NotFound("Nothing is owed under this id.")
        if each.seen is not None and each.seen != found.version:
            raise Stale(each.seen, found.version)
        money = Money(found.state.owed, found.state.currency)
        approved = Payout(found.complaint, found.id, found.version, found.state)
        approved.approve(at=at, by=self._who.by)
        if why := self._proposers.why_not(found.complaint, found.state.due, self._who.by):
            raise Refused(why)
        if why := self._refusal(found, money):
            raise Refused(why)
        self._payouts[each.payout] = approved
        self._taken.append((found.complaint, found.state.due.basis, money))
        return [*self._granted(found, money, at), *approved.pending]

    def _refusal(self, found: Payout, money: Money) -> str:
        due = found.state.due
        authority, policy = authority_of(self._policies, due.policy)
        zone = zone_of(self._policies, policy)
        limit = authority.limit(
            person=self._who.person, role=self._who.role, basis=due.basis, currency=money.currency
        )
        free = limit is not None and limit.per_complaint is None and limit.per_day is None
        used = UNUSED if free or limit is None else self._used_by(found.complaint, zone)
        return refusal(room(authority, self._who, due.basis, money.currency, used), money)

    def _used_by(self, complaint: str, zone: ZoneInfo) -> Used:
        """What was approved before this transaction, and in it."""
        if zone.key not in self._used:
            complaints = {each.complaint for each in self._payouts.values()}
            self._used[zone.key] = allowance.used(self.conn, self._who.by, complaints, zone)
        before = self._used[zone.key][complaint]
        here, today = dict(before.complaint), dict(before.today)
        for other, basis, money in self._taken:
            key = (basis, money.currency)
            today[key] = today.get(key, NOTHING) + money.amount
            if other == complaint:
                here[key] = here.get(key, NOTHING) + money.amount
        return Used(here, today)

    def _granted(self, found: Payout, money: Money, at: datetime) -> list[Recorded]:
        """What somebody proposed is told to the complainant now."""
        due = found.state.due
        complaint = self._complaints.get(found.complaint)
        if due.basis == "guarantee" or complaint is None:
            return []
        proposal = complaint.state.proposals.get(found.id)
        if proposal is None:
            return []
        before = len(complaint.pending)
        state = complaint.state
        complaint.grant(Compensated(
            at=at, by=self._who.by, cause=f"payout:{found.id}", kind=proposal.kind, money=money,
            reason=proposal.reason, letter=proposal.draft, payout=found.id,
            proposed_by=proposal.by, category=state.category, severity=state.severity,
            loss=loss_of(state, money.currency),
        ))  # fmt: skip
        return complaint.pending[before:]


def _payouts(store: Store, ids: Iterable[str]) -> dict[str, Payout]:
    found: dict[str, Payout] = {}
    for stream, records in store.several([payout_stream(id) for id in ids]).items():
        id, state, first = subject(stream), state_of(records), records[0].event
        if state is not None and isinstance(first, PayoutEvent):
            found[id] = Payout(first.complaint, id, records[-1].version, state)
    return found


def _complaints(store: Store, payouts: Iterable[Payout]) -> dict[str, Complaint]:
    """Those of payouts that somebody proposed."""
    wanted = {each.complaint for each in payouts if each.state.due.basis != "guarantee"}
    found: dict[str, Complaint] = {}
    for stream, records in store.several([complaint_stream(each) for each in wanted]).items():
        state = None
        for record in records:
            state = evolve_complaint(state, record.event)
        found[subject(stream)] = Complaint(subject(stream), records[-1].version, state)
    return found
