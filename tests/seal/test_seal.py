"""Is the tree in the database the tree of the log, and does each head say so?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from projections import rawlog, seal
from projections.rawlog import Stored
from recovery import merkle
from recovery import seal as seals
from recovery.database import Database
from recovery.merkle import Growth, Place, Span, leaf_hash
from recovery.seal import NotSigned, Signer
from tests.cast import NINE
from tests.desks import TestDesk

SIGNER = Signer(b"s" * 32)


def fill(conn: psycopg.Connection[Any], events: int) -> None:
    """So many more events, of no meaning: the seal does not look into them."""
    conn.execute(
        "insert into desk.events"
        " select p, 'x-' || p, 1, 'x', convert_to(repeat('é', mod(p::int, 7)), 'UTF8'),"
        " timestamptz '1999-12-31 23:59:59.000001Z' + p * interval '1 s'"
        " from (select coalesce(max(notification_id), 0) as head from desk.events) h,"
        " generate_series(head + 1, head + %s) p",
        (events,),
    )


def logged(conn: psycopg.Connection[Any]) -> list[bytes]:
    """The leaves, from rows read in the usual way."""
    found = conn.execute(f"select {seals.ROW} from desk.events order by 1").fetchall()
    return [leaf_hash(rawlog.pack(Stored(*row))) for row in found]


def test_rows_are_read_as_they_are_stored(desk: TestDesk) -> None:
    desk.receive()
    with desk.store.database.dedicated() as conn:
        read = list(rawlog.rows(conn))
        asked = conn.execute(f"select {seals.ROW} from desk.events order by 1").fetchall()

    assert [rawlog.unpack(row) for row in read] == [Stored(*row) for row in asked]
    assert [rawlog.pack(Stored(*row)) for row in asked] == read


def test_a_tree_that_grew_in_steps_is_that_of_the_log(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In tiles of four, so that a small tree has many levels of them."""
    monkeypatch.setattr(seal, "BATCH", 30)
    monkeypatch.setattr(seal, "HEIGHT", 2)
    monkeypatch.setattr(seal, "TILE", 4)
    with database.dedicated() as conn:
        sizes = []
        for more in (1, 14, 1, 1, 70, 200):
            fill(conn, more)
            head = seal.seal(conn, SIGNER, NINE)
            assert head
            sizes.append(head.size)
        leaves = logged(conn)
        growth = Growth()
        growth.extend(leaves)

        assert sizes == [1, 15, 16, 17, 87, 287]
        assert head.root == growth.root() == seal.root(conn, 287)
        assert seal.leaves(conn, Span(25, 60)) == leaves[25:60]
        for index, size in ((0, 1), (15, 16), (3, 87), (86, 87), (250, 287)):
            path = seal.proof(conn, merkle.inclusion(index, size))
            assert merkle.is_included(leaves[index], index, size, path, seal.root(conn, size))
        for first, size in ((1, 17), (16, 87), (87, 287)):
            path = seal.proof(conn, merkle.consistency(first, size))
            roots = seal.root(conn, first), seal.root(conn, size)
            assert merkle.is_consistent(first, roots[0], size, roots[1], path)
        with pytest.raises(LookupError):
            seal.reading(conn, [])(Place(0, 700))


def test_nothing_new_is_not_signed_again(database: Database) -> None:
    with database.dedicated() as conn:
        assert seal.seal(conn, SIGNER, NINE) is None
        fill(conn, 3)
        first = seal.seal(conn, SIGNER, NINE)
        assert seal.seal(conn, SIGNER, NINE + timedelta(hours=1)) is None
        fill(conn, 1)
        second = seal.seal(conn, SIGNER, NINE + timedelta(hours=1))

        assert seal.heads(conn) == [first, second]
        assert seal.last_head(conn) == second
        assert seal.head_over(conn, 3) == first
        assert seal.head_over(conn, 4) == second
        assert seal.head_over(conn, 5) is None


def test_a_log_with_a_gap_is_not_sealed(database: Database) -> None:
    with database.dedicated() as conn:
        fill(conn, 5)
        conn.execute("delete from desk.events where notification_id = 3")
        with pytest.raises(seal.Gap, match="lacks an event"):
            seal.seal(conn, SIGNER, NINE)

        assert seal.heads(conn) == []


# ---------------------------------------------------------------- what a head says


def test_a_head_is_read_from_its_note() -> None:
    head = SIGNER.sign(7, b"r" * 32, NINE)

    assert seals.read(head.note, SIGNER.key) == head
    assert head.note.startswith(f"{head.name}\n7\n")


@pytest.mark.parametrize(
    ("before", "after"), [("\n7\n", "\n8\n"), ("2026", "2025"), ("=\n", "=\n\n"), ("— ", "- ")]
)
def test_a_note_that_was_changed_is_not_believed(before: str, after: str) -> None:
    note = SIGNER.sign(7, b"r" * 32, NINE).note
    assert before in note

    with pytest.raises(NotSigned):
        seals.read(note.replace(before, after), SIGNER.key)


def test_a_note_of_another_key_is_not_believed() -> None:
    with pytest.raises(NotSigned, match="was not signed with the key recovery-"):
        seals.read(Signer(b"o" * 32).sign(7, b"r" * 32, NINE).note, SIGNER.key)
