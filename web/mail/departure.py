"""From when on does an act count whose letter had to wait before it left?

From the instant at which the letter left: recorded with that, in one append, in a stream that the
complaint's clocks follow and that makes nobody's open form stale.
"""

from __future__ import annotations

from msgspec.structs import replace

from projections.deliveries import Delivery
from recovery.carrier import ATTEMPTS
from recovery.clock import letters_id
from recovery.delivery import state_of
from recovery.events import (
    Letter,
    LetterLeft,
    Recorded,
    Sent,
    clock_stream,
    delivery_stream,
)  # fmt: skip
from recovery.sending import is_held
from recovery.store import Conflict, Store


def record(store: Store, row: Delivery, act: Recorded, sent: Sent, *, version: int) -> None:
    """That the letter left, and that its act counts; raises Conflict where another was first.

    Letters of one complaint share a stream, so a letter that leaves beside this one only makes it
    try again.
    """
    mine, letters = delivery_stream(row.delivery), clock_stream(letters_id(row.complaint))
    letter: Letter = act.event.letter  # type: ignore[attr-defined]
    left = LetterLeft(
        at=sent.at, by=sent.by, cause=f"delivery:{row.delivery}", complaint=row.complaint,
        kind=letter.kind, act=act.version, act_at=act.event.at,
    )  # fmt: skip
    for attempt in range(ATTEMPTS):
        place = len(store.records(letters)) + 1
        try:
            store.append([Recorded(mine, version + 1, sent), Recorded(letters, place, left)])
        except Conflict:
            overtaken = state_of(store.records(mine)).version != version
            if overtaken or attempt == ATTEMPTS - 1:
                raise
        else:
            return


def counted(record: Recorded) -> Recorded:
    """The record as though its letter had left at once."""
    if not is_held(record.event):
        return record
    letter: Letter = record.event.letter  # type: ignore[attr-defined]
    event = replace(record.event, letter=replace(letter, leaves_at=None))
    return replace(record, event=event)
