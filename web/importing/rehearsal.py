"""What would a load add, if it were not for show?"""

from __future__ import annotations

from recovery.bulk import NewStream
from recovery.store import Store

BATCH = 1_000


class Rehearsal:
    """Counts like a `BulkLoader`, and writes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[str, int] = {}
        self.added = 0
        self.already_there = 0
        self.events = 0

    def add(self, stream: NewStream) -> None:
        self._waiting[stream.guard] = len(stream.events)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Count what waits."""
        with self._store.database.connection() as conn:
            known = conn.execute(
                "select command from desk.commands where command = any(%s)", (list(self._waiting),)
            ).fetchall()
        for (guard,) in known:
            del self._waiting[guard]
        self.already_there += len(known)
        self.added += len(self._waiting)
        self.events += sum(self._waiting.values())
        self._waiting = {}
