"""Do the page, the files, the API and the command line tell the same, to the second?"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from tests.commands import Recovery
from tests.desks import MR_LEE
from tests.reports.reading import in_files, in_json, on_page, without_empty_buckets
from tests.web.conftest import app, people, program, runtime, settings  # noqa: F401
from tests.web.pages.conftest import sit_down  # noqa: F401
from tests.web.pages.hands import Hands
from web.importing import mapping
from web.importing.run import run_import
from web.runtime import Runtime

NEW_YORK = ZoneInfo("America/New_York")
AS_OF = "2025-03-14T03:00:00-04:00"
ROWS = 600
"""Of the bureau's 3,999; the whole file is brought in elsewhere."""
SitDown = Callable[..., Hands]
Program = Callable[..., TestClient]
BringIn = Callable[..., Path]
"""The name of a file, its preset and how many rows; gives where it lies."""


@pytest.fixture
def bring_in(runtime: Runtime, shared: Path) -> BringIn:  # noqa: F811
    def from_file(name: str, preset: str, limit: int | None = None) -> Path:
        path = shared / "data" / "complaints" / name
        report = run_import(
            store=runtime.store, vault=runtime.vault, secret=runtime.reference_key, path=path,
            mapping=mapping.load(preset), limit=limit, now=datetime.now(UTC),
        )  # fmt: skip
        assert report.refused == []
        runtime.engine.catch_up()
        return path

    return from_file


def told_alike(sue: Hands, client: TestClient, asked: dict[str, str]) -> dict[str, Any]:
    """The answer of the API, after the page and its files were held against it."""
    answer = client.get("/api/v1/reports/sla", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    page = sue.client.get("/reports/sla", params=asked)
    files = in_files(
        lambda table: sue.client.get("/reports/sla.csv", params={**asked, "table": table}).text
    )
    assert files == in_json(found)
    shown = without_empty_buckets(files) if asked.get("by") else files
    assert on_page(page.text) == shown
    return found


def test_requests_of_new_york(
    bring_in: BringIn, sit_down: SitDown, program: Program,  # noqa: F811
) -> None:  # fmt: skip
    path = bring_in("nyc311-animals-2025.csv", "nyc311")
    asked = {"by": "attribute.borough", "zone": "America/New_York", "as_of": AS_OF}

    found = told_alike(sit_down("sue"), program("sue"), asked)

    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_borough = {group["name"]: group for group in found["groups"]}
    assert {name: g["received"] for name, g in by_borough.items()} == Counter(
        row["Borough"] for row in rows
    )
    assert found["all"]["open"] == 277 == sum(found["all"]["ages"].values())
    for borough, group in by_borough.items():
        closed = next(row for row in group["times"] if row["step"] == "closed")
        assert closed["median"] == median([r for r in rows if r["Borough"] == borough]), borough
        assert closed["known"] + closed["open"] == group["received"]
    hours = {name: group["times"][2]["median"] / 3_600 for name, group in by_borough.items()}
    assert hours["MANHATTAN"] == 1.75
    assert round(hours["QUEENS"], 2) == 12.27


def median(rows: list[dict[str, str]]) -> int:
    """Kaplan and Meier's, by hand: closed ones are events, open ones are censored."""
    ended: dict[float, int] = defaultdict(int)
    left: dict[float, int] = defaultdict(int)
    for row in rows:
        received = local(row["Created Date"])
        until = local(row["Closed Date"]) if row["Closed Date"] else datetime.fromisoformat(AS_OF)
        (ended if row["Closed Date"] else left)[(until - received).total_seconds()] += 1
    share, at_risk = 1.0, len(rows)
    for length in sorted({*ended, *left}):
        share *= 1 - ended[length] / at_risk
        if share <= 0.5 + 1e-12:
            return int(length)
        at_risk -= ended[length] + left[length]
    pytest.fail("more than half are open")


def local(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %H:%M").replace(tzinfo=NEW_YORK).astimezone(UTC)


def test_complaints_of_the_bureau_have_no_date_of_answer(
    bring_in: BringIn, sit_down: SitDown, program: Program,  # noqa: F811
) -> None:  # fmt: skip
    path = bring_in("cfpb-2023-04-dd-mm-yyyy.csv", "cfpb", ROWS)
    with path.open(newline="", encoding="utf-8") as file:
        rows = islice(csv.DictReader(file), ROWS)
        responses = Counter(row["Company_response_to_consumer"] for row in rows)
    in_progress = responses["In progress"]
    sue, client = sit_down("sue"), program("sue")

    found = told_alike(sue, client, {"zone": "America/New_York"} | {"as_of": AS_OF})

    closed = next(row for row in found["all"]["times"] if row["step"] == "closed")
    assert found["all"]["open"] == closed["open"] == in_progress > 0
    assert (closed["known"], closed["median"]) == (0, None)
    assert closed["not_known"] == ROWS - in_progress > 0
    explained = next(row for row in found["all"]["times"] if row["step"] == "explained")
    assert explained["not_known"] == responses["Closed with explanation"]
    for by in ("week", "product", "attribute.state"):
        divided = told_alike(sue, client, {"by": by, "zone": "America/New_York", "as_of": AS_OF})
        places = [*divided["groups"], *filter(None, [divided["others"]])]
        assert sum(group["received"] for group in places) == ROWS


def test_the_command_line_tells_what_the_api_tells(
    runtime: Runtime, program: Program, recovery: Recovery,  # noqa: F811
) -> None:  # fmt: skip
    for channel in ("email", "email", "phone"):
        runtime.desk.receive(
            by="user:ana", at=datetime.now(UTC), description="=1+1", channel=channel,
            attributes={"region": "=2+3"}, contact=MR_LEE,
        )  # fmt: skip
    runtime.engine.catch_up()
    as_of = datetime.now(UTC).isoformat()

    ran = recovery("audit", "sla", "--by", "attribute.region", "--as-of", as_of, "--json",
                   "--where", "channel=email")  # fmt: skip
    asked = {"by": "attribute.region", "as_of": as_of, "channel": "email"}

    assert ran.code == 0, ran.err
    assert ran.result == program("sue").get("/api/v1/reports/sla", params=asked).json()
    assert [(g["name"], g["received"]) for g in ran.result["groups"]] == [("=2+3", 2)]
    table = recovery("audit", "sla", "--by", "attribute.region", "--csv", "times").out
    assert "group,'=2+3,3,acknowledged" in table, "no formula for a spreadsheet to reckon with"
    assert "3 received, 3 open, 0 reopened" in recovery("audit", "sla").out
    wrong = recovery("audit", "sla", "--from", "yesterday", "--zone", "Mars")
    assert wrong.code == 1
    assert "--zone: This is not a time zone" in wrong.err
    assert "--from: This is not a day" in wrong.err
