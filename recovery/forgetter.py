"""Who may be forgotten, because they asked or because their time is over? One method each."""

from __future__ import annotations

from datetime import datetime

from recovery import holds, retention
from recovery.carrier import Carrier
from recovery.errors import Invalid
from recovery.forgetting import Guard, forget
from recovery.store import Command, Done, Store
from recovery.vault import Vault

REASONS = ("asked", "not_needed", "consent_withdrawn", "unlawful", "mistake")
"""Why somebody may be forgotten: the log keeps it for good, so nobody words it."""


class Forgetter:
    """The commands that forget; both are refused under a legal hold."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    def forget(
        self, complainant: str, *, by: str, at: datetime, reason: str,
        command: Command | None = None,
    ) -> Done:  # fmt: skip
        """Somebody asked for it; raises Invalid and Refused."""
        if reason not in REASONS:
            raise Invalid(
                f"{reason[:40]!r} is no reason (there are {', '.join(REASONS)}).", field="reason"
            )
        guard = holds.guard(self._vault, at=at)
        return self._carried_out(complainant, guard, command, by=by, at=at, reason=reason)

    def by_rule(
        self, complainant: str, *, rules: tuple[str, ...], complaints: tuple[str, ...], by: str,
        at: datetime,
    ) -> Done:  # fmt: skip
        """Rules of retention say that the time of these complaints is over.

        Raises Refused, also where somebody is at work for the person again or owes them money.
        """
        return self._carried_out(
            complainant, holds.guard(self._vault, at=at), None, by=by, at=at, reason="retention",
            rule=", ".join(rules), last=retention.guard(complaints),
        )  # fmt: skip

    def _carried_out(
        self, complainant: str, guard: Guard, command: Command | None, *, by: str, at: datetime,
        reason: str, rule: str = "", last: Guard = lambda conn, found: None,
    ) -> Done:  # fmt: skip
        return Carrier(self._store, self._vault).once(
            lambda: forget(
                self._store, self._vault, complainant, by=by, at=at, reason=reason, rule=rule,
                guard=guard, last=last, command=command,
            ),
            command,
        )  # fmt: skip
