"""How is a guarantee claimed, once, and by what could claims be alike?

A claim is recorded whatever the answer is: what is owed follows from it and from the facts, now and
when more of them come to light. The event holds keyed digests of what a claim can share with
others, so that an address or an order that claims twice is seen and nobody reads where somebody
lives.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from recovery.carrier import Carrier
from recovery.complainant import DIGITS
from recovery.complaint import Complaint
from recovery.complaint_state import State
from recovery.errors import Invalid
from recovery.events import GuaranteeClaimed
from recovery.policy.library import Policies
from recovery.sealing import Sealer
from recovery.store import Command, Done, Store
from recovery.vault import Contact, Vault, read

GOODS = ("order", "booking", "parcel", "ticket_number", "serial_number")
"""Facts that say what was bought: two claims over the same are a sign."""


class Claims:
    """Carries claims out on one store and vault."""

    def __init__(self, store: Store, vault: Vault, policies: Policies, *, salt: bytes) -> None:
        self._store = store
        self._vault = vault
        self._policies = policies
        self._salt = salt
        self._carrier = Carrier(store, vault)

    def claim(
        self, reference: str, *, by: str, at: datetime, guarantee: str,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Record that a guarantee was asked for; asked again, nothing more is recorded.

        Raises Invalid where the complaint's policy has no guarantee of this name.
        """
        name = guarantee.strip()

        def decide(complaint: Complaint, _: Sealer) -> None:
            self._require_promised(complaint.state, name)
            if name not in complaint.state.claimed:
                complaint.claim(GuaranteeClaimed(
                    at=at, by=by, cause=f"command:{command.id}" if command else "",
                    guarantee=name, traces=self._traces(complaint.state),
                ))  # fmt: skip

        return self._carrier.act(reference, decide, at=at, command=command, seen=seen)

    def _require_promised(self, state: State, name: str) -> None:
        received = state.received
        version = self._policies.version(received.policy, received.policy_version)
        names = [
            plan.rule.name for edition in version.editions for plan in edition.guarantees.plans
        ]
        if name not in names:
            known = ", ".join(dict.fromkeys(names)) or "its policy has none"
            raise Invalid(
                f"There is no guarantee {name[:60]!r} for this complaint (there are: {known}).",
                field="guarantee",
            )

    def _traces(self, state: State) -> dict[str, str]:
        """Who claims, from where and over what, each under a key of its own."""
        ref = state.received.contact
        goods = "/".join(f"{name}={state.facts[name]}" for name in GOODS if name in state.facts)
        person = {"person": state.received.complainant}
        if goods:
            person["goods"] = self._digest("goods", goods.casefold())
        if ref is None:
            return person
        with self._store.database.connection() as conn:
            opened = self._vault.open_many(conn, [ref.paper])
        contact = read(opened, ref, Contact) or Contact()
        digits = "".join(c for c in contact.phone if c.isdecimal())
        told = {
            "address": "".join(c for c in contact.address.casefold() if c.isalnum()),
            "phone": digits if len(digits) >= DIGITS else "",
        }
        return person | {name: self._digest(name, text) for name, text in told.items() if text}

    def _digest(self, name: str, text: str) -> str:
        return hmac.digest(self._salt, f"claim/{name}/{text}".encode(), hashlib.sha256).hex()[:32]
