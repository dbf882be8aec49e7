"""How does what is owed become a message that can be sent, now or once more?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from projections import seal
from projections.deliveries import Delivery
from projections.morning import figures
from projections.story import clocks_of, story_of
from projections.table import Given
from recovery import envelope, letterbook
from recovery.clock import history
from recovery.delivery import COMPLAINANT, DeliveryState, delivery_id, message_id, state_of
from recovery.errors import Invalid
from recovery.events import (
    DeliveryKind,
    NoteAdded,
    Queued,
    Recorded,
    ReplyKept,
    StaffNamed,
    complaint_stream,
    delivery_stream,
    payee_stream,
    subject,
)  # fmt: skip
from recovery.policy.clocks import Clock
from recovery.policy.library import Policies
from recovery.sending import is_held
from recovery.store import Store
from recovery.suppression import is_suppressed
from recovery.vault import KeptFile, SealedKey, SealedPaper, Vault, WrittenLetter, read
from web.accounts import Accounts, User
from web.door import links
from web.fairness.stored import audit
from web.mail import audits, calls, daily, kept, money, notices
from web.mail.departure import counted
from web.mail.facts import (
    Undeliverable,
    facts_of,
    files_of,
    letter_of,
    notice_of,
    papers_of,
    received_of,
)  # fmt: skip
from web.mail.letters import tongue, write
from web.mail.message import Sender, compose
from web.mail.parcel import Parcel
from web.mail.stages import Composed, Draft, Ready
from web.mail.teams import category_of
from web.mail.wanted import CALLS, unwanted

BY = "system:post"


class Writer:
    """Writes each letter once; what is sent again is the letter as it was written."""

    def __init__(
        self, *, store: Store, vault: Vault, policies: Policies, accounts: Accounts,
        sender: Sender, zone: ZoneInfo, base_url: str, clock: Callable[[], datetime],
        door_key: bytes | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._vault = vault
        self._policies = policies
        self._accounts = accounts
        self._sender = sender
        self._zone = zone
        self._base_url = base_url
        self._clock = clock
        self._door_key = door_key

    def ready(self, row: Delivery, state: DeliveryState) -> Ready:
        """The message for a delivery; raises Undeliverable."""
        if row.kind == audits.KIND:
            return self._audit(row, state)
        if row.kind == daily.KIND:
            return self._daily(row, state)
        records = self._store.records(complaint_stream(row.complaint))
        colleague = None if row.recipient == COMPLAINANT else self._colleague(row.recipient)
        if colleague and colleague.by in _staff(records):
            raise Undeliverable("concerned")
        held = None if colleague or _is_of_money(row) else _held(records[row.act - 1])
        if state.queued:
            letter = self._kept(state.queued)
            message = self._message(row, records, state.queued, letter)
            return Ready(message, state.queued, held=held)
        if not colleague and is_suppressed(self._store, received_of(records).complainant):
            raise Undeliverable("suppressed")
        draft = self._draft(row, records, colleague)
        paper = self._vault.seal(draft.key, draft.owner, draft.letter)
        queued = self._queued(row, draft, paper)
        message = self._message(row, records, queued, draft.letter)
        return Ready(message, queued, paper, draft.keys, held)

    def _queued(self, row: Delivery, draft: Draft, paper: SealedPaper) -> Queued:
        return Queued(
            at=self._clock(), by=BY, cause=f"{row.stream}/{row.act}", complaint=row.complaint,
            act=row.act, kind=draft.kind, language=draft.language, letter=paper.ref,
            message_id=message_id(row.delivery, self._sender.host), template=draft.template,
        )  # fmt: skip

    def _draft(self, row: Delivery, records: Sequence[Recorded], colleague: User | None) -> Draft:
        if colleague:
            return self._notice(row, records, colleague)
        write = self._money if _is_of_money(row) else self._letter
        draft = write(row, records)
        letter = self._in_thread(draft.letter, row, records)
        return msgspec.structs.replace(draft, letter=letter)

    def _message(
        self, row: Delivery, records: Sequence[Recorded], queued: Queued, letter: WrittenLetter
    ) -> Parcel:
        first = self._first(row, records) if row.recipient == COMPLAINANT else None
        sender = self._sender_of(row, records)
        message = compose(
            letter, kind=queued.kind, sender=sender, message_id=queued.message_id,
            thread=first.message_id if first else "", at=self._clock(),
            reply_to="" if _is_call(row, records) else self._reply_to(row, sender),
            files=self._contents(letter),
        )  # fmt: skip
        return self._sender.parcel(message, row.delivery)

    def _sender_of(self, row: Delivery, records: Sequence[Recorded]) -> Sender:
        """The team that answered for the complaint at the act; colleagues hear from the desk."""
        if row.recipient != COMPLAINANT:
            return self._sender
        lived = records[: row.act] if row.stream == complaint_stream(row.complaint) else records
        return self._sender.of_category(category_of(lived))

    def _reply_to(self, row: Delivery, sender: Sender) -> str:
        """The signed address for answers; empty where answers come to the plain one."""
        key = self._sender.reply_key
        if not key:
            return ""
        purpose: envelope.Purpose = "reply" if row.recipient == COMPLAINANT else "colleague"
        return envelope.address(sender.address, row.delivery, key=key, purpose=purpose)

    def _kept(self, queued: Queued) -> WrittenLetter:
        """The letter as it was written."""
        with self._store.database.connection() as conn:
            papers = self._vault.open_many(conn, [queued.letter.paper])
        letter = read(papers, queued.letter, WrittenLetter)
        if letter is None:
            raise Undeliverable("forgotten")
        return letter

    def _contents(self, letter: WrittenLetter) -> list[tuple[KeptFile, bytes]]:
        """What goes along."""
        if not letter.files:
            return []
        with self._store.database.connection() as conn:
            papers = self._vault.open_many(conn, [file.content.paper for file in letter.files])
        if len(papers) < len(letter.files):
            raise Undeliverable("forgotten")
        return [(file, papers[file.content.paper]) for file in letter.files]

    # ------------------------------------------------------------ to the complainant

    def _page(self, reference: str) -> str:
        """Where the complainant sees the complaint; nowhere, where no key was given for links."""
        if self._door_key is None:
            return ""
        return f"{self._base_url.rstrip('/')}/mine/{links.write(reference, key=self._door_key)}"

    def _letter(self, row: Delivery, records: Sequence[Recorded]) -> Draft:
        lived = records[: row.act]
        owed, received = letter_of(lived[-1].event), received_of(records)
        assert owed is not None
        with self._store.database.connection() as conn:
            key = self._vault.key_of(conn, received.complainant)
            papers = self._vault.open_many(conn, papers_of(lived))
        facts = facts_of(
            lived, papers=papers, clocks=self._clocks(row, lived[-1].position),
            organisation=self._sender.organisation, zone=self._zone,
            page=self._page(row.complaint),
        )  # fmt: skip
        if key is None:
            raise Undeliverable("forgotten")
        template = letterbook.book(self._store, owed.kind, tongue(owed.language)).template
        own = (template.subject, template.text) if template else None
        letter = write(owed.kind, owed.language, facts, own=own)
        files = files_of(lived[-1].event, papers)
        return Draft(
            letter=msgspec.structs.replace(letter, files=files), kind=owed.kind,
            language=owed.language, owner=received.complainant, key=key,
            template=template.version if template else 0,
        )  # fmt: skip

    def _money(self, row: Delivery, records: Sequence[Recorded]) -> Draft:
        """What is paid, or was: under the payout's own stream."""
        received = received_of(records)
        lived = self._store.records(row.stream)[: row.act]
        given = self._store.records(payee_stream(row.complaint))
        account = money.account_of(lived[-1], lived, given)
        with self._store.database.connection() as conn:
            key = self._vault.key_of(conn, received.complainant)
            refs = [ref.paper for ref in (received.contact, account) if ref]
            papers = self._vault.open_many(conn, refs)
        facts = money.facts_of(
            lived, received, account=account, papers=papers,
            organisation=self._sender.organisation, zone=self._zone,
        )  # fmt: skip
        if key is None:
            raise Undeliverable("forgotten")
        return Draft(
            letter=money.write(facts, zone=self._zone), kind=facts.kind,
            language=received.language, owner=received.complainant, key=key,
        )  # fmt: skip

    def _first(self, row: Delivery, records: Sequence[Recorded]) -> Queued | None:
        """The complaint's first letter, which the others answer; None for that one itself."""
        first = next((record for record in records if letter_of(record.event)), None)
        if first is None or (first.stream, first.version) == (row.stream, row.act):
            return None
        delivery = delivery_id(row.complaint, first.version)
        return state_of(self._store.records(delivery_stream(delivery))).queued

    def _in_thread(
        self, letter: WrittenLetter, row: Delivery, records: Sequence[Recorded]
    ) -> WrittenLetter:
        """Under the subject of the first letter: mail programs part threads where it changes."""
        first = self._first(row, records)
        if first is None:
            return letter
        return msgspec.structs.replace(letter, subject=f"Re: {self._kept(first).subject}")

    # ------------------------------------------------------------ to a colleague

    def _notice(self, row: Delivery, records: Sequence[Recorded], colleague: User) -> Draft:
        """Kept under the colleague's own key: nothing of the complainant is in it, and it is owed
        where they were forgotten or never left an address too.
        """
        step = self._store.records(row.stream)[row.act - 1]
        if isinstance(step.event, ReplyKept):
            written = kept.letter(
                row.complaint, step.event.why, colleague, base_url=self._base_url,
                organisation=self._sender.organisation,
            )  # fmt: skip
            return self._for(colleague, written, "notice")
        if isinstance(step.event, NoteAdded):
            self._require_wanted(colleague, CALLS)
            written = calls.letter(
                row.complaint, self._accounts.names().get(step.event.by, ""), colleague,
                base_url=self._base_url, organisation=self._sender.organisation,
            )  # fmt: skip
            return self._for(colleague, written, "notice")
        notice = notice_of(
            step, [record for record in records if record.position < step.position],
            clocks=self._clocks(row, step.position), colleague=colleague,
            names=self._accounts.names(), zone=self._zone, base_url=self._base_url,
            organisation=self._sender.organisation, answerable=bool(self._sender.reply_key),
        )  # fmt: skip
        return self._for(colleague, notices.write(notice), "notice")

    def _for(self, colleague: User, letter: WrittenLetter, kind: DeliveryKind) -> Draft:
        """Under the colleague's own key, which is made where they are written to first."""
        with self._store.database.connection() as conn:
            key = self._vault.key_of(conn, colleague.by)
        keys: list[SealedKey] = []
        if key is None:
            key, sealed = self._vault.new_key(colleague.by)
            keys.append(sealed)
        return Draft(
            letter=letter, kind=kind, language=colleague.language, owner=colleague.by, key=key,
            keys=keys,
        )  # fmt: skip

    def _audit(self, row: Delivery, state: DeliveryState) -> Ready:
        """An audit on paper; raises Undeliverable where the colleague may not read it any more."""
        colleague = self._supervisor(row.recipient)
        found, people = audit(self._store, subject(row.stream)), self._accounts.names()
        viewer = audits.viewer_of(colleague, self._zone, self._clock())

        def write() -> WrittenLetter:
            by = self._store.records(row.stream)[row.act - 1].event.by
            return audits.letter(
                found, colleague, viewer, passed_on_by=people.get(by, ""),
                base_url=self._base_url, sender=self._sender,
            )  # fmt: skip

        composed = self._of_no_complaint(row, state, colleague, audits.KIND, write)
        audits.attach(
            composed.message, found, viewer, store=self._store, vault=self._vault, people=people
        )
        return self._packed(row, composed)

    def _daily(self, row: Delivery, state: DeliveryState) -> Ready:
        """How the desk stands; raises Undeliverable where the colleague is not to get it."""
        colleague, now = self._supervisor(row.recipient), self._clock()
        self._require_wanted(colleague, daily.KIND)
        hidden = self._accounts.hidden_from(colleague)

        def write() -> WrittenLetter:
            database = self._store.database
            with database.engine.connect() as conn, database.connection() as raw:
                known = figures(conn, now=now, zone=self._zone, hidden=hidden)
                head = seal.last_head(raw)
            return daily.letter(
                known, head, colleague, now=now, zone=self._zone, base_url=self._base_url,
                organisation=self._sender.organisation,
            )  # fmt: skip

        return self._packed(row, self._of_no_complaint(row, state, colleague, daily.KIND, write))

    def _of_no_complaint(
        self, row: Delivery, state: DeliveryState, colleague: User, kind: DeliveryKind,
        write: Callable[[], WrittenLetter],
    ) -> Composed:  # fmt: skip
        """The message as it was written before, or is now."""
        draft, queued, paper = None, state.queued, None
        if queued is None:
            draft = self._for(colleague, write(), kind)
            paper = self._vault.seal(draft.key, draft.owner, draft.letter)
            queued = self._queued(row, draft, paper)
        letter = draft.letter if draft else self._kept(queued)
        message = compose(
            letter, kind=queued.kind, sender=self._sender, message_id=queued.message_id, thread="",
            at=self._clock(), reply_to=self._reply_to(row, self._sender),
        )  # fmt: skip
        return Composed(message, queued, paper, draft.keys if draft else ())

    def _packed(self, row: Delivery, composed: Composed) -> Ready:
        parcel = self._sender.parcel(composed.message, row.delivery)
        return Ready(parcel, composed.queued, composed.paper, composed.keys)

    def _supervisor(self, recipient: str) -> User:
        colleague = self._colleague(recipient)
        if not colleague.may("supervisor"):
            raise Undeliverable("not_allowed")
        return colleague

    def _require_wanted(self, colleague: User, kind: str) -> None:
        with self._store.database.connection() as conn:
            if kind in unwanted(conn, colleague.id):
                raise Undeliverable("not_wanted")

    def _colleague(self, recipient: str) -> User:
        try:
            return self._accounts.named(recipient)
        except Invalid:
            raise Undeliverable("deactivated") from None

    def _clocks(self, row: Delivery, position: int) -> tuple[Clock, ...]:
        """The complaint's clocks, as the log up to this position leaves them.

        A letter speaks as of its own arrival: it promises nothing that it does itself.
        """
        lived = self._store.together(history(row.complaint))
        given = Given(self._policies)
        told = [counted(record) for record in lived if record.position <= position]
        return clocks_of(story_of(told, given), given)


def _staff(records: Sequence[Recorded]) -> tuple[str, ...]:
    """Whom the complaint is about, of the colleagues."""
    named = [record.event.staff for record in records if isinstance(record.event, StaffNamed)]
    return named[-1] if named else ()


def _is_of_money(row: Delivery) -> bool:
    return row.kind in money.KINDS


def _is_call(row: Delivery, records: Sequence[Recorded]) -> bool:
    """Whether a note calls a colleague: what they answer must not leave as the desk's letter."""
    return row.stream == complaint_stream(row.complaint) and isinstance(
        records[row.act - 1].event, NoteAdded
    )


def _held(act: Recorded) -> Recorded | None:
    return act if is_held(act.event) else None
