"""How does somebody compensate a complainant, within their authority and above it?

Within it, the money is due and approved in the same act. Above it, the act only proposes: the
money is due, somebody else approves it, and only then is the complainant told. In kind needs no
authority.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from recovery import allowance
from recovery import text as texts
from recovery.authority import Approver, authority_of, room
from recovery.carrier import Carrier
from recovery.complaint import Complaint
from recovery.complaint_state import State
from recovery.errors import Invalid, Refused
from recovery.events import Compensated, CompensationKind, CompensationProposed, Letter, Recorded
from recovery.money import Money
from recovery.payout import Payout, payout_id
from recovery.policy.facts import read
from recovery.policy.library import Policies
from recovery.policybook import learn
from recovery.sealing import Sealer
from recovery.sending import AT_ONCE, Sending
from recovery.store import Command, Done, Store

LOSS, CURRENCY = "loss", "currency"
"""The facts of an incident that say what the complainant lost."""


class Compensation(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to give, and why."""

    who: Approver
    at: datetime
    kind: CompensationKind
    money: Money | None
    reason: str = ""
    message: str = ""
    sending: Sending = AT_ONCE
    command: Command | None = None
    seen: int | None = None

    @property
    def cause(self) -> str:
        return f"command:{self.command.id}" if self.command else ""


class Compensating:
    """Carries out compensation, or proposes it."""

    def __init__(self, store: Store, policies: Policies, carrier: Carrier) -> None:
        self._store = store
        self._policies = policies
        self._carrier = carrier

    def carry_out(self, reference: str, asked: Compensation) -> Done:
        """The last event's place is the complaint's."""
        if asked.kind == "in_kind" or asked.money is None:
            return self._carrier.act(
                reference, lambda complaint, papers: _in_kind(complaint, papers, asked),
                at=asked.at, command=asked.command, seen=asked.seen,
            )  # fmt: skip
        learn(self._store.database, self._policies)
        letters: list[Letter | None] = []

        def write(complaint: Complaint, papers: Sealer) -> None:
            letters.append(
                papers.letter(complaint.state, "compensated", asked.message, asked.sending)
            )

        return self._carrier.act(
            reference, write, at=asked.at, command=asked.command, seen=asked.seen,
            record=lambda complaint, papers: self._record(complaint, papers, asked, letters[-1]),
        )  # fmt: skip

    def _record(
        self, complaint: Complaint, papers: Sealer, asked: Compensation, letter: Letter | None
    ) -> Done:
        """Decide whether it is theirs to grant while nobody else approves in their name."""
        with allowance.holding(self._store, asked.who.by) as conn:

            def may(money: Money, kind: str) -> bool:
                state = complaint.state
                authority, policy = authority_of(self._policies, state.received.policy)
                used = allowance.used(
                    conn, asked.who.by, [complaint.reference], zone_of(self._policies, policy)
                )[complaint.reference]
                return room(
                    authority, asked.who, "goodwill" if kind == "goodwill" else "redress",
                    money.currency, used,
                ).holds(money.amount)  # fmt: skip

            records = compensate(complaint, asked, letter, may)
            return self._store.append(
                records, command=asked.command, keys=papers.keys, papers=papers.papers, within=conn
            )


def compensate(
    complaint: Complaint, asked: Compensation, letter: Letter | None,
    may: Callable[[Money, str], bool],
) -> list[Recorded]:  # fmt: skip
    """What to record, the complaint's own event last; `may` is asked once the act is possible."""
    money, kind = asked.money, asked.kind
    if money is None or kind == "in_kind":
        raise Refused("Say how much: an amount and its currency.")
    state = complaint.state
    payout = Payout(
        complaint.reference, payout_id(complaint.reference, kind, str(_next(complaint)))
    )
    granted = Compensated(
        at=asked.at, by=asked.who.by, cause=asked.cause, kind=kind, money=money,
        reason=_code(asked.reason), letter=letter, payout=payout.id, category=state.category,
        severity=state.severity, loss=loss_of(state, money.currency),
    )  # fmt: skip
    complaint.check_open()
    theirs = may(money, kind)
    payout.propose(
        money, basis=kind, occurrence=str(_next(complaint)), policy=state.received.policy,
        policy_version=state.received.policy_version, at=asked.at, by=asked.who.by,
        waits="" if theirs else "authority",
    )  # fmt: skip
    if theirs:
        payout.approve(at=asked.at, by=asked.who.by)
        complaint.compensate(granted)
    else:
        complaint.propose(CompensationProposed(
            at=asked.at, by=asked.who.by, cause=asked.cause, kind=kind, money=money,
            payout=payout.id, reason=granted.reason, draft=letter,
        ))  # fmt: skip
    return [*payout.pending, *complaint.pending]


def loss_of(state: State, currency: str) -> Money | None:
    """What the complainant says they lost, where it was told; in the price's currency."""
    told = read("money", state.facts.get(LOSS, ""))
    if not isinstance(told, Decimal) or told <= 0:
        return None
    try:
        return Money.parse(told, state.facts.get(CURRENCY) or currency)
    except Invalid:
        return None


def zone_of(policies: Policies, policy: str) -> ZoneInfo:
    """Whose days count for limits under a policy."""
    latest = policies.latest(policy)
    return policies.version(policy, latest).zone if latest else ZoneInfo("UTC")


def _in_kind(complaint: Complaint, papers: Sealer, asked: Compensation) -> None:
    complaint.compensate(Compensated(
        at=asked.at, by=asked.who.by, cause=asked.cause, kind=asked.kind, money=asked.money,
        reason=_code(asked.reason),
        letter=papers.letter(complaint.state, "compensated", asked.message, asked.sending),
    ))  # fmt: skip


def _next(complaint: Complaint) -> int:
    """What tells a compensation from the others of the complaint."""
    return complaint.version + 1


def _code(reason: str) -> str:
    return texts.code(reason, field="reason") if reason else ""
