"""Who looked at what, and when?

To the minute: somebody who loads a page three times within one has looked once. Rows hold the
reference of a complaint or the address of a list, never what was asked or what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec
import psycopg

Kind = Literal["complaint", "past", "proof", "file", "mail", "letter", "list", "export"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_ADD = (
    # Nobody waits for the disk: a power cut may cost the traces of its last half second.
    "with quick as (select set_config('synchronous_commit', 'off', true))"
    " insert into desk.readings (at, by, kind, complaint, what)"
    " select date_trunc('minute', r.at), r.by, r.kind, r.complaint, r.what from quick,"
    " unnest(%s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[])"
    " as r (at, by, kind, complaint, what) on conflict do nothing"
)
_READ = (
    "select at, by, kind, complaint, what from desk.readings"
    " where (%(by)s = '' or by = %(by)s) and (%(kind)s = '' or kind = %(kind)s)"
    " and (%(complaint)s = '' or complaint = %(complaint)s)"
    " and (%(first)s::timestamptz is null or at >= %(first)s)"
    " and (%(end)s::timestamptz is null or at < %(end)s) and complaint <> all(%(hidden)s)"
    " order by at desc, by, kind, complaint, what offset %(offset)s limit %(limit)s"
)


class Reading(msgspec.Struct, frozen=True):
    """Somebody looked at something."""

    at: datetime
    by: str
    kind: Kind
    complaint: str = ""
    """Its reference; empty for a list."""
    what: str = ""
    """The address of a list, without what was asked."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Whose traces, of what, when."""

    by: str = ""
    kind: str = ""
    complaint: str = ""
    first: datetime | None = None
    end: datetime | None = None
    hidden: tuple[str, ...] = ()
    """Complaints that whoever asks must not see."""


def add(conn: psycopg.Connection[Any], found: Sequence[Reading]) -> None:
    """Write traces down, in one statement."""
    rows = [msgspec.structs.astuple(each) for each in found]
    conn.execute(_ADD, tuple(map(list, zip(*rows, strict=True))), prepare=True)


def read(
    conn: psycopg.Connection[Any], asked: Asked, *, limit: int, offset: int = 0
) -> list[Reading]:
    """Traces, the newest first."""
    given = {**msgspec.structs.asdict(asked), "hidden": list(asked.hidden)}
    given |= {"limit": limit, "offset": offset}
    return [Reading(*row) for row in conn.execute(_READ, given).fetchall()]


def of_complaints(conn: psycopg.Connection[Any], references: Iterable[str]) -> list[Reading]:
    """Who looked at these complaints, oldest first: for the complainant who asks."""
    return [
        Reading(*row)
        for row in conn.execute(
            "select at, by, kind, complaint, what from desk.readings"
            " where complaint = any(%s) and complaint <> '' order by at, by, kind",
            (list(references),),
        ).fetchall()
    ]


def drop(conn: psycopg.Connection[Any], *, before: datetime) -> int:
    """Remove what is older than it has to be kept; returns how many."""
    return conn.execute("delete from desk.readings where at < %s", (before,)).rowcount
