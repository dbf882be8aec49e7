"""Which door lets somebody see a complaint that is about them? None: asked of every route."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from projections.concerned import OWNERS
from recovery.holds import Holds
from recovery.money import Money
from recovery.reference import parse, show
from recovery.suppression import suppress
from recovery.treasury import Treasury
from tests.cast import ANA, NINE, SUE
from tests.payouts import leaving
from tests.web.pages.hands import Hands
from web.runtime import Runtime

Sits = Callable[..., Hands]
OF_NO_COMPLAINT = {
    "act", "answer", "batch", "cycle", "hold", "id", "kind", "name", "number",
    "part", "place", "policy", "sample", "token", "tongue", "version", "view",
}  # fmt: skip
"""What else stands in addresses: parts of a complaint's own address, or of what is about many."""


def addresses(app: FastAPI) -> Iterator[tuple[str, set[str], set[str]]]:
    """Of each route: its pattern, its methods and the names in its pattern."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            path = context.path or ""
            yield path, context.methods or set(), set(re.findall(r"{(\w+)", path))


@pytest.fixture
def about_sue(runtime: Runtime, complaint: str, sit_down: Sits) -> str:
    """A complaint about Sue, who is a supervisor, with money that waits, a letter that left,
    a legal hold, an address that refuses letters, and a colleague who has looked at it.
    """
    runtime.desk.compensate(
        complaint, by=ANA, at=NINE + timedelta(hours=1), kind="goodwill",
        money=Money.parse("900.00", "GBP"),
    )  # fmt: skip
    runtime.staff.name(complaint, staff=[SUE], by="user:ada", at=NINE + timedelta(hours=2))
    Holds(runtime.store, runtime.vault).place(
        kind="complaint", subject=complaint, reason="A court asked", until=None, by="user:ada",
        at=NINE,
    )  # fmt: skip
    person = runtime.desk.state(parse(complaint))[0].received.complainant
    suppress(runtime.store, person, reason="no_such_mailbox", by="system:mail", at=NINE)
    runtime.engine.catch_up()
    assert sit_down("ada").open(f"/complaints/{complaint}").status == 200
    return complaint


def test_every_name_in_an_address_is_known_to_the_door(app: FastAPI) -> None:
    named = {name for _, _, names in addresses(app) for name in names}

    assert {"reference", *OWNERS} <= named
    assert named - {"reference", *OWNERS} <= OF_NO_COMPLAINT


def test_every_address_of_a_complaint_is_closed(
    app: FastAPI, about_sue: str, sit_down: Sits, program: Callable[..., TestClient]
) -> None:
    sue, api = sit_down("sue"), program("sue")
    csrf = sue.open("/queue").forms["/sign-out"]["csrf"]
    asked = 0
    for path, methods, names in addresses(app):
        if "reference" not in names or path.startswith("/mine/"):
            continue
        address = path.replace("{reference}", about_sue)
        for name in names - {"reference"}:
            address = address.replace(f"{{{name}}}", "1")
        for method in methods:
            client = api if path.startswith("/api/") else sue.client
            found = client.request(
                method, address, headers={"x-csrf-token": csrf, "accept": "text/html"},
                follow_redirects=False,
            )  # fmt: skip
            asked += 1
            assert found.status_code == 404, (method, path, found.text[:200])
    assert asked > 50


def test_no_page_of_lists_names_it(app: FastAPI, about_sue: str, sit_down: Sits) -> None:
    sue, seen = sit_down("sue"), 0
    for path, methods, names in addresses(app):
        if names or "GET" not in methods or path.startswith("/api/") or path.endswith("/live"):
            continue
        asked = {"q": about_sue} if path == "/people" else {}
        page = sue.client.get(path, params=asked, follow_redirects=True)
        seen += 1
        assert "/people/" not in page.text, path
        assert about_sue not in page.text.replace(f'value="{about_sue}"', ""), path
        assert parse(about_sue) not in page.text, path
    assert seen > 30


def test_mail_that_waits_on_it_is_not_counted_for_them(
    runtime: Runtime, about_sue: str, sit_down: Sits
) -> None:
    with runtime.database.connection() as conn:
        conn.execute(
            "insert into desk.mail (mail, paper, channel, size, received_at, state, retry_at,"
            " reference) values ('m-1', 'p-1', 'lmtp', 1, now(), 'waiting', now(), %s)",
            (parse(about_sue),),
        )
    counted = {
        name: re.findall(r'data-count="mail" class="count[^"]*">(\d+)<', page.html)
        for name in ("sue", "ada")
        for page in [sit_down(name).open("/queue")]
    }

    assert counted == {"sue": ["0"], "ada": ["1"]}


def test_neither_its_money_nor_its_letters_open(
    runtime: Runtime, about_sue: str, sit_down: Sits, program: Callable[..., TestClient]
) -> None:
    with runtime.database.connection() as conn:
        [payout] = conn.execute("select payout from read.payouts").fetchone() or [""]
        [delivery] = conn.execute("select delivery from read.deliveries").fetchone() or [""]
        [who] = conn.execute("select complainant from read.queue").fetchone() or [""]
    sue, ada = sit_down("sue"), sit_down("ada")
    csrf = sue.open("/queue").forms["/sign-out"]["csrf"]

    for address in (f"/mail/{delivery}", f"/payouts/{payout}/approval", f"/people/{who}"):
        assert sue.open(address).status == 404, address
    approval = sue.client.post(f"/payouts/{payout}/approval", headers={"x-csrf-token": csrf})
    assert approval.status_code == 404
    assert program("sue").get("/api/v1/payouts").json()["payouts"] == []
    assert ada.open(f"/people/{who}").status == 200
    assert about_sue in ada.open("/payouts").html
    assert about_sue not in sue.open("/payouts").html


def test_a_forged_form_approves_nothing_of_it(
    runtime: Runtime, about_sue: str, sit_down: Sits
) -> None:
    with runtime.database.connection() as conn:
        row = conn.execute("select payout, version from read.payouts").fetchone()
    assert row
    payout, version = row
    sue = sit_down("sue")
    csrf = sue.open("/payouts").forms["/sign-out"]["csrf"]
    sent = {"csrf": csrf, "payout": f"{payout}/{version}"}

    for more in ({}, {"sure": "1"}, {"payout": [f"{payout}/{version}", "none/1"], "sure": "1"}):
        page = sue.client.post("/payouts/approval", data=sent | more)
        assert about_sue not in page.text
        assert "900" not in page.text
    assert Treasury(runtime.store).load(payout).state.approved == 0


def owed(runtime: Runtime) -> str:
    """A complaint about Sue, with money approved that may leave."""
    leaving.with_payer(runtime)
    complaint = leaving.late(runtime)
    leaving.approved(runtime, complaint)
    runtime.staff.name(complaint, staff=[SUE], by="user:ada", at=leaving.now())
    runtime.engine.catch_up()
    return complaint


def test_a_batch_with_money_about_them_says_nothing_of_it(
    runtime: Runtime, sit_down: Sits, following: None
) -> None:
    complaint = owed(runtime)
    sue, ada = sit_down("sue"), sit_down("ada")
    assert show(complaint) in ada.open("/paying/ledger/payouts?account=approved&currency=GBP").text
    batch = leaving.gathered(runtime)
    leaving.released(runtime, batch, "user:bo", "user:ada")
    address = f"/paying/batches/{batch}"

    assert show(complaint) in ada.open(address).text
    assert show(complaint) not in sue.open(address).text
    assert ada.client.get(f"{address}/files/1").status_code == 200
    refused = sue.client.get(f"{address}/files/1", headers={"accept": "text/html"})
    assert (refused.status_code, "Somebody else has to fetch" in refused.text) == (422, True)


def test_nobody_lets_money_of_a_complaint_about_them_go_or_stay(
    runtime: Runtime, sit_down: Sits, following: None
) -> None:
    owed(runtime)
    sue, address = sit_down("sue"), f"/paying/batches/{leaving.gathered(runtime)}"

    sue.open(address)
    signed = sue.send(f"{address}/signature")
    dissolved = sue.send(f"{address}/dissolution", reason="wrong_day")

    assert "Somebody else has to sign this batch." in signed.text
    assert "Somebody else has to dissolve this batch." in dissolved.text
