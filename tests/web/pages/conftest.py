"""People at their browsers, with the projections kept up behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recovery.desk import reference_of
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, NINE
from tests.following import followed
from tests.web.conftest import BASE
from tests.web.pages.hands import Hands
from web.accounts import User
from web.runtime import Runtime


@pytest.fixture(autouse=True)
def following(runtime: Runtime) -> Iterator[None]:
    """What happens is on the pages within milliseconds."""
    with followed(runtime):
        yield


@pytest.fixture
def sit_down(
    app: FastAPI, runtime: Runtime, people: dict[str, User]
) -> Iterator[Callable[..., Hands]]:
    """`sit_down("bo")`: Bo at a browser, signed in; nobody without a name."""
    opened: list[TestClient] = []

    def hands(person: str = "", **headers: str) -> Hands:
        client = TestClient(app, base_url=BASE, headers=headers)
        opened.append(client)
        found = Hands(client)
        if person:
            until = datetime.now(UTC) + timedelta(hours=1)
            token, _ = runtime.accounts.begin(people[person], until)
            client.cookies.set("recovery", token)
        else:
            found.open("/sign-in")
        return found

    yield hands
    for each in opened:
        each.close()


@pytest.fixture
def ana(sit_down: Callable[..., Hands]) -> Hands:
    return sit_down("ana")


@pytest.fixture
def bo(sit_down: Callable[..., Hands]) -> Hands:
    return sit_down("bo")


@pytest.fixture
def complaint(runtime: Runtime, ana: Hands) -> str:
    """Mr Lee's complaint, by the reference that pages show."""
    done = runtime.desk.receive(
        by=ANA, at=NINE, subject="Lost parcel", description="My parcel never came.",
        contact=Contact(name="Mr Lee", email="lee@example.org", phone="+44 20 7946 0000"),
    )  # fmt: skip
    reference = show(reference_of(done))
    runtime.engine.catch_up()
    return reference
