"""Which complaints did somebody mean, the latest first?

Common words fit many complaints, and an index of words cannot give the latest of them without all
the others. So the latest complaints are looked through first, which takes about a microsecond each;
only where too few of those fit is the index asked, and then what it finds is not much.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import sqlalchemy as sa

from projections import search
from projections.asking import Question
from projections.lines import COLUMNS, Line, Page
from projections.queue import table as queue
from recovery.errors import Invalid

LOOKED_THROUGH = 10_000
"""Complaints, before the index is asked."""
FIRST = 2**62
"""Beyond every position."""


def page(
    conn: sa.Connection, text: str, *, cursor: str = "", limit: int = 50,
    hidden: Collection[str] = (),
) -> Page:  # fmt: skip
    """What fits each of the words, or is likely misspelt; raises Invalid for a wrong cursor."""
    if cursor and not (cursor.isdecimal() and len(cursor) < 19):
        raise Invalid("This cursor is not one of ours.", field="cursor")
    asked = {**search.asked(text), "before": int(cursor) if cursor else FIRST}
    rows = _question(limit).rows(conn, asked)
    more = len(rows) > limit
    found = [Line.of(row[1:]) for row in rows[:limit] if row[1] not in hidden]
    return Page(found, str(rows[limit - 1][0]) if more else None)


@lru_cache(maxsize=16)
def _question(limit: int) -> Question:
    """Asks for one complaint more than the limit, to see whether there is a next page."""
    enough = sa.literal_column(str(limit + 1), sa.Integer)
    found = search.table.c
    before = found.position < sa.bindparam("before", type_=sa.BigInteger)
    latest = (
        sa.select(search.table).where(before).order_by(found.position.desc())
        .limit(sa.literal_column(str(LOOKED_THROUGH), sa.Integer)).subquery("latest")
    )  # fmt: skip
    near = (
        sa.select(latest.c.reference, latest.c.position)
        .where(search.matches(sa.bindparam("wanted"), latest.c.vector))
        .order_by(latest.c.position.desc()).limit(enough)
        .cte("near").prefix_with("MATERIALIZED")
    )  # fmt: skip
    number = sa.select(sa.func.count()).select_from(near).scalar_subquery()
    every = (
        sa.select(found.reference, found.position)
        .where(number < enough, before, search.found_by_index())
        .cte("every").prefix_with("MATERIALIZED")
    )  # fmt: skip
    first = sa.select(every).order_by(every.c.position.desc()).limit(enough).subquery()
    hits = sa.union_all(
        sa.select(near.c.reference, near.c.position).where(number >= enough), sa.select(first)
    ).subquery("hits")
    return Question(
        sa.select(hits.c.position, *COLUMNS)
        .join_from(hits, queue, queue.c.reference == hits.c.reference)
        .order_by(hits.c.position.desc())
    )
