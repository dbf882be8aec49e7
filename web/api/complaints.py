"""How does a program bring a complaint, and read one?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from msgspec.structs import asdict

from recovery.events import Recorded, subject
from recovery.vault import Contact
from web.api import answers, bodies
from web.api.calls import Call, Calling, Instant, Reference, answer, happened
from web.api.reading import Reads
from web.api.schema import asks
from web.deps import Desk, Now, Reader, reads
from web.tokens import Caller

router = APIRouter(prefix="/complaints", tags=["complaints"])


@router.post("", status_code=201, openapi_extra=asks(bodies.NewComplaint, status=201))
def receive(
    call: Calling, body: Annotated[bodies.NewComplaint, Depends(Reads(bodies.NewComplaint))]
) -> Response:
    """Take a complaint; only the description and one way to reach the complainant are required."""
    done = call.runtime.desk.receive(**_asked(call, body))
    records = answers.stream(call.runtime, subject(done.stream))[: done.version]
    found = answers.received(call.runtime, records, done.position)
    return answer(found, status=201, version=done.version)


@router.get("/{reference}")
def read(
    desk: Desk, caller: Reader, reference: Reference, as_of: Instant = None,
    known_at: Instant = None,
) -> Response:  # fmt: skip
    """One complaint, now or then.

    `as_of`: as the world had it, by when each thing happened. `known_at`: as the desk had it, by
    when each thing was recorded here.
    """
    records = answers.cut(as_of, known_at).of(answers.history(desk, reference))
    found = answers.complaint(desk, records, may_write="complaints:write" in caller.scopes)
    return answer(found, version=found["version"])


@router.get("/{reference}/events")
def events(
    desk: Desk, caller: Reader, reference: Reference, after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> Response:  # fmt: skip
    """The complaint's events after a version. Words are references to papers, never the words."""
    records = answers.stream(desk, reference)
    page = [record for record in records if record.version > after][:limit]
    more = page and page[-1].version < records[-1].version
    cursor = str(page[-1].version) if more else None
    told = [_event(each) for each in page if _may_see(each, caller)]
    return answer({"events": told, "cursor": cursor})


@router.get("/{reference}/clocks", dependencies=[Depends(reads)])
def clocks(
    desk: Desk, at: Now, reference: Reference, as_of: Instant = None, known_at: Instant = None
) -> Response:
    """The promises of time: what was promised in words, when it is due, and how it ended.

    `segments` are the stretches that were counted and not counted, and why; they follow each other
    without a gap, and what they count (`unit`: seconds or days) adds up. `turns` are what set and
    moved the due instant, with before and after.
    """
    records = answers.cut(as_of, known_at).of(answers.history(desk, reference))
    ticket = answers.folded(desk, records)
    told = [
        answers.explained(desk, ticket, clock, as_of or known_at or at) for clock in ticket.clocks
    ]
    return answer({"clocks": told, "next_due": ticket.next_due})


def _asked(call: Call, body: bodies.NewComplaint) -> dict[str, Any]:
    """The arguments of `Desk.receive`."""
    who = body.complainant
    return {
        "by": call.by, "command": call.command,
        "at": happened(body.received_at, now=call.now, field="received_at"),
        "description": body.description, "subject": body.subject,
        "contact": Contact(name=who.name, email=who.email, phone=who.phone, address=who.address),
        "language": who.language or call.runtime.settings.language,
        "tier": who.tier, "attributes": who.attributes,
        "channel": body.channel, "category": body.category, "product": body.product,
        "severity": body.severity, "desired_outcomes": body.desired_outcomes,
        "incident": bodies.facts_as_text(body.incident), "policy": body.policy,
    }  # fmt: skip


def _may_see(record: Recorded, caller: Caller) -> bool:
    """Whether it names no other complaint that is about whoever asks."""
    return getattr(record.event, "complaint", "") not in caller.user.hidden


def _event(record: Recorded) -> dict[str, Any]:
    return {
        "version": record.version, "position": record.position, "type": record.event.topic,
        "recorded_at": record.recorded_at, **asdict(record.event),
    }  # fmt: skip
