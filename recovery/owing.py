"""What is a complaint owed that the log does not say yet, and when will that be next?

Both follow from the complaint's story and from what its payouts' streams say, so that a worker that
was down finds the same instants, with the same amounts, as one that never stopped. A history that
had ended before it was recorded here (an import) is owed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from recovery.clock import is_history
from recovery.events import Due, Paid, Recorded, Reversed, subject
from recovery.money import Money
from recovery.payout import NOTHING, Payout, payout_id
from recovery.policy.calendar import local_day
from recovery.policy.clocks import Clock
from recovery.policy.compiled import InForce
from recovery.policy.guarantees.claims import Answer, refusal
from recovery.policy.guarantees.known import Earlier
from recovery.policy.guarantees.stories import answer_to, assessment
from recovery.policy.guarantees.trace import Assessment, Entitled
from recovery.policy.marks import CLAIMED, INCIDENT
from recovery.policy.story import Story
from recovery.quota import Quota
from recovery.turning import next_change

BY = "system:paymaster"
ENDS, BEGINS = ("closed", "withdrawn"), "reopened"
Says = frozenset[tuple[str, Money, date | None, str]]
"""Of each payout: its id, the whole amount, by when it is paid, and what will end its growth."""


class Owing(msgspec.Struct, frozen=True, array_like=True):
    """What the log says of one payout."""

    payout: str
    guarantee: str
    occurrence: str
    version: int
    """Of its stream."""
    money: Money
    """The whole that is owed, wherever it is by now; 0: it turned out that nothing is."""
    pay_by: date | None
    accrues_until: str
    paid_at: datetime | None = None


class Standing(msgspec.Struct, frozen=True):
    """How a complaint stands, for whoever works out what it is owed."""

    complaint: str
    version: InForce
    story: Story
    clocks: tuple[Clock, ...]
    owing: tuple[Owing, ...]
    elsewhere: tuple[Earlier, ...] = ()
    """What the complainant's other complaints have of what they can get in a year."""


def after(owing: tuple[Owing, ...], record: Recorded) -> tuple[Owing, ...]:
    """What the log says with one more record of a payout's stream."""
    payout = subject(record.stream)
    before = next((each for each in owing if each.payout == payout), None)
    event = record.event
    if isinstance(event, Due) and event.basis != "guarantee":
        return owing  # somebody wanted to give it: no story of the complaint asks for it
    if isinstance(event, Due):
        same = before is not None and before.money.currency == event.money.currency
        money = before.money + event.money if before and same else event.money
        now = Owing(
            payout, event.guarantee, event.occurrence, record.version, money, event.pay_by,
            event.accrues_until, before.paid_at if before else None,
        )  # fmt: skip
    elif before is None:
        return owing
    else:
        now = replace(before, version=record.version)
        if isinstance(event, Paid):
            now = replace(now, paid_at=event.at)
        elif isinstance(event, Reversed):
            now = replace(now, paid_at=None)
    return (*(each for each in owing if each.payout != payout), now)


def entitled(standing: Standing, as_of: datetime) -> tuple[Entitled, ...]:
    """What the complaint is owed as of an instant."""
    return assessed(standing, as_of).owed


def assessed(standing: Standing, as_of: datetime) -> Assessment:
    """The same, and what it is not owed although a guarantee speaks of it."""
    if _ended_before_recorded(standing.story):
        return Assessment()
    return assessment(
        standing.version, standing.story, as_of, clocks=_live(standing), paid=_paid(standing),
        earlier=standing.elsewhere,
    )  # fmt: skip


def answer(standing: Standing, guarantee: str, as_of: datetime) -> Answer:
    """What the complaint is owed under a guarantee that was claimed, or why it is owed nothing."""
    if _ended_before_recorded(standing.story):
        return Answer(guarantee, refused=(refusal(guarantee, "history"),))
    return answer_to(
        standing.version, standing.story, as_of, guarantee,
        clocks=_live(standing), paid=_paid(standing), earlier=standing.elsewhere,
    )  # fmt: skip


def _live(standing: Standing) -> tuple[Clock, ...]:
    """The clocks but for those that had ended before the desk knew of the complaint."""
    known = standing.story.recorded_at
    return tuple(clock for clock in standing.clocks if not is_history(clock, known))


def _paid(standing: Standing) -> dict[tuple[str, str], date]:
    """On which day each payout was paid."""
    zone = standing.version.zone
    return {
        (each.guarantee, each.occurrence): date.fromordinal(local_day(zone, each.paid_at))
        for each in standing.owing if each.paid_at
    }  # fmt: skip


def next_review(standing: Standing, looked_at: datetime) -> datetime | None:
    """The first instant from `looked_at` on at which something is owed otherwise than recorded."""
    if not any(edition.guarantees.plans for edition in standing.version.editions):
        return None

    def as_of(instant: datetime) -> Says:
        return _found(standing.complaint, entitled(standing, instant))

    said = as_of(looked_at)
    if said != _recorded(standing.owing):
        return looked_at
    dues = [clock.due for clock in standing.clocks if clock.due and clock.stopped_at is None]
    if not (said or dues or _told_of_incident(standing.story)):
        return None
    return next_change(as_of, said, looked_at, dues, standing.version.zone)


def owe(
    standing: Standing, as_of: datetime, payout_of: Callable[[str], Payout],
    quotas: Iterable[Quota] = (),
) -> list[Recorded]:  # fmt: skip
    """What to record so that the log says what is owed as of an instant, stamped with it.

    `quotas` are those of the guarantees with a limit by the year.
    """
    rules = {"policy": standing.story.policy, "policy_version": standing.story.policy_version}
    everything = assessed(standing, as_of)
    found = {
        payout_id(standing.complaint, each.guarantee, each.occurrence): each
        for each in everything.owed
    }
    records: list[Recorded] = []
    for id in sorted({*found, *(each.payout for each in standing.owing)}):
        payout = payout_of(id)
        before = len(payout.pending)
        if id in found:
            payout.owe(found[id], **rules, at=as_of, by=BY)
        else:
            payout.owe_no_more(**rules, at=as_of, by=BY)
        records += payout.pending[before:]
    for quota in quotas:
        before = len(quota.pending)
        quota.use(standing.complaint, everything, at=as_of, by=BY)
        records += quota.pending[before:]
    return records


def _found(complaint: str, owed: Iterable[Entitled]) -> Says:
    return frozenset(
        (payout_id(complaint, e.guarantee, e.occurrence), e.money, e.pay_by, e.accrues_until)
        for e in owed
    )


def _recorded(owing: Iterable[Owing]) -> Says:
    return frozenset(
        (each.payout, each.money, each.pay_by, each.accrues_until)
        for each in owing if each.money.amount != NOTHING
    )  # fmt: skip


def _told_of_incident(story: Story) -> bool:
    """Whether facts are known from which something could be owed with time."""
    return bool(story.facts) or any(mark.kind in (INCIDENT, CLAIMED) for mark in story.marks)


def _ended_before_recorded(story: Story) -> bool:
    """Whether all of it was over when the desk came to know of it."""
    known = story.recorded_at
    over = False
    for mark in story.marks:
        if mark.kind in ENDS:
            over = mark.at is None or (known is not None and mark.at <= known)
        elif mark.kind == BEGINS:
            over = False
    return over
