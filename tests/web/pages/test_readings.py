"""Does reading leave a trace, and who may see it?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from recovery import readings
from recovery.errors import StoreUnavailable
from recovery.readings import Asked, Reading
from recovery.reference import parse
from tests.cast import NINE
from tests.contracts.test_every_route_has_a_door import routes
from tests.web.pages.hands import Hands
from web.runtime import Runtime
from web.tracing import KINDS, UNTRACED, Traces, kind_of
from web.worker.tidying import tidy

FILES = (".csv", ".json", ".pdf", ".zip", ".xlsx")
OF_NOBODY = {"/seal.json", "/api/v1/openapi.json", "/mail/templates/modules.json",
             "/mentions/colleagues.json"}  # fmt: skip
"""Files that say nothing of a complaint."""


def traces(runtime: Runtime, **asked: Any) -> list[tuple[str, str, str]]:
    with runtime.database.connection() as conn:
        return [
            (r.by, r.kind, r.complaint or r.what)
            for r in readings.read(conn, Asked(**asked), limit=100)
        ]


def test_who_opens_a_complaint_is_written_down_once_a_minute(
    runtime: Runtime, ana: Hands, complaint: str
) -> None:
    for _ in range(3):
        ana.open(f"/complaints/{complaint}")
    ana.open(f"/complaints/{complaint}/past")
    ana.open("/queue")
    ana.open("/complaints/7GQ2M-4XK9T")

    found = traces(runtime)

    assert set(found) == {("user:ana", kind, parse(complaint)) for kind in ("complaint", "past")}
    assert len(found) <= 4  # where a minute ended meanwhile
    with runtime.database.connection() as conn:
        assert {r.by for r in readings.of_complaints(conn, [parse(complaint)])} == {"user:ana"}
        assert readings.of_complaints(conn, [""]) == []


def test_supervisors_see_who_looked_and_what_they_take_away_leaves_a_trace_too(
    runtime: Runtime, ana: Hands, complaint: str, sit_down: Callable[..., Hands]
) -> None:
    ana.open(f"/complaints/{complaint}")
    sue = sit_down("sue")

    shown = sue.open(f"/readings?by=user:ana&complaint={complaint.lower()}")
    file = sue.open("/readings.csv?kind=complaint")

    assert ana.open("/readings").status == ana.open("/readings.csv").status == 403
    assert "Ana" in shown.text
    assert complaint in shown.text
    assert f"user:ana,complaint,{complaint}," in file.html
    assert ("user:sue", "export", "/readings.csv") in traces(runtime, by="user:sue")
    assert "Nobody" in sue.open("/readings?by=user:bo").text
    assert sue.open("/readings?by=%00&kind=%00").status == 200


@pytest.mark.parametrize(
    "asked", ["complaint=x", "from=2026-02-30", "to=9999-12-31", "from=%00", "complaint=';--"]
)
def test_a_filter_that_is_none_is_a_sentence(sit_down: Callable[..., Hands], asked: str) -> None:
    sue = sit_down("sue")

    assert sue.open(f"/readings?{asked}").status == 422
    assert sue.open(f"/readings.csv?{asked}").status == 422


def test_traces_go_when_the_rule_says_so(runtime: Runtime) -> None:
    kept = timedelta(days=runtime.settings.readings_days)
    with runtime.database.connection() as conn:
        readings.add(conn, [Reading(NINE, "user:ana", "complaint", "7GQ2M4XK9T")])

    assert tidy(runtime, NINE + kept) == 0
    assert tidy(runtime, NINE + kept + timedelta(minutes=1)) == 1


def test_traces_wait_while_the_database_is_away(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, now = Traces(runtime.database), datetime.now(UTC)
    with monkeypatch.context() as away:
        away.setattr(found, "_add", lambda some: (_ for _ in ()).throw(StoreUnavailable("away")))
        found.note(Reading(now, "user:ana", "list", what="/queue/past"))
        found.write()
    assert traces(runtime) == []

    found.write()

    assert traces(runtime) == [("user:ana", "list", "/queue/past")]


def test_many_at_once_lose_nothing_and_write_together(runtime: Runtime) -> None:
    found, now = Traces(runtime.database), datetime.now(UTC)
    statements: list[int] = []
    add = found._add

    def counted(some: list[Reading]) -> None:
        statements.append(len(some))
        add(some)

    found._add = counted  # type: ignore[method-assign]

    def look(number: int) -> None:
        found.note(Reading(now, f"user:{number}", "list", what="/queue/past"))
        found.write()

    threads = [threading.Thread(target=look, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(traces(runtime)) == sum(statements) == 20


def test_every_page_of_a_complaint_and_every_file_leaves_a_trace(app: FastAPI) -> None:
    for path, methods, _ in routes(app):
        if "GET" not in methods or path in OF_NOBODY or "{reference}" in path:
            continue
        if path.endswith(FILES):
            assert any(kind.fullmatch(path) for kind in KINDS.values()), path


def test_what_is_kept_of_a_person_leaves_a_trace_and_looking_for_one_none() -> None:
    person = "a" * 32

    assert kind_of(f"/people/{person}", {}) == kind_of(f"/api/v1/people/{person}", {}) == "list"
    assert kind_of("/people", {}) is None


def test_only_what_pages_ask_by_themselves_leaves_none(app: FastAPI) -> None:
    untraced = {p for p, _, _ in routes(app) if "{reference}" in p and UNTRACED.fullmatch(p)}

    assert untraced == {f"/complaints/{{reference}}/{name}" for name in ("live", "presence")}
