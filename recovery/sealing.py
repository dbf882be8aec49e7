"""How do the words of one command get into the vault?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recovery import text as texts
from recovery.complaint_state import State
from recovery.events import Letter, LetterKind, PaperRef
from recovery.files import NewFile, sendable
from recovery.sending import AT_ONCE, Sending
from recovery.store import Store
from recovery.vault import Files, KeptFile, SealedKey, SealedPaper, Vault, Words


class Sealer:
    """Seals what one command puts into the vault, under the complainant's key."""

    def __init__(self, store: Store, vault: Vault, owner: str, *, keyless: bool = False) -> None:
        """`keyless`: the owner is known to have no key yet."""
        self._store = store
        self._vault = vault
        self.owner = owner
        self._key: bytes | None = None
        self.keys: list[SealedKey] = []
        if keyless:
            self._make_key()
        self.papers: list[SealedPaper] = []

    def seal(self, content: msgspec.Struct | bytes) -> PaperRef:
        """Keep a paper for the append, and give its reference."""
        paper = self._vault.seal(self._owners_key(), self.owner, content)
        self.papers.append(paper)
        return paper.ref

    def words(self, text: str) -> PaperRef | None:
        """A paper of the text, or None when it is empty."""
        found = texts.clean(text, field="words")
        return self.seal(Words(found)) if found else None

    def listing(self, files: Sequence[NewFile]) -> PaperRef:
        """Each file as a paper, and a paper that lists them."""
        kept = tuple(
            KeptFile(self.seal(file.content), file.name, file.type, len(file.content), file.risks)
            for file in files
        )
        names = "\n".join(file.name or file.type for file in kept)
        return self.seal(Files(names, files=kept))

    def letter(
        self, state: State, kind: LetterKind, message: str, sending: Sending = AT_ONCE
    ) -> Letter | None:
        """The letter an act owes; none to a person we have no contact details of."""
        if state.received.contact is None:
            return None
        found = texts.clean(message, field="message")
        return Letter(
            kind, state.received.language, self.seal(Words(found)) if found else None,
            sending.leaves_at, sending.warned, self.words(sending.overruled),
            self.listing(sendable(sending.files)) if sending.files else None,
        )  # fmt: skip

    def _owners_key(self) -> bytes:
        if self._key is None:
            with self._store.database.connection() as conn:
                self._key = self._vault.key_of(conn, self.owner)
        return self._key or self._make_key()

    def _make_key(self) -> bytes:
        self._key, sealed = self._vault.new_key(self.owner)
        self.keys.append(sealed)
        return self._key
