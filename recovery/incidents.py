"""How is one incident recorded for everybody it befell, many complaints at once?

In parts, each one transaction with an identity of its own: sent again, what is recorded already is
not recorded twice, and whatever dies in the middle is simply repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from recovery import text as texts
from recovery.complaint import Complaint
from recovery.complaint_state import evolve
from recovery.errors import Invalid, Refused, StoreUnavailable
from recovery.events import IncidentRecorded, Recorded, complaint_stream
from recovery.store import Command, Conflict, Store

AT_ONCE = 1_000
"""Complaints of one transaction."""
ATTEMPTS = 3


class Part(msgspec.Struct, frozen=True):
    """What became of some of them."""

    recorded: int
    left_out: tuple[tuple[str, str], ...]
    """References, each with the sentence why nothing was recorded of it."""
    position: int


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, and as whose word; under its `name` nothing is recorded twice."""

    name: str
    facts: Mapping[str, str]
    by: str
    at: datetime


def record(store: Store, incident: Incident, references: Sequence[str]) -> Iterator[Part]:
    """Write the facts down on each of these complaints, a part at a time.

    Raises Invalid for facts that are none, StoreUnavailable.
    """
    facts = texts.codes(incident.facts, field="facts")
    if not facts:
        raise Invalid("Give at least one fact.", field="facts")
    wanted = sorted(set(references))
    for first in range(0, len(wanted), AT_ONCE):
        part = wanted[first : first + AT_ONCE]
        yield _again(store, incident, facts, part)


def _again(store: Store, incident: Incident, facts: Mapping[str, str], part: Sequence[str]) -> Part:
    """Load and decide again after a conflict, unless the part was recorded before."""
    command = Command(f"incident:{incident.name}:{part[0]}-{part[-1]}-{len(part)}"[:300])
    for _ in range(ATTEMPTS):
        if done := store.done(command):
            return Part(0, (), done.position)
        records, left_out = _decided(store, incident, facts, part)
        if not records:
            return Part(0, left_out, 0)
        try:
            position = store.append(records, command=command).position
        except Conflict:
            continue
        return Part(len(records), left_out, position)
    raise StoreUnavailable("Too many people are changing these complaints at once. Try again.")


def _decided(
    store: Store, incident: Incident, facts: Mapping[str, str], part: Sequence[str]
) -> tuple[list[Recorded], tuple[tuple[str, str], ...]]:
    streams = store.several([complaint_stream(reference) for reference in part])
    records, left_out = list[Recorded](), list[tuple[str, str]]()
    for reference in part:
        history = streams.get(complaint_stream(reference))
        if history is None:
            left_out.append((reference, "There is no such complaint."))
            continue
        state = None
        for each in history:
            state = evolve(state, each.event)
        complaint = Complaint(reference, history[-1].version, state)
        received_at = complaint.state.received.at
        if received_at is not None and incident.at < received_at:
            left_out.append((reference, "This cannot have happened before the complaint."))
            continue
        event = IncidentRecorded(
            at=incident.at, by=incident.by, cause=f"incident:{incident.name}", facts=dict(facts)
        )
        try:
            complaint.record_incident(event)
        except Refused as why:
            left_out.append((reference, str(why)))
        else:
            records += complaint.pending
    return records, tuple(left_out)
