"""What does a letter about money have to say: how much, why, when and how it arrives?

Everything comes from the payout's own events up to the one that owes the letter, and from the
account that was known by then: written late, it says what one written at once would have said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from recovery.events import (
    AccountGiven,
    Approved,
    Instructed,
    Paid,
    PaperRef,
    PayoutEvent,
    Received,
    Recorded,
)
from recovery.money import Money
from recovery.paying.account import Party
from recovery.payout import state_of
from recovery.policy.guarantees.trace import Step
from recovery.reference import show
from recovery.treasury import BY_HAND
from recovery.vault import Contact, WrittenLetter, read
from web.mail.facts import Undeliverable
from web.mail.letters import (
    addressable,
    amount_in,
    day_in,
    filled,
    locale_of,
    tongue,
)
from web.mail.wording import WORDINGS

MoneyKind = Literal["payout_approved", "payout_paid"]
KINDS: tuple[MoneyKind, ...] = get_args(MoneyKind)
CONTEXT = frozenset(
    {
        "language", "subject", "greeting", "complaint", "reference", "desk", "amount", "whole",
        "what", "steps", "pay_by", "paid_on", "ending", "by_hand",
    }
)  # fmt: skip
"""Every value that the templates of the two kinds may use; each uses some of them."""


class MoneyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a letter about money is written from."""

    kind: MoneyKind
    language: str
    reference: str
    to: str
    organisation: str
    name: str = ""
    received_on: date | None = None
    money: Money
    total: Money
    """All that is owed under the guarantee: the same, unless a part of it was paid before."""
    guarantee: str
    trace: tuple[Step, ...] = ()
    pay_by: date | None = None
    paid_on: date | None = None
    ending: str = ""
    """Of the account; empty where nobody has told us one."""
    by_hand: bool = False


def account_of(
    act: Recorded, lived: Sequence[Recorded], given: Sequence[Recorded]
) -> PaperRef | None:
    """The account that this is about: where it went, or where it would go by what was known.

    `lived` are the payout's records up to the act, `given` all of what was said of the account.
    """
    event = act.event
    if isinstance(event, Paid):
        sent = [e for r in lived if isinstance(e := r.event, Instructed)]
        return next((e.account for e in sent if e.payment == event.payment), None)
    known = [e for r in given if isinstance(e := r.event, AccountGiven)
             and r.position < act.position]  # fmt: skip
    return known[-1].account if known else None


def facts_of(
    lived: Sequence[Recorded], received: Received, *, account: PaperRef | None,
    papers: Mapping[str, bytes], organisation: str, zone: ZoneInfo,
) -> MoneyFacts:  # fmt: skip
    """The facts for the letter of the last of these records; raises Undeliverable."""
    contact = read(papers, received.contact, Contact)
    if contact is None:
        raise Undeliverable("forgotten" if received.contact else "no_address")
    if not contact.email:
        raise Undeliverable("no_address")
    act, state = lived[-1].event, state_of(lived)
    assert isinstance(act, PayoutEvent)
    assert state is not None
    known = papers.get(account.paper) if account else None
    return MoneyFacts(
        kind="payout_approved" if isinstance(act, Approved) else "payout_paid",
        language=received.language, reference=act.complaint, to=contact.email,
        organisation=organisation, name=contact.name,
        received_on=received.at.astimezone(zone).date() if received.at else None,
        money=act.money, total=Money(state.total, state.currency),
        guarantee=state.due.guarantee, trace=state.due.trace, pay_by=state.due.pay_by,
        paid_on=act.at.astimezone(zone).date() if act.at else None,
        ending=Party.opened(known).account.ending if known else "",
        by_hand=_by_hand(act, lived),
    )  # fmt: skip


def _by_hand(act: PayoutEvent, lived: Sequence[Recorded]) -> bool:
    payment = getattr(act, "payment", None)
    return any(
        isinstance(r.event, Instructed)
        and r.event.payment == payment
        and r.event.connector == BY_HAND
        for r in lived
    )


def write(facts: MoneyFacts, *, zone: ZoneInfo) -> WrittenLetter:
    """The letter in the complainant's language, or in English where we lack it."""
    from web.pages.tracing import steps
    from web.pages.viewer import Viewer
    from web.pages.words import labeller

    spoken = tongue(facts.language)
    wording = WORDINGS[spoken]
    locale = locale_of(facts.language, wording)
    written_on = facts.paid_on or facts.received_on or date(1970, 1, 1)
    viewer = Viewer(
        language=spoken, zone=zone.key, scheme="auto",
        now=datetime.combine(written_on, time(), zone),
    )  # fmt: skip
    values = {
        "language": wording.tag,
        "greeting": wording.greeting(addressable(facts.name)),
        "complaint": wording.about(day_in(facts.received_on, locale)),
        "reference": show(facts.reference),
        "desk": wording.desk.format(organisation=facts.organisation),
        "amount": amount_in(facts.money, locale),
        "whole": "" if facts.total == facts.money else amount_in(facts.total, locale),
        "what": labeller(spoken)("guarantee", facts.guarantee),
        "steps": steps(facts.trace, facts.money.currency, viewer),
        "pay_by": day_in(facts.pay_by, locale),
        "paid_on": day_in(facts.paid_on, locale),
        "ending": facts.ending,
        "by_hand": facts.by_hand,
    }
    return filled(f"letters/{spoken}/{facts.kind}", values, to=facts.to, name=facts.name)
