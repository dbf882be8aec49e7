"""Can a program ask for the past, by what was true and by what was known?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from recovery.money import Money
from tests.cast import ANA, BO, HOUR, MINUTE, NINE
from tests.desks import MR_LEE
from tests.web.conftest import app, people, program, runtime, settings  # noqa: F401
from web.runtime import Runtime

BEFORE = (NINE + HOUR / 2).isoformat()


@pytest.fixture
def history(runtime: Runtime) -> dict[str, Any]:  # noqa: F811
    """Two complaints; one was taken by Bo and withdrawn an hour after it came."""
    desk, said = runtime.desk, {"by": ANA, "description": "No heating.", "contact": MR_LEE}
    first, second = (desk.receive(at=NINE, **said).stream.partition("-")[2] for _ in range(2))
    known = runtime.store.now().isoformat()
    desk.assign(first, by=ANA, at=NINE, agent=BO)
    desk.withdraw(first, by=ANA, at=NINE + HOUR)
    runtime.engine.catch_up()
    return {"first": first, "second": second, "known": known}


@pytest.fixture
def client(program: Callable[..., TestClient]) -> TestClient:  # noqa: F811
    """A program of Bo's."""
    return program("bo")


def test_the_queue_is_told_as_it_was(client: TestClient, history: Any) -> None:
    def ids(**asked: Any) -> list[str]:
        return [t["id"] for t in ask(**asked)["tickets"]]

    def ask(**asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = client.get("/api/v1/queue", params=asked).json()
        return found

    both = sorted([history["first"], history["second"]])
    page = ask(as_of=BEFORE, limit=1)
    rest = ask(as_of=BEFORE, limit=1, cursor=page["cursor"])

    assert ids(view="open") == [history["second"]]
    assert sorted(ids(as_of=BEFORE)) == sorted(ids(known_at=history["known"])) == both
    assert ids(as_of=BEFORE, view="mine") == [history["first"]]
    assert ids(known_at=history["known"], view="mine") == []
    assert ids(as_of=BEFORE, assignee="user:bo") == [history["first"]]
    assert page["counts"]["unassigned"] == 1
    assert sorted(t["id"] for p in (page, rest) for t in p["tickets"]) == both
    assert rest["cursor"] is None
    assert client.get("/api/v1/queue", params={"as_of": BEFORE, "q": "x"}).status_code == 422
    assert client.get("/api/v1/queue", params={"as_of": BEFORE, "view": "all"}).status_code == 422


def test_money_and_clocks_are_told_as_they_were(client: TestClient, history: Any) -> None:
    base = f"/api/v1/complaints/{history['first']}"
    clocks = client.get(f"{base}/clocks", params={"known_at": history["known"]}).json()["clocks"]

    assert {clock["state"] for clock in clocks} == {"running"}
    assert client.get(f"{base}/payouts", params={"as_of": BEFORE}).json() == {"payouts": []}
    assert client.get(base, params={"as_of": BEFORE}).json()["assignee"] == BO
    assert client.get(base, params={"known_at": history["known"]}).json()["assignee"] is None


def test_the_report_is_told_as_it_was_known(
    client: TestClient,
    history: Any,
    runtime: Runtime,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def report(**asked: Any) -> Any:
        return client.get("/api/v1/reports/sla", params=asked)

    now, known = report().json(), report(known_at=history["known"]).json()
    wrong = [report(known_at=at).status_code for at in ("yesterday", "9999-12-31T00:00:00Z")]
    monkeypatch.setattr("web.reports.knowing.MOST", 1)
    too_much = report(known_at=history["known"])

    assert (now["all"]["open"], known["all"]["open"]) == (1, 2)  # the withdrawal was told later
    assert wrong == [422, 422]
    assert too_much.status_code == 422
    assert "recovery audit sla" in too_much.text
    with runtime.database.connection() as conn:
        assert conn.execute("select to_regclass('read_known.cycles')").fetchone() == (None,)


def test_the_report_on_money_is_told_as_it_was_known(
    client: TestClient,
    history: Any,
    runtime: Runtime,  # noqa: F811
) -> None:
    def report(**asked: Any) -> Any:
        return client.get("/api/v1/reports/payouts", params=asked)

    runtime.desk.compensate(
        history["second"], by=ANA, role="agent", kind="goodwill", at=NINE,
        money=Money(Decimal("20.00"), "GBP"), message="We are sorry.",
    )  # fmt: skip
    runtime.engine.catch_up()
    with_it = report().json()
    then = runtime.store.now().isoformat()
    known = report(known_at=then).json()

    assert with_it["balances"] != {}
    assert (known["balances"], known["lines"]) == (with_it["balances"], with_it["lines"])
    assert report(known_at=history["known"]).json()["balances"] == {}
    assert report(as_of=(NINE - MINUTE).isoformat()).json()["balances"] == {}
    assert report(as_of=then).json()["balances"] == with_it["balances"]
    assert report(known_at="soon").status_code == 422
