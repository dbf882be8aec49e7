"""How does an agent take a complaint that nobody has?"""

from __future__ import annotations

from datetime import datetime

from recovery.carrier import Carrier
from recovery.complaint import Complaint
from recovery.events import Assigned
from recovery.store import Command, Done, Store
from recovery.vault import Vault


class Taker:
    """The command of taking: unlike giving, it never takes a complaint out of other hands."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._carrier = Carrier(store, vault)

    def take(
        self, reference: str, *, by: str, at: datetime, command: Command | None = None,
        seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Make the complaint the agent's own; raises Refused when somebody has it already."""
        cause = f"command:{command.id}" if command else ""
        event = Assigned(at=at, by=by, cause=cause, agent=by)
        return self._carrier.trigger(reference, event, Complaint.take, command=command, seen=seen)
