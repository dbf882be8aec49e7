"""Are rows that are copied in the same, to the byte, as rows that are inserted?"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from projections import queue, search
from projections.rebuild import check
from projections.table import UNWRITABLE, Changes, Rows
from tests.cast import ANA, DAY, HOUR, NINE
from tests.desks import TestDesk


def test_copied_rows_are_the_inserted_rows(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = desk.receive(subject="包裹丢失", description='O\'Brien\\ said "no"\n→ twice, at 3 %.')
    second = desk.receive(attributes={"region": "Zürich", "branch": 'a "b" \\ c'})
    desk.desk.acknowledge(first, by=ANA, at=NINE + HOUR)
    desk.desk.pause(second, by=ANA, at=NINE + HOUR, reason="complainant", until=NINE + DAY)
    desk.desk.withdraw(first, by=ANA, at=NINE + 2 * DAY)
    monkeypatch.setattr("projections.table.WORTH_COPYING", 1)
    desk.engine.catch_up()
    monkeypatch.undo()

    for comparison in check(desk.engine):
        assert comparison.identical, comparison


@pytest.mark.parametrize(
    "impossible",
    [{"version": 2**31}, {"version": -(2**40)}, {"category": "Mr Lee\0"}, {"pause_reason": None},
     {"attributes": {"region": "\0"}}],
    ids=["too large", "too small", "not text", "missing", "not text in JSON"],
)  # fmt: skip
def test_what_the_database_cannot_keep_is_refused_not_cut(
    desk: TestDesk, impossible: dict[str, Any]
) -> None:
    reference = desk.receive()
    desk.engine.catch_up()
    rows = Rows(queue.PROJECTION)
    with desk.store.database.dedicated() as conn:
        [row] = rows.load(conn, [reference])
        bad = replace(row, reference="elsewhere", **impossible)

        with pytest.raises(UNWRITABLE):
            rows.write(conn, Changes(fresh=[bad] * 100))


@pytest.mark.parametrize("vector", ["", "'one'", "'b' 'a' '包裹' '~x'"])
def test_lexemes_are_copied_as_postgresql_reads_them(desk: TestDesk, vector: str) -> None:
    rows = Rows(search.PROJECTION)
    found = [
        search.Found(reference=f"r{n}", complainant="", position=n, vector=vector)
        for n in range(100)
    ]
    with desk.store.database.dedicated() as conn:
        rows.write(conn, Changes(fresh=found))

        kept = conn.execute("select distinct vector::text from read.search").fetchall()
        read = conn.execute("select %s::tsvector::text", (vector,)).fetchone()

    assert kept == [read]
