"""What does a letter, or a notice to a colleague, have to say about its complaint?

Everything comes from the complaint's own events up to the act that owes the letter, so a letter
written late says what one written at once would have said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recovery.events import (
    Assigned,
    Closed,
    Compensated,
    Event,
    Explained,
    Letter,
    Received,
    Recorded,
    Released,
    SteppedUp,
    subject,
)
from recovery.policy.clocks import Clock
from recovery.vault import Contact, Files, KeptFile, Words, read
from web.accounts import User
from web.mail.letters import Facts
from web.mail.notices import Notice
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
    refs = (received_of(records).contact, act.message if act else None, act.files if act else None)
    return [ref.paper for ref in refs if ref]


def facts_of(
    records: Sequence[Recorded], *, papers: Mapping[str, bytes], clocks: Iterable[Clock],
    organisation: str, zone: ZoneInfo, page: str = "",
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
        page=page,
    )


def files_of(act: Event, papers: Mapping[str, bytes]) -> tuple[KeptFile, ...]:
    """What goes along with the act's letter."""
    letter = letter_of(act)
    listing = read(papers, letter.files, Files) if letter else None
    return listing.files if listing else ()


def notice_of(
    step: Recorded, records: Sequence[Recorded], *, clocks: Iterable[Clock], colleague: User,
    names: Mapping[str, str], zone: ZoneInfo, base_url: str, organisation: str,
    answerable: bool = False,
) -> Notice:  # fmt: skip
    """What a step of an escalation has to say to a colleague; `records` are the complaint's."""
    event = step.event
    assert isinstance(event, SteppedUp)
    assert event.at is not None
    mine = (event.clock, event.cycle)
    holder = event.assigned or _holder(records)
    return Notice(
        reference=event.complaint, to=colleague.email, name=colleague.name,
        language=colleague.language, zone=_zone(colleague.time_zone) or zone,
        clock=event.clock, at=event.at,
        due=next((clock.due for clock in clocks if (clock.name, clock.cycle) == mine), None),
        holder=names.get(holder, holder.partition(":")[2]), is_mine=holder == colleague.by,
        given=bool(event.assigned), severity=event.severity, base_url=base_url,
        organisation=organisation, answerable=answerable,
    )  # fmt: skip


def _holder(records: Sequence[Recorded]) -> str:
    """Who has the complaint; empty: nobody."""
    for record in reversed(records):
        if isinstance(record.event, Assigned):
            return record.event.agent
        if isinstance(record.event, Released):
            return ""
    return ""


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


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
