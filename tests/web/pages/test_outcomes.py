"""Does the page of recovery outcomes say what became of what was done, and no more?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from projections.fairness import PROJECTION
from projections.table import Changes, Rows
from projections.treatment import Fair
from recovery import areas
from recovery.areas import Content
from tests.cast import ANA, BO, DAY, HOUR, NINE, SUE
from tests.web.pages.hands import Hands
from web.fairness.areas import AreaTable, of_agents
from web.runtime import Runtime

SitDown = Callable[..., Hands]


def row(n: int, **more: Any) -> Fair:
    """Every second one is Ana's and given money at once; Bo's are explained after five days."""
    money = n % 2 == 0
    return Fair(**{
        "complaint": f"C{n:04}", "received_at": NINE, "source": "", "policy": "none",
        "policy_version": "", "channel": "phone", "language": "en", "tier": "",
        "category": "delivery", "product": "parcel", "severity": "normal", "attributes": {},
        "ended": "closed", "ended_at": NINE + (HOUR if money else 5 * DAY),
        "agent": ANA if money else BO, "relief": money, "money": money, "explained": True,
        "contested": n % 4 == 1, "contested_at": NINE + 6 * DAY if n % 4 == 1 else None,
        "happened": {} if money else {"contact": (NINE + DAY,)},
        "surveyed_at": NINE + 7 * DAY if n < 40 else None,
        "survey": {"experience": 5 if money else 2, "returning": "yes" if money else "no"}
        if n < 40 else {}, **more,
    })  # fmt: skip


@pytest.fixture
def history(runtime: Runtime) -> None:
    with runtime.database.dedicated() as conn:
        Rows(PROJECTION).write(conn, Changes(fresh=[row(n) for n in range(80)]))


def whole(sue: Hands, query: str = "") -> Any:
    return msgspec.json.decode(sue.open(f"/reports/outcomes.json?as_of=2026-06-01{query}").html)


def test_what_was_done_stands_beside_what_they_made_of_it(sit_down: SitDown, history: None) -> None:
    found = whole(sit_down("sue"))
    rows = {(r["done"], r["speed"]): r for r in found["what"]}

    assert {key: r["closed"] for key, r in rows.items()} == {
        ("money", "day"): 40, ("explained", "week"): 40,
    }  # fmt: skip
    assert rows["money", "day"]["content"]["rate"] == 1.0
    assert rows["explained", "week"]["returning"]["yes"] == 0
    assert rows["explained", "week"]["contested"]["yes"] == 20
    assert found["first_contact"]["yes"] == 40
    assert {r["first"]: r["contested"] for r in found["first"]} == {True: None, False: None}


def test_what_was_said_later_was_not_known_yet(sit_down: SitDown, history: None) -> None:
    sue = sit_down("sue")
    address = "/reports/outcomes.json?as_of=2026-03-02T12:00Z"
    found = msgspec.json.decode(sue.open(address).html)

    assert (found["closed"], found["what"][0]["content"]) == (40, None)


def test_agents_stand_by_name_against_their_cases(sit_down: SitDown, history: None) -> None:
    sue = sit_down("sue")
    page = sue.open("/reports/outcomes")
    table = sue.open("/reports/outcomes.csv?table=units").html.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table)))

    assert [(r["agent"], r["place"]) for r in rows] == [(ANA, "very_low"), (BO, "very_high")]
    assert "much higher than expected" in page.text
    assert "This is no experiment" in page.text


def test_teams_come_from_a_table_of_agents(
    sit_down: SitDown, runtime: Runtime, history: None
) -> None:
    given = AreaTable(
        Content(("team",), (("ana@desk.test", ("=North",)), ("bo", ("=North",)),
                            ("nobody@desk.test", ("South",)))), (),
    )  # fmt: skip
    table = of_agents(given, runtime.accounts)
    areas.upload(runtime.store, runtime.vault, table.content, attribute="agent", by=SUE, at=NINE)
    runtime.engine.catch_up()

    assert [number for number, _ in table.refused] == [4]
    found = whole(sit_down("sue"), "&unit=team")
    assert [(u["unit"], u["n"], u["place"]) for u in found["units"]["units"]] == [
        ("=North", 80, "within"),
    ]  # fmt: skip
    assert "\r\n'=North,80," in sit_down("sue").client.get(
        "/reports/outcomes.csv?table=units&unit=team"
    ).text  # fmt: skip


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("unit=street", "agents or teams"),
        ("of=star_sign", "what to compare them by"),
        ("from=2026-03-09&to=2026-03-02", "last day lies before the first"),
        ("as_of=never", "not an instant"),
        ("zone=Mars", "not a time zone"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(sit_down: SitDown, query: str, says: str) -> None:
    page = sit_down("sue").open(f"/reports/outcomes?{query}")

    assert (page.status, says in page.text) == (422, True)


def test_before_the_first_complaint_there_is_a_sentence(sit_down: SitDown, history: None) -> None:
    page = sit_down("sue").open("/reports/outcomes?as_of=2001-01-01")

    assert "No complaint was closed" in page.text


def test_agents_do_not_read_about_each_other(sit_down: SitDown) -> None:
    ana = sit_down("ana")
    for address in ("outcomes", "outcomes.csv", "outcomes.json"):
        assert ana.open(f"/reports/{address}").status == 403


def test_in_chinese_it_says_the_same(sit_down: SitDown, history: None) -> None:
    sue = sit_down("sue")
    sue.client.cookies.set("language", "zh")
    page = sue.open("/reports/outcomes")

    assert (page.status, "什么有效" in page.text, "40" in page.text) == (200, True, True)
