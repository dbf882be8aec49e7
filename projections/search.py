"""Which complaint was that?

The only projection that holds personal words outside the vault; it is scrubbed when a person is
forgotten, and a rebuild cannot bring back what has lost its key.

PostgreSQL's own text search does not cut Chinese, and its trigram extension is not everywhere. So
the lexemes are made here: whole words, overlapping pairs of Chinese characters, and, for subject
and name, every word with one letter left out. A mistyped word shares one of those with the right
word, so typing errors are found through the same index (`docs/decisions/0004-search.md`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from projections.table import Given, Projection, metadata
from recovery.events import Forgotten, Received, Recorded, subject
from recovery.vault import Contact, Words, read

_CHINESE = re.compile(r"[㐀-䶿一-鿿豈-﫿぀-ヿ가-힯]+")
_WORD = re.compile(r"\w{1,100}")
_TOKEN = re.compile(r"[㐀-䶿一-鿿豈-﫿぀-ヿ가-힯]+|[^\W㐀-䶿一-鿿豈-﫿぀-ヿ가-힯]+")
LONGEST = 10_000
"""Characters of a description that are searchable."""
MISTYPED = range(5, 25)
"""Lengths of words in which a typing error is forgiven."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a complaint can be found by."""

    reference: str
    complainant: str
    vector: str
    """Lexemes, in PostgreSQL's notation."""


table = sa.Table(
    "search",
    metadata,
    sa.Column("reference", sa.Text(collation="C"), primary_key=True),
    sa.Column("complainant", sa.Text(collation="C"), nullable=False),
    sa.Column("vector", TSVECTOR, nullable=False),
)
sa.Index("search_vector", table.c.vector, postgresql_using="gin")


def groups(record: Recorded) -> Sequence[str]:
    match record.event:
        case Received():
            return (subject(record.stream),)
        case Forgotten() as event:
            return event.complaints
        case _:
            return ()


def papers(record: Recorded) -> Sequence[str]:
    event = record.event
    if not isinstance(event, Received):
        return ()
    return [ref.paper for ref in (event.words, event.contact) if ref]


def fold(rows: tuple[Found, ...], record: Recorded, given: Given) -> tuple[Found, ...]:
    match record.event:
        case Received() as event:
            words = read(given.papers, event.words, Words) or Words("")
            contact = read(given.papers, event.contact, Contact) or Contact()
            return (
                Found(
                    reference=subject(record.stream), complainant=event.complainant,
                    vector=_vector(words, contact),
                ),
            )  # fmt: skip
        case Forgotten():
            return tuple(replace(row, vector="") for row in rows)
        case _:
            return rows


PROJECTION: Projection[Found] = Projection(
    name="search",
    version=1,
    table=table,
    row=Found,
    group="reference",
    events=frozenset({Received, Forgotten}),
    groups=groups,
    fold=fold,
    papers=papers,
    starts=lambda record: isinstance(record.event, Received),
)


def _vector(words: Words, contact: Contact) -> str:
    title = f"{words.subject} {contact.name}"
    phone = "".join(c for c in contact.phone if c.isdigit())
    text = f"{title} {contact.email} {contact.phone} {phone} {words.text[:LONGEST]}"
    lexemes = set(tokens(text))
    for token in set(tokens(title)):
        if len(token) in MISTYPED and not _CHINESE.match(token):
            lexemes.update([f"~{form}" for form in _mistyped(token)])
    return "'" + "' '".join(lexemes) + "'" if lexemes else ""  # PostgreSQL sorts them


def tokens(text: str) -> list[str]:
    """Lower-case words, and overlapping pairs of Chinese characters; at most 100 letters each."""
    lower = text.casefold()
    if not _CHINESE.search(lower):
        return _WORD.findall(lower)
    found: list[str] = []
    for token in _TOKEN.findall(lower):
        if len(token) > 1 and _CHINESE.match(token):
            found += map("".join, pairwise(token))
        else:
            found.append(token[:100])
    return found


def _mistyped(token: str) -> set[str]:
    """The word, and the word with any one letter left out."""
    return {token, *(token[:n] + token[n + 1 :] for n in range(len(token)))}


def matches(text: str) -> sa.ColumnElement[bool]:
    """The condition that a row of `search` fits what a person typed.

    Each word must begin a word of the complaint, or be a likely misspelling of one in its subject
    or name.
    """
    terms = list(dict.fromkeys(tokens(text[:500])))[:20]
    if not terms:
        return sa.false()
    either = [
        " | ".join([f"'{term}':*", *(f"'~{form}'" for form in sorted(_mistyped(term)))])
        for term in terms
    ]
    query = " & ".join(f"({alternatives})" for alternatives in either)
    return table.c.vector.op("@@")(sa.cast(query, TSQUERY))
