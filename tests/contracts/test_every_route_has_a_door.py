"""Does every route say who may come in?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

from recovery.database import Database
from tests.cast import NINE
from web.app import create_app
from web.deps import PublicDoor, RoleDoor, ScopeDoor
from web.runtime import Runtime
from web.settings import Settings

DOORS = (PublicDoor, RoleDoor, ScopeDoor)
FOR_EVERYBODY = {
    "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/sign-in", "/sign-out",
    "/preferences", "/static", "/", "/paying/callback", "/seal", "/seal.json", "/seal/{name}",
    "/complain", "/complain/later", "/complain/later/{token}", "/mine/{token}",
    "/mine/{token}/{act}",
    "/mine/{token}/files/{version}/{number}",
}  # fmt: skip
"""What may be public; anything else that is has to be added here on purpose."""


@pytest.fixture
def app(database: Database, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    monkeypatch.chdir(tmp_path)
    runtime = Runtime(Settings(data=tmp_path), database)
    runtime.prepare(now=NINE)
    return create_app(runtime)


def routes(app: FastAPI) -> Iterator[tuple[str, set[str], list[Any]]]:
    """Of each route: its pattern, its methods and its doors."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            yield context.path or "", context.methods or set(), list(doors(context.dependant))
        elif isinstance(route, Mount):
            continue  # files, without any of our code
        else:
            pytest.fail(f"{route} is neither a route with a door nor a folder of files")


def doors(dependant: Dependant) -> Iterator[Any]:
    for each in dependant.dependencies:
        if isinstance(each.call, DOORS):
            yield each.call
        yield from doors(each)


def test_every_route_has_exactly_one_door(app: FastAPI) -> None:
    found = list(routes(app))

    assert len(found) > 25
    for path, methods, its_doors in found:
        labels = {door.label for door in its_doors}
        assert len(labels) == 1, f"{sorted(methods)} {path} has the doors {sorted(labels)}"


def test_what_is_public_is_public_on_purpose(app: FastAPI) -> None:
    public = {path for path, _, its in routes(app) if isinstance(its[0], PublicDoor)}

    unintended = {p for p in public if p not in FOR_EVERYBODY and not p.startswith("/static/")}
    assert not unintended


def test_programs_enter_by_tokens_and_people_by_roles(app: FastAPI) -> None:
    for path, methods, its_doors in routes(app):
        if path.startswith("/api/") and path not in FOR_EVERYBODY:
            assert isinstance(its_doors[0], ScopeDoor), (path, methods)
            wanted = "complaints:read" if methods == {"GET"} else "complaints:write"
            assert its_doors[0].scope == wanted, (path, methods)
        elif path not in FOR_EVERYBODY and not path.startswith("/static/"):
            assert isinstance(its_doors[0], RoleDoor), (path, methods)
