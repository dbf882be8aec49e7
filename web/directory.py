"""Which routes can answer at an address?

There are two hundred, and a router tries them one after the other. Those whose addresses begin with
the same word stand together here, in their order, each group with a router of its own: it finds
the same route, or fails to in the same way, as one that tries them all.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

ANY = ""
"""In place of a word: the address begins with a gap, or we cannot know with what."""


class Directory:
    """What a router does in place of trying its routes; they may still change until it is asked."""

    def __init__(self, router: APIRouter) -> None:
        self._router = router
        self._rooms: dict[str, APIRouter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("root_path"):
            await self._router.app(scope, receive, send)
            return
        self._rooms = self._rooms or rooms(self._router.routes)
        room = self._rooms.get(_word(scope["path"])) or self._rooms[ANY]
        await room.app(scope, receive, send)


def rooms(routes: Iterable[BaseRoute]) -> dict[str, APIRouter]:
    """A router for each word; that of ANY has the routes that can answer at any other."""
    words = [(_word(getattr(route, "path", "/{}")), route) for route in routes]
    return {
        word: APIRouter(routes=[route for own, route in words if own in (word, ANY)])
        for word in {ANY, *(own for own, _ in words)}
    }


def _word(path: str) -> str:
    """With what an address begins; ANY where that is a gap."""
    word = path[1:].partition("/")[0]
    return ANY if "{" in word else word
