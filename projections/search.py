"""Which complaint was that?

The only projection that holds personal words outside the vault; it is scrubbed when a person is
forgotten, and a rebuild cannot bring back what has lost its key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import TSVECTOR

from projections.table import Given, Projection, metadata
from recovery.events import Forgotten, Received, Recorded, subject
from recovery.vault import Contact, Words, read

_CJK = re.compile(r"[㐀-䶿一-鿿豈-﫿぀-ヿ가-힯]+")
_WORD = re.compile(r"\w+")
LONGEST = 20_000
"""Characters of a description that are searchable."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a complaint can be found by."""

    reference: str
    complainant: str
    title: str = ""
    """Subject and name, lower case: forgives typing errors (trigrams)."""
    words: str = ""
    """Everything else, segmented: whole words, and pairs of Chinese characters."""


table = sa.Table(
    "search",
    metadata,
    sa.Column("reference", sa.Text(collation="C"), primary_key=True),
    sa.Column("complainant", sa.Text(collation="C"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column(
        "vector", TSVECTOR, sa.Computed("to_tsvector('simple'::regconfig, words)", persisted=True)
    ),
)
sa.Index("search_vector", table.c.vector, postgresql_using="gin")
sa.Index(
    "search_title", table.c.title, postgresql_using="gin",
    postgresql_ops={"title": "public.gin_trgm_ops"},
)  # fmt: skip


def groups(record: Recorded) -> Sequence[str]:
    match record.event:
        case Received():
            return (subject(record.stream),)
        case Forgotten():
            return record.event.complaints
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
            person = f"{contact.name} {contact.email} {contact.phone}"
            return (
                Found(
                    reference=subject(record.stream), complainant=event.complainant,
                    title=f"{words.subject} {contact.name}".strip().casefold()[:500],
                    words=segment(f"{words.subject} {person} {words.text[:LONGEST]}"),
                ),
            )  # fmt: skip
        case Forgotten():
            return tuple(replace(row, title="", words="") for row in rows)
        case _:
            return rows


PROJECTION: Projection[Found] = Projection(
    name="search",
    version=1,
    table=table,
    row=Found,
    group="reference",
    groups=groups,
    fold=fold,
    papers=papers,
    starts=lambda record: isinstance(record.event, Received),
)


def segment(text: str) -> str:
    """Words for PostgreSQL's text search, which does not cut Chinese: overlapping pairs do."""

    def pairs(match: re.Match[str]) -> str:
        run = match.group()
        return " " + (" ".join(map("".join, pairwise(run))) or run) + " "

    return " ".join(_CJK.sub(pairs, text.casefold()).split())


def matches(text: str) -> sa.ColumnElement[bool]:
    """The condition that a row of `search` fits what a person typed.

    All words must begin a word of the complaint; or the subject and name must be like the text.
    """
    terms = _WORD.findall(segment(text))[:20]
    query = " & ".join(f"'{term}':*" for term in terms)
    by_words = table.c.vector.op("@@")(sa.func.to_tsquery("simple", query))
    alike = sa.literal(text.strip().casefold()[:100]).op("<%")(table.c.title)
    return sa.or_(by_words, alike) if terms else alike
