"""How is a complaint told to a program?

Folded from its stream by the fold of the queue, up to any version or instant: what was answered
once can be answered again, and the present is not a special case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import asdict

from projections import queue
from projections.past import Cut
from projections.table import Given
from recovery import clock
from recovery import reference as references
from recovery import text as texts
from recovery.errors import NotFound
from recovery.events import Compensated, IncidentRecorded, Recorded, complaint_stream
from recovery.policy.clocks import Clock
from recovery.policy.explanation import explain
from recovery.vault import Contact, Words
from web.door.links import write as token
from web.runtime import Runtime


def complaint(
    runtime: Runtime, records: list[Recorded], *, may_write: bool = False
) -> dict[str, Any]:
    """Everything about a complaint, with the papers that still have a key."""
    ticket = folded(runtime, records)
    papers = _papers(runtime, ticket)
    return {
        **summary(ticket),
        "subject": papers["words"].get("subject"),
        "description": papers["words"].get("text"),
        "complainant": {"id": ticket.complainant, "tier": ticket.tier, **papers["contact"]},
        "altered": papers["altered"],
        "desired_outcomes": ticket.desired_outcomes,
        "attributes": ticket.attributes,
        "facts": _facts(records),
        "compensation": [_granted(r.event) for r in records if isinstance(r.event, Compensated)],
        "acknowledged_at": ticket.acknowledged_at,
        "explained_at": ticket.explained_at,
        "compensated_at": ticket.compensated_at,
        "closed_at": ticket.closed_at,
        "recorded_at": ticket.recorded_at,
        "source": ticket.source,
        "policy": {"id": ticket.story.policy, "version": ticket.story.policy_version},
        "links": links(runtime, ticket.reference, may_write=may_write),
    }


def received(runtime: Runtime, records: list[Recorded], position: int) -> dict[str, Any]:
    """The answer to a new complaint."""
    ticket = folded(runtime, records)
    return {
        "reference": references.show(ticket.reference),
        "id": ticket.reference,
        "version": ticket.version,
        "position": position,
        "stage": ticket.stage,
        "clocks": [
            {**told(each), "policy_version": each.policy_version or ticket.policy_version}
            for each in ticket.clocks
        ],
        "links": links(runtime, ticket.reference, may_write=True),
    }


def folded(runtime: Runtime, records: list[Recorded]) -> queue.Ticket:
    """The complaint as these records leave it; raises NotFound when there are none."""
    given = Given(runtime.policies)
    rows: tuple[queue.Ticket, ...] = ()
    for record in records:
        rows = queue.fold(rows, record, given)
    if not rows:
        raise NotFound("There was no such complaint then.")
    return queue.settle(rows, given)[0]


def stream(runtime: Runtime, reference: str) -> list[Recorded]:
    """The complaint's records; raises Invalid for what cannot be a reference, and NotFound."""
    found = references.parse(reference)
    return _there(runtime.store.records(complaint_stream(found)), found)


def history(runtime: Runtime, reference: str) -> list[Recorded]:
    """The same, with the versions of its policy that it was given since."""
    found = references.parse(reference)
    return _there(runtime.store.together(clock.history(found)), found)


def _there(records: list[Recorded], reference: str) -> list[Recorded]:
    if not records:
        raise NotFound(f"There is no complaint {references.show(reference)}.")
    return records


def cut(as_of: datetime | None, known_at: datetime | None) -> Cut:
    """Where the past ends that was asked for; raises Invalid."""
    return Cut(
        as_of and texts.instant(as_of, field="as_of"),
        known_at and texts.instant(known_at, field="known_at"),
    )


def summary(line: Any) -> dict[str, Any]:
    """What the queue shows of a complaint: of a `queue.Ticket` or a line of a view."""
    return {
        "reference": references.show(line.reference),
        "id": line.reference,
        "version": line.version,
        "stage": line.stage,
        "open": line.open,
        "cycle": line.cycle,
        "outcome": line.outcome or None,
        "assignee": line.assignee,
        "received_at": line.received_at,
        "channel": line.channel,
        "language": line.language,
        "tier": line.tier,
        "category": line.category,
        "product": line.product,
        "severity": line.severity,
        "paused": line.paused,
        "pause_reason": line.pause_reason or None,
        "paused_until": line.paused_until,
        "unanswered_since": line.unanswered_since,
        "next_due": line.next_due,
        "clocks": [told(each) for each in line.clocks],
        "flags": line.flags,
    }


def told(clock: Clock) -> dict[str, Any]:
    """A clock: its promise in words, when it is due, and how it ended."""
    return asdict(clock)


def explained(
    runtime: Runtime, ticket: queue.Ticket, each: Clock, until: datetime
) -> dict[str, Any]:
    """The same, with the time it counted and what moved it, up to its end or `until`."""
    version = runtime.policies.version(ticket.policy, each.policy_version or ticket.policy_version)
    found = explain(version, ticket.story, each.name, each.cycle, until)
    return {
        **told(each), "policy": ticket.policy, "policy_version": version.version,
        "unit": found.unit if found else None,
        "segments": [asdict(segment) for segment in found.segments] if found else [],
        "turns": [asdict(turn) for turn in found.turns] if found else [],
    }  # fmt: skip


def links(runtime: Runtime, reference: str, *, may_write: bool) -> dict[str, str]:
    """Where to go from here; `complainant` is the page on which whoever has its address acts."""
    base = f"/api/v1/complaints/{reference}"
    own = f"/mine/{token(reference, key=runtime.door_key)}"
    return {
        "self": base, "events": f"{base}/events", "clocks": f"{base}/clocks",
        "page": f"/complaints/{reference}", **({"complainant": own} if may_write else {}),
    }  # fmt: skip


def _papers(runtime: Runtime, ticket: queue.Ticket) -> dict[str, Any]:
    """The words and the contact details, and whether somebody altered them in the database."""
    ids = [paper for paper in (ticket.words, ticket.contact) if paper]
    with runtime.database.connection() as conn:
        opened, altered = runtime.vault.open_readable(conn, ids)
    words = _read(opened, ticket.words, Words)
    contact = _read(opened, ticket.contact, Contact)
    if ticket.contact and not contact:
        contact = {"altered": True} if ticket.contact in altered else {"forgotten": True}
    return {"words": words, "contact": contact, "altered": bool(altered)}


def _read(papers: Mapping[str, bytes], paper: str | None, kind: type[Any]) -> dict[str, Any]:
    plain = papers.get(paper) if paper else None
    return asdict(msgspec.json.decode(plain, type=kind)) if plain else {}


def _facts(records: Iterable[Recorded]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for record in records:
        if isinstance(record.event, IncidentRecorded):
            facts |= record.event.facts
    return facts


def _granted(event: Compensated) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "amount": event.money.amount if event.money else None,
        "currency": event.money.currency if event.money else None,
        "reason": event.reason or None,
        "at": event.at,
    }
