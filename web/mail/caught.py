"""Which letters were caught, and what do they say?

Where no mail server is set, letters wait here for anybody who may see them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy as sa

from projections.deliveries import table
from recovery.errors import Invalid, NotFound
from recovery.reference import show
from recovery.vault import Vault, WrittenLetter

_COLUMNS = (
    table.c.delivery, table.c.complaint, table.c.act, table.c.kind, table.c.language,
    table.c.sent_at, table.c.letter,
)  # fmt: skip
_CAUGHT = (table.c.sent_at.is_not(None)) & (table.c.transport == "caught")


class CaughtLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it would have been sent."""

    delivery: str
    complaint: str
    act: int
    kind: str
    language: str
    sent_at: datetime
    letter: WrittenLetter | None
    """None: its complainant was forgotten, or it was altered in the database."""
    altered: bool = False

    @property
    def reference(self) -> str:
        return show(self.complaint)


class Page(msgspec.Struct, frozen=True):
    """Some letters, and the cursor of the next page if there is one."""

    letters: list[CaughtLetter]
    cursor: str | None


def page(
    conn: sa.Connection, vault: Vault, *, complaint: str = "", cursor: str = "", limit: int = 50,
    hidden: Collection[str] = (),
) -> Page:  # fmt: skip
    """Letters, newest first, of one complaint if given; raises Invalid for an unknown cursor."""
    query = sa.select(*_COLUMNS).where(_CAUGHT)
    if complaint:
        query = query.where(table.c.complaint == complaint)
    if hidden:
        query = query.where(table.c.complaint.not_in(hidden))
    if cursor:
        query = query.where(sa.tuple_(table.c.sent_at, table.c.delivery) < _place(cursor))
    rows = conn.execute(
        query.order_by(table.c.sent_at.desc(), table.c.delivery.desc()).limit(limit + 1)
    ).all()
    letters = _opened(conn, vault, rows[:limit])
    more = len(rows) > limit
    return Page(
        letters, f"{letters[-1].sent_at.isoformat()}/{letters[-1].delivery}" if more else None
    )


def read(conn: sa.Connection, vault: Vault, delivery: str) -> CaughtLetter:
    """One letter; raises NotFound."""
    rows = conn.execute(sa.select(*_COLUMNS).where(_CAUGHT, table.c.delivery == _id(delivery)))
    found = rows.all()
    if not found:
        raise NotFound("There is no such caught letter.")
    return _opened(conn, vault, found)[0]


def _id(text: str) -> str:
    """An id in the form the table has; raises NotFound for what cannot be one."""
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound("There is no such caught letter.") from None


def _opened(conn: sa.Connection, vault: Vault, rows: Any) -> list[CaughtLetter]:
    driver = cast("psycopg.Connection[Any]", conn.connection.driver_connection)
    papers, altered = vault.open_readable(driver, [row.letter for row in rows])
    return [
        CaughtLetter(
            delivery=row.delivery, complaint=row.complaint, act=row.act, kind=row.kind,
            language=row.language, sent_at=row.sent_at,
            letter=msgspec.json.decode(papers[row.letter], type=WrittenLetter)
            if row.letter in papers else None,
            altered=row.letter in altered,
        )
        for row in rows
    ]  # fmt: skip


def _place(cursor: str) -> sa.Tuple:
    at, _, delivery = cursor.partition("/")
    try:
        instant, known = datetime.fromisoformat(at), str(UUID(delivery))
        return sa.tuple_(sa.literal(instant), sa.literal(known))
    except ValueError:
        raise Invalid("This page of letters does not exist.", field="cursor") from None
