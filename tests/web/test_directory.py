"""Does the directory find what trying every route would find, and nothing else?"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from fastapi.routing import APIRouter, iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from web import api
from web.directory import ANY, rooms
from web.door import routes as door
from web.pages import routes as pages

ROUTER = APIRouter(routes=pages.router.routes + door.router.routes)
ROUTER.include_router(api.router)
ROOMS = rooms(ROUTER.routes)
PATTERNS = sorted({str(context.path) for context in iter_route_contexts(ROUTER.routes)})
ELSEWHERE = ["/", "//", "//queue", "/queue/", "/nothing", "/{reference}", "/queue{", "*", "/api/"]


def scope(path: str, method: str) -> Scope:
    return {"type": "http", "path": path, "method": method, "root_path": ""}


def answering(routes: Iterable[BaseRoute], path: str, method: str) -> list[tuple[Match, BaseRoute]]:
    """Every route that fits, as far as it fits, in the order in which they are tried."""
    found = [(route.matches(scope(path, method))[0], route) for route in routes]
    return [(match, route) for match, route in found if match is not Match.NONE]


def near(path: str) -> APIRouter:
    return ROOMS.get(path[1:].partition("/")[0], ROOMS[ANY])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_same_routes_answer_everywhere(method: str) -> None:
    filled = [re.sub(r"{\w+(:\w+)?}", "1", pattern) for pattern in PATTERNS]
    addresses = [*filled, *(f"{path}/" for path in filled), *ELSEWHERE]

    assert len(PATTERNS) > 150
    for path in addresses:
        expected = answering(ROUTER.routes, path, method)
        assert answering(near(path).routes, path, method) == expected, path


def test_a_request_tries_few_routes() -> None:
    assert len(near("/queue").routes) < len(ROUTER.routes) / 5
