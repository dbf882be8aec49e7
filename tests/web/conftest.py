"""A desk with its people, and browsers and programs that talk to it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from recovery.database import Database
from tests.cast import NINE, PEOPLE
from web.accounts import User
from web.app import create_app
from web.runtime import Runtime
from web.settings import Settings

BASE = "http://desk.test"
_ROUTES: list[BaseRoute] = []
"""What FastAPI finds out about each route when it is first asked for, kept for the next test."""


@cache
def _settings() -> Settings:
    """Checked once; each test puts its own folder and database in."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        secret_key=SecretStr("s" * 32),
        master_key=SecretStr(base64.b64encode(b"m" * 32).decode()),
        base_url=BASE,
        mail_pause=0,
    )


@pytest.fixture
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    own = {"data": tmp_path / "data", "database_url": SecretStr(database_url)}
    return _settings().model_copy(update=own)


@pytest.fixture
def runtime(settings: Settings, database: Database) -> Runtime:
    found = Runtime(settings, database)
    found.prepare(now=NINE)
    return found


@pytest.fixture
def people(runtime: Runtime) -> dict[str, User]:
    """Ana, Bo, Sue and Ada, whose events say user:ana and so on."""
    return {user.id: user for user in runtime.accounts.users() if user.id in PEOPLE}


@pytest.fixture
def app(runtime: Runtime) -> FastAPI:
    found = create_app(runtime)
    _ROUTES[:] = _ROUTES or found.router.routes
    found.router.routes = _ROUTES
    return found


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """A browser that nobody signed in with."""
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def program(
    app: FastAPI, runtime: Runtime, people: dict[str, User]
) -> Iterator[Callable[..., TestClient]]:
    """`program("ana")`: a client with a token of Ana's that may read and write complaints."""
    opened: list[TestClient] = []

    def client(person: str = "ana", *scopes: str) -> TestClient:
        token = runtime.tokens.add(
            name=f"{person}'s program {len(opened)}", user=people[person],
            scopes=scopes or ("complaints:read", "complaints:write"),
        )  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"}
        opened.append(TestClient(app, base_url=BASE, headers=headers))
        return opened[-1]

    yield client
    for each in opened:
        each.close()
