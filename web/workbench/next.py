"""What should I do next?"""

from __future__ import annotations

from datetime import datetime

from projections import taking
from recovery.database import Database
from recovery.errors import Refused
from recovery.store import Done
from recovery.taking import Taker
from web.accounts import User

ATTEMPTS = 20
"""Tickets that were looked at in vain: closed or taken a moment ago."""


def take_next(database: Database, taker: Taker, *, agent: User, at: datetime) -> Done | None:
    """Take the most urgent complaint that the agent may take; None when there is none.

    Raises Refused when the agent has as many as they can.
    """
    with database.connection() as conn:
        may = taking.abilities(conn, agent.id)
        if may.capacity is not None and taking.load(conn, agent.by) >= may.capacity:
            raise Refused("You have as many open complaints as you can take. Finish one first.")
        for _ in range(ATTEMPTS):
            reference = taking.hold(conn, agent=agent.by, may=may)
            if reference is None:
                if taking.none_left(conn, agent=agent.by, may=may):
                    return None
                continue
            try:
                return taker.take(reference, by=agent.by, at=at)
            except Refused:
                continue  # the projections have yet to see that it was taken or closed
    return None
