"""Which complaint was that?

The only projection that holds personal words outside the vault; it is scrubbed when a person is
forgotten, and a rebuild cannot bring back what has lost its key.

PostgreSQL's own text search does not cut Chinese, and its trigram extension is not everywhere. So
the lexemes are made here: whole words, overlapping pairs of Chinese characters, and, for subject
and name, every word with one letter left out. A mistyped word shares one of those with the right
word, so typing errors are found through the same index (`docs/decisions/0004-search.md`).

Every lexeme begins with the portion of the log in which the complaint was received. So the index
can be asked for one portion, and the latest of a common word found without all the others
(`docs/decisions/0031-words-by-portion.md`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from projections.table import Given, Projection, metadata
from recovery.events import Forgotten, Received, Recorded, subject
from recovery.vault import Contact, Words, read

_HAN = "㐀-䶿一-鿿豈-﫿぀-ヿ가-힯"
_CHINESE = re.compile(f"[{_HAN}]")
_PAIR = re.compile(f"(?=([{_HAN}]{{2}}))")
_ALONE = re.compile(f"(?<![{_HAN}])[{_HAN}](?![{_HAN}])")
LONGEST = 10_000
"""Characters of a description that are searchable."""
LONGEST_WORD = 100
PORTION = 16
"""Bits: so many positions of the log, about ten thousand complaints, are one portion."""
HERE = "#"
"""Stands in what was asked for the portion that is asked."""
PENDING = 64
"""Kilobytes that wait to be indexed, which every look into the index reads."""
_LETTER = re.compile(f"[\\w{_HAN}]")
_WORD = re.compile(f"[^\\W{_HAN}]{{1,{LONGEST_WORD}}}")
MISTYPED = range(5, 25)
"""Lengths of words in which a typing error is forgiven."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a complaint can be found by."""

    reference: str
    complainant: str
    position: int
    """Where in the log it was received: what was found comes latest first."""
    vector: str
    """Lexemes, each after its portion, in PostgreSQL's notation."""


table = sa.Table(
    "search",
    metadata,
    sa.Column("reference", sa.Text(collation="C"), primary_key=True),
    sa.Column("complainant", sa.Text(collation="C"), nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("vector", TSVECTOR, nullable=False),
)
sa.Index("search_position", table.c.position)
sa.Index(
    "search_vector", table.c.vector, postgresql_using="gin",
    postgresql_with={"gin_pending_list_limit": PENDING},
)  # fmt: skip


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
                    position=record.position, vector=_vector(words, contact, record.position),
                ),
            )  # fmt: skip
        case Forgotten():
            return tuple(replace(row, vector="") for row in rows)
        case _:
            return rows


PROJECTION: Projection[Found] = Projection(
    name="search",
    version=3,
    table=table,
    row=Found,
    group="reference",
    events=frozenset({Received, Forgotten}),
    groups=groups,
    fold=fold,
    papers=papers,
    starts=lambda record: isinstance(record.event, Received),
)


def _vector(words: Words, contact: Contact, position: int) -> str:
    title = tokens(f"{words.subject} {contact.name}")
    phone = "".join(filter(str.isdigit, contact.phone))
    text = f"{contact.email} {contact.phone} {phone} {words.text[:LONGEST]}"
    lexemes = {*title, *tokens(text)}
    for token in title:
        lexemes.update(_forgiven(token))
    here = f"{position >> PORTION}:"
    # PostgreSQL sorts them.
    return f"'{here}" + f"' '{here}".join(lexemes) + "'" if lexemes else ""


def tokens(text: str) -> list[str]:
    """Lower-case words, and overlapping pairs of Chinese characters; at most 100 letters each."""
    lower = text.translate(_folded)
    if lower.isascii() or not _CHINESE.search(lower):
        words = lower.split()
        if max(map(len, words), default=0) <= LONGEST_WORD:
            return words
    return _WORD.findall(lower) + _PAIR.findall(lower) + _ALONE.findall(lower)


class _Folded(dict[int, str]):
    """By character: how it stands in a lexeme, or a space for what does not stand in words."""

    def __missing__(self, code: int) -> str:
        folded = chr(code).casefold()
        self[code] = "".join(c if _LETTER.match(c) else " " for c in folded)
        return self[code]


_folded = _Folded()


@lru_cache(maxsize=50_000)
def _forgiven(token: str) -> tuple[str, ...]:
    """The lexemes by which a word of a subject or name is found in spite of a typing error."""
    if len(token) not in MISTYPED or _CHINESE.match(token):
        return ()
    return tuple(f"~{form}" for form in _mistyped(token))


def _mistyped(token: str) -> set[str]:
    """The word, and the word with any one letter left out."""
    return {token, *(token[:n] + token[n + 1 :] for n in range(len(token)))}


def portion_of(position: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """In which portion of the log a position lies."""
    return position.op(">>", return_type=sa.BigInteger())(sa.literal_column(str(PORTION)))


def first_of(portion: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Where in the log a portion begins."""
    return portion.op("<<", return_type=sa.BigInteger())(sa.literal_column(str(PORTION)))


def wanted(portion: sa.ColumnElement[int]) -> sa.ColumnElement[Any]:
    """What is asked of a portion; `asked` gives the value for the gap."""
    here = sa.func.concat(portion, sa.literal_column("':'"))
    text = sa.bindparam("wanted", type_=sa.Text)
    return sa.cast(sa.func.replace(text, sa.literal_column(f"'{HERE}'"), here), TSQUERY)


def fits(
    query: sa.ColumnElement[Any], vector: sa.ColumnElement[str] = table.c.vector
) -> sa.ColumnElement[bool]:
    """The condition that a row of `search` is what a query wants."""
    return vector.op("@@", is_comparison=True)(query)


def everywhere() -> sa.CTE:
    """The references of all that is found, before anything else is looked at.

    Left to itself the planner walks the whole queue in its order and asks of each row whether it
    fits, which takes a second where little does. Of an array it expects little.
    """
    latest = sa.select(portion_of(sa.func.max(table.c.position))).scalar_subquery()
    every = sa.func.generate_series(sa.literal_column("0"), latest)
    each = every.table_valued("portion").render_derived("each")
    found = sa.select(sa.func.array_agg(table.c.reference)).join_from(
        each, table, fits(wanted(each.c.portion))
    )
    hits = sa.select(sa.func.unnest(found.scalar_subquery()).label("reference"))
    return hits.cte("hits").prefix_with("MATERIALIZED")


def asked(text: str) -> dict[str, str]:
    """What a person typed, as `wanted` takes it; what has no words finds nothing.

    Each word must be a word of the complaint, or a likely misspelling of one in its subject or
    name; the last may be the beginning of one, because it may still be being typed.
    """
    terms = list(dict.fromkeys(tokens(text[:500])))[:20]
    return {"wanted": " & ".join(_either(term, begun=term == terms[-1]) for term in terms)}


def _either(term: str, *, begun: bool) -> str:
    word = f"'{HERE}{term}':*" if begun else f"'{HERE}{term}'"
    forms = sorted(form for form in _mistyped(term) if len(form) >= MISTYPED.start - 1)
    return "(" + " | ".join([word, *(f"'{HERE}~{form}'" for form in forms)]) + ")"
