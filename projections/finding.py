"""Which complaints did somebody mean, the latest first?

An index of words gives the latest of a common word only with all the others. So the very latest
complaints are looked through one by one; where too few of those fit, the log is walked back portion
by portion, each of which the index can be asked for alone, until a page is full.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from projections import search
from projections.asking import Question
from projections.lines import COLUMNS, Line, Page
from projections.queue import table as queue
from recovery.errors import Invalid

LOOKED_THROUGH = 2_000
"""Complaints, before the index is asked; a few microseconds each."""
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
    near = _near(enough)
    too_few = sa.select(sa.func.count()).select_from(near).scalar_subquery() < enough
    walk = _walk(enough, too_few)
    last = sa.select(sa.func.min(walk.c.portion)).scalar_subquery()
    far = (
        sa.select(sa.func.unnest(walk.c.hits).label("position")).where(walk.c.portion == last)
        .order_by(sa.desc("position")).limit(enough).subquery("far")
    )  # fmt: skip
    hits = sa.union_all(
        sa.select(near.c.position).where(~too_few), sa.select(far.c.position)
    ).subquery("hits")
    found = search.table.c
    return Question(
        sa.select(found.position, *COLUMNS)
        .join_from(hits, search.table, found.position == hits.c.position)
        .join(queue, queue.c.reference == found.reference)
        .order_by(found.position.desc()).limit(enough)
    )  # fmt: skip


def _near(enough: sa.ColumnElement[int]) -> sa.CTE:
    """Those among the very latest, of two portions at most."""
    found, top = search.table.c, _top()
    before = top - sa.literal_column("1")
    both = sa.select(search.wanted(top).op("||")(search.wanted(before))).scalar_subquery()
    latest = (
        sa.select(found.position, found.vector)
        .where(found.position < _before(), found.position >= search.first_of(before))
        .order_by(found.position.desc())
        .limit(sa.literal_column(str(LOOKED_THROUGH), sa.Integer)).subquery("latest")
    )  # fmt: skip
    return (
        sa.select(latest.c.position).where(search.fits(both, latest.c.vector))
        .order_by(latest.c.position.desc()).limit(enough)
        .cte("near").prefix_with("MATERIALIZED")
    )  # fmt: skip


def _walk(enough: sa.ColumnElement[int], wanted: sa.ColumnElement[bool]) -> sa.CTE:
    """A row for each portion that was asked, with the positions of all that was found by then."""
    found = search.table.c
    nothing = sa.literal_column("'{}'::bigint[]", ARRAY(sa.BigInteger))
    walk = (
        sa.select(_top().label("portion"), nothing.label("hits")).where(wanted)
        .cte("walk", recursive=True)
    )  # fmt: skip
    here = (
        # As a condition, the index of positions would be asked as well, and give half the log.
        sa.select(sa.func.array_agg(found.position).filter(found.position < _before()))
        .where(search.fits(search.wanted(walk.c.portion)))
        .scalar_subquery()
    )
    return walk.union_all(
        sa.select(walk.c.portion - sa.literal_column("1"), walk.c.hits.op("||")(here)).where(
            walk.c.portion >= sa.literal_column("0"), sa.func.cardinality(walk.c.hits) < enough
        )
    )


def _top() -> sa.ColumnElement[int]:
    """The latest portion of those wanted."""
    position = search.table.c.position
    latest = sa.select(sa.func.max(position)).where(position < _before()).scalar_subquery()
    return search.portion_of(latest)


def _before() -> sa.BindParameter[int]:
    return sa.bindparam("before", type_=sa.BigInteger)
