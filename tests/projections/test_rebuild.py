"""Does folding anew give the rows that are there, and say where it does not?"""

from __future__ import annotations

import pytest

from projections.rebuild import check, far_behind, rebuild
from projections.views import page
from tests.cast import NINE
from tests.desks import TestDesk
from tests.projections.days import a_busy_day, read

UNTOUCHED = frozenset({
    "payouts", "ledger", "precedents", "payees", "claims", "batches", "batched", "payments",
    "answers", "statements", "areas", "audits", "standing", "quality", "mentions", "refusals",
    "concerned",
})  # fmt: skip
"""Nothing was owed, claimed, audited or reviewed on this day, and nobody was called."""


def test_rebuilt_rows_are_the_live_rows_to_the_byte(desk: TestDesk) -> None:
    for _ in range(3):
        a_busy_day(desk)
        desk.engine.catch_up(limit=3)  # many small batches live, one large one rebuilt

    for comparison in check(desk.engine):
        assert comparison.identical, comparison
        assert comparison.live_rows > 0 or comparison.name in UNTOUCHED


def test_a_check_names_the_row_that_was_changed_behind_our_backs(desk: TestDesk) -> None:
    reference = a_busy_day(desk)
    desk.engine.catch_up()
    with desk.store.database.connection() as conn:
        conn.execute("update read.queue set severity = 'low' where reference = %s", (reference,))

    [found] = check(desk.engine, ["queue"])

    assert not found.identical
    assert found.first_differences == (reference,)


def test_a_rebuild_mends_the_rows_and_tells_how_far_it_is(desk: TestDesk) -> None:
    a_busy_day(desk)
    desk.engine.catch_up()
    with desk.store.database.connection() as conn:
        conn.execute("delete from read.queue")
    told: list[tuple[int, int]] = []

    rebuild(desk.engine, progress=lambda done, total: told.append((done, total)))

    assert all(c.identical for c in check(desk.engine))
    assert told[-1][1] == desk.store.head()
    with read(desk) as conn:
        assert page(conn, "closed", now=NINE).lines


def test_only_a_long_way_behind_is_worth_a_rebuild(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.rebuild.WORTH_REBUILDING", 10)
    a_busy_day(desk)
    assert far_behind(desk.engine)

    desk.engine.catch_up()
    assert not far_behind(desk.engine)


def test_a_rebuild_in_two_processes_gives_the_same_rows(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.bulkfold.WORTH_A_PROCESS", 10)
    a_busy_day(desk)
    desk.engine.catch_up()

    rebuild(desk.engine)

    monkeypatch.undo()
    assert all(c.identical for c in check(desk.engine))
