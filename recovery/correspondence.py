"""What does mail lead to on the desk? One method per command.

What is recorded and the message it came in are settled in one transaction: a message is never on a
case twice, and never lost between its list and the case. All raise SettledAlready when somebody
else was quicker with the message, and StoreUnavailable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from recovery import reference as references
from recovery.carrier import ATTEMPTS, Carrier
from recovery.complaint import Complaint
from recovery.delivery import state_of
from recovery.errors import StoreUnavailable
from recovery.events import (
    Bounced,
    Delayed,
    Event,
    FilesAdded,
    Letter,
    MailFiled,
    MessageReceived,
    PaperRef,
    Received,
    Recorded,
    delivery_stream,
)  # fmt: skip
from recovery.mailbox import Content, Mail, Mailbox, Outcome, Settled, pack
from recovery.policy.library import Policies
from recovery.policybook import in_force
from recovery.reception import Reception
from recovery.sealing import Sealer
from recovery.store import Conflict, Store
from recovery.vault import Contact, Files, KeptFile, Said, Vault

BY = "system:mail"


class NewFile(msgspec.Struct, frozen=True):
    """A file that came along."""

    name: str
    type: str
    content: bytes
    risks: tuple[str, ...] = ()


class Letterbox(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is about to be settled: what it said, and what came with it."""

    mail: Mail
    content: Content
    said: Said
    files: tuple[NewFile, ...] = ()
    sender: str = ""
    """Who the sender's address would be."""
    twin: str = ""
    by: str = BY


class Correspondence:
    """The commands of mail."""

    def __init__(
        self, store: Store, vault: Vault, policies: Policies, mailbox: Mailbox, *, salt: bytes
    ) -> None:
        self._store = store
        self._vault = vault
        self._policies = policies
        self._mailbox = mailbox
        self._reception = Reception(store, vault, salt=salt)
        self._carrier = Carrier(store, vault)

    def begin(
        self, letter: Letterbox, *, contact: Contact, language: str, policy: str,
        receipt: Letter | None, at: datetime,
    ) -> Settled:  # fmt: skip
        """Start a complaint with the message; `receipt` is the letter that it owes."""
        version = in_force(self._store, self._policies, policy).version
        received = Received(
            at=letter.mail.received_at, by="complainant", cause=_cause(letter), complainant="",
            channel="email", language=language, policy=policy, policy_version=version,
            letter=receipt,
        )  # fmt: skip

        def attempt() -> Settled:
            taken = self._reception.prepare(received, contact=contact, words=letter.said, facts={})
            self._add_files(taken.complaint, taken.papers, letter)
            settled = _settled(letter, "complaint", taken.complaint.reference)
            self._write(letter, settled, taken.records, taken.papers, at=at)
            return settled

        return _again(attempt)

    def append(self, letter: Letterbox, reference: str, *, at: datetime) -> Settled:
        """The complainant wrote again; of a closed complaint an agent is asked about it."""

        def decide(complaint: Complaint, papers: Sealer) -> Settled:
            is_open = complaint.state.is_open
            complaint.receive_message(
                MessageReceived(
                    at=letter.mail.received_at, by="complainant", cause=_cause(letter),
                    message=papers.seal(letter.said), channel="email",
                )
            )  # fmt: skip
            self._add_files(complaint, papers, letter)
            settled = _settled(letter, "appended", reference)
            if is_open:
                return settled
            return msgspec.structs.replace(settled, state="waiting", reason="complaint_closed")

        return self._act(letter, reference, decide, at=at)

    def file(
        self, letter: Letterbox, reference: str, *, speaker: Literal["third_party", "machine"],
        outcome: Outcome, at: datetime,
    ) -> Settled:  # fmt: skip
        """Keep it on the case as what it is: no word of the complainant's."""

        def decide(complaint: Complaint, papers: Sealer) -> Settled:
            complaint.file_mail(
                MailFiled(
                    at=letter.mail.received_at, by=letter.by, cause=_cause(letter),
                    speaker=speaker, message=papers.seal(letter.said),
                )
            )  # fmt: skip
            self._add_files(complaint, papers, letter)
            return _settled(letter, outcome, reference)

        return self._act(letter, reference, decide, at=at)

    def report(
        self, letter: Letterbox, reference: str, delivery: str, event: Bounced | Delayed, *,
        outcome: Outcome, at: datetime,
    ) -> Settled:  # fmt: skip
        """What another server said of a letter of ours; the first that says so is recorded."""

        def attempt() -> Settled:
            complaint, _ = self._carrier.load(reference)
            records = self._store.records(delivery_stream(delivery))
            known = any(type(record.event) is type(event) for record in records)
            version = state_of(records).version + 1
            said: Event = msgspec.structs.replace(event, cause=_cause(letter))
            papers = Sealer(self._store, self._vault, complaint.state.received.complainant)
            settled = _settled(letter, outcome, reference)
            new = [] if known else [Recorded(delivery_stream(delivery), version, said)]
            self._write(letter, settled, new, papers, at=at)
            return settled

        return _again(attempt)

    def put(self, letter: Letterbox, settled: Settled, *, at: datetime) -> Settled:
        """It is on no case: it waits for a person, or is done with."""
        found = msgspec.structs.replace(
            settled, sender=letter.sender, twin=letter.twin, by=letter.by
        )
        self._mailbox.put(letter.mail, found, at=at)
        return found

    # ------------------------------------------------------------ how

    def _act(
        self, letter: Letterbox, reference: str, decide: Callable[[Complaint, Sealer], Settled], *,
        at: datetime,
    ) -> Settled:  # fmt: skip
        found = references.parse(reference)

        def attempt() -> Settled:
            complaint, _ = self._carrier.load(found)
            papers = Sealer(self._store, self._vault, complaint.state.received.complainant)
            settled = decide(complaint, papers)
            self._write(letter, settled, complaint.pending, papers, at=at)
            return settled

        return _again(attempt)

    def _add_files(self, complaint: Complaint, papers: Sealer, letter: Letterbox) -> None:
        if not letter.files:
            return
        kept = tuple(
            KeptFile(papers.seal(file.content), file.name, file.type, len(file.content), file.risks)
            for file in letter.files
        )
        names = "\n".join(file.name or file.type for file in kept)
        listing: PaperRef = papers.seal(Files(names, files=kept))
        complaint.add_files(
            FilesAdded(
                at=letter.mail.received_at, by=letter.by, cause=_cause(letter), listing=listing
            )
        )

    def _write(
        self, letter: Letterbox, settled: Settled, records: Sequence[Recorded], papers: Sealer, *,
        at: datetime,
    ) -> None:  # fmt: skip
        """Record it and settle the message, or neither. Raises Conflict and SettledAlready."""
        content = papers.seal(pack(letter.content)) if records else None
        with self._store.database.connection() as conn, conn.transaction():
            if records:
                self._store.append(records, keys=papers.keys, papers=papers.papers, within=conn)
            self._mailbox.settle(conn, letter.mail, settled, at=at, paper=content)


def _settled(letter: Letterbox, outcome: Outcome, reference: str) -> Settled:
    return Settled(
        outcome=outcome, reference=reference, by=letter.by, sender=letter.sender, twin=letter.twin
    )


def _again(attempt: Callable[[], Settled]) -> Settled:
    """Load and decide again after a conflict."""
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except Conflict:
            continue
    raise StoreUnavailable("Too many people are changing this complaint at once. Try again.")


def _cause(letter: Letterbox) -> str:
    return f"mail:{letter.mail.mail[:32]}"
