"""Is the log what was sealed, and if not, which event is the first that is not?

Every row is hashed again, in order, and the root compared with every head that was ever signed.
Where one differs, the hashes of single events that were kept when they were sealed say which event
it is, and looking for its bytes at other positions says what was done to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, Literal

import msgspec
import psycopg

from projections import rawlog, seal
from projections.rawlog import moved, position_of, unpack
from recovery.merkle import Growth, Span, leaf_hash, leaf_hashes
from recovery.seal import Head, NotSigned, name_of, read

BATCH = 20_000
Kind = Literal["changed", "removed", "inserted", "reordered", "truncated", "somewhere", "head"]
Progress = Callable[[int, int], None]
"""Called with the events read and the events there are."""


class Offence(msgspec.Struct, frozen=True, kw_only=True):
    """The first thing that is not as it was sealed."""

    kind: Kind
    position: int
    """Of the event; of a head, how many events it was signed over."""
    says: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What was compared, and what was found."""

    events: int
    sealed: int
    """Of the events, those that a head was signed over."""
    heads: int
    offence: Offence | None = None


def check(
    conn: psycopg.Connection[Any], keys: Collection[bytes], *, elsewhere: Sequence[Head] = (),
    progress: Progress = lambda done, total: None,
) -> Checked:  # fmt: skip
    """Compare the log with every head in the list and `elsewhere`, signed with one of the keys."""
    heads = sorted([*seal.heads(conn), *elsewhere], key=lambda head: head.size)
    row = conn.execute("select count(*), max(notification_id) from desk.events").fetchone()
    assert row is not None

    def told(done: int) -> None:
        progress(done, row[0])

    offence = next((wrong for head in heads if (wrong := _unsigned(head, keys))), None)
    growth, failing = Growth(), None
    if offence is None:
        with closing(rawlog.rows(conn)) as found:
            before, failing = _compare(growth, found, heads, told)
            offence = None if failing else _tail(growth, found, told)
    if failing:
        offence = _first(conn, before, failing)
    return Checked(
        events=growth.size, sealed=heads[-1].size if heads else 0, heads=len(heads),
        offence=offence,
    )  # fmt: skip


def _compare(
    growth: Growth, rows: Iterator[bytes], heads: Sequence[Head], told: Callable[[int], None]
) -> tuple[int, Head | None]:
    """The size up to which all is as it was signed, and the head that does not fit, if any."""
    before = 0
    for head in heads:
        _grow(growth, rows, head.size, told)
        if growth.size < head.size or growth.root() != head.root:
            return before, head
        before = head.size
    return before, None


def _grow(
    growth: Growth, rows: Iterator[bytes], size: int, progress: Callable[[int], None]
) -> None:
    """Add rows until the tree has the size, or there are no more."""
    while growth.size < size:
        some = leaf_hashes(islice(rows, min(BATCH, size - growth.size)))
        if not some:
            return
        growth.extend(some)
        progress(growth.size)


def _tail(growth: Growth, rows: Iterator[bytes], progress: Callable[[int], None]) -> Offence | None:
    """What is not sealed yet is at least without gaps."""
    while some := list(islice(rows, BATCH)):
        expected = growth.size + 1
        if position_of(some[0]) != expected or position_of(some[-1]) != growth.size + len(some):
            lacking = next(
                n for n, row in enumerate(some, expected) if position_of(row) != n
            )  # fmt: skip
            return _removed(lacking)
        growth.extend(leaf_hashes(some))
        progress(growth.size)
    return None


def _unsigned(head: Head, keys: Collection[bytes]) -> Offence | None:
    """Whether a head of the list is none of ours."""
    try:
        if head.key not in keys:
            raise NotSigned(
                f"The head over {head.size:,} events was signed with the key {name_of(head.key)},"
                " which is not this desk's."
            )
        if read(head.note, head.key) != head:
            raise NotSigned(f"The head over {head.size:,} events does not say what was signed.")
    except NotSigned as error:
        return Offence(kind="head", position=head.size, says=str(error))
    return None


# ---------------------------------------------------------------- which event


def _first(conn: psycopg.Connection[Any], begin: int, head: Head) -> Offence:
    """The first of the events after `begin` that is not what the head was signed over."""
    sealed = seal.leaves(conn, Span(begin, head.size))
    if not _kept(conn, head):
        return Offence(
            kind="somewhere", position=begin + 1,
            says=f"The events from position {begin + 1} to {head.size} are not those that were"
            " sealed, and the kept hashes were changed too, so that nobody can say which.",
        )  # fmt: skip
    expected, row = _stray(conn, begin, head.size, sealed)
    if row is None:
        return _ended(conn, expected, head)
    position = position_of(row)
    if position < expected:
        return _inserted(row)
    return _removed(expected) if position > expected else _altered(conn, row)


def _stray(
    conn: psycopg.Connection[Any], begin: int, end: int, sealed: Sequence[bytes]
) -> tuple[int, bytes | None]:
    """The first position whose row is not the sealed one, and what stands there or next."""
    with closing(rawlog.rows(conn, begin + 1 if begin else rawlog.FIRST, end)) as rows:
        expected = begin
        for expected, row in enumerate(rows, begin + 1):
            if leaf_hash(row) != sealed[expected - begin - 1]:
                return expected, row
        return expected + 1, None


def _kept(conn: psycopg.Connection[Any], head: Head) -> bool:
    """Whether the kept tree is the one that was signed."""
    growth = Growth()
    try:
        growth.extend(seal.leaves(conn, Span(0, head.size)))
        return growth.root() == head.root
    except LookupError:
        return False


def _ended(conn: psycopg.Connection[Any], position: int, head: Head) -> Offence:
    """Nothing stands at the position, nor after it up to the head."""
    row = conn.execute("select max(notification_id) from desk.events").fetchone()
    if row and row[0] and row[0] > position:
        return _removed(position)
    last = seal.last_head(conn)
    size = max(head.size, last.size if last else 0)
    return Offence(
        kind="truncated", position=position,
        says=f"The log was cut off: {size:,} events were sealed, and those from position"
        f" {position} on are gone.",
    )  # fmt: skip


def _altered(conn: psycopg.Connection[Any], row: bytes) -> Offence:
    """What was done at a position whose row is not the one that was sealed."""
    position = position_of(row)
    last = seal.last_head(conn)
    sealed = seal.leaves(conn, Span(position - 1, max(position, last.size if last else 0)))
    gone_to = _found(rawlog.rows(conn, position + 1), position, sealed[0])
    came_from = next(
        (n for n, leaf in enumerate(sealed, position) if leaf_hash(moved(row, n)) == leaf), 0
    )
    if gone_to and came_from:
        return Offence(
            kind="reordered", position=position,
            says=f"The order was changed: what stands at position {position} was sealed at"
            f" position {came_from}, and what was sealed there stands at {gone_to} ({_told(row)}).",
        )  # fmt: skip
    if gone_to:
        return _inserted(row)
    if came_from:
        return _removed(position)
    return Offence(
        kind="changed",
        position=position,
        says=f"The event at position {position} was changed ({_told(row)}).",
    )


def _found(rows: Generator[bytes, None, None], position: int, leaf: bytes) -> int:
    """Where the row stands that was sealed at the position; 0 when nowhere."""
    with closing(rows):
        return next((position_of(r) for r in rows if leaf_hash(moved(r, position)) == leaf), 0)


def _removed(position: int) -> Offence:
    return Offence(
        kind="removed", position=position, says=f"The event at position {position} was removed."
    )


def _inserted(row: bytes) -> Offence:
    position = position_of(row)
    return Offence(
        kind="inserted",
        position=position,
        says=f"The event at position {position} was inserted: it was never sealed ({_told(row)}).",
    )


def _told(row: bytes) -> str:
    """An event by its stream, version and topic."""
    try:
        stored = unpack(row)
    except (ValueError, UnicodeDecodeError):
        return "it cannot be read"
    return f"{stored.stream}, version {stored.version}, {stored.topic}"
