"""Where does a message lie until somebody knows what it is?

It is stored whole before whoever brought it is told so, once for the same bytes. It lies in the
vault under a key of its own; on a case it is sealed anew under the complainant's key, and its own
key goes. Forgetting a person deletes the keys of what waits from their address too.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg import errors as pg

from recovery.database import Database
from recovery.errors import NotFound
from recovery.events import PaperRef
from recovery.maillist import COLUMNS, ON_CASE, Channel, Cut, Mail, MailList, Outcome, State, mails
from recovery.vault import LARGE, Vault

LEASE = timedelta(minutes=2)
"""That whoever took a message up has to settle it; with each attempt longer."""
ATTEMPTS = 8
"""After so many a message waits for a person, whatever is the matter with it."""
_STORE = """
with fresh as (
 insert into desk.mail (mail, paper, channel, size, received_at, state, retry_at)
 values (%s, %s, %s, %s, %s, 'new', %s) on conflict do nothing returning mail
), key as (
 insert into desk.vault_keys (owner, wrapped) select %s, %b from fresh
), paper as (
 insert into desk.papers (paper, owner, sealed)
 select paper, owner, sealed from (values (%s, %s, %b::bytea)) a (paper, owner, sealed), fresh
 where sealed is not null
)
select mail from fresh
"""
"""Whole or not at all, in one statement: whoever brings mail waits for one answer. A large one
follows in pieces, before that answer."""
_SETTLE = """
update desk.mail m set state = a.state, outcome = a.outcome, reference = a.reference,
 reason = a.reason, by = a.by, sender = coalesce(nullif(a.sender, ''), m.sender),
 twin = coalesce(nullif(a.twin, ''), m.twin), about = coalesce(nullif(a.about, ''), m.about),
 cut = a.cut, settled_at = %s, paper = coalesce(nullif(a.paper, ''), m.paper)
from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
 %s::text[], %s::text[], %s::text[], %s::text[])
 as a (mail, state, outcome, reference, reason, by, sender, twin, about, cut, paper)
where m.mail = a.mail and m.state in ('new', 'waiting')
"""


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What the mail server was told, as far as it is known."""

    sender: str | None = None
    recipients: tuple[str, ...] = ()


class Content(msgspec.Struct, frozen=True):
    """A message itself."""

    brought: Brought
    raw: bytes


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message."""

    outcome: Outcome
    reference: str = ""
    reason: str = ""
    state: State = "done"
    by: str = "system:mail"
    sender: str = ""
    twin: str = ""
    about: str = ""
    cut: Cut = ""


class SettledAlready(Exception):
    """Somebody else was quicker with this message; nothing was done."""


class Copied(Exception):
    """A copy of the message that came another way has become something; nothing was done."""


class Mailbox(MailList):
    """The table `desk.mail`; contents are papers."""

    def __init__(self, database: Database, vault: Vault, *, key: bytes) -> None:
        super().__init__(database)
        self._vault = vault
        self._key = key

    # ------------------------------------------------------------ storing

    def store(
        self, raw: bytes, *, brought: Brought, channel: Channel, at: datetime
    ) -> tuple[str, bool]:
        """The message's id, and whether it is new here; it is safe when this returns."""
        mail = self.digest(raw)
        key, sealed_key = self._vault.new_key(_owner(mail))
        paper = self._vault.seal(key, _owner(mail), pack(Content(brought, raw)))
        large = len(paper.sealed) > LARGE
        with self._database.connection() as conn, conn.transaction() if large else nullcontext():
            fresh = conn.execute(
                _STORE,
                (
                    mail, paper.ref.paper, channel, len(raw), at, at, sealed_key.owner,
                    sealed_key.wrapped, paper.ref.paper, paper.owner,
                    None if large else paper.sealed,
                ),
                prepare=True,
            ).fetchone()  # fmt: skip
            if fresh and large:
                self._vault.put(conn, [paper])
        return mail, fresh is not None

    def digest(self, content: bytes) -> str:
        """The same for the same bytes; without the key it confirms no guess at them."""
        return hmac.digest(self._key, hashlib.sha256(content).digest(), hashlib.sha256).hex()

    def read_up_to(self, place: str, validity: int) -> int:
        """The last message fetched from another server's mailbox, if it still counts as it did."""
        with self._database.connection() as conn:
            row = conn.execute(
                "select uid from desk.mailboxes where mailbox = %s and validity = %s",
                (place, validity),
            ).fetchone()
        return int(row[0]) if row else 0

    def remember(self, place: str, validity: int, uid: int) -> None:
        """That messages up to this one are stored."""
        with self._database.connection() as conn:
            conn.execute(
                "insert into desk.mailboxes (mailbox, validity, uid) values (%s, %s, %s)"
                " on conflict (mailbox) do update set validity = excluded.validity,"
                " uid = excluded.uid",
                (place, validity, uid),
            )

    # ------------------------------------------------------------ taking up

    def take(self, *, now: datetime, limit: int = 20) -> list[Mail]:
        """Messages to be understood now, oldest first; they are the caller's for a lease's time."""
        with self._database.connection() as conn:
            found = mails(
                conn,
                "update desk.mail set attempts = attempts + 1,"  # noqa: S608
                " retry_at = %s::timestamptz + %s * (1 << least(attempts, 8))"
                " where mail in (select mail from desk.mail where state = 'new'"
                "  and retry_at <= %s order by retry_at, mail limit %s for update skip locked)"
                f" returning {COLUMNS}",
                (now, LEASE, now, limit),
            )
        return sorted(found, key=lambda mail: (mail.received_at, mail.mail))

    def take_up(self, mail: str, *, now: datetime) -> Mail | None:
        """This message, if it is to be understood and nobody is at it."""
        with self._database.connection() as conn:
            found = mails(
                conn,
                "update desk.mail set attempts = attempts + 1, retry_at = %s"  # noqa: S608
                f" where mail = %s and state = 'new' and retry_at <= %s returning {COLUMNS}",
                (now + LEASE, mail, now),
            )
        return found[0] if found else None

    def content(self, mail: Mail) -> Content:
        """The message; raises NotFound when it was forgotten, VaultError when it was altered."""
        with self._database.connection() as conn:
            found = self._vault.open_many(conn, [mail.paper])
        if mail.paper not in found:
            raise NotFound("This message was forgotten.")
        return _unpacked(found[mail.paper])

    def contents(self, taken: Sequence[Mail]) -> dict[str, Content]:
        """By the message's id; without those that cannot be read."""
        with self._database.connection() as conn:
            found, _ = self._vault.open_readable(conn, [mail.paper for mail in taken])
        return {m.mail: _unpacked(found[m.paper]) for m in taken if m.paper in found}

    # ------------------------------------------------------------ settling

    def settle(
        self, conn: psycopg.Connection[Any],
        done: Sequence[tuple[Mail, Settled, PaperRef | None]], *, at: datetime,
    ) -> None:  # fmt: skip
        """Write down what became of each, within the caller's transaction.

        The paper is its content under the key of whoever it belongs to now; the one it had goes.
        Raises SettledAlready and Copied.
        """
        columns = zip(*(_row(*each) for each in done), strict=True)
        try:
            changed = conn.execute(_SETTLE, (at, *map(list, columns)), prepare=True).rowcount
        except pg.UniqueViolation:
            raise Copied from None
        if changed != len(done):
            raise SettledAlready
        moved = [_owner(mail.mail) for mail, _, paper in done if paper]
        if moved:
            self._vault.forget_all(conn, moved)

    def put(self, mail: Mail, settled: Settled, *, at: datetime) -> None:
        """Likewise, where nothing else has to be recorded. Raises SettledAlready."""
        with self._database.connection() as conn, conn.transaction():
            self.settle(conn, [(mail, settled, None)], at=at)

    def decided(
        self, conn: psycopg.Connection[Any], filed: Sequence[str], reference: str, *, by: str,
        at: datetime,
    ) -> None:  # fmt: skip
        """Somebody decided on mail of third parties that is on its complaint; it waits no more."""
        conn.execute(
            "update desk.mail set state = 'done', reason = '', by = %s, settled_at = %s"
            " where reference = %s and outcome = 'third_party' and state = 'waiting'"
            " and left(mail, 32) = any(%s)",
            (by, at, reference, [each.partition(":")[2] for each in filed]),
        )

    def failed(self, mail: Mail, reason: str, *, at: datetime) -> None:
        """It could not be settled: it is tried again later, and in the end waits for a person."""
        with self._database.connection() as conn:
            conn.execute(
                "update desk.mail set reason = %s, state = case when attempts >= %s then 'waiting'"
                " else 'new' end, outcome = case when attempts >= %s then 'held' else '' end"
                " where mail = %s and state = 'new'",
                (reason, ATTEMPTS, ATTEMPTS, mail.mail),
            )

    def retry(self, mail: Mail, *, at: datetime) -> None:
        """Understand it anew; raises SettledAlready."""
        with self._database.connection() as conn:
            changed = conn.execute(
                "update desk.mail set state = 'new', attempts = 0, retry_at = %s, outcome = ''"
                " where mail = %s and state in ('new', 'waiting') and outcome <> all(%s)",
                (at, mail.mail, list(ON_CASE)),
            )
            if not changed.rowcount:
                raise SettledAlready


def forget_mail(conn: psycopg.Connection[Any], sender: str) -> None:
    """Delete the keys and contents of what came from somebody's address and is on no case."""
    theirs = "select 'mail-' || mail from desk.mail where sender = %s"
    conn.execute(f"delete from desk.vault_keys where owner in ({theirs})", (sender,))  # noqa: S608
    conn.execute(f"delete from desk.papers where owner in ({theirs})", (sender,))  # noqa: S608
    conn.execute(
        "update desk.mail set state = 'discarded', reason = 'forgotten'"
        " where sender = %s and state in ('new', 'waiting')",
        (sender,),
    )


def _row(mail: Mail, settled: Settled, paper: PaperRef | None) -> tuple[str, ...]:
    """As the statement that settles has its columns."""
    return (
        mail.mail, settled.state, settled.outcome, settled.reference, settled.reason, settled.by,
        settled.sender, settled.twin, settled.about, settled.cut, paper.paper if paper else "",
    )  # fmt: skip


def _owner(mail: str) -> str:
    return f"mail-{mail}"


def pack(content: Content) -> bytes:
    """The envelope on a line of its own, then the bytes as they came."""
    return msgspec.json.encode(content.brought) + b"\n" + content.raw


def _unpacked(packed: bytes) -> Content:
    envelope, _, raw = packed.partition(b"\n")
    return Content(msgspec.json.decode(envelope, type=Brought), raw)
