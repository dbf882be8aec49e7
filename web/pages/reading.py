"""How does a page read the tables and open papers, in as few statements as there are questions?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import msgspec
import psycopg
import sqlalchemy as sa

from recovery.vault import Ciphers, Row, Vault, Words
from web.i18n import mark
from web.pages.viewer import Viewer
from web.runtime import Runtime

T = TypeVar("T")
ALTERED = mark("This cannot be read: it was altered in the database.")


class StandIn(msgspec.Struct, frozen=True):
    """What is shown in place of an altered paper: reads as Words and as a Contact."""

    text: str
    name: str


@contextmanager
def reader(desk: Runtime) -> Iterator[sa.Connection]:
    """A connection for everything that one page reads.

    Without a transaction around it: a rollback at the end would cost two round trips, and the
    plans of every prepared statement.
    """
    with desk.database.engine.connect() as conn:
        yield conn


def raw(conn: sa.Connection) -> psycopg.Connection[Any]:
    """The driver's connection underneath."""
    return cast("psycopg.Connection[Any]", conn.connection.driver_connection)


class Papers(Mapping[str, bytes]):
    """Papers that can still be opened, by id: each is opened when it is read, and only then."""

    def __init__(self, vault: Vault, rows: Iterable[Row], altered: bytes) -> None:
        """`altered` is read in place of a paper that was altered in the database."""
        self._vault = vault
        self._altered = altered
        self._sealed = {row[0]: row for row in rows}
        self._opened: dict[str, bytes] = {}
        self._ciphers: Ciphers = {}

    def sealed(self, paper: str | None) -> Row | None:
        """How it lies in the vault: the same only where it says the same to everybody."""
        return self._sealed.get(paper or "")

    def __getitem__(self, paper: str) -> bytes:
        found = self._opened.get(paper)
        if found is None:
            found = self._vault.opened(self._sealed[paper], self._ciphers)
            found = self._opened[paper] = self._altered if found is None else found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._sealed)

    def __len__(self) -> int:
        return len(self._sealed)

    def __contains__(self, paper: object) -> bool:
        return paper in self._sealed


def papers(conn: sa.Connection, desk: Runtime, ids: Iterable[str | None], viewer: Viewer) -> Papers:
    """The papers that can still be opened, all in one statement; an altered one says so."""
    rows = desk.vault.sealed(raw(conn), [paper for paper in ids if paper])
    sentence = viewer.say(ALTERED)
    return Papers(desk.vault, rows, msgspec.json.encode(StandIn(text=sentence, name=sentence)))


def opened(found: Mapping[str, bytes], paper: str | None, kind: type[T]) -> T | None:
    """The record on a paper; None when there is none or it was forgotten."""
    plain = found.get(paper) if paper else None
    return msgspec.json.decode(plain, type=kind) if plain is not None else None


def title(words: Words | None) -> str:
    """The subject, or how the words begin."""
    if words is None:
        return ""
    return words.subject or " ".join(words.text[:140].split())


def names(desk: Runtime) -> dict[str, str]:
    """Who is who: "user:ana" to the person's name."""
    return desk.accounts.names()
