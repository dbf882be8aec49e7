"""Do the doors let in whom they should, and nobody else?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import Depends, FastAPI, Request, Response
from starlette.testclient import TestClient

from tests.cast import PASSWORD
from tests.web.conftest import BASE
from web import deps
from web.accounts import User
from web.app import create_app
from web.deps import Administrator, Agent
from web.runtime import Runtime
from web.settings import Settings

Browser = Callable[[str], TestClient]


def with_rooms(app: FastAPI) -> FastAPI:
    """The app with a way in, and a room behind each kind of door."""

    @app.post("/test/enter", dependencies=[Depends(deps.public)])
    async def enter(request: Request) -> Response:
        form, response = await request.form(), Response()
        session = deps.begin_session(
            request, response, email=str(form["email"]), password=str(form["password"])
        )
        response.headers["x-csrf"] = session.csrf
        return response

    @app.post("/test/leave", dependencies=[Depends(deps.public)])
    async def leave(request: Request) -> Response:
        response = Response()
        deps.end_session(request, response)
        return response

    @app.get("/test/desk")
    def look(user: Agent) -> str:
        return user.id

    @app.post("/test/desk")
    def work(user: Agent) -> str:
        return user.id

    @app.get("/test/office")
    def administer(user: Administrator) -> str:
        return user.id

    return app


@pytest.fixture
def rooms(app: FastAPI) -> FastAPI:
    return with_rooms(app)


@pytest.fixture
def browser(rooms: FastAPI, people: dict[str, User]) -> Browser:
    """`browser("ana")`: a browser that Ana signed in with; `client.csrf` is what forms carry."""

    def sign_in(person: str) -> TestClient:
        client = TestClient(rooms, base_url=BASE, follow_redirects=False)
        entered = client.post(
            "/test/enter", data={"email": f"{person}@desk.test", "password": PASSWORD}
        )
        assert entered.status_code == 200, entered.text
        client.headers["x-test-csrf"] = entered.headers["x-csrf"]
        return client

    return sign_in


def form(client: TestClient, **changes: Any) -> dict[str, Any]:
    return {"csrf": client.headers["x-test-csrf"], **changes}


# ---------------------------------------------------------------- sessions and roles


def test_ana_is_known_until_she_leaves(browser: Browser) -> None:
    ana = browser("ana")
    assert ana.get("/test/desk").json() == "ana"
    kept = dict(ana.cookies)

    ana.post("/test/leave")

    assert ana.get("/test/desk").status_code == 303
    ana.cookies.update(kept)
    assert ana.get("/test/desk").status_code == 303, "the session is gone, not only the cookie"


def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(
    rooms: FastAPI, stranger: TestClient
) -> None:
    answer = stranger.get("/test/desk?view=mine&page=2")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Ftest%2Fdesk%3Fview%3Dmine%26page%3D2"


def test_a_fragment_leads_the_whole_page_to_the_door(rooms: FastAPI, stranger: TestClient) -> None:
    answer = stranger.get("/test/desk", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/sign-in")


@pytest.mark.parametrize(("person", "status"), [("ana", 403), ("sue", 403), ("ada", 200)])
def test_the_office_is_for_administrators(browser: Browser, person: str, status: int) -> None:
    assert browser(person).get("/test/office").status_code == status


@pytest.mark.parametrize("token", [b"", b"guess", "☃".encode(), b"\xff", b"x" * 5_000])
def test_a_made_up_cookie_opens_nothing(rooms: FastAPI, stranger: TestClient, token: bytes) -> None:
    answer = stranger.get("/test/desk", headers=[(b"cookie", b"recovery=" + token)])

    assert answer.status_code == 303


def test_what_no_database_can_be_asked_for_is_at_no_address(browser: Browser) -> None:
    sue = browser("sue")

    for address in ("/quality/%00", "/paying/batches/x%00", "/static/%00", "/mine/%00"):
        assert sue.get(address).status_code == 404, address


def test_whoever_is_no_longer_with_us_is_out_at_once(browser: Browser, runtime: Runtime) -> None:
    ana = browser("ana")

    with runtime.database.connection() as conn:
        conn.execute("update desk.users set active = false where id = 'ana'")

    assert ana.get("/test/desk").status_code == 303


def test_the_session_is_looked_up_in_one_statement(browser: Browser, runtime: Runtime) -> None:
    ana = browser("ana")
    asked: list[str] = []
    real = runtime.database.connection

    def counted() -> Any:
        asked.append("one")
        return real()

    runtime.database.connection = counted  # type: ignore[method-assign]
    ana.get("/test/desk")

    assert len(asked) == 1


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    rooms: FastAPI, stranger: TestClient, people: object
) -> None:
    answer = stranger.post("/test/enter", data={"email": "ana@desk.test", "password": PASSWORD})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


def test_over_https_the_cookie_never_leaves_it(
    settings: Settings, runtime: Runtime, people: object
) -> None:
    secure = settings.model_copy(update={"base_url": "https://desk.test"})
    runtime.settings = secure
    client = TestClient(with_rooms(create_app(runtime)), base_url="https://desk.test")

    answer = client.post("/test/enter", data={"email": "ana@desk.test", "password": PASSWORD})

    assert answer.headers["set-cookie"].startswith("__Host-recovery=")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age=" in answer.headers["strict-transport-security"]


# ---------------------------------------------------------------- forms of our own


def test_a_form_of_ours_is_taken(browser: Browser) -> None:
    ana = browser("ana")

    assert ana.post("/test/desk", data=form(ana)).json() == "ana"
    header = {"X-CSRF-Token": ana.headers["x-test-csrf"]}
    assert ana.post("/test/desk", headers=header).json() == "ana"


@pytest.mark.parametrize("sent", [{}, {"csrf": ""}, {"csrf": "guess"}, {"csrf": "☃"}])
def test_a_form_without_the_sessions_token_is_refused(
    browser: Browser, sent: dict[str, str]
) -> None:
    answer = browser("ana").post("/test/desk", data=sent)

    assert answer.status_code == 403
    assert "nothing was done" in answer.text


def test_bos_token_does_not_fit_anas_session(browser: Browser) -> None:
    assert browser("ana").post("/test/desk", data=form(browser("bo"))).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://mallory.example"},
        {"Origin": "null"},
    ],
)
def test_what_mallorys_site_sends_is_refused_even_with_the_token(
    browser: Browser, stranger: TestClient, headers: dict[str, str]
) -> None:
    ana = browser("ana")

    assert ana.post("/test/desk", data=form(ana), headers=headers).status_code == 403
    entering = stranger.post("/test/enter", data={"email": "x", "password": "y"}, headers=headers)
    assert entering.status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": BASE}]
)
def test_what_our_own_site_sends_is_taken(browser: Browser, headers: dict[str, str]) -> None:
    ana = browser("ana")

    assert ana.post("/test/desk", data=form(ana), headers=headers).status_code == 200
