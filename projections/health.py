"""Are the projections up with the log?"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

_HEALTH = sa.text(
    "select p.name, p.version, p.position, p.moved_at, p.stopped_topic, p.stopped_reason,"
    " (select coalesce(max(notification_id), 0) from desk.events) as head"
    " from read.projections p order by p.name"
)
_REACHED = sa.text(
    "select coalesce(min(position), 0) >= :position from read.projections"
    " where stopped_reason is null"
)


class Health(msgspec.Struct, frozen=True):
    """One projection's place."""

    name: str
    version: int
    position: int
    moved_at: datetime
    stopped_topic: str | None
    stopped_reason: str | None
    head: int

    @property
    def lag(self) -> int:
        """Events it has not seen yet."""
        return self.head - self.position


def health(conn: sa.Connection) -> list[Health]:
    """The place of each projection, by name."""
    return [Health(*row) for row in conn.execute(_HEALTH)]


def wait_for(conn: sa.Connection, position: int, *, timeout: float = 2.0) -> bool:
    """Wait until the projections that are not stopped have seen the position (seconds).

    Lets a page show what the command it just ran has done; False when it took too long.
    """
    deadline = time.monotonic() + timeout
    pause = 0.002
    while True:
        reached: Any = conn.execute(_REACHED, {"position": position}).scalar_one()
        if reached:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)
