"""What does mail lead to on the desk? One method per command.

A command drafts what is to be recorded of a message; `write` records the drafts of one message or
of many and settles those messages, all in one transaction: a message is never on a case twice, and
never lost between its list and the case.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
import psycopg
from msgspec.structs import replace

from recovery import reference as references
from recovery.carrier import Carrier
from recovery.complainant import Recognised
from recovery.complaint import Complaint
from recovery.delivery import state_of
from recovery.errors import Refused
from recovery.events import (
    Bounced,
    Deferred,
    Delayed,
    FilesAdded,
    Letter,
    MailFiled,
    MessageReceived,
    MessageSent,
    PaperRef,
    Received,
    Recorded,
    ReplyKept,
    delivery_stream,
)  # fmt: skip
from recovery.files import NewFile
from recovery.mailbox import Content, Mailbox, Settled, pack
from recovery.maillist import Mail, Outcome
from recovery.policy.library import Policies
from recovery.policybook import in_force
from recovery.reception import Reception
from recovery.sealing import Sealer
from recovery.sending import Sending
from recovery.store import Conflict, Store
from recovery.vault import LARGE, Contact, Said, Vault

BY = "system:mail"
Told = Bounced | Deferred | Delayed
"""What another server said became of a letter, and what follows."""


class Letterbox(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is about to be settled: what it said, and what came with it."""

    mail: Mail
    content: Content
    said: Said
    files: tuple[NewFile, ...] = ()
    sender: str = ""
    """Who the sender's address would be."""
    twin: str = ""
    about: str = ""
    """The same for messages with one subject."""
    by: str = BY


@dataclasses.dataclass(frozen=True)
class Draft:
    """What is to be recorded of a message, and what becomes of it."""

    letter: Letterbox
    settled: Settled
    records: Sequence[Recorded] = ()
    papers: Sealer | None = None
    content: PaperRef | None = None
    """The message itself, sealed anew for the case that it is on."""
    also: Callable[[psycopg.Connection[Any]], None] | None = None
    """What else is written in the same transaction."""


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

    # ------------------------------------------------------------ commands

    def version(self, policy: str) -> str:
        """The version under which a complaint begins now; raises NotFound."""
        return in_force(self._store, self._policies, policy).version

    def begin(
        self, letter: Letterbox, *, contact: Contact, language: str, policy: str, version: str,
        receipt: Letter | None, cut: str = "", known: Recognised | None = None,
    ) -> Draft:  # fmt: skip
        """Start a complaint with the message; `receipt` is the letter that it owes.

        `known` says who the sender is and whether the desk knows them, where that was looked up.
        """
        received = Received(
            at=letter.mail.received_at, by="complainant", cause=_cause(letter), complainant="",
            channel="email", language=language, policy=policy, policy_version=version,
            letter=receipt,
        )  # fmt: skip
        taken = self._reception.prepare(
            received, contact=contact, words=letter.said, facts={}, known=known
        )
        self._add_files(taken.complaint, taken.papers, letter)
        settled = _settled(letter, "complaint", taken.complaint.reference)
        return _draft(letter, replace(settled, cut=cut), taken.records, taken.papers)

    def append(self, letter: Letterbox, reference: str) -> Draft:
        """The complainant wrote again; of a closed complaint an agent is asked about it."""

        def decide(complaint: Complaint, papers: Sealer) -> Settled:
            is_open = complaint.state.is_open
            complaint.receive_message(
                MessageReceived(
                    at=letter.mail.received_at, by="complainant", cause=_cause(letter),
                    message=papers.seal(letter.said), channel="email",
                )
            )  # fmt: skip
            settled = _settled(letter, "appended", complaint.reference)
            if is_open:
                return settled
            return replace(settled, state="waiting", reason="complaint_closed")

        return self._act(letter, reference, decide)

    def file(
        self, letter: Letterbox, reference: str, *, outcome: Outcome,
        kind: Literal["", "auto_reply", "abuse_report", "receipt"] = "",
    ) -> Draft:  # fmt: skip
        """Keep it on the case as what it is: no word of the complainant's.

        What somebody says who is no party to the complaint waits for an agent.
        """

        def decide(complaint: Complaint, papers: Sealer) -> Settled:
            known = bool(letter.sender) and letter.sender in complaint.state.parties.admitted
            complaint.file_mail(
                MailFiled(
                    at=letter.mail.received_at, by=letter.by, cause=_cause(letter), kind=kind,
                    speaker="machine" if kind else "party" if known else "third_party",
                    message=papers.seal(letter.said), sender="" if kind else letter.sender,
                )
            )  # fmt: skip
            settled = _settled(letter, outcome, complaint.reference)
            if kind or (known and complaint.state.is_open):
                return settled
            reason = "complaint_closed" if known else "third_party"
            return replace(settled, state="waiting", reason=reason)

        return self._act(letter, reference, decide)

    def answer(
        self, letter: Letterbox, reference: str, words: str, *, by: str, sending: Sending
    ) -> Draft:
        """A colleague answered from their own mail program: it leaves as the desk's letter."""
        letter = replace(letter, by=by, files=())

        def decide(complaint: Complaint, papers: Sealer) -> Settled:
            written = papers.letter(complaint.state, "message", words, sending)
            if written is None:
                raise Refused("We have no contact details of this complainant.")
            complaint.send_message(
                MessageSent(at=letter.mail.received_at, by=by, cause=_cause(letter), letter=written)
            )
            return _settled(letter, "answered", complaint.reference)

        return self._act(letter, reference, decide)

    def keep_reply(
        self, letter: Letterbox, reference: str, why: Sequence[str], *, by: str,
        also: Callable[[psycopg.Connection[Any]], None],
    ) -> Draft:  # fmt: skip
        """A colleague's answer must not leave as it is: they are told, and it is kept by `also`."""
        letter = replace(letter, by=by, files=())

        def decide(complaint: Complaint, _: Sealer) -> Settled:
            complaint.keep_reply(
                ReplyKept(at=letter.mail.received_at, by=by, cause=_cause(letter), why=tuple(why))
            )
            return _settled(letter, "answered", complaint.reference)

        draft = self._act(letter, reference, decide)
        return dataclasses.replace(draft, also=also)

    def report(
        self, letter: Letterbox, reference: str, delivery: str, event: Told, *, outcome: Outcome
    ) -> Draft:
        """What another server said of a letter of ours; the first that says so is recorded."""
        complaint, _ = self._carrier.load(reference)
        records = self._store.records(delivery_stream(delivery))
        state = state_of(records)
        known = any(type(record.event) is type(event) for record in records)
        if isinstance(event, Deferred):  # unless it waits to be sent again already
            event, known = replace(event, attempt=state.attempts + 1), not state.ended
        said = replace(event, cause=_cause(letter))
        papers = Sealer(self._store, self._vault, complaint.state.received.complainant)
        settled = _settled(letter, outcome, reference)
        new = [] if known else [Recorded(delivery_stream(delivery), state.version + 1, said)]
        return _draft(letter, settled, new, papers)

    def put(self, letter: Letterbox, settled: Settled) -> Draft:
        """It is on no case: it waits for a person, or is done with."""
        return Draft(
            letter,
            replace(
                settled, sender=letter.sender, twin=letter.twin, about=letter.about, by=letter.by
            ),
        )

    # ------------------------------------------------------------ how

    def write(self, drafts: Sequence[Draft], *, at: datetime) -> None:
        """Record what was drafted and settle the messages, all or none.

        Raises Conflict (look and draft again), SettledAlready and Copied, and StoreUnavailable.
        """
        records = [record for draft in drafts for record in draft.records]
        sealers = [draft.papers for draft in drafts if draft.papers and draft.records]
        with self._store.database.connection() as conn, conn.transaction():
            for draft in drafts:
                if draft.also:
                    draft.also(conn)
            if records:
                if not self._vault.hold(conn, [each.owner for each in sealers if not each.keys]):
                    raise Conflict("vault_keys")
                papers = [paper for each in sealers for paper in each.papers]
                self._vault.put(conn, [paper for paper in papers if len(paper.sealed) > LARGE])
                self._store.append(
                    records, keys=[key for each in sealers for key in each.keys],
                    papers=[paper for paper in papers if len(paper.sealed) <= LARGE], within=conn,
                )  # fmt: skip
            self._mailbox.settle(
                conn, [(each.letter.mail, each.settled, each.content) for each in drafts], at=at
            )

    def _act(
        self, letter: Letterbox, reference: str, decide: Callable[[Complaint, Sealer], Settled]
    ) -> Draft:
        complaint, _ = self._carrier.load(references.parse(reference))
        if into := complaint.state.ties.into:
            complaint, _ = self._carrier.load(into)
        papers = Sealer(self._store, self._vault, complaint.state.received.complainant)
        settled = decide(complaint, papers)
        self._add_files(complaint, papers, letter)
        return _draft(letter, settled, complaint.pending, papers)

    @staticmethod
    def _add_files(complaint: Complaint, papers: Sealer, letter: Letterbox) -> None:
        if not letter.files:
            return
        said = complaint.pending[0].event
        complaint.add_files(
            FilesAdded(
                at=said.at, by=said.by, cause=said.cause, listing=papers.listing(letter.files)
            )
        )


def _draft(
    letter: Letterbox, settled: Settled, records: Sequence[Recorded], papers: Sealer
) -> Draft:
    content = papers.seal(pack(letter.content)) if records else None
    return Draft(letter, settled, records, papers, content)


def _settled(letter: Letterbox, outcome: Outcome, reference: str) -> Settled:
    return Settled(
        outcome=outcome, reference=reference, by=letter.by, sender=letter.sender, twin=letter.twin,
        about=letter.about,
    )  # fmt: skip


def _cause(letter: Letterbox) -> str:
    return f"mail:{letter.mail.mail[:32]}"
