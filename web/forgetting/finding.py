"""Whom does somebody mean, who typed a name, an address, a number or a reference?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from projections import concerned, views
from projections.lines import Line
from projections.queue import table
from projections.search import tokens
from recovery import reference as references
from recovery.complainant import DIGITS, phone_digits, recognise
from recovery.errors import Invalid
from recovery.events import complaint_stream
from recovery.forgetting import look
from recovery.vault import Contact, Words
from web.pages.reading import opened, papers, raw, reader
from web.pages.viewer import Viewer
from web.runtime import Runtime

MOST = 100
"""Complaints that are looked at for one question."""
_c = table.c


class Case(msgspec.Struct, frozen=True):
    """A complaint of theirs; its fields are columns of the queue."""

    reference: str
    complainant: str
    contact: str | None
    words: str | None
    stage: str
    open: bool
    received_at: datetime | None
    closed_at: datetime | None


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be meant."""

    complainant: str
    contact: Contact | None
    """None where we have none: they only wrote to us."""
    complaints: tuple[str, ...] = ()


def find(
    desk: Runtime, text: str, viewer: Viewer, *, hidden: Collection[str] = ()
) -> list[Candidate]:  # fmt: skip
    """Everybody who may be meant: first whoever has this very address, number or complaint.

    Of an address that is not whole, everybody in whose address it stands. Without whoever brought
    a complaint that is `hidden` from who asks.
    """
    text = text.strip()
    if not text:
        return []
    typed = _typed(desk, text)
    with reader(desk) as conn:
        named = views.page(conn, "all", now=viewer.now, text=text, limit=MOST).lines
        unnamed = concerned.unnamed(raw(conn), hidden)
        ids = [
            each for each in dict.fromkeys((*typed, *(line.complainant for line in named)))
            if each not in unnamed
        ]  # fmt: skip
        all_theirs = cases(conn, ids)
        found = papers(conn, desk, (case.contact for case in all_theirs), viewer)
    by_person: dict[str, list[Case]] = {each: [] for each in ids}
    for case in all_theirs:
        by_person[case.complainant].append(case)
    candidates = [
        Candidate(
            complainant=each, contact=first(opened(found, c.contact, Contact) for c in theirs),
            complaints=tuple(c.reference for c in theirs),
        )
        for each, theirs in by_person.items()
    ]  # fmt: skip
    if "@" in text:  # or each word that it is made of would do, anywhere in a complaint
        part = text.casefold()
        candidates = [
            each for each in candidates
            if each.complainant in typed or (each.contact and part in each.contact.email.casefold())
        ]  # fmt: skip
    return [each for each in candidates if each.contact or not _is_nobody(desk, each.complainant)]


def exactly(desk: Runtime, text: str, viewer: Viewer) -> set[str]:
    """Whose reference, address or number this is: nobody whose words or name are only like it."""
    text = text.strip()
    typed = _typed(desk, text)
    return {
        each.complainant for each in find(desk, text, viewer)
        if each.complainant in typed or (each.contact and _reaches(text, each.contact))
    }  # fmt: skip


def _reaches(text: str, contact: Contact) -> bool:
    digits = phone_digits(text)
    return text.casefold() == contact.email.casefold() != "" or (
        len(digits) >= DIGITS and "@" not in text and digits == phone_digits(contact.phone)
    )


def mentions(desk: Runtime, contact: Contact | None, complainant: str, viewer: Viewer) -> list[str]:
    """Complaints of others in whose words their name or address stands, as far as we can tell."""
    asked = [word for word in (contact.name, contact.email) if len(word) > 2] if contact else []
    found: dict[str, Line] = {}
    with reader(desk) as conn:
        for words in asked:
            page = views.page(
                conn, "all", now=viewer.now, text=words, limit=MOST, hidden=viewer.hidden
            )
            found |= {e.reference: e for e in page.lines if e.complainant != complainant}
        read = papers(conn, desk, (line.words for line in found.values()), viewer)
    return [
        reference for reference, line in found.items()
        if (said := opened(read, line.words, Words)) and any(_stands(each, said) for each in asked)
    ]  # fmt: skip


def _stands(asked: str, said: Words) -> bool:
    """Whether each word stands there; the search forgives too much, and asks for names as well."""
    return {*tokens(asked)} <= {*tokens(said.subject), *tokens(said.text)}


def _typed(desk: Runtime, text: str) -> list[str]:
    """Who has this reference, address or number, whether they ever complained or not."""
    try:
        records = desk.store.records(complaint_stream(references.parse(text)))
    except Invalid:
        records = []
    if owner := getattr(records[0].event, "complainant", "") if records else "":
        return [owner]
    ways = [Contact(email=text)] if "@" in text else []
    if len(phone_digits(text)) >= DIGITS:
        ways.append(Contact(phone=text))
    return [recognise(desk.store, way, salt=desk.complainant_key)[0] for way in ways]


def _is_nobody(desk: Runtime, complainant: str) -> bool:
    """Whether there is nothing of whoever would have this address, or had it."""
    return look(desk.store, desk.vault, complainant).is_empty


def cases(conn: sa.Connection, complainants: Sequence[str]) -> list[Case]:
    """The complaints of these people, latest first."""
    columns = [_c[name] for name in Case.__struct_fields__]
    query = sa.select(*columns).where(_c.complainant.in_(complainants))
    rows = conn.execute(query.order_by(_c.recorded_at.desc(), _c.reference).limit(10 * MOST))
    return [Case(*row) for row in rows]


def first(contacts: Iterable[Contact | None]) -> Contact | None:
    return next((contact for contact in contacts if contact), None)
