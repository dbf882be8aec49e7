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
    """Append what was decided of each complaint, and wait until the projections have it.

    Returns for how many complaints something was recorded: none when others were first with all of
    it, or when the projections do not move, so that nobody tries again without a pause.
    """
    done, position = append(store, decided)
    wait(store, position)
    return done


def append(store: Store, decided: Sequence[list[Recorded]]) -> tuple[int, int]:
    """Append it all at once or, where somebody was first, one complaint at a time.

    Returns for how many complaints something was recorded, and the position reached (0 for none).
    """
    decided = [records for records in decided if records]
    if not decided:
        return 0, 0
    try:
        return len(decided), store.append([r for records in decided for r in records]).position
    except Conflict:
        positions = [found for records in decided if (found := _alone(store, records))]
        return len(positions), max(positions, default=0)


def wait(store: Store, position: int) -> None:
    """Give the projections time to get there."""
    if position:
        with store.database.engine.connect() as conn:
            wait_for(conn, position, timeout=PATIENCE)


def _alone(store: Store, records: list[Recorded]) -> int:
    """The position reached; 0 where another worker was first."""
    try:
        return store.append(records).position
    except Conflict:
        return 0
