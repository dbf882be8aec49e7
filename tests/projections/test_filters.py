"""Does the queue show what was asked for, in the order that was asked for?"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from projections import sifting, views
from recovery.errors import Invalid
from tests.cast import ANA, BO, DAY, HOUR, NINE
from tests.desks import TestDesk

NOW = NINE + DAY


@pytest.fixture
def four(desk: TestDesk) -> dict[str, str]:
    """By a nickname: four complaints that differ in what people filter by."""
    found = {
        "bill": desk.receive(category="billing", severity="high", attributes={"region": "north"}),
        "gas": desk.receive(category="gas", tier="gold", at=NINE + HOUR, language="zh"),
        "wish": desk.receive(desired_outcomes=["compensation"], at=NINE + 2 * HOUR),
        "done": desk.receive(category="billing", at=NINE + 3 * HOUR),
    }
    desk.desk.assign(found["gas"], by=BO, at=NINE + 4 * HOUR, agent=BO)
    desk.desk.acknowledge(found["wish"], by=ANA, at=NINE + 4 * HOUR)
    desk.desk.withdraw(found["done"], by=ANA, at=NINE + 5 * HOUR)
    desk.engine.catch_up()
    return found


def ask(desk: TestDesk, four: dict[str, str], **more: Any) -> list[str]:
    nicknames = {reference: name for name, reference in four.items()}
    with desk.store.database.engine.connect() as conn:
        view = more.pop("view", "open")
        found = views.page(conn, view, now=NOW, me=ANA, **more)
    return [nicknames[line.reference] for line in found.lines]


FILTERED: list[tuple[dict[str, str], set[str]]] = [
    ({"category": "billing"}, {"bill"}),
    ({"assignee": "nobody"}, {"bill", "wish"}),
    ({"assignee": BO, "language": "zh"}, {"gas"}),
    ({"attribute.region": "north"}, {"bill"}),
    ({"attribute.region": "south"}, set()),
    ({"wish": "compensation"}, {"wish"}),
    ({"clock": "overdue"}, {"bill", "gas"}),
    ({"clock": "later"}, {"wish"}),
    ({"clock": "soon"}, set()),
    ({"since": "2026-03-02", "until": "2026-03-02"}, {"bill", "gas", "wish"}),
    ({"until": "2026-03-01"}, set()),
]


def test_a_filter_lets_through_what_fits(desk: TestDesk, four: dict[str, str]) -> None:
    for filters, shown in FILTERED:
        assert set(ask(desk, four, filters=filters)) == shown, filters


def test_words_are_looked_for_within_the_view(desk: TestDesk, four: dict[str, str]) -> None:
    assert ask(desk, four, view="closed", text="parcel") == ["done"]


def test_what_was_found_comes_latest_first_and_page_by_page(
    desk: TestDesk, four: dict[str, str]
) -> None:
    """Pages of one are found among the latest, the last of them by the index."""
    latest_first = ["done", "wish", "gas", "bill"]
    assert ask(desk, four, view="all", text="parcel") == latest_first
    found: list[str] = []
    cursor = ""
    with desk.store.database.engine.connect() as conn:
        while not found or cursor:
            page = views.page(
                conn, "all", now=NOW, text="parsel", cursor=cursor or "", limit=1
            )  # fmt: skip
            found += [line.reference for line in page.lines]
            cursor = page.cursor or ""
    assert found == [four[name] for name in latest_first]
    with pytest.raises(Invalid, match="cursor"):
        ask(desk, four, view="all", text="parcel", cursor="1~2")


def test_closed_tickets_come_latest_first_unless_asked_otherwise(
    desk: TestDesk, four: dict[str, str]
) -> None:
    desk.desk.withdraw(four["bill"], by=ANA, at=NINE + 6 * HOUR)
    desk.engine.catch_up()
    assert ask(desk, four, view="closed") == ["bill", "done"]
    assert ask(desk, four, view="closed", sort="newest") == ["done", "bill"]


def test_tickets_are_sorted_as_wished(desk: TestDesk, four: dict[str, str]) -> None:
    assert ask(desk, four, sort="newest") == ["wish", "gas", "bill"]
    assert ask(desk, four, sort="oldest") == ["bill", "gas", "wish"]


def test_pages_of_every_order_follow_each_other_without_gaps(
    desk: TestDesk, four: dict[str, str]
) -> None:
    for group, sort in product(("", *views.GROUPS), views.SORTS):
        whole = ask(desk, four, sort=sort, group=group)

        assert len(whole) == 3
        assert one_by_one(desk, four, group, sort) == whole, (group, sort)


def test_what_fits_is_found_at_the_beginning_of_a_long_list_and_beyond_it(
    desk: TestDesk, four: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = {"category": "billing"}
    whole = {sort: ask(desk, four, view="all", filters=filters, sort=sort) for sort in views.SORTS}
    monkeypatch.setattr(sifting, "LOOKED_THROUGH", 1)
    views._page.cache_clear()

    found = {sort: one_by_one(desk, four, "", sort, view="all", filters=filters) for sort in whole}
    views._page.cache_clear()

    assert found == whole
    assert [len(names) for names in whole.values()] == [2, 2, 2]


def one_by_one(
    desk: TestDesk, four: dict[str, str], group: str, sort: str, *, view: views.View = "open",
    filters: dict[str, str] | None = None,
) -> list[str]:  # fmt: skip
    """The names of tickets on pages of one."""
    seen: list[str] = []
    cursor: str | None = ""
    names = {reference: name for name, reference in four.items()}
    with desk.store.database.engine.connect() as conn:
        while cursor is not None:
            found = views.page(
                conn, view, now=NOW, sort=sort, group=group, cursor=cursor, limit=1, filters=filters
            )
            seen += [names[line.reference] for line in found.lines]
            cursor = found.cursor
    return seen


@pytest.mark.parametrize(
    "asked",
    [
        {"filters": {"colour": "red"}}, {"filters": {"clock": "broken"}}, {"sort": "random"},
        {"filters": {"since": "yesterday"}}, {"group": "contact"}, {"cursor": "x"},
        {"filters": {f"attribute.{n}": "1" for n in range(20)}},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(desk: TestDesk, asked: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        ask(desk, {}, **asked)
