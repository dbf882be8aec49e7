"""Can a supervisor read the report, ask for another, and see what is wrong with a question?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.cast import ANA, NINE
from tests.desks import MR_LEE
from tests.web.conftest import app, people, program, runtime, settings  # noqa: F401
from tests.web.pages.conftest import sit_down  # noqa: F401
from tests.web.pages.hands import Hands
from web.runtime import Runtime

SitDown = Callable[..., Hands]


@pytest.fixture
def sue(sit_down: SitDown) -> Hands:  # noqa: F811
    return sit_down("sue")


@pytest.fixture
def complaints(runtime: Runtime) -> None:  # noqa: F811
    for channel in ("email", "phone"):
        runtime.desk.receive(
            by=ANA, at=NINE, description="No heating.", channel=channel, contact=MR_LEE,
            attributes={"region": "north & south"},
        )  # fmt: skip
    runtime.engine.catch_up()


def test_the_report_is_for_supervisors(sit_down: SitDown) -> None:  # noqa: F811
    ana, stranger = sit_down("ana"), sit_down()

    assert ana.open("/reports/sla").status == 403
    assert ana.open("/reports/sla.csv").status == 403
    assert 'href="/reports/sla"' not in ana.open("/queue").html
    assert stranger.open("/reports/sla").address.startswith("/sign-in")


def test_a_desk_without_complaints_says_so(sue: Hands) -> None:
    assert "No complaint was received then" in sue.open("/reports/sla").text


def test_one_looks_closer_and_takes_the_filter_away(sue: Hands, complaints: None) -> None:
    divided = sue.open("/reports/sla?by=attribute.region")
    assert "Attribute: Region" in divided.text
    closer = "/reports/sla?attribute.region=north+%26+south"
    assert f'href="{closer}"' in divided.html

    alone = sue.open(closer)
    assert "Attribute: Region: north & south" in alone.text
    assert 'href="/reports/sla"' in alone.html
    assert alone.forms["/reports/sla"]["attribute.region"] == "north & south"

    month = sue.open("/reports/sla?by=month")
    assert 'href="/reports/sla?period=2026-03&amp;by=day"' in month.html
    inside = sue.open("/reports/sla?period=2026-03&by=day").forms["/reports/sla"]
    assert (inside["from"], inside["to"]) == ("2026-03-01", "2026-03-31")


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ("from=yesterday", "from", "not a day"),
        ("from=2026-02-01&to=2026-01-01", "to", "lies before the first"),
        ("zone=Mars", "zone", "not a time zone"),
        ("as_of=now", "as_of", "not an instant"),
        ("as_of=2199-01-01T00:00", "as_of", "in the future"),
        ("by=moon", "by", "There is no &#39;moon&#39;"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    sue: Hands, complaints: None, asked: str, field: str, says: str
) -> None:
    page = sue.open(f"/reports/sla?{asked}")

    assert page.status == 422
    [beside] = [
        part for part in page.html.split('<div class="field">') if f'name="{field}"' in part
    ]
    assert says in beside
    assert "table-times" not in page.html


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("period=2026-13", "not a period"),
        ("period=2026-W54", "not a period"),
        ("period=2026&from=2026-01-01", "not both"),
        ("moon=full", "There is no &#39;moon&#39;"),
        ("&".join(f"attribute.{n}=1" for n in range(11)), "too many filters"),
    ],
)
def test_what_has_no_field_is_said_above(
    sue: Hands, complaints: None, asked: str, says: str
) -> None:
    page = sue.open(f"/reports/sla?{asked}")

    assert page.status == 422
    assert says in page.html


def test_programs_hear_everything_that_is_wrong(
    program: Callable[..., TestClient],  # noqa: F811
) -> None:
    answer = program("sue").get("/api/v1/reports/sla?from=x&zone=Mars&moon=full")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == ["zone", "from", "moon"]


@pytest.mark.parametrize(
    ("period", "received"),
    [("2026", 2), ("2026-Q1", 2), ("2026-03", 2), ("2026-W10", 2), ("2026-Q2", 0), ("2025", 0)],
)
def test_a_period_is_its_days(
    program: Callable[..., TestClient], complaints: None, period: str, received: int  # noqa: F811
) -> None:  # fmt: skip
    found = program("sue").get(f"/api/v1/reports/sla?period={period}").json()

    assert found["all"]["received"] == received


def test_a_file_is_of_the_instant_of_its_page(sue: Hands, complaints: None) -> None:
    page = sue.open("/reports/sla?by=channel")
    [address] = [
        part.split('"')[0].replace("&amp;", "&") for part in page.html.split('href="')
        if part.startswith("/reports/sla.csv?table=open")
    ]  # fmt: skip

    answer = sue.client.get(address)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "sla-open-" in answer.headers["content-disposition"]
    assert answer.text.splitlines()[0] == "\ufeffscope,group,open,kind,bucket,complaints"
    assert "group,email,1,age,over_8_weeks,1" in answer.text
    assert sue.client.get("/reports/sla.csv?table=moon").status_code == 422


def test_the_page_speaks_chinese(sue: Hands, complaints: None) -> None:
    sue.client.cookies.set("language", "zh")

    page = sue.open("/reports/sla?by=channel&zone=Mars")

    assert "时限报告" in page.text
    assert "这不是时区" in page.text
