"""Are complaints found in views, and by words?"""

from __future__ import annotations

import pytest

from projections import finding, search
from projections.rebuild import check
from projections.views import COUNTED, counts, page
from projections.whole import ticket
from recovery.forgetter import Forgetter
from tests.cast import ANA, BO, DAY, HOUR, NINE
from tests.desks import TestDesk
from tests.projections.days import MS_GREEN, a_busy_day, read

PAPERS_OF_PEOPLE = "select count(*) from desk.papers where owner not like 'policy-%'"


def test_views_hold_what_they_say_and_their_counts_agree(desk: TestDesk) -> None:
    mine, theirs, waiting = (desk.receive(at=NINE + n * HOUR) for n in range(3))
    desk.desk.assign(mine, by=ANA, at=NINE + 4 * HOUR, agent=ANA)
    desk.desk.assign(theirs, by=BO, at=NINE + 4 * HOUR, agent=BO)
    desk.desk.pause(waiting, by=ANA, at=NINE + 4 * HOUR, reason="complainant")
    a_busy_day(desk)
    desk.engine.catch_up()

    with read(desk) as conn:
        shown = {
            view: [line.reference for line in page(conn, view, now=NINE + 5 * DAY, me=ANA).lines]
            for view in COUNTED
        }  # fmt: skip
        counted = counts(conn, now=NINE + 5 * DAY, me=ANA)

    assert shown["mine"] == [mine]
    assert shown["unassigned"] == shown["waiting"] == [waiting]
    assert shown["open"][:2] == [mine, theirs]
    assert {view: len(found) for view, found in shown.items()} | {
        "approvals": 0, "mail": 0, "mentions": 0,
    } == counted  # fmt: skip


def test_pages_follow_each_other_without_gaps(desk: TestDesk) -> None:
    everything = {desk.receive(at=NINE + n * HOUR) for n in range(7)}
    desk.engine.catch_up()
    seen: list[str] = []
    cursor: str | None = ""

    with read(desk) as conn:
        while cursor is not None:
            found = page(conn, "open", now=NINE, cursor=cursor, limit=3)
            seen += [line.reference for line in found.lines]
            cursor = found.cursor

    assert len(seen) == 7
    assert set(seen) == everything


@pytest.mark.parametrize(
    "typed", ["parcel", "PARC", "lee", "Mr Lee", "lee@example.org", "lost parsel", "7946"]
)
def test_a_complaint_is_found_by_what_people_remember(desk: TestDesk, typed: str) -> None:
    reference = desk.receive()
    desk.receive(description="The bill is wrong.", subject="Bill", contact=MS_GREEN)
    desk.engine.catch_up()

    with read(desk) as conn:
        found = page(conn, "all", now=NINE, text=typed).lines

    assert [line.reference for line in found] == [reference]


def test_chinese_words_are_found(desk: TestDesk) -> None:
    reference = desk.receive(description="我的包裹一直没有送到。", subject="包裹丢失")
    desk.receive(description="账单多收了钱。", subject="账单")
    desk.engine.catch_up()

    with read(desk) as conn:
        found = page(conn, "all", now=NINE, text="没有送到").lines

    assert [line.reference for line in found] == [reference]


def test_what_is_found_comes_latest_first_from_all_portions_of_the_log(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PORTION", 3)
    monkeypatch.setattr(finding, "LOOKED_THROUGH", 2)
    monkeypatch.setattr(finding, "_question", finding._question.__wrapped__)
    storms = [desk.receive(subject="Storm") for n in range(12) if desk.receive()]
    desk.engine.catch_up()

    with read(desk) as conn:
        seen, cursor = [], ""
        while cursor is not None:
            found = page(conn, "all", now=NINE, text="parcel strm", cursor=cursor, limit=5)
            seen += [line.reference for line in found.lines]
            cursor = found.cursor
        in_view = page(conn, "open", now=NINE, text="stor", limit=100).lines

    assert seen == storms[::-1]
    assert {line.reference for line in in_view} == set(storms)


def test_forgetting_scrubs_the_search_and_leaves_the_figures(desk: TestDesk) -> None:
    reference = a_busy_day(desk)
    desk.engine.catch_up()
    with read(desk) as conn:
        before = ticket(conn, reference)
    assert before is not None

    Forgetter(desk.store, desk.vault).forget(
        before.complainant, by=ANA, at=NINE + 3 * DAY, reason="asked"
    )
    desk.engine.catch_up()

    with read(desk) as conn:
        assert page(conn, "all", now=NINE, text="parcel").lines == []
        assert ticket(conn, reference) == before
    with desk.store.database.connection() as conn:
        assert desk.vault.open_many(conn, [str(before.words), str(before.contact)]) == {}
        left = conn.execute(PAPERS_OF_PEOPLE).fetchone()
    assert left == (0,)
    assert all(c.identical for c in check(desk.engine))
