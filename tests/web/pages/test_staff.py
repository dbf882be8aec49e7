"""Is a complaint about a colleague hidden from them, by every door?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from projections.rebuild import check
from recovery.desk import reference_of
from recovery.events import StaffNamed
from recovery.reference import parse, show
from recovery.vault import Contact
from tests.cast import ANA, BO, NINE, SUE
from tests.web.pages.hands import Hands
from web.runtime import Runtime

Sits = Callable[..., Hands]


@pytest.fixture
def about_bo(runtime: Runtime, complaint: str) -> str:
    """Mr Lee's complaint, which Bo had, and which is about him."""
    runtime.desk.assign(complaint, by=ANA, at=NINE, agent=BO)
    runtime.staff.name(complaint, staff=[BO], by=SUE, at=NINE)
    runtime.engine.catch_up()
    return complaint


def test_a_supervisor_says_so_on_the_page_and_takes_it_back(
    runtime: Runtime, sit_down: Sits, complaint: str
) -> None:
    sue, bo, action = sit_down("sue"), sit_down("bo"), f"/complaints/{complaint}/staff"
    sue.open(f"/complaints/{complaint}")

    page = sue.send(action, staff=[BO])

    assert "It is kept whom of us it is about." in page.text
    assert bo.open(f"/complaints/{complaint}").status == 404
    assert 'value="user:bo" checked' in page.html
    sue.send(action, without=("staff",))
    assert bo.open(f"/complaints/{complaint}").status == 200
    assert runtime.desk.state(complaint)[0].staff == ()


def test_an_agent_may_not(sit_down: Sits, complaint: str) -> None:
    ana = sit_down("ana")
    page = ana.open(f"/complaints/{complaint}")
    token = page.forms["/sign-out"]["csrf"]

    refused = ana.client.post(f"/complaints/{complaint}/staff", data={"csrf": token, "staff": BO})

    assert refused.status_code == 403
    assert f"/complaints/{complaint}/staff" not in page.forms


def test_whoever_has_it_has_it_no_longer_and_is_not_given_it(
    runtime: Runtime, about_bo: str, sit_down: Sits
) -> None:
    assert runtime.desk.state(about_bo)[0].assignee is None
    ana = sit_down("ana")
    ana.open(f"/complaints/{about_bo}?act=assignment")
    page = ana.send(f"/complaints/{about_bo}/assignment", agent=BO)
    assert page.status == 422
    assert "The complaint is about this person." in page.text


def test_lists_counts_searches_and_the_palette_pass_over_it(about_bo: str, sit_down: Sits) -> None:
    bo, ana = sit_down("bo"), sit_down("ana")
    for address in (
        "/queue", "/queue?view=all", "/queue?q=parcel&view=all", "/queue?q=parcel&view=open",
        "/palette?q=parcel", "/complaints/callers?email=lee@example.org",
        "/complaints/callers?name=Lee", "/queue?group=stage", "/queue?severity=normal",
        "/queue/past?at=2026-03-03T09:00",
    ):  # fmt: skip
        assert about_bo not in bo.open(address).html, address
        assert about_bo in ana.open(address).html, address


def test_the_next_one_is_never_one_about_me(about_bo: str, sit_down: Sits) -> None:
    bo = sit_down("bo")
    bo.open("/queue")

    assert about_bo not in bo.send("/queue/next").html


def test_a_program_of_theirs_meets_the_same_door(
    about_bo: str, program: Callable[..., TestClient]
) -> None:
    client = program("bo")

    known, unknown = (
        client.get(f"/api/v1/complaints/{reference}") for reference in (about_bo, "0000000000")
    )

    assert known.status_code == unknown.status_code == 404
    assert known.json()["detail"] == f"There is no complaint {about_bo}."
    queue = client.get("/api/v1/queue", params={"view": "all"}).json()
    assert (queue["tickets"], queue["counts"]["open"]) == ([], 0)
    assert (
        client.get("/api/v1/queue", params={"as_of": "2026-03-03T09:00:00Z"}).json()["tickets"]
        == []
    )


def test_what_another_complaint_says_of_it_is_left_out(
    runtime: Runtime, about_bo: str, sit_down: Sits, program: Callable[..., TestClient]
) -> None:
    done = runtime.desk.receive(
        by=ANA, at=NINE, description="Again.", contact=Contact(email="lee@example.org")
    )
    other = show(reference_of(done))
    runtime.binder.link(other, to=about_bo, by=ANA, at=NINE)
    runtime.engine.catch_up()

    assert about_bo in sit_down("ana").open(f"/complaints/{other}").html
    assert about_bo not in sit_down("bo").open(f"/complaints/{other}").html
    events = program("bo").get(f"/api/v1/complaints/{other}/events")
    assert events.status_code == 200
    assert parse(about_bo) not in events.text


def test_what_it_is_answered_under_is_hidden_too(
    runtime: Runtime, about_bo: str, sit_down: Sits
) -> None:
    done = runtime.desk.receive(
        by=ANA, at=NINE, description="Again.", contact=Contact(email="lee@example.org")
    )
    other = show(reference_of(done))
    runtime.binder.merge(about_bo, into=other, by=ANA, at=NINE)
    runtime.engine.catch_up()

    assert sit_down("bo").open(f"/complaints/{other}").status == 404


def test_who_is_named_stands_in_the_log_in_codes(runtime: Runtime, about_bo: str) -> None:
    records = runtime.store.records(f"complaint-{parse(about_bo)}")
    assert [r.event.staff for r in records if isinstance(r.event, StaffNamed)] == [(BO,)]


def test_what_is_done_to_many_and_to_two_passes_over_it(
    runtime: Runtime, about_bo: str, sit_down: Sits
) -> None:
    done = runtime.desk.receive(
        by=ANA, at=NINE, description="Other.", contact=Contact(email="kim@example.org")
    )
    runtime.engine.catch_up()
    other, bo = show(reference_of(done)), sit_down("bo")
    csrf = bo.open("/queue").forms["/sign-out"]["csrf"]
    both = {"csrf": csrf, "complaint": [about_bo, other]}

    chosen = bo.client.post("/queue/bulk", data=both)
    noted = bo.client.post("/queue/bulk/notes", data=both | {"text": "Seen."})
    linked = bo.client.post(
        f"/complaints/{other}/link", data={"csrf": csrf, "complaint": about_bo, "kind": "related"}
    )

    assert other in chosen.text
    assert about_bo not in chosen.text
    assert other in noted.text
    assert about_bo not in noted.text
    assert linked.status_code == 404


def test_a_rebuild_finds_the_same_people(runtime: Runtime, about_bo: str) -> None:
    [compared] = check(runtime.engine, ["concerned"])

    assert compared.identical
