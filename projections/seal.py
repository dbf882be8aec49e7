"""Which tree stands over the log, and which heads of it were signed?

The tree is kept in tiles: a row holds the hashes of 256 neighbouring subtrees of 256 ^ level leaves
each, and what lies between is hashed when it is asked for. A proof reads few rows however long the
log is, in one statement. Tiles and head grow in one transaction, at the rhythm of the worker; no
command waits for it. What is sealed once is never worked out anew: the log may have been changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg

from projections import rawlog
from recovery import merkle
from recovery.errors import RecoveryError
from recovery.merkle import HASH, Growth, Place, Span, cover, leaf_hashes
from recovery.seal import Head, Signer

HEIGHT = 8
TILE = 1 << HEIGHT
BATCH = 50_000
"""Events read at once."""
SEAL_LOCK = 1592524810
_HEADS = "select size, root, signed_at, key, note from desk.seal_heads"
_ADD = (
    "insert into desk.seal_tiles as t (level, index, hashes)"
    " select * from unnest(%s::int[], %s::bigint[], %s::bytea[])"
    " on conflict (level, index) do update set hashes = t.hashes || excluded.hashes"
)


class Gap(RecoveryError):
    """The log lacks an event that is not sealed yet."""


# ---------------------------------------------------------------- growing


def seal(conn: psycopg.Connection[Any], signer: Signer, now: datetime) -> Head | None:
    """Take what is new in the log into the tree and sign its head; None when nothing is.

    Raises Gap.
    """
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock(%s)", (SEAL_LOCK,))
        before = last_head(conn)
        size = before.size if before else 0
        row = conn.execute("select max(notification_id) from desk.events").fetchone()
        end = (row[0] if row else None) or 0
        if end <= size:
            return None
        head = signer.sign(end, _grow(conn, size, end).root(), now)
        conn.execute(
            "insert into desk.seal_heads (size, root, signed_at, key, note)"
            " values (%s, %s, %s, %s, %s)",
            (head.size, head.root, head.signed_at, head.key, head.note),
        )
    return head


def _grow(conn: psycopg.Connection[Any], size: int, end: int) -> Growth:
    edge = cover(Span(0, size))
    read = reading(conn, edge)
    growth = Growth(size, [read(place) for place in edge])
    while growth.size < end:
        first, last = growth.size + 1, min(growth.size + BATCH, end)
        found = list(rawlog.rows(conn, first, last))
        if len(found) != last - first + 1 or rawlog.position_of(found[-1]) != last:
            raise Gap(f"The log lacks an event between positions {first} and {last}.")
        begin = growth.size
        keep(conn, begin, growth.extend(leaf_hashes(found)))
    return growth


def keep(conn: psycopg.Connection[Any], begin: int, completed: Sequence[Sequence[bytes]]) -> None:
    """Write the subtrees that leaves from `begin` on complete into their tiles."""
    levels, indexes, hashes = [], [], []
    for level, found in enumerate(completed[::HEIGHT]):
        at, left = begin >> (HEIGHT * level), 0
        while left < len(found):
            some = found[left : left + TILE - at % TILE]
            levels.append(level)
            indexes.append(at // TILE)
            hashes.append(b"".join(some))
            at, left = at + len(some), left + len(some)
    conn.execute(_ADD, (levels, indexes, hashes))


# ---------------------------------------------------------------- reading


def reading(conn: psycopg.Connection[Any], places: Iterable[Place]) -> merkle.Read:
    """What gives the hashes of these places; raises LookupError where the tree lacks one."""
    needed = sorted({_tile_of(place)[0] for place in places})
    tiles = {
        Place(level, index): hashes
        for level, index, hashes in conn.execute(
            "select level, index, hashes from desk.seal_tiles"
            " join unnest(%s::int[], %s::bigint[]) as wanted (level, index) using (level, index)",
            ([tile.level for tile in needed], [tile.number for tile in needed]),
            binary=True,
        ).fetchall()
    }

    def read(place: Place) -> bytes:
        tile, begin, count = _tile_of(place)
        held = tiles.get(tile, b"")[begin * HASH : (begin + count) * HASH]
        if len(held) != count * HASH:
            raise LookupError(f"the tree has no subtree {place}")
        growth = Growth()
        growth.extend([held[n : n + HASH] for n in range(0, len(held), HASH)])
        return growth.root()

    return read


def _tile_of(place: Place) -> tuple[Place, int, int]:
    """The tile that a subtree follows from, and which of its hashes: the first, and how many."""
    level, rest = divmod(place.level, HEIGHT)
    first = place.number << rest
    return Place(level, first // TILE), first % TILE, 1 << rest


def root(conn: psycopg.Connection[Any], size: int) -> bytes:
    """The root of the first `size` events, from what is kept. Raises LookupError."""
    return proof(conn, [Span(0, size)])[0]


def proof(conn: psycopg.Connection[Any], spans: Sequence[Span]) -> list[bytes]:
    """The hash of each span, in one statement. Raises LookupError."""
    read = reading(conn, [place for span in spans for place in cover(span)])
    return merkle.proof(spans, read)


def leaves(conn: psycopg.Connection[Any], span: Span) -> list[bytes]:
    """The hashes of the leaves as they were sealed; fewer where the tree lacks some."""
    tiles = conn.execute(
        "select hashes from desk.seal_tiles where level = 0 and index >= %s and index <= %s"
        " order by index",
        (span.begin // TILE, (span.end - 1) // TILE), binary=True,
    ).fetchall()  # fmt: skip
    held = b"".join(tile[0] for tile in tiles)
    skipped = span.begin % TILE
    found = [held[n : n + HASH] for n in range(skipped * HASH, len(held), HASH)]
    return found[: span.end - span.begin]


# ---------------------------------------------------------------- heads


def last_head(conn: psycopg.Connection[Any]) -> Head | None:
    """The newest head."""
    row = conn.execute(f"{_HEADS} order by size desc limit 1").fetchone()
    return Head(*row) if row else None


def heads(conn: psycopg.Connection[Any], *, after: int = 0, limit: int | None = None) -> list[Head]:
    """Heads of more than `after` events, the smallest first."""
    return [
        Head(*row)
        for row in conn.execute(
            f"{_HEADS} where size > %s order by size limit %s", (after, limit)
        ).fetchall()
    ]


def head_over(conn: psycopg.Connection[Any], position: int) -> Head | None:
    """The first head that covers a position."""
    found = heads(conn, after=position - 1, limit=1)
    return found[0] if found else None


def to_hand_out(conn: psycopg.Connection[Any], *, limit: int) -> list[Head]:
    """Heads that nobody outside has yet, the smallest first."""
    where = " where handed_at is null order by size limit %s"
    return [Head(*row) for row in conn.execute(_HEADS + where, (limit,)).fetchall()]


def handed_out(conn: psycopg.Connection[Any], given: Sequence[Head], now: datetime) -> None:
    conn.execute(
        "update desk.seal_heads set handed_at = %s where size = any(%s)",
        (now, [head.size for head in given]),
    )


def newest(conn: psycopg.Connection[Any], *, limit: int) -> list[Head]:
    """The newest heads, the newest first."""
    return [
        Head(*row)
        for row in conn.execute(f"{_HEADS} order by size desc limit %s", (limit,)).fetchall()
    ]
