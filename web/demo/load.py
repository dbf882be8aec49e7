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
from recovery.vault import Contact, SealedPaper, Vault, Words
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
        for draft in chronicle.drafts():
            loader.add(_stream(vault, seed, draft))
            if (draft.index + 1) % STEP == 0:
                progress(draft.index + 1)
    progress(complaints)
    return DemoReport(
        complaints, loader.added, loader.already_there, loader.events, time.monotonic() - began
    )


def _stream(vault: Vault, seed: int, draft: Draft) -> NewStream:
    envelope = _Envelope(vault, draft.case.complainant)
    story = draft.tell(envelope.seal)
    return NewStream(
        guard=f"demo:{seed}:{draft.index}", reference=story.case.reference, events=story.events,
        keys=[envelope.key], papers=envelope.papers,
    )  # fmt: skip


class _Envelope:
    """Seals one complainant's papers under a key of their own."""

    def __init__(self, vault: Vault, owner: str) -> None:
        self._owner = owner
        self._secret, self.key = vault.new_key(owner)
        self.papers: list[SealedPaper] = []

    def seal(self, content: Contact | Words) -> PaperRef:
        paper = Vault.seal(self._secret, self._owner, content)
        self.papers.append(paper)
        return paper.ref
