"""How is what was decided of many complaints recorded, while other workers do the same?"""

from __future__ import annotations

from collections.abc import Sequence

from projections.health import wait_for
from recovery.events import Recorded
from recovery.store import Conflict, Store

PATIENCE = 5.0
"""Seconds that the projections have to take in what was recorded; until they have, a second attempt
meets the first. Short, so that a worker that is told to stop does."""


def record(store: Store, decided: Sequence[list[Recorded]]) -> int:
    """Append it all at once or, where somebody was first, one complaint at a time.

    Returns for how many complaints something was recorded: none when others were first with all of
    it, or when the projections do not move, so that nobody tries again without a pause.
    """
    decided = [records for records in decided if records]
    if not decided:
        return 0
    try:
        position = store.append([r for records in decided for r in records]).position
        done = len(decided)
    except Conflict:
        positions = [found for records in decided if (found := _alone(store, records))]
        position, done = max(positions, default=0), len(positions)
    if done:
        with store.database.engine.connect() as conn:
            wait_for(conn, position, timeout=PATIENCE)
    return done


def _alone(store: Store, records: list[Recorded]) -> int:
    """The position reached; 0 where another worker was first."""
    try:
        return store.append(records).position
    except Conflict:
        return 0
