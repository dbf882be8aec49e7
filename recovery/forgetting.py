"""How is a complainant forgotten, so that nothing of them is left anywhere?

One transaction deletes their key and papers, what they said in complaints of others, what waits
from them, and what colleagues had begun to write to them; and records that it was done. What
PostgreSQL's files may hold after that is scrubbed by `projections.scrubbing`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import psycopg

from recovery.belongings import Belongings, belongings, proof, streams
from recovery.complainant import is_id
from recovery.errors import NotFound
from recovery.events import (
    Forgotten,
    Known,
    Received,
    Recorded,
    complainant_stream,
    complaint_stream,
)  # fmt: skip
from recovery.mailbox import forget_mail
from recovery.store import Command, Done, Store
from recovery.vault import Contact, Vault, read

FORGET_LOCK = 1592524806
"""Whoever forgets and whoever forbids it wait for each other."""
SHORTEST = 2
"""Letters of a name from which on it can be told from any other word."""
Guard = Callable[[psycopg.Connection[Any], Belongings], None]
"""Raises Refused where something must be kept."""


def look(store: Store, vault: Vault, complainant: str) -> Belongings:
    """What would be forgotten; nothing of what is nobody's id."""
    if not is_id(complainant):
        return Belongings(complainant=complainant)
    with store.database.connection() as conn:
        return belongings(conn, vault, complainant, store.complaints_of(conn, complainant))


def known(store: Store, vault: Vault, complainant: str) -> Belongings:
    """What would be forgotten; raises NotFound where there is nothing."""
    found = look(store, vault, complainant)
    if found.is_empty:
        raise NotFound("We know nobody by this id.")
    return found


def forget(
    store: Store, vault: Vault, complainant: str, *, by: str, at: datetime | None, reason: str,
    rule: str = "", guard: Guard = lambda conn, found: None, also: tuple[str, ...] = (),
    messages: tuple[str, ...] = (), last: Guard = lambda conn, found: None,
    command: Command | None = None,
) -> Done:  # fmt: skip
    """Delete what is theirs and record that it was done, as one transaction.

    The event names every complaint they stand in, for the projections to scrub. `also` and
    `messages` are papers elsewhere and mail that an earlier forgetting named. Somebody of whom
    nothing is left is not forgotten twice. `last` looks when nothing more can be recorded before
    this. Raises Conflict, and what the guards raise.
    """
    stream = complainant_stream(complainant)
    if command and (done := store.done(command)):
        return done
    with store.database.connection() as conn, conn.transaction():
        conn.execute("select pg_advisory_xact_lock(%s)", (FORGET_LOCK,))
        found = belongings(conn, vault, complainant, store.complaints_of(conn, complainant))
        records = streams(conn, [stream]).get(stream, [])
        if found.is_empty and not (also or messages) and (done := _was_done(records)):
            return done
        guard(conn, found)
        known_by = contacts(conn, vault, found)
        owners = [*found.owners, *(f"mail-{mail}" for mail in messages)]
        papers = tuple(dict.fromkeys((*found.papers_elsewhere, *also)))
        shown, _ = proof(conn, owners, papers)
        _delete(conn, vault, found, owners, papers)
        _drop_questions(conn, known_by)
        event = Forgotten(
            at=at, by=by, reason=reason, complaints=found.complaints,
            papers=papers, messages=tuple(dict.fromkeys((*found.messages, *messages))),
            counts=found.counts,
            proof=shown, rule=rule,
        )  # fmt: skip
        record = Recorded(stream, len(records) + 1, event)
        done = store.append([record], command=command, within=conn)
        last(conn, found)
    return done


def _was_done(records: Sequence[Recorded]) -> Done | None:
    """The latest forgetting of these records."""
    for record in reversed(records):
        if isinstance(record.event, Forgotten):
            return Done(record.stream, record.version, record.position, repeated=True)
    return None


def _delete(
    conn: psycopg.Connection[Any], vault: Vault, found: Belongings, owners: Sequence[str],
    papers: Sequence[str],
) -> None:  # fmt: skip
    """The keys first: that waits for whoever is sealing under them."""
    vault.forget_all(conn, owners)
    conn.execute("delete from desk.papers where paper = any(%s)", (list(papers),))
    conn.execute("delete from desk.drafts where complaint = any(%s)", (list(found.complaints),))
    forget_mail(conn, found.complainant)


def contacts(conn: psycopg.Connection[Any], vault: Vault, found: Belongings) -> list[Contact]:
    """Every way in which they said they can be reached, latest first."""
    theirs = complainant_stream(found.complainant)
    known = streams(conn, [theirs, *map(complaint_stream, found.complaints)])
    events = [record.event for record in known.pop(theirs, ())]
    events += [known[complaint_stream(each)][0].event for each in found.complaints]
    refs = [
        event.contact
        for event in events
        if isinstance(event, Known | Received) and event.contact is not None
    ]
    opened, _ = vault.open_readable(conn, [ref.paper for ref in refs])
    each = (read(opened, ref, Contact) for ref in reversed(refs))
    return list(dict.fromkeys(contact for contact in each if contact))


def _drop_questions(conn: psycopg.Connection[Any], contacts: list[Contact]) -> None:
    """Views that ask for them by name, and attempts to sign in with their address."""
    words = {w for c in contacts for w in (c.name, c.email, c.phone) if len(w) >= SHORTEST}
    views = conn.execute("select id, name, asked from desk.saved_views").fetchall() if words else []
    naming = [
        view
        for view, name, asked in views
        if any(_names(word, said) for said in (name, *_values(asked)) for word in words)
    ]
    conn.execute("delete from desk.saved_views where id = any(%s)", (naming,))
    conn.execute(
        "delete from desk.sign_in_failures where lower(email) = any(%s)",
        ([contact.email.casefold() for contact in contacts if contact.email],),
    )


def _values(asked: str) -> list[str]:
    return [value for _, value in parse_qsl(asked)]


def _names(word: str, said: str) -> bool:
    """Whether the words stand in what was said, as words of their own where they are Latin."""
    before = r"(?<!\w)" if word[0].isascii() else ""
    after = r"(?!\w)" if word[-1].isascii() else ""
    return re.search(before + re.escape(word) + after, said, re.IGNORECASE) is not None
