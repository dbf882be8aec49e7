"""Where does a complainant want their money, and who wrote that down?

The account is a paper under the complainant's own key: whoever is forgotten leaves no number
behind. Its fingerprint is keyed, so that two complaints with one account can be seen to share it.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from recovery import reference as references
from recovery.carrier import Carrier
from recovery.errors import Stale
from recovery.events import AccountGiven, Recorded, payee_stream
from recovery.paying.account import Party
from recovery.sealing import Sealer
from recovery.store import Command, Done, Store
from recovery.vault import Vault


class Payees:
    """The commands on accounts of complainants; `key` makes their fingerprints."""

    def __init__(self, store: Store, vault: Vault, *, key: bytes) -> None:
        self._store = store
        self._vault = vault
        self._carrier = Carrier(store, vault)
        self._key = key

    def give(
        self, reference: str, *, by: str, at: datetime, party: Party,
        command: Command | None = None, seen: int | None = None,
    ) -> Done:  # fmt: skip
        """Write down where the money of a complaint goes; the latest that was said counts.

        `seen` is the version of what was written down before: 0 for nothing. Raises NotFound,
        Stale, CommandReused and StoreUnavailable.
        """
        found = references.parse(reference)

        def attempt() -> Done:
            complaint, _ = self._carrier.load(found)
            before = self._store.records(payee_stream(found))
            if seen is not None and seen != len(before):
                raise Stale(seen, len(before), tuple(before[seen:]))
            papers = Sealer(self._store, self._vault, complaint.state.received.complainant)
            event = AccountGiven(
                at=at, by=by, complaint=found, account=papers.seal(party.sealed()),
                fingerprint=fingerprint(party, key=self._key),
            )  # fmt: skip
            return self._store.append(
                [Recorded(payee_stream(found), len(before) + 1, event)],
                command=command, keys=papers.keys, papers=papers.papers,
            )  # fmt: skip

        return self._carrier.once(attempt, command)


def fingerprint(party: Party, *, key: bytes) -> str:
    """The same for the same account, whoever is said to hold it."""
    return hmac.digest(key, Party("", party.account).sealed(), hashlib.sha256).hex()[:32]
