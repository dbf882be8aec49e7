"""How does the demonstration get onto the desk?

In bulk, with real keys and papers. Each complaint carries the guard `demo:SEED:INDEX`, so that
loading the same demonstration again, or one that was interrupted, adds only what is missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import msgspec

from recovery.bulk import BulkLoader, NewStream
from recovery.events import PaperRef
from recovery.policy.library import Policies
from recovery.store import Store
from recovery.vault import Contact, SealedKey, SealedPaper, Vault, Words
from web.demo.generate import Chronicle, Draft

POLICY = "house"
STEP = 500

Progress = Callable[[int], None]
"""Called now and then with how many complaints have been told."""


class DemoReport(msgspec.Struct, frozen=True):
    """What loading a demonstration did."""

    complaints: int
    """Asked for."""
    added: int
    already_there: int
    events: int
    seconds: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds if self.seconds else 0.0


def load_demo(
    store: Store, vault: Vault, policies: Policies, *, complaints: int, days: int, seed: int,
    until: datetime, secret: bytes, progress: Progress = lambda _: None,
) -> DemoReport:  # fmt: skip
    """Tell `complaints` stories of the `days` before `until` and write them.

    `secret` is the desk's key for references. Raises NotFound when no house policy is in force.
    """
    chronicle = Chronicle(
        complaints=complaints, days=days, seed=seed, until=until, policy=POLICY,
        policy_version=policies.in_force(POLICY).version,
    )  # fmt: skip
    began = time.monotonic()
    with BulkLoader(store, secret=secret) as loader:
        press = _Press(store, vault, loader, seed=seed)
        for draft in chronicle.drafts():
            press.write(draft)
            if (draft.index + 1) % STEP == 0:
                progress(draft.index + 1)
    progress(complaints)
    return DemoReport(
        complaints, loader.added, loader.already_there, loader.events, time.monotonic() - began
    )


class _Press:
    """Puts one story after the other into the log and its papers into the vault."""

    def __init__(self, store: Store, vault: Vault, loader: BulkLoader, *, seed: int) -> None:
        self._store = store
        self._vault = vault
        self._loader = loader
        self._seed = seed

    def write(self, draft: Draft) -> None:
        owner = draft.case.person.id
        secret = self._key_of(owner) if draft.returning else None
        keys: list[SealedKey] = []
        if secret is None:
            secret, key = self._vault.new_key(owner)
            keys.append(key)
        envelope = _Envelope(secret, owner)
        story = draft.tell(envelope.seal)
        self._loader.add(
            NewStream(
                guard=f"demo:{self._seed}:{draft.index}", reference=story.case.reference,
                events=story.events, keys=keys, papers=envelope.papers,
            )
        )  # fmt: skip

    def _key_of(self, owner: str) -> bytes | None:
        """The key that was stored with the person's first complaint.

        That may still wait to be written; and there is none when the person was forgotten since
        an earlier load.
        """
        if (secret := self._stored_key(owner)) is None:
            self._loader.flush()
            secret = self._stored_key(owner)
        return secret

    def _stored_key(self, owner: str) -> bytes | None:
        with self._store.database.connection() as conn:
            return self._vault.key_of(conn, owner)


class _Envelope:
    """Seals one complainant's papers."""

    def __init__(self, secret: bytes, owner: str) -> None:
        self._secret = secret
        self._owner = owner
        self.papers: list[SealedPaper] = []

    def seal(self, content: Contact | Words) -> PaperRef:
        paper = Vault.seal(self._secret, self._owner, content)
        self.papers.append(paper)
        return paper.ref
