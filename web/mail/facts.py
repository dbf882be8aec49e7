"""What does a letter have to say about its complaint?

Everything comes from the complaint's own events up to the act that owes the letter, so a letter
written late says what one written at once would have said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from recovery.events import (
    Closed,
    Compensated,
    Event,
    Explained,
    Letter,
    Received,
    Recorded,
    subject,
)
from recovery.policy.clocks import Clock
from recovery.vault import Contact, Words, read
from web.mail.letters import Facts
from web.mail.wording import Promise


class Undeliverable(Exception):
    """There is nobody to send the letter to; the text is a reason code."""


def letter_of(event: Event) -> Letter | None:
    """The letter that the act owes, if it owes one."""
    found: Letter | None = getattr(event, "letter", None)
    return found


def papers_of(records: Sequence[Recorded]) -> list[str]:
    """The papers that the letter of the last act is written from."""
    act = letter_of(records[-1].event)
    refs = (received_of(records).contact, act.message if act else None)
    return [ref.paper for ref in refs if ref]


def facts_of(
    records: Sequence[Recorded], *, papers: Mapping[str, bytes], clocks: Iterable[Clock],
    organisation: str, zone: ZoneInfo,
) -> Facts:  # fmt: skip
    """The facts for the letter of the last act; raises Undeliverable."""
    received = received_of(records)
    act = records[-1].event
    contact = read(papers, received.contact, Contact)
    if contact is None:
        raise Undeliverable("forgotten" if received.contact else "no_address")
    if not contact.email:
        raise Undeliverable("no_address")
    letter = letter_of(act)
    words = read(papers, letter.message, Words) if letter else None
    written_on = _day(act.at or records[-1].recorded_at, zone)
    return Facts(
        reference=subject(records[-1].stream),
        to=contact.email,
        organisation=organisation,
        name=contact.name,
        received_on=_day(received.at, zone),
        message=words.text if words else "",
        promises=_promises(clocks, since=written_on, zone=zone),
        outcome=act.outcome if isinstance(act, Explained | Closed) else "not_known",
        cause=act.cause_code if isinstance(act, Explained) else "",
        kind=act.kind if isinstance(act, Compensated) else "in_kind",
        money=act.money if isinstance(act, Compensated) else None,
        reason=act.reason if isinstance(act, Compensated) else "",
    )


def received_of(records: Sequence[Recorded]) -> Received:
    """How the complaint began."""
    event = records[0].event
    assert isinstance(event, Received)
    return event


def _promises(
    clocks: Iterable[Clock], *, since: date | None, zone: ZoneInfo
) -> tuple[Promise, ...]:
    """What runs and can still be kept, soonest first."""
    found = [
        Promise(clock.name, clock.due.astimezone(zone).date())
        for clock in clocks
        if clock.state == "running" and clock.due is not None
    ]
    kept = [promise for promise in found if since is None or promise.due >= since]
    return tuple(sorted(kept, key=lambda promise: promise.due))


def _day(instant: datetime | None, zone: ZoneInfo) -> date | None:
    return instant.astimezone(zone).date() if instant else None
