"""Whom of the staff is a complaint about, so that they neither see it nor work on it?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from recovery.carrier import Carrier
from recovery.complaint import Complaint
from recovery.errors import Invalid
from recovery.events import StaffNamed
from recovery.store import Command, Done, Store
from recovery.vault import Vault

MOST = 20


class Staff:
    """The command of naming them, and of taking it back."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._carrier = Carrier(store, vault)

    def name(
        self, reference: str, *, staff: Iterable[str], by: str, at: datetime,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Say whom the complaint is about, all of them; nobody takes back what was said.

        Whoever has the complaint and is named has it no longer.
        """
        named = tuple(sorted(set(staff)))
        if len(named) > MOST:
            raise Invalid(f"These are too many people; the most is {MOST}.", field="staff")
        cause = f"command:{command.id}" if command else ""
        event = StaffNamed(at=at, by=by, cause=cause, staff=named)
        return self._carrier.trigger(
            reference, event, Complaint.name_staff, command=command, seen=seen
        )
