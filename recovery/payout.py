"""What may be done with money that is owed, and what becomes of it?

A payout's id follows from the complaint, the guarantee and the occurrence, so that nothing can
owe it twice. When facts change, the difference is recorded, never an edit. `Payout` checks and
then triggers; `evolve` never refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from recovery.errors import NotFound, Refused
from recovery.events import (
    Accepted,
    Approved,
    Declined,
    Due,
    Event,
    Failed,
    Instructed,
    Paid,
    PaperRef,
    PayoutEvent,
    Questioned,
    Recorded,
    Reversed,
    Sign,
    Trusted,
    Waits,
    payout_stream,
)
from recovery.money import Money
from recovery.policy.authority import Basis
from recovery.policy.guarantees.trace import Entitled

NAMESPACE = UUID("9b1d5a52-3c0e-4b0f-8e55-6f2a1f7f4c33")
NOTHING = Decimal(0)
PaymentState = Literal["instructed", "paid", "failed", "reversed"]


def payout_id(complaint: str, guarantee: str, occurrence: str) -> str:
    """The id of what a guarantee owes for one occurrence of a complaint."""
    return str(uuid5(NAMESPACE, f"{complaint}/{guarantee}/{occurrence}"))


def payment_id(payout: str, attempt: int) -> str:
    """The end-to-end id of an attempt to pay: 32 letters and digits, as banks take them."""
    return uuid5(NAMESPACE, f"{payout}/{attempt}").hex


class Payment(msgspec.Struct, frozen=True):
    """One attempt to pay."""

    amount: Decimal
    state: PaymentState = "instructed"
    accepted: bool = False
    """Whether the other side has taken it."""


class State(msgspec.Struct, frozen=True):
    """Where the money is: each penny of `total` is in one of the other places."""

    due: Due
    """As it was last said."""
    total: Decimal = NOTHING
    owed: Decimal = NOTHING
    """Nobody has decided on it yet; below 0: more was paid than is owed."""
    approved: Decimal = NOTHING
    declined: Decimal = NOTHING
    payments: Mapping[str, Payment] = {}
    signs: tuple[Sign, ...] = ()
    """Of abuse, that nobody has looked into yet."""
    known: tuple[Sign, ...] = ()
    """Those, and all that somebody looked into and found honest: they are no news."""

    @property
    def currency(self) -> str:
        return self.due.money.currency

    @property
    def instructed(self) -> Decimal:
        """In the bank's hands."""
        return self._sum("instructed")

    @property
    def paid(self) -> Decimal:
        return self._sum("paid")

    def _sum(self, state: PaymentState) -> Decimal:
        return sum((p.amount for p in self.payments.values() if p.state == state), NOTHING)

    def with_payment(self, payment: str, amount: Decimal, state: PaymentState) -> State:
        return replace(self, payments={**self.payments, payment: Payment(amount, state)})

    def left(self, payment: str, amount: Decimal) -> State:
        """With a payment that left, also one of which it had been said that it was back."""
        before = self.payments.get(payment)
        paid = self.with_payment(payment, amount, "paid")
        if before is None or before.state == "instructed":
            return paid
        return replace(paid, approved=self.approved - amount)

    def settled(self) -> State:
        """What is owed too much is taken from what was approved, then from what was declined.

        Less than nothing approved has been instructed a second time: it was owed once.
        """
        if self.approved < 0:
            return replace(self, owed=self.owed + self.approved, approved=NOTHING).settled()
        short = max(NOTHING, -self.owed)
        approved = min(short, self.approved)
        declined = min(short - approved, self.declined)
        if not short:
            return self
        return replace(
            self,
            owed=self.owed + approved + declined,
            approved=self.approved - approved,
            declined=self.declined - declined,
        )


def evolve(state: State | None, event: Event) -> State | None:
    """The state after the event; an event that cannot be placed changes nothing."""
    if isinstance(event, Due):
        before = state or State(event)
        amount = event.money.amount
        return replace(
            before, due=event, total=before.total + amount, owed=before.owed + amount
        ).settled()
    if state is None or not isinstance(event, PayoutEvent):
        return state
    return _moved(state, event).settled()


def _moved(state: State, event: PayoutEvent) -> State:
    """Money goes from one place to another."""
    amount = event.money.amount
    match event:
        case Questioned():
            known = (*state.known, *event.signs)
            return replace(state, signs=(*state.signs, *event.signs), known=known)
        case Trusted():
            return replace(state, signs=())
        case Approved():
            return replace(state, owed=state.owed - amount, approved=state.approved + amount)
        case Declined():
            left = replace(state, owed=state.owed - amount, declined=state.declined + amount)
            known = tuple(sign for sign in state.known if sign not in state.signs)
            return replace(left, signs=(), known=known)
        case Instructed():
            instructed = replace(state, approved=state.approved - amount)
            return instructed.with_payment(event.payment, amount, "instructed")
        case Accepted():
            taken = replace(state.payments[event.payment], accepted=True)
            return replace(state, payments={**state.payments, event.payment: taken})
        case Paid():
            return state.left(event.payment, amount)
        case Failed():
            failed = replace(state, approved=state.approved + amount)
            return failed.with_payment(event.payment, amount, "failed")
        case Reversed():
            back = replace(state, approved=state.approved + amount)
            return back.with_payment(event.payment, amount, "reversed")
        case _:
            return state


def state_of(records: Iterable[Recorded]) -> State | None:
    """The state after the records of a payout's stream, oldest first."""
    state: State | None = None
    for record in records:
        state = evolve(state, record.event)
    return state


class Payout:
    """A payout as a command sees it: its state, and the events it has just triggered."""

    def __init__(
        self, complaint: str, id: str, version: int = 0, state: State | None = None
    ) -> None:
        self.complaint = complaint
        self.id = id
        self.version = version
        self.pending: list[Recorded] = []
        self._state = state

    @property
    def state(self) -> State:
        if self._state is None:
            raise NotFound("Nothing is owed under this id.")
        return self._state

    def owe(
        self, found: Entitled, *, policy: str, policy_version: str, at: datetime, by: str
    ) -> None:
        """Record what is owed, or the difference to what was; the same again records nothing."""
        before = self._state
        currency = found.money.currency
        if before is not None and before.currency != currency:
            raise Refused(f"This is owed in {before.currency}, and cannot become {currency}.")
        difference = found.money.amount - (before.total if before else NOTHING)
        if before is not None and not difference and _says(before.due, found):
            return
        self._trigger(Due(
            at=at, by=by, complaint=self.complaint, money=Money(difference, currency),
            guarantee=found.guarantee, occurrence=found.occurrence, policy=policy,
            policy_version=policy_version, pay_by=found.pay_by,
            accrues_until=found.accrues_until, trace=found.trace,
        ))  # fmt: skip

    def owe_no_more(self, *, policy: str, policy_version: str, at: datetime, by: str) -> None:
        """It turned out that nothing is owed; what has left already stays paid too much."""
        due = self.state.due
        if not self.state.total:
            return
        self._trigger(replace(
            due, at=at, by=by, money=Money(-self.state.total, self.state.currency), policy=policy,
            policy_version=policy_version, pay_by=None, accrues_until="", trace=(),
        ))  # fmt: skip

    def propose(
        self, money: Money, *, basis: Basis, occurrence: str, policy: str, policy_version: str,
        at: datetime, by: str, waits: Waits = "",
    ) -> None:  # fmt: skip
        """Record money that somebody wants to give, beside what guarantees owe."""
        self._require(self._state is None, "This has been proposed before.")

        self._trigger(Due(
            at=at, by=by, complaint=self.complaint, money=money, guarantee=basis,
            occurrence=occurrence, policy=policy, policy_version=policy_version, basis=basis,
            waits=waits,
        ))  # fmt: skip

    def question(self, signs: Iterable[Sign], *, at: datetime, by: str) -> None:
        """Let a person look first; signs that were looked into before are no news."""
        news = tuple(sign for sign in signs if sign not in self.state.known)
        if news:
            self._trigger(Questioned(
                at=at, by=by, complaint=self.complaint, money=self._owed(), signs=news,
            ))  # fmt: skip

    def trust(self, *, reason: str, at: datetime, by: str) -> None:
        """Somebody looked into the signs and found the claim honest."""
        self._require(bool(self.state.signs), "There are no signs of abuse to look into here.")
        self._require(reason.strip() != "", "Say why the claim is honest.")

        self._trigger(Trusted(
            at=at, by=by, complaint=self.complaint, money=self._owed(), reason=reason,
        ))  # fmt: skip

    def approve(self, *, at: datetime, by: str, budget: str = "") -> None:
        self._require(self.state.owed > 0, "Nothing waits for a decision here.")
        self._require(
            not self.state.due.accrues_until,
            "This amount still grows: approve it when it is final.",
        )
        self._refuse_doubtful()
        basis = self.state.due.basis
        self._refuse(
            basis != "guarantee" and by == self.state.due.by and self.state.due.waits != "",
            "You proposed this, so somebody else has to approve it.",
        )

        self._trigger(Approved(
            at=at, by=by, complaint=self.complaint, money=self._owed(), basis=basis, budget=budget,
        ))  # fmt: skip

    def decline(self, *, reason: str, at: datetime, by: str, words: PaperRef | None = None) -> None:
        self._require(self.state.owed > 0, "Nothing waits for a decision here.")
        self._require(reason.strip() != "", "Say why it is not paid.")

        self._trigger(Declined(
            at=at, by=by, complaint=self.complaint, money=self._owed(), reason=reason, words=words,
        ))  # fmt: skip

    def instruct(
        self, *, connector: str, at: datetime, by: str, account: PaperRef | None = None,
        cause: str = "",
    ) -> str:  # fmt: skip
        """Hand all that is approved to a connector; returns the id by which it answers."""
        state = self.state
        self._require(not state.instructed, "A payment is on its way: wait for its answer.")
        self._require(state.approved > 0, "Nothing is approved that has not been instructed.")
        self._refuse_doubtful()

        payment = payment_id(self.id, len(state.payments) + 1)
        self._trigger(Instructed(
            at=at, by=by, complaint=self.complaint, money=Money(state.approved, state.currency),
            payment=payment, connector=connector, account=account, cause=cause,
        ))  # fmt: skip
        return payment

    def accept(self, payment: str, money: Money, *, at: datetime, by: str) -> None:
        """The other side took it; what becomes of it is told later."""
        found = self._payment(payment, money)
        if found.state != "instructed" or found.accepted:
            return
        self._trigger(Accepted(
            at=at, by=by, complaint=self.complaint, money=money, payment=payment,
        ))  # fmt: skip

    def confirm(self, payment: str, money: Money, *, at: datetime, by: str) -> None:
        """It was paid; said twice, it is recorded once."""
        found = self._payment(payment, money)
        if found.state == "paid":
            return
        self._require(found.state == "instructed", f"This payment {_SAID[found.state]} before.")

        self._trigger(Paid(at=at, by=by, complaint=self.complaint, money=money, payment=payment))

    def confirm_after_all(self, payment: str, money: Money, *, at: datetime, by: str) -> None:
        """It was paid, whatever was said before: somebody has made sure.

        Where it has been instructed again meanwhile, more has left than is owed, and is seen to.
        """
        if self._payment(payment, money).state != "paid":
            self._trigger(Paid(
                at=at, by=by, complaint=self.complaint, money=money, payment=payment,
            ))  # fmt: skip

    def fail(self, payment: str, money: Money, *, reason: str, at: datetime, by: str) -> None:
        """It did not leave; said twice, it is recorded once."""
        found = self._payment(payment, money)
        if found.state == "failed":
            return
        self._require(found.state == "instructed", f"This payment {_SAID[found.state]} before.")

        self._trigger(Failed(
            at=at, by=by, complaint=self.complaint, money=money, payment=payment, reason=reason,
        ))  # fmt: skip

    def reverse(self, payment: str, money: Money, *, reason: str, at: datetime, by: str) -> None:
        """It came back; said twice, it is recorded once."""
        found = self._payment(payment, money)
        if found.state == "reversed":
            return
        self._require(found.state == "paid", "Only what was paid can come back.")

        self._trigger(Reversed(
            at=at, by=by, complaint=self.complaint, money=money, payment=payment, reason=reason,
        ))  # fmt: skip

    def _payment(self, payment: str, money: Money) -> Payment:
        """The attempt that an answer speaks of; refuses the answer that speaks of none."""
        found = self.state.payments.get(payment)
        if found is None:
            raise Refused("No payment was instructed under this id.")
        instructed = Money(found.amount, self.state.currency)
        self._require(money == instructed, f"{instructed} were instructed, and not {money}.")
        return found

    @staticmethod
    def _refuse(holds: bool, sentence: str) -> None:
        if holds:
            raise Refused(sentence)

    def _refuse_doubtful(self) -> None:
        """A review that was opened after an approval holds what has not left yet."""
        self._refuse(
            bool(self.state.signs),
            "There are signs that this claim is not honest. Look into them on the complaint first.",
        )

    def _owed(self) -> Money:
        return Money(self.state.owed, self.state.currency)

    def _require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise Refused(otherwise)

    def _trigger(self, event: PayoutEvent) -> None:
        self.version += 1
        self.pending.append(Recorded(payout_stream(self.id), self.version, event))
        self._state = evolve(self._state, event)


_SAID: Mapping[PaymentState, str] = {
    "instructed": "was instructed", "paid": "was reported as paid",
    "failed": "was reported as failed", "reversed": "came back",
}  # fmt: skip


def _says(due: Due, found: Entitled) -> bool:
    """Whether the last record says all that is found now, but for how it came about."""
    return (due.pay_by, due.accrues_until) == (found.pay_by, found.accrues_until)
