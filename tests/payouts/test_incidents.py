"""Is one incident written down for all whom it befell, once, and are they owed for it?"""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from recovery import incidents
from recovery.incidents import Incident
from recovery.reference import show
from tests.cast import DAY, MINUTE, SUE
from tests.payouts import conftest
from tests.payouts.conftest import Till
from tests.web.conftest import *  # noqa: F403
from web.runtime import Runtime

MONDAY = conftest.NINE
CUT_OFF = {
    "cause": "cut_off", "cut_off_on": (MONDAY - 5 * DAY).date().isoformat(),
    "restored_on": (MONDAY - DAY).date().isoformat(),
}  # fmt: skip


def record(till: Till, references: list[str], *, name: str = "outage") -> tuple[int, list[str]]:
    told = Incident(name=name, facts=CUT_OFF, by=SUE, at=MONDAY)
    parts = list(incidents.record(till.desk.store, told, references))
    return sum(p.recorded for p in parts), [r for p in parts for r, _ in p.left_out]


def test_all_whom_it_befell_are_owed_for_it_once(till: Till) -> None:
    references = [till.receive() for _ in range(3)]

    assert record(till, [*references, "0000000000"]) == (3, ["0000000000"])
    assert record(till, [*references, "0000000000"]) == (0, [])
    till.pay(MONDAY + MINUTE)

    assert [till.owed(each)["cut_off"] for each in references] == ["25.20"] * 3


def test_it_befell_nobody_who_complained_later(till: Till) -> None:
    reference = till.receive(at=MONDAY + DAY)

    assert record(till, [reference]) == (0, [reference])


def test_another_incident_of_the_same_is_another(till: Till) -> None:
    reference = till.receive()

    assert record(till, [reference])[0] == 1
    assert record(till, [reference], name="second")[0] == 1


def test_a_program_names_whom_it_befell_by_what_is_known_of_them(
    runtime: Runtime, program: Callable[..., TestClient]
) -> None:
    sue = program("sue")
    body = {"description": "No heating.", "complainant": {"email": "lee@example.org"}}
    one = sue.post("/api/v1/complaints", json=body | {"category": "outage"}).json()["reference"]
    sue.post("/api/v1/complaints", json=body | {"category": "bill"})
    runtime.engine.catch_up()
    asked = {"name": "o-1", "facts": {"cause": "cut_off"}, "where": {"category": "outage"}}

    first = sue.post("/api/v1/incidents", json=asked).json()
    again = sue.post("/api/v1/incidents", json=asked).json()

    assert (first["complaints"], first["recorded"], again["recorded"]) == (1, 1, 0)
    events = sue.get(f"/api/v1/complaints/{one}/events").json()["events"]
    assert "incident_recorded" in str(events[-1])
    assert program("ana").post("/api/v1/incidents", json=asked).status_code == 403
    refused = sue.post("/api/v1/incidents", json=asked | {"where": {"colour": "red"}})
    assert (refused.status_code, show(one) if len(one) == 10 else one) == (422, one)
