"""Which complaint does a complainant's link lead to, and for how long?

While we work on it, and a year after the last thing that happened: a letter from us or a reopening
lets the same link lead there again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.exceptions import HTTPException

from recovery.complaint_state import State, evolve
from recovery.events import complaint_stream
from web.door import links
from web.runtime import Runtime

LASTS = timedelta(days=365)


def behind(desk: Runtime, token: str, *, now: datetime) -> tuple[str, State]:
    """The reference and the state; raises 404 for a link that is none, 410 for one that is over."""
    reference = links.read(token, key=desk.door_key)
    if reference is None:
        raise HTTPException(404)
    state: State | None = None
    records = desk.store.records(complaint_stream(reference))
    for record in records:
        state = evolve(state, record.event)
    if state is None:
        raise HTTPException(404)
    last = records[-1].recorded_at
    if last and not state.goes_on and now - last > LASTS:
        raise HTTPException(410)
    return reference, state
